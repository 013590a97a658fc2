"""Runs that differ only in their seeds, judged together: means over seeds, their spread, and how many diverged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan, sqrt
from typing import Any

import numpy as np

from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import Evidence, Items, Measured
from genlab.store.run import RunReader

Document = Mapping[str, Any]
NOTHING = Items(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32))
"""Scores over seeds are judged without looking at items."""


def over_seeds(runs: Sequence[RunReader], documents: Sequence[Document | None]) -> list[dict[str, Any]]:
    """One entry for each set of two or more runs that differ only in their seeds, judged after the same images.

    Args:
        runs: The runs.
        documents: Their evaluations, one each, by the same request; None for a run that diverged before there was
            anything to judge.

    Returns:
        ``{"runs", "seeds", "divergence_rate", "metrics": {NAME: {"value", "low", "high", "floor", "n", "better",
        "spread"}}}``: the mean over seeds with its 95 % t-interval, the mean floor, and the standard deviation over
        seeds with its own interval. A run that diverged counts in ``divergence_rate`` and nowhere else.
    """
    sets: dict[str, list[tuple[RunReader, Document | None]]] = {}
    for run, document in zip(runs, documents, strict=True):
        sets.setdefault(run.config().recipe(), []).append((run, document))
    return [_entry(members) for members in sets.values() if len({_seed(run) for run, _ in members}) > 1]


def _entry(members: Sequence[tuple[RunReader, Document | None]]) -> dict[str, Any]:
    diverged = [run.summary().state == "diverged" for run, _ in members]
    judged = [document["metrics"] for _, document in members if document is not None]
    names = [name for name in judged[0] if all(name in lines for lines in judged)] if judged else []
    metrics = {}
    for name in names:
        found = [None if document is None else document["metrics"][name] for _, document in members]
        both = zip(diverged, found, strict=True)
        values = [nan if fell or line is None or line["value"] is None else line["value"] for fell, line in both]
        metrics[name] = _mean(name, np.array(values), [line for line in found if line is not None])
    marked = np.where(diverged, nan, 0.0)
    return {
        "runs": [run.path.name for run, _ in members],
        "seeds": [_seed(run) for run, _ in members],
        "divergence_rate": _line(_measure("divergence_rate", marked)),
        "metrics": metrics,
    }


def _mean(name: str, values: np.ndarray, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean over seeds with its t-interval, kept within the metric's limits."""
    spec, finite = METRICS.get(name), values[np.isfinite(values)]
    n = len(finite)
    line: dict[str, Any] = {"value": None, "low": None, "high": None, "n": n, "better": spec.better}
    floors = [one["floor"] for one in lines if one.get("floor") is not None]
    line["floor"] = sum(floors) / len(floors) if floors else None
    if n < 2:
        return {**line, "why": "At least two seeds with a value are needed."}
    from scipy.special import stdtrit

    mean = float(finite.mean())
    half = float(stdtrit(n - 1, 0.975)) * float(finite.std(ddof=1)) / sqrt(n)
    low, high = spec.limits
    line |= {
        "value": mean,
        "low": mean - half if low is None else max(low, mean - half),
        "high": mean + half if high is None else min(high, mean + half),
        "spread": _line(_measure("seed_spread", values)),
    }
    return line


def _measure(name: str, values: np.ndarray) -> Measured:
    spec = METRICS.get(name)
    found: Measured = spec.compute(Evidence(NOTHING, NOTHING, seeds=values), spec.Options(), np.random.default_rng(0))
    return found


def _line(found: Measured) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n}


def _seed(run: RunReader) -> int:
    return int(run.config().training.seed)
