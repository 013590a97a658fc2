"""A lab for looking has no verb that changes something: not one that refuses, none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from genlab.errors import InputError
from genlab.lab import Lab, ReadOnlyLab
from tests.support.runs import make_run

NOUNS = tuple(ReadOnlyLab.__annotations__)


def verbs(lab: ReadOnlyLab) -> Iterator[tuple[str, str]]:
    """(noun, verb) of all that a lab can do."""
    for noun in NOUNS:
        for name in dir(getattr(lab, noun)):
            if not name.startswith("_") and callable(getattr(getattr(lab, noun), name)):
                yield noun, name


CHANGING = {
    ("data", "add"),
    ("data", "mark"),
    ("data", "remove"),
    *(("imports", verb) for verb in ("start", "again", "discard", "sweep")),
    *(("runs", verb) for verb in ("submit", "stop", "pause", "resume", "delete")),
    *(("models", verb) for verb in ("start_portraits", "start_neighbours", "start_decoder", "start_flow")),
    ("evaluations", "make"),
    ("evaluations", "start"),
    ("sandbox", "start"),
    *(("latents", verb) for verb in ("explore", "start", "start_projection", "start_walk", "start_placement")),
    *(("matches", verb) for verb in ("start", "hold", "wait_for", "stop", "resume", "delete")),
    *(("matches", verb) for verb in ("judge", "judge_again", "start_judging", "judge_run")),
    *(("tasks", verb) for verb in ("start", "carry_out", "make_ready")),
    *(("jobs", verb) for verb in ("start", "cancel", "wait_for", "make_ready")),
    ("holdings", "tidy"),
    ("holdings", "delete_damaged"),
}


def test_a_lab_for_looking_lacks_exactly_the_verbs_that_change(workspace):
    assert set(verbs(Lab())) - set(verbs(ReadOnlyLab())) == CHANGING
    assert set(verbs(ReadOnlyLab())) <= set(verbs(Lab()))


@pytest.mark.parametrize(("noun", "verb"), sorted(CHANGING))
def test_what_changes_is_not_there(workspace, noun, verb):
    with pytest.raises(AttributeError):
        getattr(getattr(ReadOnlyLab(), noun), verb)


def test_nothing_that_starts_work_hides_behind_a_noun(workspace):
    """Neither a launcher nor a changing noun can be reached from a lab for looking."""
    guest, seen = ReadOnlyLab(), set()
    ahead: list[object] = [guest]
    while ahead:
        here = ahead.pop()
        if id(here) in seen or not type(here).__module__.startswith("genlab."):
            continue
        seen.add(id(here))
        assert not hasattr(here, "launch") and not hasattr(here, "_launcher"), here
        assert not any(hasattr(here, verb) for noun, verb in CHANGING if type(here).__module__ == f"genlab.lab.{noun}")
        ahead += list(vars(here).values()) if hasattr(here, "__dict__") else []
    assert len(seen) > len(NOUNS)


def test_every_noun_has_verbs_of_which_each_says_what_it_does():
    lab = Lab("/nowhere")
    assert {noun for noun, _ in verbs(lab)} == set(NOUNS)
    assert [(noun, name) for noun, name in verbs(lab) if not getattr(getattr(lab, noun), name).__doc__] == []


def test_looking_decodes_nothing_and_shows_what_has_been_decoded(workspace):
    guest = ReadOnlyLab()
    with pytest.raises(InputError, match="has not been decoded in this workspace yet"):
        guest.data.open("digits")
    assert not workspace.exists()
    Lab().data.open("digits")
    before = sorted(workspace.rglob("*"))
    assert len(guest.data.open("digits").items("train")) > 1_000
    assert [info.name for info in guest.data.all() if info.fingerprint] == ["digits"]
    assert sorted(workspace.rglob("*")) == before


def test_looking_downloads_nothing(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_DATA", str(tmp_path / "nothing"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was opened"))
    away = [info for info in ReadOnlyLab().data.all() if not info.available]
    assert "celeba" in {info.name for info in away}
    for info in away:
        with pytest.raises(InputError, match=r"has not been downloaded\. This lab is read-only") as refusal:
            ReadOnlyLab().data.open(info.name)
        assert refusal.value.kind == "read_only" and "--read-only" in refusal.value.hint
    assert not workspace.exists()


def test_looking_at_runs_leaves_no_trace(workspace):
    make_run(workspace / "runs", "a", state="completed", samples=())
    before = sorted(workspace.rglob("*"))
    guest = ReadOnlyLab()
    assert [run.id for run in guest.runs.all()] == ["a"]
    assert guest.jobs.under_way("evaluate") is None and guest.matches.all()[:1] == guest.matches.found().good[:1]
    assert guest.holdings.damaged() == []
    assert sorted(workspace.rglob("*")) == before
