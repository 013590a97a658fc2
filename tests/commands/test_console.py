"""Printing, asking and exit codes."""

from __future__ import annotations

import io
import sys

import pytest

from genlab.commands import console
from genlab.errors import GenlabError, InputError


def test_an_error_is_one_line_and_a_hint_on_stderr(capsys: pytest.CaptureFixture[str]):
    console.report_error(GenlabError("It is\nbroken.", "Mend\tit."), as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "error: It is broken.\nhint: Mend it.\n"


@pytest.mark.parametrize(("kind", "code"), [("disk_full", 2), ("read_only", 2), ("internal", 1), ("diverged", 1)])
def test_what_the_person_can_put_right_has_code_2(kind: str, code: int):
    assert console.exit_code(kind) == code


def test_control_characters_cannot_reach_the_terminal(capsys: pytest.CaptureFixture[str]):
    console.say("a\x1b[2Jb\nc")
    console.table(("name",), [("x\ry",)])
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\r" not in out
    assert out.splitlines() == ["a [2Jb c", "name", "x y"]


def test_table_columns_are_aligned(capsys: pytest.CaptureFixture[str]):
    console.table(("name", "n"), [("a", "1"), ("long", "1,000")], right=(1,))
    assert capsys.readouterr().out.splitlines() == ["name      n", "a         1", "long  1,000"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (192, "3 min 12 s"), (7_320, "2 h 2 min")]
)
def test_durations_read_naturally(seconds: float, text: str):
    assert console.duration(seconds) == text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("answer", ["y\n", "Yes\n"])
def test_a_confirmed_question_goes_on(answer: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    console.confirm("Delete?", yes=False)


@pytest.mark.parametrize("stdin", [Terminal("\n"), Terminal("n\n"), Terminal(""), io.StringIO("y\n")])
def test_no_answer_and_no_terminal_refuse(stdin: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(InputError) as refusal:
        console.confirm("Delete?", yes=False)
    assert "--yes" in refusal.value.hint


def test_json_never_holds_what_is_not_json(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(ValueError, match="JSON"):
        console.emit({"loss": float("nan")})
