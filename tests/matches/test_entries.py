"""The runs of a match: their order, and more seeds of a match that has begun."""

from __future__ import annotations

import pytest

from genlab.config import load_config
from genlab.errors import InputError
from genlab.matches.entries import at_rate, planned, trials_of, with_lengths, with_seeds
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest


def configs() -> dict:
    return {
        family: load_config({"model": {"name": family}, "data": {"name": "digits"}, "training": {"images": 900}})
        for family in ("vae", "gan")
    }


def planned_for(**settings) -> MatchPlan:
    return MatchPlan(entries=list(planned(MatchRequest(data="digits", **settings), configs())))


def test_seeds_come_one_after_another_and_trials_last_or_first():
    plan = planned_for(seeds=2)
    assert [(e.family, e.seed, e.role) for e in plan.entries[:4]] == [
        *(("vae", 0, "seed"), ("gan", 0, "seed")),
        *(("vae", 1, "seed"), ("gan", 1, "seed")),
    ]
    assert {e.role for e in plan.entries[4:]} == {"trial"} and len(plan.entries) == 10
    assert {e.configuration().training.images for e in plan.entries[4:]} == {300}
    assert [e.role for e in planned_for(seeds=1, tuned=True).entries] == ["trial"] * 6 + ["seed"] * 2


def test_contenders_stand_behind_the_families_of_their_seed_and_have_trials_where_these_choose():
    both = configs() | {"vae:modern": configs()["vae"]}
    plan = MatchPlan(entries=list(planned(MatchRequest(data="digits", seeds=2), both)))
    assert [(e.contender, e.role) for e in plan.entries[2:4]] == [("vae:modern", "beside"), ("vae", "seed")]
    assert {e.contender for e in plan.entries if e.role == "trial"} == {"vae", "gan"}
    again = MatchPlan.model_validate(plan.as_json())
    assert again == plan and "variant" not in plan.as_json()["entries"][0]
    more = with_seeds(plan, 3).entries
    assert [(e.contender, e.seed) for e in more[6:9]] == [("vae", 2), ("gan", 2), ("vae:modern", 2)]
    tuned = list(planned(MatchRequest(data="digits", seeds=1, fairness="best"), both))
    assert sum(e.role == "trial" and e.contender == "vae:modern" for e in tuned) == 3
    assert trials_of(MatchRequest(fairness="best")) == 5 and trials_of(MatchRequest(trials=False)) == 0


def test_more_seeds_stand_behind_those_there_are_and_change_nothing_else():
    plan = planned_for(seeds=2)
    more = with_seeds(plan.with_run(1, run="gan-0"), 4)
    assert more.entries[:4] == plan.with_run(1, run="gan-0").entries[:4] and more.entries[8:] == plan.entries[4:]
    assert [(e.family, e.seed) for e in more.entries[4:8]] == [("vae", 2), ("gan", 2), ("vae", 3), ("gan", 3)]
    assert with_seeds(planned_for(seeds=2), 4) == planned_for(seeds=4), "as if it had been planned so"
    assert all(e.run is None and not e.taken_over for e in more.entries[4:8])
    assert with_seeds(more, 4) == with_seeds(more, 2) == more
    assert with_seeds(MatchPlan(), 3) == MatchPlan()


def test_more_seeds_train_at_the_rate_that_was_chosen():
    plan = planned_for(seeds=1, tuned=True)
    chosen = at_rate(plan.entries[-1].configuration(), 0.5)
    entry = plan.entries[-1].model_copy(update={"lr_factor": 0.5, "config": chosen.model_dump(mode="json")})
    tuned = plan.model_copy(update={"entries": [*plan.entries[:-1], entry]})
    last = with_seeds(tuned, 2).entries[-1]
    assert (last.family, last.seed, last.lr_factor) == ("gan", 1, 0.5)
    assert last.configuration().optimiser == chosen.optimiser


def test_lengths_of_families_count_for_their_trials_too():
    plan = with_lengths(planned_for(seeds=1), {"vae": 600, "gan": 300})
    seen = [(entry.family, entry.role, entry.images) for entry in plan.entries[:4]]
    assert seen == [("vae", "seed", 600), ("gan", "seed", 300), ("vae", "trial", 200), ("gan", "trial", 100)]
    assert {e.images for e in with_seeds(plan, 3).entries if e.role == "seed" and e.family == "vae"} == {600}


def test_a_plan_without_configurations_has_no_more_seeds():
    bare = [entry.model_copy(update={"config": {}}) for entry in planned_for(seeds=1).entries]
    with pytest.raises(InputError, match="how its runs were configured"):
        with_seeds(MatchPlan(entries=bare), 2)
