"""Files and folders are there completely or not at all."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from genlab.errors import GenlabError, InputError
from genlab.store import atomic


def test_json_is_replaced_and_leaves_nothing_behind(tmp_path: Path):
    file = tmp_path / "a.json"
    atomic.write_json(file, {"x": 1})
    atomic.write_json(file, {"x": 2})
    assert atomic.read_json(file) == {"x": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_write_keeps_the_old_content(tmp_path: Path):
    file = tmp_path / "a.json"
    atomic.write_json(file, {"x": 1})
    with pytest.raises(ValueError):
        atomic.write_json(file, {"x": float("nan")})
    assert atomic.read_json(file) == {"x": 1}


def test_a_damaged_or_missing_document_reads_as_none(tmp_path: Path):
    (tmp_path / "torn.json").write_text('{"x": ')
    (tmp_path / "list.json").write_text("[1]")
    assert atomic.read_json(tmp_path / "torn.json") is None
    assert atomic.read_json(tmp_path / "list.json") is None
    assert atomic.read_json(tmp_path / "missing.json") is None


def test_a_folder_that_cannot_be_filled_is_not_there(tmp_path: Path):
    def fill(folder: Path) -> None:
        (folder / "one").write_text("1")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        atomic.write_folder(tmp_path / "new", fill)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path):
    atomic.write_folder(tmp_path / "f", lambda folder: (folder / "old").write_text("1") and None)
    atomic.write_folder(tmp_path / "f", lambda folder: (folder / "new").write_text("1") and None)
    assert [p.name for p in (tmp_path / "f").iterdir()] == ["new"]


@pytest.mark.parametrize(
    ("number", "kind", "error"),
    [
        (errno.ENOSPC, "disk_full", GenlabError),
        (errno.EROFS, "read_only", InputError),
        (errno.EACCES, "read_only", InputError),
    ],
)
def test_the_disks_refusals_become_sentences(tmp_path: Path, number: int, kind: str, error: type[GenlabError]):
    with pytest.raises(error) as caught, atomic.storage_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.kind == kind
    assert caught.value.hint


def test_other_errors_pass(tmp_path: Path):
    with pytest.raises(FileNotFoundError), atomic.storage_errors(tmp_path):
        raise FileNotFoundError(errno.ENOENT, "no such file")


def test_sweeping_removes_only_what_was_half_written(tmp_path: Path):
    (tmp_path / f"{atomic.STAGING}1-a").mkdir()
    (tmp_path / f"{atomic.STAGING}1-b.json").write_text("x")
    (tmp_path / "kept.json").write_text("x")
    atomic.sweep(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.json"]


def test_what_cannot_be_swept_is_left_and_the_rest_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / f"{atomic.STAGING}1-a").mkdir()
    (tmp_path / f"{atomic.STAGING}1-b.json").write_text("x")

    def refuse(path: object, **_: object) -> None:
        raise OSError(errno.ENOTEMPTY, "somebody writes there")

    monkeypatch.setattr(os, "rmdir", refuse)
    atomic.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{atomic.STAGING}1-a"]


def test_a_folder_is_removed_at_once_or_stays_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("a", "b", "n" * 240):
        (tmp_path / name / "inner").mkdir(parents=True)
    atomic.remove_folder(tmp_path / "a")
    atomic.remove_folder(tmp_path / ("n" * 240))

    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(atomic.shutil, "rmtree", refuse)
    with pytest.raises(InputError) as caught:
        atomic.remove_folder(tmp_path / "b")
    assert caught.value.kind == "read_only"
    assert [path.name for path in tmp_path.iterdir()] == ["b"] and (tmp_path / "b" / "inner").is_dir()


@pytest.mark.parametrize(
    "content", ['{"a": NaN}', '{"a": 1e999}', '{"a": ' + "[" * 100_000, '{"a": ' + "9" * 5_000 + "}"]
)
def test_a_document_that_breaks_the_rules_reads_as_none(tmp_path: Path, content: str):
    (tmp_path / "x.json").write_text(content)
    assert atomic.read_json(tmp_path / "x.json") is None


def test_text_of_a_document_can_be_shown(tmp_path: Path):
    (tmp_path / "x.json").write_text('{"name\\udcff": ["\\ud800"]}')
    assert atomic.read_json(tmp_path / "x.json") == {"name\\udcff": ["\\ud800"]}


@pytest.mark.parametrize(("levels", "read"), [(64, True), (65, False)])
@pytest.mark.parametrize(("opening", "closing"), [('{"a":', "}"), ("[", "]")])
def test_a_document_may_be_nested_so_deeply(tmp_path: Path, opening: str, closing: str, levels: int, read: bool):
    path = tmp_path / "a.json"
    path.write_text('{"a":' + opening * (levels - 1) + "{}" + closing * (levels - 1) + "}")
    assert (atomic.read_json(path) is not None) == read


NUMBERS = some.integers(-(2**65), 2**65) | some.floats()
DOCUMENTS = some.recursive(
    some.none() | some.booleans() | NUMBERS | some.text(some.characters()),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(some.characters()), inner),
)


def read_in_full(content: bytes) -> Any:
    """As `load_document` says it, without its way for what is plain to see."""
    try:
        return atomic.fitting(atomic.parse_json(content))
    except ValueError as error:
        return f"refused: {error}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(document=DOCUMENTS, ascii_only=some.booleans(), encoding=some.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@example(document={"a": float("inf")}, ascii_only=True, encoding="utf-8")
@example(document={"a": [2**63 - 1, -(2**63)]}, ascii_only=True, encoding="utf-8")
@example(document={"a": "\udcff"}, ascii_only=True, encoding="utf-8")
@example(document="\\u0041 NaN 1e999 [[[[ 99999999999999999999", ascii_only=True, encoding="utf-8")
def test_what_is_plain_to_see_is_read_as_everything_is(tmp_path: Path, document: Any, ascii_only: bool, encoding: str):
    content = json.dumps(document, ensure_ascii=ascii_only).encode(encoding, "surrogatepass")
    path = tmp_path / "any.json"
    path.write_bytes(content)
    try:
        found = atomic.load_document(path)
    except ValueError as error:
        found = f"refused: {error}"
    assert found == read_in_full(content) and repr(found) == repr(read_in_full(content))


@pytest.mark.parametrize("content", [b'{"a": 1e999}', b'{"a": -1e400}', b"", b"[1,", b'{"a": 1} 2', b'{"a": "\x01"}'])
def test_what_is_no_document_is_refused_with_the_same_reason(tmp_path: Path, content: bytes):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        atomic.load_document(path)
    assert f"refused: {caught.value}" == read_in_full(content)


def test_what_is_plain_to_see_is_visited_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "plain.json"
    atomic.write_json(path, {"state": "completed", "images": 64_000, "losses": [0.25, None, True]})
    monkeypatch.setattr(atomic, "fitting", lambda document: pytest.fail("visited"))
    assert atomic.read_json(path) == {"state": "completed", "images": 64_000, "losses": [0.25, None, True]}


def test_a_folder_with_a_long_name_leaves_under_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    names: list[str] = []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, to: names.append(to.name) or rename(self, to))
    for length in (199, 200):
        (tmp_path / ("n" * length)).mkdir()
        atomic.remove_folder(tmp_path / ("n" * length))
    assert names[0].endswith("n" * 199) and names[1].endswith("-long")


def test_a_place_is_vacant_where_nothing_would_be_replaced(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert atomic.is_vacant(tmp_path / "none") and atomic.is_vacant(tmp_path / "empty")
    assert not atomic.is_vacant(tmp_path) and not atomic.is_vacant(tmp_path / "file")
