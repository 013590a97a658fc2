"""What facts say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genlab.verdicts.facts import Facts, RunFacts, TrialFacts, noise_of


def test_only_completed_runs_have_scores() -> None:
    line = {"value": 1.0, "low": 0.9, "high": 1.1}
    runs = tuple(RunFacts("gan", seed, str(seed), state, 10, {"frechet": line}) for seed, state in enumerate(
        ("completed", "diverged", "stopped", "completed")
    ))  # fmt: skip
    facts = Facts("m", "d", ("gan",), (0, 1, 2, 3), runs)
    assert facts.sample("gan", "frechet").n == 2
    assert facts.events("gan", "diverged") == (1, 3)
    assert facts.why_not("vae", "frechet") == "It took no part in this match."


def test_how_a_run_ended_and_what_it_went_through() -> None:
    early = {"symptom": "mode_collapse", "images": 1_000, "last": 2_000}
    late = {"symptom": "posterior_collapse", "images": 1_000, "last": 9_500}
    run = RunFacts("gan", 0, images=10_000, alarms=(early,))
    assert run.had("collapsed") and not run.had("fell"), "it recovered"
    assert replace(run, alarms=(late,)).had("fell") and not replace(run, alarms=(late,)).had("collapsed")
    assert replace(run, alarms=(), state="diverged").had("fell")


@pytest.mark.parametrize("symptom", ["mode_collapse", "posterior_collapse"])
@pytest.mark.parametrize(("last", "fell"), [(0, False), (5_000, False), (8_999, False), (9_000, True), (10_000, True)])
def test_a_run_has_fallen_when_a_collapse_holds_in_its_last_tenth(symptom: str, last: int, fell: bool) -> None:
    run = RunFacts("vae", 0, images=10_000, alarms=({"symptom": symptom, "images": 500, "last": last},))
    assert run.had("fell") is fell


def test_other_alarms_are_no_fall_and_only_lost_modes_are_a_collapse() -> None:
    late = [
        {"symptom": symptom, "images": 9_500, "last": 10_000} for symptom in ("critic_overpowering", "mode_collapse")
    ]
    run = RunFacts("gan", 0, images=10_000, alarms=(late[0],))
    assert not run.had("fell") and not run.had("collapsed") and not run.had("diverged")
    both = replace(run, alarms=tuple(late))
    assert both.had("fell") and both.had("collapsed") and not both.had("diverged")
    assert replace(run, state="diverged").had("diverged")


def test_sensitivity_is_worst_over_best() -> None:
    trials = (TrialFacts("gan", 0.5, score=8.0), TrialFacts("gan", 1.0, score=4.0), TrialFacts("gan", 2.0, "diverged"))
    facts = Facts("m", "d", ("gan",), (0,), (), trials=trials)
    assert facts.sensitivity("gan") == 2.0
    assert facts.sensitivity("vae") is None


def test_noise_of_an_interval() -> None:
    assert noise_of({"low": 1.0, "high": 1.0 + 2 * 1.959964}) == pytest.approx(1)
    assert noise_of({"low": None, "high": 2.0}) == noise_of({}) == 0
