"""Evaluations as rows of the curves, so that scores can be drawn over training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from genlab.plots.panels import COMPANION, SCORES, Panel
from genlab.plots.series import AXIS_COLUMNS, Rows
from genlab.registry import registry

ENDS = ("low", "high", "floor", "n")
NO_ENCODER = "-"
"""Stands in a name for metrics that use no feature extractor."""


def score_rows(documents: Sequence[Mapping[str, Any]], rows: Rows) -> list[dict[str, Any]]:
    """One row per evaluated checkpoint and encoder, with steps and seconds read off the run's own ``rows``.

    A score is called ``scores/ENCODER/METRIC``; its interval, floor and n stand beside it. Many scores move with the
    number of samples: of several evaluations of one checkpoint that is taken whose number most checkpoints have, then
    the larger.
    """
    readable = [d for d in documents if isinstance(d.get("metrics"), Mapping) and isinstance(d.get("images"), int)]
    common = Counter((str(d.get("encoder", "")), d.get("samples", 0)) for d in readable)

    def rank(document: Mapping[str, Any]) -> tuple[int, int]:
        samples = document.get("samples", 0)
        return common[str(document.get("encoder", "")), samples], samples

    best: dict[tuple[int, str], Mapping[str, Any]] = {}
    for document in readable:
        key = (document["images"], str(document.get("encoder", "")))
        if key not in best or rank(document) >= rank(best[key]):
            best[key] = document
    return [
        {**_place(images, rows), **_scores(document["metrics"])}
        for (images, _), document in sorted(best.items(), key=lambda item: item[0])
    ]


def score_panels(names: Iterable[str]) -> dict[str, list[Panel]]:
    """Group title -> one plot per score and encoder, in the order of the metrics' groups."""
    metrics = registry("metrics")
    found: dict[str, list[Panel]] = {}
    known = [name for name in names if name.startswith(SCORES) and COMPANION not in name]
    for name in known:
        _, encoder, metric = name.split("/", 2)
        spec = metrics.get(metric)
        arrow = {"up": "↑ better", "down": "↓ better"}.get(spec.better, "")
        told = "" if encoder == NO_ENCODER else f"{encoder} features"
        unit = " · ".join(part for part in (spec.unit, arrow, told) if part)
        found.setdefault(f"Scores: {spec.group}", []).append(Panel(spec.title, (name,), unit))
    return dict(sorted(found.items()))


def _place(images: int, rows: Rows) -> dict[str, Any]:
    """Where ``images`` seen lies on every axis; only on that of images where there are no curves."""
    place: dict[str, Any] = {"images": images}
    for column in set(AXIS_COLUMNS.values()) - {"images"}:
        pairs = [(row["images"], row[column]) for row in rows if "images" in row and column in row]
        if pairs:
            seen, values = np.asarray(sorted(pairs), np.float64).T
            place[column] = float(np.interp(images, seen, values))
    return place


def _scores(metrics: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    known = registry("metrics")
    for metric, line in metrics.items():
        if metric not in known or not isinstance(line, Mapping) or line.get("value") is None:
            continue
        name = f"{SCORES}{line.get('encoder') or NO_ENCODER}/{metric}"
        row[name] = line["value"]
        row |= {f"{name}{COMPANION}{end}": line[end] for end in ENDS if line.get(end) is not None}
    return row
