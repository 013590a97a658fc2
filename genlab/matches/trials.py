"""Short trials with other settings: which each contender trains best with, where trials choose. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from genlab.matches.entries import second_trials
from genlab.matches.folder import Match
from genlab.matches.gathering import Records, outcome_of
from genlab.matches.match_plan import MatchPlan
from genlab.verdicts.facts import SENSITIVE_TO
from genlab.verdicts.match_run import MatchRun


def best(trials: Sequence[MatchRun]) -> dict[str, MatchRun]:
    """Contender -> the trial of it that has the smallest score.

    A contender none of whose trials has a score is left out. Where several are as good, the one nearest to the preset
    is taken: its learning rate first, then its weight.
    """
    found: dict[str, tuple[tuple[float, float, bool], MatchRun]] = {}
    for trial in trials:
        score = trial.outcome.value(SENSITIVE_TO)
        if score is None:
            continue
        rank = (score, abs(log(trial.lr_factor)), bool(trial.changed))
        if trial.contender not in found or rank < found[trial.contender][0]:
            found[trial.contender] = rank, trial
    return {contender: trial for contender, (_, trial) in found.items()}


def begun_second(plan: MatchPlan) -> bool:
    """Whether the plan has its second trials already."""
    return any(entry.role == "trial" and entry.changed for entry in plan.entries)


def with_second(plan: MatchPlan, match: Match, lab: Records) -> MatchPlan:
    """The plan with more trials behind the first ones: at the learning rate that these chose, with another weight.

    Args:
        plan: The plan, whose first trials have ended.
        match: The match.
        lab: Where the runs are.
    """
    known = best(_judged(plan, match, lab))
    every = dict.fromkeys(entry.contender for entry in plan.entries)
    chosen = {contender: known[contender].lr_factor if contender in known else 1.0 for contender in every}
    place = 1 + max(place for place, entry in enumerate(plan.entries) if entry.role == "trial")
    entries = [*plan.entries[:place], *second_trials(plan, chosen), *plan.entries[place:]]
    return plan.model_copy(update={"entries": entries})


def choose(plan: MatchPlan, match: Match, lab: Records) -> MatchPlan:
    """The plan with each contender's runs at the settings of its best trial, ``chosen_lr`` and ``chosen``.

    Args:
        plan: The plan, whose trials have ended.
        match: The match.
        lab: Where the runs are.
    """
    known = best(_judged(plan, match, lab))
    entries = [entry if entry.role == "trial" else _as_in(entry, known.get(entry.contender)) for entry in plan.entries]
    every = dict.fromkeys(entry.contender for entry in plan.entries)
    rates = {contender: known[contender].lr_factor if contender in known else 1.0 for contender in every}
    weights = {contender: trial.changed for contender, trial in known.items() if trial.changed}
    return plan.model_copy(update={"chosen_lr": rates, "chosen": weights or None, "entries": entries})


def _judged(plan: MatchPlan, match: Match, lab: Records) -> list[MatchRun]:
    return [outcome_of(run, lab, match, {}) for run in plan.entries if run.role == "trial"]


def _as_in(run: MatchRun, trial: MatchRun | None) -> MatchRun:
    """A run with the objective and the optimiser of a trial."""
    if trial is None:
        return run
    best, config = trial.configuration(), run.configuration()
    config = config.model_copy(update={"model": best.model, "optimiser": best.optimiser})
    told = {"lr_factor": trial.lr_factor, "changed": trial.changed, "config": config.model_dump(mode="json")}
    return run.model_copy(update=told)
