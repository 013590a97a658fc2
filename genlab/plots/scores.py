"""Scores of several models as dots with whiskers against the real-data floor, one panel per metric and encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import Any

import plotly.graph_objects as go

from genlab.numbers import plus_minus
from genlab.plots.curves import shade
from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, family_symbol, template, translucent

COLUMNS = 3
ROW_PIXELS, HEAD_PIXELS, FOOT_PIXELS = 24, 46, 34
ARROWS = {"up": "↑", "down": "↓", "none": ""}
BETTER = {"up": "higher is better", "down": "lower is better", "none": "nearest to real data is best"}


Limits = tuple[float | None, float | None]
"""Smallest and largest possible value; None where there is no limit."""


@dataclass(frozen=True)
class Score:
    """One model's value of one metric.

    Attributes:
        model: Its label.
        family: Whose colour it wears.
        place: Its place among those of its family.
        value: The number; None where there is none, and then ``why`` says so.
        low: Lower end of its 95 % interval; None where there is none.
        high: Upper end.
        n: What it rests on: items, or seeds.
        why: Why there is no number, or no interval.
        seeds: Number of seeds it is the mean of; 0 for a single model.
        alarm: What a guard says against the model, in a sentence; else "".
    """

    model: str
    family: str
    place: int
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""
    seeds: int = 0
    alarm: str = ""


@dataclass(frozen=True)
class ScorePanel:
    """One metric by one encoder: what real data reach, and what each model does.

    Attributes:
        name: The metric.
        title: Its title.
        summary: What it says.
        group: The heading it stands under.
        better: ``"up"``, ``"down"`` or ``"none"``.
        unit: Unit of its values.
        encoder: Feature encoder; empty where it needs none.
        limits: Smallest and largest possible value.
        at_n: How its expected value at so many items differs from that of a whole population; "" where it hardly does.
        floor: Its value for real data; None where that has no meaning.
        floor_low: Lower end of the floor's interval.
        floor_high: Upper end.
        scores: One per model, in the models' order, and then one per set of seeds.
    """

    name: str
    title: str
    summary: str
    group: str
    better: str
    unit: str = ""
    encoder: str = ""
    limits: Limits = (None, None)
    at_n: str = ""
    floor: float | None = None
    floor_low: float | None = None
    floor_high: float | None = None
    scores: tuple[Score, ...] = ()

    @property
    def has_values(self) -> bool:
        """Whether any model has a number."""
        return any(score.value is not None for score in self.scores)


def over_seeds(label: str, scores: Sequence[Score], limits: Limits = (None, None)) -> Score | None:
    """Mean and 95 % t-interval of the models of one configuration; None for fewer than two numbers.

    Args:
        label: What they are called together.
        scores: One per seed.
        limits: Smallest and largest possible value: the interval stays within them.
    """
    values = [score.value for score in scores if score.value is not None]
    count = len(values)
    if count < 2:
        return None
    from scipy.special import stdtrit

    mean = sum(values) / count
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    half = float(stdtrit(count - 1, 0.975)) * deviation / sqrt(count)
    first = scores[0]
    name = f"{label}, mean of {count} seeds"
    low = mean - half if limits[0] is None else max(limits[0], mean - half)
    high = mean + half if limits[1] is None else min(limits[1], mean + half)
    return Score(name, first.family, first.place, mean, low, high, count, seeds=count)


def scores_figure(panels: Sequence[ScorePanel], mode: Mode = "light", columns: int = COLUMNS) -> go.Figure:
    """Panels in a grid; in each, one line per model with a dot, its interval, and the floor as a band.

    Args:
        panels: What to draw; all have the same models.
        mode: Light or dark.
        columns: Panels side by side.
    """
    lines = len(panels[0].scores)
    rows = -(-len(panels) // columns)
    each = HEAD_PIXELS + lines * ROW_PIXELS + FOOT_PIXELS
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": rows * each + 8,
        "showlegend": False,
        "margin": {"l": 8, "r": 12, "t": 0, "b": 8},
        "annotations": [],
        "shapes": [],
    }
    traces: list[dict[str, Any]] = []
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        top = 1 - (row * each + HEAD_PIXELS) / (rows * each)
        bottom = 1 - (row * each + HEAD_PIXELS + lines * ROW_PIXELS) / (rows * each)
        gap = 0.03
        width = (1 - gap * (columns - 1)) / columns
        left = column * (width + gap)
        name = "" if index == 0 else str(index + 1)
        layout[f"xaxis{name}"] = _value_axis(panel, (left, left + width), name)
        layout[f"yaxis{name}"] = _model_axis(panel, (bottom, top), name, column == 0)
        layout["annotations"] += [_heading(panel, left, top), *_absences(panel, name)]
        layout["shapes"] += _floor(panel, name)
        traces += _dots(panel, mode, {"xaxis": f"x{name}", "yaxis": f"y{name}"})
    return go.Figure({"data": traces, "layout": layout})


def describe_scores(panels: Sequence[ScorePanel]) -> str:
    """The panels in words, for those who cannot see them."""
    parts = []
    for panel in panels:
        values = [
            f"{score.model} {plus_minus(score.value, score.low, score.high)}"
            for score in panel.scores
            if score.value is not None
        ]
        floor = (
            "" if panel.floor is None else f", real data {plus_minus(panel.floor, panel.floor_low, panel.floor_high)}"
        )
        parts.append(f"{panel.title}{_by(panel)}: {', '.join(values) or 'no values'}{floor}")
    return "Scores with 95 % intervals. " + "; ".join(parts) + "."


def expected(panel: ScorePanel) -> str:
    """What is to be expected of a metric at these numbers of items, and of a whole population; "" where they agree."""
    if not panel.at_n:
        return ""
    if panel.floor is None:
        return panel.at_n
    return f"{panel.at_n} Here it is {plus_minus(panel.floor, panel.floor_low, panel.floor_high)} for real data."


def colour_of(score: Score, mode: Mode) -> str:
    """The colour that a model wears wherever it appears."""
    return shade(family_colour(score.family, mode), score.place)


def _by(panel: ScorePanel) -> str:
    return f" ({panel.encoder})" if panel.encoder else ""


def _value_axis(panel: ScorePanel, domain: tuple[float, float], name: str) -> dict[str, Any]:
    spots = [spot for score in panel.scores for spot in (score.value, score.low, score.high) if spot is not None]
    spots += [spot for spot in (panel.floor, panel.floor_low, panel.floor_high) if spot is not None]
    low, high = (min(spots), max(spots)) if spots else (0.0, 1.0)
    pad = (high - low) * 0.06 or max(abs(high), 1.0) * 0.05
    # A hair beyond the ends, so that a dot at 0 or 1 is not cut in half.
    return {
        "domain": list(domain),
        "anchor": f"y{name}",
        "range": [low - pad, high + pad],
        "nticks": 5,
        "exponentformat": "SI",
        "ticksuffix": "",
        "fixedrange": True,
    }


def _model_axis(panel: ScorePanel, domain: tuple[float, float], name: str, is_first: bool) -> dict[str, Any]:
    count = len(panel.scores)
    names = [escape(_short_name(score.model)) for score in panel.scores]
    return {
        "domain": list(domain),
        "anchor": f"x{name}",
        "range": [count - 0.5, -0.5],
        "tickvals": list(range(count)),
        "ticktext": names,
        "showticklabels": is_first,
        "showgrid": True,
        "fixedrange": True,
        "tickfont": {"size": 12},
    }


def _short_name(text: str, most: int = 26) -> str:
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return short.replace("<", "‹").replace(">", "›")


def _heading(panel: ScorePanel, left: float, top: float) -> dict[str, Any]:
    more = "  ".join(part for part in (panel.unit, panel.encoder) if part)
    # In two lines: one would run past the next panel where there is little room.
    quiet = f"<br><span style='opacity:.7'>{more}</span>" if more else ""
    text = f"<b>{panel.title}</b> {ARROWS.get(panel.better, '')}{quiet}"
    place = {"x": left, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    parts = (f"{panel.summary}.", BETTER.get(panel.better, ""), expected(panel).replace(". ", ".<br>"))
    about = "<br>".join(part for part in parts if part)
    return {"text": text, "hovertext": about, "showarrow": False, "align": "left", "font": {"size": 12}, **place}


def _absences(panel: ScorePanel, name: str) -> list[dict[str, Any]]:
    base = {"xref": f"x{name} domain", "x": 0.5, "xanchor": "center", "yref": f"y{name}", "showarrow": False}
    return [
        {**base, "y": index, "text": "no value", "hovertext": score.why, "font": {"size": 11, "color": REAL_COLOUR}}
        for index, score in enumerate(panel.scores)
        if score.value is None
    ]


def _floor(panel: ScorePanel, name: str) -> list[dict[str, Any]]:
    """What real data reach: a line, and its interval as a band."""
    if panel.floor is None:
        return []
    across = {"xref": f"x{name}", "yref": f"y{name} domain", "y0": 0, "y1": 1, "layer": "below"}
    line = {"type": "line", "x0": panel.floor, "x1": panel.floor, "line": {"color": REAL_COLOUR, "dash": "dot"}}
    shapes = [across | line]
    if panel.floor_low is not None and panel.floor_high is not None:
        filled = {"fillcolor": translucent(REAL_COLOUR, 0.18), "line": {"width": 0}}
        shapes.append(across | {"type": "rect", "x0": panel.floor_low, "x1": panel.floor_high} | filled)
    return shapes


def _dots(panel: ScorePanel, mode: Mode, axes: dict[str, str]) -> list[dict[str, Any]]:
    traces = []
    for index, score in enumerate(panel.scores):
        if score.value is None:
            continue
        colour = colour_of(score, mode)
        marker: dict[str, Any] = {"color": colour, "size": 9, "symbol": family_symbol(score.family)}
        if score.seeds:
            marker = {"color": "rgba(0,0,0,0)", "size": 10, "symbol": "square", "line": {"color": colour, "width": 2}}
        trace: dict[str, Any] = {
            "type": "scatter",
            "mode": "markers",
            "x": [score.value],
            "y": [index],
            "marker": marker,
        }
        if score.low is not None and score.high is not None:
            trace["error_x"] = {
                "type": "data",
                "array": [max(0.0, score.high - score.value)],
                "arrayminus": [max(0.0, score.value - score.low)],
                "color": colour,
                "thickness": 1.6,
                "width": 4,
            }
        of = f"{score.seeds} seeds" if score.seeds else f"n = {score.n:,}"
        told = plus_minus(score.value, score.low, score.high)
        withheld = f"<br>{escape(score.why)}" if score.why else ""
        traces.append(
            {
                **trace,
                **axes,
                "name": escape(score.model),
                "hovertemplate": f"{told}, {of}{withheld}<extra>%{{fullData.name}}</extra>",
            }
        )
    return traces
