"""The parts of a claim as dots with intervals, each in units of the smallest effect that matters. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asinh, isfinite, log
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from genlab.numbers import interval
from genlab.plots.theme import REAL_COLOUR, Mode, template, translucent

ROW_PIXELS, LINE_PIXELS, HEAD_PIXELS, FOOT_PIXELS = 46, 17, 8, 46
TICKS = (-100, -30, -10, -3, -1, 0, 1, 3, 10, 30, 100)
MOST = 100.0
"""Multiples of the threshold beyond which a mark stands at the edge."""

RATIO = "×"
"""Unit of effects that are ratios: they are measured by their logarithms, and 1 is no effect."""

LONGEST = 56
"""Characters of a title in one line."""

GLYPHS = {"supported": "✓", "not_supported": "✕", "no_difference": "=", "not_enough_evidence": "?"}
"""Verdict -> a character that tells it without colour."""

VERDICTS = {
    "supported": "supported",
    "not_supported": "not supported",
    "no_difference": "no difference that matters",
    "not_enough_evidence": "not enough evidence",
}
"""Verdict -> its words."""


@dataclass(frozen=True)
class ClaimPart:
    """One comparison that a claim rests on.

    Attributes:
        name: Its name within the claim.
        title: What is compared.
        effect: Difference in the claimed direction; None where it could not be had.
        low: Lower end of its interval.
        high: Upper end.
        threshold: Effect from which on it counts; negative where falling short by less is allowed.
        unit: Unit of the effect.
        decisive: Whether the verdict rests on it.
        verdict: Key of `VERDICTS`.
        why: One sentence.
    """

    name: str
    title: str
    effect: float | None
    low: float | None
    high: float | None
    threshold: float | None
    unit: str = ""
    decisive: bool = False
    verdict: str = "not_enough_evidence"
    why: str = ""

    @property
    def is_drawable(self) -> bool:
        """Whether it has an effect and a threshold to measure it by."""
        return self.effect is not None and self.scale is not None

    @property
    def scale(self) -> float | None:
        """The threshold on the axis on which 0 is no effect; None where it cannot be a unit of measure."""
        if self.threshold is None or (self.unit == RATIO and self.threshold <= 0):
            return None
        return (log(self.threshold) if self.unit == RATIO else self.threshold) or None

    @property
    def words(self) -> str:
        """Its effect with interval and unit, with no more digits than the interval justifies."""
        if self.effect is None:
            return "no number"
        return with_unit(self.effect, self.low, self.high, self.unit)


def with_unit(value: float, low: float | None, high: float | None, unit: str) -> str:
    """A number with interval and unit, e.g. ``"0.61 (0.59 to 0.63)"``, ``"3.2× (2.9 to 3.5)"``."""
    number, space, ends = interval({"value": value, "low": low, "high": high}).partition(" ")
    if unit == RATIO:
        return f"{number}{unit}{space}{ends}"
    return f"{number}{space}{ends} {unit}".strip()


def parts_figure(parts: Sequence[ClaimPart], mode: Mode = "light") -> go.Figure:
    """One line per part: dot, interval, and the region that supports the claim, on an axis that narrows outwards.

    Args:
        parts: Those that are drawable; filled marks are decisive, hollow ones are told besides.
        mode: Light or dark.
    """
    drawn = [part for part in parts if part.is_drawable]
    ink = "#E6E8EB" if mode == "dark" else "#1C2128"
    edge = max([3.0, *(min(MOST, abs(value)) for part in drawn for value in _ratios(part))]) * 1.15
    ticks = [tick for tick in TICKS if abs(tick) <= edge]
    count, lines = max(1, len(drawn)), max((len(_title(part)) for part in drawn), default=1)
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": count * (ROW_PIXELS + (lines - 1) * LINE_PIXELS) + HEAD_PIXELS + FOOT_PIXELS,
        "margin": {"l": 8, "r": 8, "t": HEAD_PIXELS, "b": FOOT_PIXELS, "autoexpand": False},
        "showlegend": False,
        "xaxis": {
            "range": [-asinh(edge), asinh(edge)],
            "tickvals": [asinh(tick) for tick in ticks],
            "ticktext": [f"{tick:g} ×" if tick else "0" for tick in ticks],
            "title": {"text": "effect, in multiples of the smallest that matters"},
            "fixedrange": True,
        },
        "yaxis": {"range": [count - 0.62, -0.62], "visible": False, "fixedrange": True},
        "shapes": [_line(0.0, ink), *(_region(index, part, edge) for index, part in enumerate(drawn))],
        "annotations": [_heading(index, part, ink) for index, part in enumerate(drawn)],
    }
    return go.Figure({"data": [_mark(index, part, ink) for index, part in enumerate(drawn)], "layout": layout})


def describe_parts(parts: Sequence[ClaimPart]) -> str:
    """The figure in words."""
    told = "; ".join(f"{part.title}: {part.words}, {VERDICTS.get(part.verdict, part.verdict)}" for part in parts)
    return f"Effects of the parts with their intervals: {told}."


def _ratios(part: ClaimPart) -> list[float]:
    """Effect, low and high in multiples of the threshold's size; as far as there are such."""
    found = [part.effect, part.low, part.high]
    return [_multiple(part, value) for value in found if value is not None and isfinite(value)]


