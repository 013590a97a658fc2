"""``genlab tidy`` says what a workspace holds, asks once, and removes what was said."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from genlab.commands import console
from genlab.commands.tidy import AGES, SIZES, quantity
from genlab.errors import InputError
from genlab.lab import Lab
from tests.support.command import Capture
from tests.support.comparison import add_portrait
from tests.support.evaluations import make_checkpoint, make_evaluation
from tests.support.runs import directory_of, make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    """A workspace with a run that was judged forty days ago, and has pictures of today."""
    lab = Lab()
    run = make_run(lab.workspace.runs, "one", samples=())
    make_checkpoint(run, 16_384)
    make_evaluation(run)
    for path in (run.path / "evaluations").iterdir():
        os.utime(path, (time.time() - 40 * 86_400,) * 2)
    add_portrait(run, 16_384)
    return lab


def test_it_shows_bytes_by_kind_and_removes_nothing_by_itself(cli: Capture, lab: Lab):
    code, out, _ = cli("tidy")
    assert code == 0
    held = lab.holdings.all()
    for words in ("evaluations", "portraits", "runs: settings, curves, samples, checkpoints", "can be made again"):
        assert words in out
    assert "genlab tidy --size 2GB" in out
    document = cli.json("tidy")
    assert document["bytes"] == held.size and document["again"] == held.again
    assert {each["kind"]: (each["number"], each["stay"]) for each in document["results"]} == {
        "evaluation": (1, 0),
        "portrait": (1, 0),
    }
    assert sum(each["bytes"] for each in document["results"]) == held.again
    assert document["rest"]["runs"] == held.size - held.again and document["removed"] == []
    assert lab.holdings.all() == held


def test_a_dry_run_says_what_would_go(cli: Capture, lab: Lab):
    document = cli.json("tidy", "--age", "30d", "--dry-run")
    assert [each["kind"] for each in document["removed"]] == ["evaluation"] and document["dry_run"] is True
    code, out, _ = cli("tidy", "--age", "30d", "--dry-run")
    assert code == 0 and "Would remove 1 result (" in out and ": 1 of evaluations)." in out
    assert len(lab.holdings.all().results) == 2


def test_it_asks_once_and_then_removes_to_an_age(cli: Capture, lab: Lab):
    _, hint = cli.refusal("tidy", "--age", "30d")
    assert "--yes" in hint and len(lab.holdings.all().results) == 2
    document = cli.json("tidy", "--age", "30d", "--yes")
    assert [(each["kind"], each["run"]) for each in document["removed"]] == [("evaluation", "one")]
    assert [each.of for each in lab.holdings.all().results] == ["portrait"]
    code, out, _ = cli("tidy", "--age", "30d")
    assert code == 0 and "Nothing to remove." in out, "nothing is asked where nothing goes"


def test_it_removes_to_a_size(cli: Capture, lab: Lab):
    pictures = sum(each.size for each in lab.holdings.all().results if each.of == "portrait")
    code, out, _ = cli("tidy", "--size", str(pictures), "--yes")
    assert code == 0 and "Removed 1 result (" in out
    assert [each.of for each in lab.holdings.all().results] == ["portrait"]
    assert len(cli.json("tidy", "--size", "0", "--yes")["removed"]) == 1


def test_no_is_an_answer(cli: Capture, lab: Lab, monkeypatch: pytest.MonkeyPatch):
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(console.sys, "stdin", Terminal("n\n"))
    code, out, err = cli("tidy", "--size", "0")
    assert (code, out) == (2, "") and "error: Nothing was done." in err
    assert err.startswith("Remove 2 results (") and "All of it can be made again. [y/N]" in err
    assert len(lab.holdings.all().results) == 2


def test_what_has_to_stay_is_said(cli: Capture, lab: Lab):
    directory_of(lab, "one").update_status(state="running", pid=os.getpid())
    code, out, _ = cli("tidy", "--size", "0")
    assert code == 0 and "1 stay: it is being trained" in out
    assert "Nothing to remove: what is left has to stay for now." in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2GB", 2e9), ("500 mb", 5e8), ("1.5GiB", 1.5 * 2**30), ("0", 0), ("7", 7), ("3kB", 3_000)],
)
def test_sizes(text: str, expected: float):
    assert quantity(text, SIZES, "b", "") == expected


@pytest.mark.parametrize(("text", "hours"), [("30d", 720), ("12h", 12), ("2w", 336), ("3", 72), ("0.5d", 12)])
def test_ages(text: str, hours: float):
    assert quantity(text, AGES, "d", "") == hours * 3_600


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "2 XB", "2GB more", "1e9", "nan"])
def test_what_is_no_quantity_is_refused(text: str, cli: Capture):
    with pytest.raises(InputError, match="is not a number with a unit"):
        quantity(text, SIZES, "b", "2GB")
    message, hint = cli.refusal("tidy", "--size", text)
    assert "not a number" in message and "2GB" in hint


def test_uploads_are_told_and_what_a_killed_server_left_goes(cli: Capture, lab: Lab):
    left = lab.workspace.uploads / "0123"
    left.mkdir(parents=True)
    (left / "pets.zip").write_bytes(b"x" * 5_000)
    out = cli("tidy")[1]
    assert "uploaded images that are no data set yet" in out and "5.0 kB" in out
    assert cli.json("tidy", "--age", "400d", "--dry-run")["rest"]["uploads"] == 5_000
    assert cli.json("tidy", "--age", "400d")["rest"]["uploads"] == 0
    assert not left.exists()
