"""Short trials at other learning rates: which one each family trains best at, in a tuned match. No torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from genlab.config import load_config
from genlab.matches.fair import at_rate

if TYPE_CHECKING:
    from genlab.lab.judging import Judging

SCORE = "frechet"
"""The score that a tuned match chooses by; smaller is better."""


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


def choose(document: Mapping[str, Any], lab: Judging, request: Any) -> dict[str, Any]:
    """The plan with each family's runs at the learning rate that its trials chose, and ``chosen_lr``.

    Args:
        document: ``plan.json``, whose trials have ended.
        lab: Where the runs are.
        request: How trials are evaluated.
    """
    trials = [entry for entry in document["entries"] if entry["role"] == "trial"]
    scores = [(entry["family"], float(entry["lr_factor"]), _score(entry, lab, request)) for entry in trials]
    chosen = best_factors(scores)
    entries = [_at_best(entry, chosen) if entry["role"] == "seed" else entry for entry in document["entries"]]
    return {**document, "chosen_lr": chosen, "entries": entries}


def _at_best(entry: Mapping[str, Any], chosen: Mapping[str, float]) -> dict[str, Any]:
    factor = chosen.get(entry["family"], 1.0)
    config = at_rate(load_config(entry["config"]), factor)
    return {**entry, "lr_factor": factor, "config": config.model_dump(mode="json")}


def _score(entry: Mapping[str, Any], lab: Judging, request: Any) -> float | None:
    if entry["run"] is None or lab.run(entry["run"]).state != "completed":
        return None
    document = lab.evaluation(entry["run"], request) or {}
    value = document.get("metrics", {}).get(SCORE, {}).get("value")
    return None if value is None else float(value)
