"""Short trials at other learning rates: which one each family trains best at, in a tuned match. No torch."""

from __future__ import annotations

from collections.abc import Iterable

from genlab.matches.entries import at_rate
from genlab.matches.folder import Match
from genlab.matches.gathering import Records, outcome_of
from genlab.matches.match_plan import MatchPlan
from genlab.verdicts.facts import SENSITIVE_TO
from genlab.verdicts.match_run import MatchRun


def best_factors(scores: Iterable[tuple[str, float, float | None]]) -> dict[str, float]:
    """Family -> the factor of its learning rate that gave the smallest score.

    Args:
        scores: Family, factor and score of each trial; None for a trial that failed. A family none of whose trials has
            a score keeps its preset's learning rate; so does one in which another rate is only as good.
    """
    found: dict[str, tuple[float, float]] = {}
    chosen: dict[str, float] = {}
    for family, factor, score in scores:
        chosen.setdefault(family, 1.0)
        if score is None:
            continue
        rank = (score, abs(factor - 1))
        if family not in found or rank < found[family]:
            found[family], chosen[family] = rank, factor
    return chosen


def choose(plan: MatchPlan, match: Match, lab: Records) -> MatchPlan:
    """The plan with each family's runs at the learning rate that its trials chose, and ``chosen_lr``.

    Args:
        plan: The plan, whose trials have ended.
        match: The match.
        lab: Where the runs are.
    """
    trials = [outcome_of(run, lab, match, {}) for run in plan.entries if run.role == "trial"]
    chosen = best_factors((run.family, run.lr_factor, run.outcome.value(SENSITIVE_TO)) for run in trials)
    entries = [_at_best(run, chosen) if run.role == "seed" else run for run in plan.entries]
    return plan.model_copy(update={"chosen_lr": chosen, "entries": entries})


def _at_best(run: MatchRun, chosen: dict[str, float]) -> MatchRun:
    factor = chosen.get(run.family, 1.0)
    config = at_rate(run.configuration(), factor)
    return run.model_copy(update={"lr_factor": factor, "config": config.model_dump(mode="json")})
