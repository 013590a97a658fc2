"""Uploaded files: on disk as the tree they came in, whatever they are called, and gone with their session."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.store import uploads
from genlab.store.uploads import LONGEST, Uploads, safe_path, sweep
from tests.support.uploads import Sent


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("tree/cats/1.png", "tree/cats/1.png"),
        ("1.png", "uploaded-images/1.png"),
        ("photos.zip", "photos.zip"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\b\\..\\c.png", "a/b/c.png"),
        ("a/./b.png", "a/b.png"),
        ("a/\0b\n.png", "a/_b_.png"),
        ("a/ .png", "a/.png"),
        ("", "uploaded-images/unnamed"),
        ("..", "uploaded-images/unnamed"),
        ("猫/1.png", "猫/1.png"),
        ("a/\udcff.png", "a/?.png"),
    ],
)
def test_names_from_a_browser_stay_below_the_folder(name: str, path: str) -> None:
    assert safe_path(name) == Path(path)


def test_long_names_are_cut_and_keep_their_ending() -> None:
    name = safe_path("a/" + "ä" * 400 + ".jpeg").name
    assert len(name.encode()) <= LONGEST and name.endswith(".jpeg")


def test_a_tree_an_archive_and_nothing(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    assert kept.path() is None and kept.files() == []
    kept.add([Sent("tree/cats/1.png"), Sent("tree/dogs/1.png")])
    assert kept.path() == kept.own / "tree"
    kept.add([Sent("more/1.png")])
    assert kept.path() == kept.own
    kept.add([Sent("1.png", b"first"), Sent("1.png", b"second")])
    assert sorted(path.read_bytes() for path in (kept.own / "uploaded-images").iterdir()) == [b"first", b"second"]
    kept.add([Sent("all.zip")])
    assert kept.path() == kept.archive() == kept.own / "all.zip"
    assert len(kept.files()) == 1
    kept.add([Sent("tree/cats/1.png")])
    assert kept.path() == kept.own / "tree"
    with pytest.raises(InputError, match=r"all\.npz came with 1 more"):
        kept.add([Sent("all.npz"), Sent("1.png")])
    assert kept.path() == kept.own / "tree"
    kept.clear()
    assert kept.path() is None


def test_too_much_is_refused_and_what_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    kept = Uploads(tmp_path)
    kept.add([Sent("a/1.png", bytes(6))])
    with pytest.raises(InputError) as caught:
        kept.add([Sent("a/2.png", bytes(6))])
    assert caught.value.kind == "too_large"
    assert len(kept.files()) == 1


def test_a_session_takes_its_files_with_it_and_a_sweep_what_a_killed_server_left(tmp_path: Path) -> None:
    dead = tmp_path / "dead"
    dead.mkdir()
    (dead / "1.png").write_bytes(b"x")
    (tmp_path / "dead.lock").touch()
    (tmp_path / "unlocked").mkdir()
    first = Uploads(tmp_path)
    first.add([Sent("a/1.png")])
    second = Uploads(tmp_path)
    sweep(tmp_path, lambda: None)
    assert dead.exists(), "what is wanted is not known"
    sweep(tmp_path, lambda: {"unlocked"})
    assert not dead.exists() and (tmp_path / "unlocked").exists()
    sweep(tmp_path, set)
    assert not (tmp_path / "unlocked").exists()
    assert len(first.files()) == 1, "another session's files are left alone"
    first.close()
    assert not first.own.exists()
    second.close()
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_handed_over_outlive_their_session_and_can_be_taken_over(tmp_path: Path) -> None:
    first, second = Uploads(tmp_path), Uploads(tmp_path)
    first.add([Sent("a/1.png")])
    given = first.own
    first.hand_over()
    assert first.files() == [] and first.own != given
    first.close()
    second.add([Sent("b/1.png")])
    before = second.own
    second.take_over(given.name)
    assert [path.parent.name for path in second.files()] == ["a"] and not before.exists()
    sweep(tmp_path, set)
    assert len(second.files()) == 1
    second.close()
    assert list(tmp_path.iterdir()) == []


def test_what_another_session_holds_cannot_be_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0)
    first, second = Uploads(tmp_path), Uploads(tmp_path)
    first.add([Sent("a/1.png")])
    second.add([Sent("b/1.png")])
    with pytest.raises(InputError, match="used by another window"):
        second.take_over(first.own.name)
    assert len(first.files()) == len(second.files()) == 1, "both keep what they hold"
    with pytest.raises(InputError, match="gone"):
        second.take_over("nix")
    first.close()
    second.close()
    assert list(tmp_path.iterdir()) == []
