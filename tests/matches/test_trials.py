"""A match in which trials choose takes each contender's best learning rate and weight."""

from __future__ import annotations

import pytest

from genlab.matches.entries import second_trials
from genlab.matches.match_plan import MatchPlan
from genlab.matches.trials import begun_second, best
from genlab.verdicts.match_run import MatchRun
from tests.matches.test_entries import planned_for


def trial(family: str, factor: float, score: float | None, **changed: float) -> MatchRun:
    named = {"family": family, "model": family, "seed": 0, "role": "trial", "lr_factor": factor, "changed": changed}
    run = MatchRun.model_validate(named)
    return run.known(state="completed", scores={} if score is None else {"frechet": {"value": score}})


def chosen(*trials: MatchRun) -> dict[str, tuple[float, dict[str, float]]]:
    return {name: (one.lr_factor, dict(one.changed)) for name, one in best(trials).items()}


def test_the_smallest_score_wins() -> None:
    vae, gan = ("vae", 0.5, 3.0), ("gan", 0.5, 9.0)
    found = chosen(trial(*vae), trial("vae", 1.0, 2.0), trial("vae", 2.0, 4.0), trial(*gan), trial("gan", 2.0, 1.0))
    assert found == {"vae": (1.0, {}), "gan": (2.0, {})}
    assert chosen(trial("vae", 1.0, 2.0), trial("vae", 1.0, 1.5, beta=2.0)) == {"vae": (1.0, {"beta": 2.0})}


def test_trials_without_a_score_do_not_win_and_a_family_without_any_is_left_out() -> None:
    assert chosen(trial("gan", 0.5, None), trial("gan", 1.0, 8.0)) == {"gan": (1.0, {})}
    assert chosen(trial("gan", 0.5, None), trial("gan", 2.0, None)) == {}


def test_the_preset_wins_when_others_are_only_as_good() -> None:
    assert chosen(*(trial("vae", factor, 2.0) for factor in (0.5, 1.0, 2.0))) == {"vae": (1.0, {})}
    assert chosen(trial("vae", 1.0, 2.0, beta=2.0), trial("vae", 1.0, 2.0)) == {"vae": (1.0, {})}


def test_second_trials_move_the_weight_that_each_model_names_at_the_rate_that_was_chosen() -> None:
    plan = planned_for(seeds=1, tuned=True)
    found = second_trials(plan, {"vae": 2.0, "gan": 1.0})
    assert [(one.family, one.lr_factor, one.changed) for one in found] == [
        ("vae", 2.0, {"model.beta": 0.5}),
        ("gan", 1.0, {"model.penalty.weight": 0.05}),
        ("vae", 2.0, {"model.beta": 2.0}),
        ("gan", 1.0, {"model.penalty.weight": 0.2}),
    ]
    rate = plan.entries[-2].configuration().optimiser.lr
    first = found[0].configuration()
    assert (first.model.options.beta, first.optimiser.lr, first.training.images) == (0.5, 2 * rate, 300)
    assert not begun_second(plan) and begun_second(MatchPlan(entries=[*plan.entries, *found]))


def test_a_model_without_a_weight_tries_rates_in_between() -> None:
    entries = [entry for entry in planned_for(seeds=1, tuned=True).entries if entry.family == "gan"]
    bare = [
        entry.model_copy(update={"config": entry.config | {"model": {"name": "gan", "penalty": {"name": "none"}}}})
        for entry in entries
    ]
    found = second_trials(MatchPlan(entries=bare), {"gan": 2.0})
    assert [one.lr_factor for one in found] == [pytest.approx(1.42), pytest.approx(2.82)]
    rate = bare[-1].configuration().optimiser.lr
    assert found[0].changed == {"optimiser.lr": pytest.approx(1.42 * rate)} and begun_second(MatchPlan(entries=found))
