"""One run of a match: as ``plan.json`` holds it, and how it went."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.verdicts.match_run import MatchRun, Outcome

WRITTEN: dict[str, Any] = {"family": "gan", "model": "gan", "seed": 1, "role": "seed", "lr_factor": 2.0}


def test_how_a_run_ended_and_what_it_went_through() -> None:
    early = {"symptom": "mode_collapse", "images": 1_000, "last": 2_000}
    late = {"symptom": "posterior_collapse", "images": 1_000, "last": 9_500}
    run = Outcome("completed", images=10_000, alarms=(early,))
    assert run.had("collapsed") and not run.had("fell"), "it recovered"
    assert replace(run, alarms=(late,)).had("fell") and not replace(run, alarms=(late,)).had("collapsed")
    assert replace(run, alarms=(), state="diverged").had("fell")


@pytest.mark.parametrize("symptom", ["mode_collapse", "posterior_collapse"])
@pytest.mark.parametrize(("last", "fell"), [(0, False), (5_000, False), (8_999, False), (9_000, True), (10_000, True)])
def test_a_run_has_fallen_when_a_collapse_holds_in_its_last_tenth(symptom: str, last: int, fell: bool) -> None:
    run = Outcome("completed", images=10_000, alarms=({"symptom": symptom, "images": 500, "last": last},))
    assert run.had("fell") is fell


def test_other_alarms_are_no_fall_and_only_lost_modes_are_a_collapse() -> None:
    late = [
        {"symptom": symptom, "images": 9_500, "last": 10_000} for symptom in ("critic_overpowering", "mode_collapse")
    ]
    run = Outcome("completed", images=10_000, alarms=(late[0],))
    assert not run.had("fell") and not run.had("collapsed") and not run.had("diverged")
    both = replace(run, alarms=tuple(late))
    assert both.had("fell") and both.had("collapsed") and not both.had("diverged")
    assert replace(run, state="diverged").had("diverged")


def test_only_finite_numbers_are_values() -> None:
    scores = {"a": {"value": 1}, "b": {"value": float("nan")}, "c": {"value": True}, "d": {"why": "No."}}
    run = Outcome(scores=scores)
    assert [run.value(name) for name in "abcde"] == [1.0, None, None, None, None]


def test_how_it_went_is_no_part_of_the_file() -> None:
    run = MatchRun.model_validate(WRITTEN)
    assert (run.run, run.taken_over, run.config, run.outcome) == (None, False, {}, Outcome())
    known = run.known(state="completed", images=300)
    assert known.outcome == Outcome("completed", 300) and known.known(judged=True).outcome.state == "completed"
    assert known.model_dump(mode="json") == run.model_dump(mode="json")
    assert "outcome" not in known.model_dump(mode="json")
    with pytest.raises(ValidationError):
        MatchRun.model_validate({**WRITTEN, "outcome": {"state": "completed"}})


def test_its_configuration_is_checked_when_it_is_asked_for() -> None:
    run = MatchRun.model_validate({**WRITTEN, "config": RunConfig(latent_dim=7).model_dump(mode="json")})
    assert run.configuration() == RunConfig(latent_dim=7)
    strange = run.model_copy(update={"config": {"model": "from a plugin that is not here"}})
    with pytest.raises(InputError):
        strange.configuration()


def test_an_alarm_that_says_no_end_is_not_one_of_the_end() -> None:
    assert not Outcome("completed", images=1, alarms=({"symptom": "mode_collapse"},)).had("fell")


@pytest.mark.parametrize(
    ("training", "images"), [({"images": 5_000}, 5_000), ({"images": "many"}, None), ({}, None), ("much", None)]
)
def test_the_images_of_a_run_are_those_of_its_configuration(training: Any, images: int | None) -> None:
    assert MatchRun(**WRITTEN, config={"training": training}).images == images
    assert MatchRun(**WRITTEN).images is None
