"""A verb that changes something cannot be forgotten: each is marked, and a lab for looking refuses all but looks."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.lab import Lab, ReadOnlyLab
from genlab.lab.changes import verbs
from tests.support.runs import make_run

CHANGING = sorted(name for name, changes in verbs(Lab).items() if changes)


def test_every_verb_is_marked_as_changing_or_as_looking():
    assert [name for name, changes in verbs(Lab).items() if changes is None] == []
    assert {"submit", "dataset", "delete", "start_match", "start_evaluation", "start_placement"} <= set(CHANGING)
    assert {"runs", "describe", "evaluations", "load_model"}.isdisjoint(CHANGING)


@pytest.mark.parametrize("name", [name for name in CHANGING if name != "dataset"])
def test_a_lab_for_looking_refuses_every_verb_that_changes(workspace, name):
    with pytest.raises(InputError, match="read-only") as refusal:
        getattr(ReadOnlyLab(), name)("x", "y")
    assert refusal.value.kind == "read_only"
    assert not workspace.exists()


def test_a_verb_that_nobody_marked_is_refused_too():
    class More(Lab):
        def burn(self) -> None: ...

    assert verbs(More)["burn"] is None


def test_looking_decodes_nothing_and_shows_what_has_been_decoded(workspace):
    guest = ReadOnlyLab()
    with pytest.raises(InputError, match="has not been decoded in this workspace yet"):
        guest.dataset("digits")
    assert not workspace.exists()
    Lab().dataset("digits")
    before = sorted(workspace.rglob("*"))
    assert len(guest.dataset("digits").items("train")) > 1_000
    assert [info.name for info in guest.datasets() if info.fingerprint] == ["digits"]
    assert sorted(workspace.rglob("*")) == before


def test_no_job_is_started_behind_a_verb(workspace):
    make_run(workspace / "runs", "a", state="completed", samples=())
    guest = ReadOnlyLab()
    with pytest.raises(InputError, match="read-only"):
        guest._start_job("evaluate", {})
    assert [run.id for run in guest.runs()] == ["a"]
    assert not (workspace / "jobs").exists()
