"""What facts say of themselves."""

from __future__ import annotations

import pytest

from genlab.verdicts.facts import Facts, noise_of
from tests.support.claims import ran, trial


def test_only_completed_runs_have_scores() -> None:
    line = {"value": 1.0, "low": 0.9, "high": 1.1}
    states = ("completed", "diverged", "stopped", "completed")
    runs = tuple(
        ran("gan", seed, str(seed), state, images=10, scores={"frechet": line}) for seed, state in enumerate(states)
    )
    facts = Facts("m", "d", ("gan",), (0, 1, 2, 3), runs)
    assert facts.sample("gan", "frechet").n == 2
    assert facts.events("gan", "diverged") == (1, 3)
    assert facts.why_not("vae", "frechet") == "It took no part in this match."


def test_sensitivity_is_worst_over_best() -> None:
    trials = (trial("gan", 0.5, 8.0), trial("gan", 1.0, 4.0), trial("gan", 2.0, state="diverged"))
    facts = Facts("m", "d", ("gan",), (0,), (), trials=trials)
    assert facts.sensitivity("gan") == 2.0
    assert facts.sensitivity("vae") is None


def test_noise_of_an_interval() -> None:
    assert noise_of({"low": 1.0, "high": 1.0 + 2 * 1.959964}) == pytest.approx(1)
    assert noise_of({"low": None, "high": 2.0}) == noise_of({}) == 0


def test_a_sample_is_made_once() -> None:
    line = {"value": 1.0, "low": 0.9, "high": 1.1}
    facts = Facts("m", "d", ("gan",), (0,), (ran("gan", scores={"frechet": line}),))
    assert facts.sample("gan", "frechet") is facts.sample("gan", "frechet")
    assert facts.sample("gan", "kid").n == 0


def test_sensitivity_takes_two_trials_with_a_score_above_zero() -> None:
    def of(*scores: float | None) -> float | None:
        trials = tuple(trial("gan", 1.0, score) for score in scores)
        return Facts("m", "d", ("gan",), (0,), (), trials=trials).sensitivity("gan")

    assert of(4.0, 1.0, 2.0) == 4.0 and of(3.0, 3.0) == 1.0
    assert of(4.0) is of(4.0, None) is of(4.0, 0.0) is of() is None
