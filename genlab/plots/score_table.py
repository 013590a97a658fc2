"""Scores as rows of a table: numbers rounded to the digits that their intervals justify. No streamlit, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from genlab.numbers import plus_minus
from genlab.plots.scores import ARROWS, ScorePanel


def as_rows(panels: Sequence[ScorePanel]) -> list[dict[str, Any]]:
    """A row per metric and model that has a number, the best model of each metric first.

    Returns:
        Rows with ``metric``, ``better``, ``model``, ``value``, ``half`` (of the interval), ``floor``, ``n``, ``unit``
        and ``encoder``. One table should hold one encoder only.
    """
    rows = []
    for panel in panels:
        floor, _ = rounded(panel.floor, panel.floor_low, panel.floor_high)
        scores = [score for score in panel.scores if score.value is not None]
        for score in sorted(scores, key=lambda score: _badness(panel, score.value or 0.0)):
            value, half = rounded(score.value, score.low, score.high)
            rows.append(
                {
                    "metric": panel.title,
                    "better": ARROWS.get(panel.better, ""),
                    "model": score.model,
                    "value": value,
                    "half": half,
                    "floor": floor,
                    "n": score.n,
                    "unit": panel.unit,
                    "encoder": panel.encoder or "none",
                }
            )
    return rows


def rounded(value: float | None, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """A value and half its interval with no more digits than the interval justifies; None for what there is not."""
    text = plus_minus(value, low, high).replace(",", "")
    if not text:
        return None, None
    number, _, half = text.partition(" ± ")
    return float(number), float(half) if half else None


def _badness(panel: ScorePanel, value: float) -> float:
    if panel.better == "up":
        return -value
    if panel.better == "down":
        return value
    return abs(value - (panel.floor or 0.0))
