"""Error of reconstructions against the time that they take: equal effort instead of each family's own. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from genlab.numbers import short
from genlab.plots.theme import Mode, family_colour, family_dash, family_title, template

HEIGHT = 250

EFFORTS = (
    ("one pass", "pass_seconds", "pass_error"),
    ("20 steps", "steps_seconds", "steps_error"),
    ("120 steps", "inversion_seconds", "inversion_error"),
)
"""Effort, the measure of its time and that of its error."""


@dataclass(frozen=True)
class Effort:
    """What one family reaches with one effort, on average over its runs.

    Attributes:
        family: The family.
        words: The effort.
        milliseconds: Time for the code of one image.
        error: Mean squared error of held-out images.
    """

    family: str
    words: str
    milliseconds: float
    error: float


def efforts_of(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Effort]:
    """Family by family, the least effort first; efforts whose time or error is not known of any run are left out.

    Args:
        runs: Family and lines (measure -> line) of each run.
    """
    found = []
    for family in dict.fromkeys(family for family, _ in runs):
        lines = [lines for one, lines in runs if one == family]
        for words, time, error in EFFORTS:
            known = [(_value(line, time), _value(line, error)) for line in lines]
            pairs = [(1_000 * seconds, size) for seconds, size in known if seconds and size]
            if pairs:
                seconds, sizes = zip(*pairs, strict=True)
                found.append(Effort(family, words, sum(seconds) / len(pairs), sum(sizes) / len(pairs)))
    return found


def effort_figure(efforts: Sequence[Effort], mode: Mode = "light") -> go.Figure:
    """A line per family through its efforts, both axes logarithmic."""
    traces = []
    for family in dict.fromkeys(effort.family for effort in efforts):
        mine = [effort for effort in efforts if effort.family == family]
        line = {"color": family_colour(family, mode), "dash": family_dash(family), "width": 2}
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": family_title(family),
                "x": [effort.milliseconds for effort in mine],
                "y": [effort.error for effort in mine],
                "text": [effort.words for effort in mine],
                "line": line,
                "hovertemplate": "%{text}: %{y:.3g} in %{x:.3g} ms",
            }
        )
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": HEIGHT,
        "margin": {"l": 60, "r": 8, "t": 26, "b": 40, "autoexpand": False},
        "xaxis": {"type": "log", "title": {"text": "milliseconds for one image"}, "fixedrange": True},
        "yaxis": {"type": "log", "title": {"text": "mean squared error"}, "fixedrange": True},
        "legend": {"x": 1, "xanchor": "right", "y": 1.02},
    }
    return go.Figure({"data": traces, "layout": layout})


def describe_efforts(efforts: Sequence[Effort]) -> str:
    """The figure in words."""
    told = [
        f"{family_title(one.family)}, {one.words}: {short(one.error)} in {short(one.milliseconds)} ms"
        for one in efforts
    ]
    return f"Error of reconstructions against time. {'; '.join(told)}."


def _value(lines: Mapping[str, Any], measure: str) -> float | None:
    value = lines.get(measure, {}).get("value")
    return float(value) if isinstance(value, int | float) and value > 0 else None
