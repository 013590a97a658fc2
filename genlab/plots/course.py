"""A score over the images that runs have seen, a line for each run: is a family still on its way? No torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from genlab.numbers import short
from genlab.plots.theme import Mode, family_colour, family_dash, family_symbol, family_title, template

HEIGHT = 250

Points = Sequence[tuple[int, float]]


def course_figure(runs: Sequence[tuple[str, int, Points]], title: str, mode: Mode = "light") -> go.Figure:
    """A line per run in the colour of its family, the score on a logarithmic axis.

    Args:
        runs: Family, seed, and images seen with the score, rising in images.
        title: What the score is called.
        mode: How the page looks.
    """
    traces, told = [], set()
    for family, seed, points in runs:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": family_title(family),
                "legendgroup": family,
                "showlegend": family not in told,
                "x": [images for images, _ in points],
                "y": [score for _, score in points],
                "line": {"color": family_colour(family, mode), "dash": family_dash(family), "width": 1.6},
                "marker": {"symbol": family_symbol(family), "size": 6},
                "hovertemplate": f"{family_title(family)}, seed {seed}: %{{y:.3g}} after %{{x:,}}<extra></extra>",
            }
        )
        told.add(family)
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": HEIGHT,
        "margin": {"l": 60, "r": 8, "t": 26, "b": 40, "autoexpand": False},
        "xaxis": {"title": {"text": "images seen"}, "rangemode": "tozero", "fixedrange": True},
        "yaxis": {"type": "log", "title": {"text": title}, "fixedrange": True},
        "legend": {"x": 1, "xanchor": "right", "y": 1.02},
    }
    return go.Figure({"data": traces, "layout": layout})


def describe_course(runs: Sequence[tuple[str, int, Points]], title: str) -> str:
    """The figure in words: from where to where each family's score went, on average over its runs."""
    families: dict[str, list[Points]] = {}
    for family, _, points in runs:
        if points:
            families.setdefault(family, []).append(points)
    told = [
        f"{family_title(family)} from {short(_mean(courses, 0))} to {short(_mean(courses, -1))}"
        for family, courses in families.items()
    ]
    return f"{title} over images seen: {'; '.join(told)}."


def _mean(courses: Sequence[Points], place: int) -> float:
    return sum(points[place][1] for points in courses) / len(courses)