def _multiple(part: ClaimPart, value: float) -> float:
    """``value`` in multiples of the threshold's size."""
    scale = abs(part.scale or 1.0)
    if part.unit != RATIO:
        return value / scale
    return log(value) / scale if value > 0 else -MOST


def _at(part: ClaimPart, value: float) -> float:
    """Where a value stands on the axis."""
    return asinh(max(-MOST, min(MOST, _multiple(part, value))))


def _line(x: float, ink: str) -> dict[str, Any]:
    across = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    return {"type": "line", "x0": x, "x1": x, **across, "line": {"color": ink, "width": 1, "dash": "dot"}}


def _region(index: int, part: ClaimPart, edge: float) -> dict[str, Any]:
    """Where the effect must lie as a whole for the part to support the claim."""
    start = asinh(1.0 if (part.scale or 0) > 0 else -1.0)
    place = {"x0": start, "x1": asinh(edge), "y0": index - 0.12, "y1": index + 0.26, "layer": "below"}
    return {"type": "rect", **place, "fillcolor": translucent(REAL_COLOUR, 0.2), "line": {"width": 0}}


def _heading(index: int, part: ClaimPart, ink: str) -> dict[str, Any]:
    title = "<br>".join(_title(part))
    text = f"{GLYPHS.get(part.verdict, '?')} {f'<b>{title}</b>' if part.decisive else title}"
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": index - 0.16, "yref": "y", "yanchor": "bottom"}
    return {
        "text": text,
        "align": "left",
        "hovertext": part.why,
        "showarrow": False,
        "font": {"size": 12, "color": ink},
        **place,
    }


def _title(part: ClaimPart) -> list[str]:
    """The title in lines; what stands in brackets goes first when it is long."""
    title = part.title if len(part.title) <= LONGEST else part.title.partition(" (")[0]
    return wrap(title.replace("<", "‹").replace(">", "›"), LONGEST) or [""]


def _mark(index: int, part: ClaimPart, ink: str) -> dict[str, Any]:
    assert part.effect is not None
    x = _at(part, part.effect)
    line = {"color": ink, "width": 2}
    mark: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [index + 0.07],
        "marker": {"size": 9, "symbol": "circle" if part.decisive else "circle-open", "color": ink, "line": line},
        "hovertemplate": f"{part.words}<br>counts from {part.threshold:.3g} on<extra></extra>",
    }
    if part.low is not None and part.high is not None:
        ends = (_at(part, part.high) - x, x - _at(part, part.low))
        sides = {"array": [max(0.0, ends[0])], "arrayminus": [max(0.0, ends[1])]}
        mark["error_x"] = {"type": "data", **sides, "color": ink, "thickness": 1.6, "width": 4}
    return mark
