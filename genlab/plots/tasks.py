"""Charts of tasks: lines of all methods in one figure, and methods as points between two measures. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from genlab.numbers import short
from genlab.plots.curves import shade
from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, family_symbol, seed_dash, template, translucent

HEIGHT = 340
SYMBOLS = ("circle-open", "square-open", "diamond-open", "cross", "x", "triangle-up-open", "star-open")
"""Markers of methods without a model."""

VARIANTS = ("", "-open", "-dot", "-open-dot")
"""What a family's marker gets for the first, second … method of one model."""


@dataclass(frozen=True)
class MethodLine:
    """One line of a chart; a single place makes it a point.

    Attributes:
        name: What it is.
        family: Whose colour it wears; "" for a method without a model.
        place: Its place among those of its family.
        x: Places.
        y: Values there.
        low: Lower ends of their intervals; empty where there are none.
        high: Upper ends.
        across: Half the width of the interval of each place; empty where there is none.
        variant: Its place among the lines of one model.
    """

    name: str
    family: str
    place: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    across: tuple[float, ...] = ()
    variant: int = 0


@dataclass(frozen=True)
class MethodChart:
    """A chart of several methods.

    Attributes:
        title: Its heading.
        x: Title of the horizontal axis.
        y: Title of the vertical axis.
        lines: What is drawn.
        log_x: Whether the horizontal axis is logarithmic.
        step: Whether lines are steps.
    """

    title: str
    x: str
    y: str
    lines: tuple[MethodLine, ...]
    log_x: bool = False
    step: bool = False


def chart_figure(chart: MethodChart, mode: Mode = "light") -> go.Figure:
    """Lines with bands where intervals are known; single places as markers with whiskers and their name."""
    traces: list[dict[str, Any]] = []
    without = 0
    for line in chart.lines:
        traces += _point(line, without, mode) if len(line.x) == 1 else _line(line, without, chart.step, mode)
        without += not line.family
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": HEIGHT,
        "margin": {"l": 60, "r": 12, "t": 12, "b": 44},
        "xaxis": {"type": "log" if chart.log_x else "linear", "title": {"text": chart.x}, "fixedrange": True},
        "yaxis": {"title": {"text": chart.y}, "fixedrange": True},
        "legend": {"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0, "xanchor": "left"},
        "showlegend": True,
    }
    return go.Figure({"data": traces, "layout": layout})


def describe_chart(chart: MethodChart) -> str:
    """The figure in words: where each line begins and ends, or its one place."""
    told = []
    for line in chart.lines:
        if not line.x:
            continue
        if len(line.x) == 1:
            told.append(f"{line.name}: {short(line.y[0])} at {short(line.x[0])}")
        else:
            ends = f"from {short(line.y[0])} at {short(line.x[0])} to {short(line.y[-1])} at {short(line.x[-1])}"
            told.append(f"{line.name}: {ends}")
    return f"{chart.title}: {chart.y} against {chart.x}. {'; '.join(told)}."


def _colour(line: MethodLine, without: int, mode: Mode) -> str:
    if line.family:
        return shade(family_colour(line.family, mode), line.place)
    return shade(REAL_COLOUR, without)


def _point(line: MethodLine, without: int, mode: Mode) -> list[dict[str, Any]]:
    own = family_symbol(line.family) + VARIANTS[line.variant % len(VARIANTS)] if line.family else ""
    symbol = own or SYMBOLS[without % len(SYMBOLS)]
    colour = _colour(line, without, mode)
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": line.name,
        "x": list(line.x),
        "y": list(line.y),
        "marker": {"color": colour, "symbol": symbol, "size": 11, "line": {"width": 2, "color": colour}},
        "hovertemplate": "%{y:.4g} at %{x:.4g}",
    }
    if line.low and line.high:
        up, down = [line.high[0] - line.y[0]], [line.y[0] - line.low[0]]
        trace["error_y"] = {"type": "data", "array": up, "arrayminus": down, "thickness": 1, "width": 3}
    if line.across:
        trace["error_x"] = {"type": "data", "array": list(line.across), "thickness": 1, "width": 3}
    return [trace]


def _line(line: MethodLine, without: int, step: bool, mode: Mode) -> list[dict[str, Any]]:
    colour = _colour(line, without, mode)
    dash = seed_dash(line.variant if line.family else 1 + without)
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": line.name,
        "x": list(line.x),
        "y": list(line.y),
        "line": {"color": colour, "width": 2, "dash": dash, "shape": "hv" if step else "linear"},
        "hovertemplate": "%{y:.4g} at %{x:.4g}",
    }
    if not line.low or len(line.low) != len(line.x) or len(line.high) != len(line.x):
        return [trace]
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [*line.x, *reversed(line.x)],
        "y": [*line.high, *reversed(line.low)],
        "fill": "toself",
        "fillcolor": translucent(colour, 0.15),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [band, trace]
