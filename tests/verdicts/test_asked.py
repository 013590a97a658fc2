"""Which tasks claims ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genlab.errors import RegistryError
from genlab.registry import registry
from genlab.verdicts.asked import asked_claims, asked_tasks, measures_of, resting
from genlab.verdicts.claims.base import AskedTask, ClaimSpec


def claim(*tasks: AskedTask) -> ClaimSpec:
    found: ClaimSpec = registry("claims").get("style_transfer")
    return replace(found, tasks=tasks)


def test_a_task_is_done_once_however_many_claims_rest_on_it():
    one = AskedTask("translation", 20)
    assert asked_tasks([claim(one), claim(one), claim(AskedTask("anomaly", 30))]) == [AskedTask("anomaly", 30), one]
    assert [asked.task for asked in asked_tasks()] == sorted({t.task for c in registry("claims") for t in c.tasks})


def test_claims_that_ask_differently_or_for_nothing_are_refused():
    with pytest.raises(RegistryError, match="different ways"):
        asked_tasks([claim(AskedTask("translation", 20)), claim(AskedTask("translation", 30))])
    with pytest.raises(RegistryError, match="that there is not"):
        asked_tasks([claim(AskedTask("juggling", 20))])


def test_what_a_match_keeps_of_a_task_is_named_after_both():
    assert "translation.changed" in measures_of(AskedTask("translation", 20))
    assert set(resting([claim(AskedTask("translation", 20))])) == {
        "translation.changed",
        "translation.success",
        "translation.cycle",
    }
    assert resting([claim()]) == []


def test_tasks_of_claims_on_faces_are_done_with_faces_only():
    of_faces, of_others = ({asked.task for asked in asked_tasks(asked_claims(faces))} for faces in (True, False))
    assert of_faces - of_others == {"synthesis"} and of_others < of_faces
