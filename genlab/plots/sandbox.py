"""How scores respond to growing damage: small multiples, and which of them notice at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from genlab.numbers import plus_minus
from genlab.plots.theme import REAL_COLOUR, Mode, template, translucent

COLUMNS = 4
ROW_PIXELS, GAP_PIXELS, TOP_PIXELS, FOOT_PIXELS = 92, 52, 34, 40
NOTICED = {"light": "#0072B2", "dark": "#56B4E9"}
Answer = Literal["worse", "better", "moved", "blind", "none"]
WORDS: Mapping[Answer, str] = {
    "worse": "▼ notices",
    "better": "▲ takes it for better",
    "moved": "◆ notices",
    "blind": "○ blind to this",
    "none": "no number",
}


@dataclass(frozen=True)
class Response:
    """What one score says of growing damage.

    Attributes:
        title: Of the score.
        unit: Its unit.
        lines: ``value``, ``low``, ``high`` and maybe ``why`` for each strength; the first is undamaged.
        better: ``"up"``, ``"down"`` or ``"none"``.
        summary: What it says, in a sentence.
    """

    title: str
    unit: str
    lines: Sequence[Mapping[str, Any]]
    better: str
    summary: str = ""

    def answer(self, place: int) -> Answer:
        """Whether it tells the damage at ``place`` from none: each value lies outside the other's interval."""
        first, now = self.lines[0], self.lines[place]
        if first["value"] is None or now["value"] is None:
            return "none"
        if not (_beyond(now["value"], first) and _beyond(first["value"], now)):
            return "blind"
        if self.better not in {"up", "down"}:
            return "moved"
        return "better" if (now["value"] > first["value"]) == (self.better == "up") else "worse"


def _beyond(value: float, line: Mapping[str, Any]) -> bool:
    low, high = line.get("low"), line.get("high")
    if low is None or high is None:
        return bool(value != line["value"])
    return bool(value < low or value > high)


def verdict_words(responses: Sequence[Response], place: int) -> list[str]:
    """Which scores notice the damage at ``place`` and which do not, a sentence each; nothing for no damage."""
    if place == 0:
        return ["Nothing is damaged: these are real items, and the grey bands are what real items score."]
    named = {answer: [r.title for r in responses if r.answer(place) == answer] for answer in WORDS}
    noticed, blind = [*named["worse"], *named["moved"]], named["blind"]
    said = [
        f"**Notice:** {', '.join(noticed)}." if noticed else "**Notice:** none of them.",
        f"**Blind to this:** {', '.join(blind)}." if blind else "**Blind to this:** none of them.",
    ]
    if named["better"]:
        said.append(f"**Take it for an improvement:** {', '.join(named['better'])}.")
    if named["none"]:
        said.append(f"**No number:** {', '.join(named['none'])}.")
    return said


def responses_figure(
    responses: Sequence[Response], strengths: Sequence[float], place: int, mode: Mode = "light"
) -> go.Figure:
    """A small plot per score: value with interval over strength, the band of real items, the chosen strength marked.

    Args:
        responses: What to show.
        strengths: Of the damage, 0 to 1, the first 0.
        place: Which of them is looked at.
        mode: Light or dark.
    """
    rows = max(1, -(-len(responses) // COLUMNS))
    total = rows * ROW_PIXELS + (rows - 1) * GAP_PIXELS
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": total + TOP_PIXELS + FOOT_PIXELS,
        "margin": {"l": 48, "r": 8, "t": TOP_PIXELS, "b": FOOT_PIXELS, "autoexpand": False},
        "showlegend": False,
        "annotations": [],
        "shapes": [],
    }
    traces: list[dict[str, Any]] = []
    for index, response in enumerate(responses):
        row, column = divmod(index, COLUMNS)
        left, right = column / COLUMNS, (column + 1) / COLUMNS - (0.055 if column < COLUMNS - 1 else 0)
        top = 1 - row * (ROW_PIXELS + GAP_PIXELS) / total
        number = "" if index == 0 else str(index + 1)
        last = index + COLUMNS >= len(responses)
        layout[f"xaxis{number}"] = {
            "domain": [left, right],
            "anchor": f"y{number}",
            "range": [-0.06, 1.06],
            "tickvals": list(strengths),
            "tickformat": ".0%",
            "showticklabels": last,
            "title": {"text": "strength" if last else ""},
            "showgrid": False,
        }
        layout[f"yaxis{number}"] = {
            "domain": [max(0.0, top - ROW_PIXELS / total), top],
            "anchor": f"x{number}",
            "nticks": 4,
            "exponentformat": "SI",
        }
        layout["annotations"].append(_heading(response, place, left, top))
        traces += _one(response, strengths, place, {"xaxis": f"x{number}", "yaxis": f"y{number}"}, mode)
        layout["shapes"] += _band(response, number)
    return go.Figure({"data": traces, "layout": layout})


def _heading(response: Response, place: int, left: float, top: float) -> dict[str, Any]:
    answer = response.answer(place) if place else None
    told = f"  <span style='opacity:.75'>{WORDS[answer]}</span>" if answer else ""
    arrow = {"up": " ↑", "down": " ↓"}.get(response.better, "")
    place_of = {"x": left, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    return {
        "text": f"<b>{response.title}</b>{arrow}{told}",
        "showarrow": False,
        "font": {"size": 11.5},
        "hovertext": response.summary,
        **place_of,
    }


def _band(response: Response, number: str) -> list[dict[str, Any]]:
    first = response.lines[0]
    if first["value"] is None or first.get("low") is None or first.get("high") is None:
        return []
    fill = {"type": "rect", "x0": -0.06, "x1": 1.06, "y0": first["low"], "y1": first["high"], "line": {"width": 0}}
    axes = {"xref": f"x{number}", "yref": f"y{number}", "layer": "below"}
    return [{**fill, **axes, "fillcolor": translucent(REAL_COLOUR, 0.3)}]


def _one(
    response: Response, strengths: Sequence[float], place: int, axes: Mapping[str, str], mode: Mode
) -> list[dict[str, Any]]:
    found = [(i, s, line) for i, (s, line) in enumerate(zip(strengths, response.lines, strict=False))]
    found = [(i, s, line) for i, s, line in found if line["value"] is not None]
    if not found:
        return [_nothing(response, axes)]
    colour = REAL_COLOUR if place and response.answer(place) == "blind" else NOTICED[mode]
    values = [line["value"] for _, _, line in found]
    spread = {
        "type": "data",
        "symmetric": False,
        "array": [_reach(line, "high") for _, _, line in found],
        "arrayminus": [_reach(line, "low") for _, _, line in found],
        "thickness": 1.1,
        "width": 2,
    }
    told = [plus_minus(line["value"], line.get("low"), line.get("high")) for _, _, line in found]
    unit = f" {response.unit}" if response.unit else ""
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [s for _, s, _ in found],
            "y": values,
            "error_y": spread,
            "line": {"color": colour, "width": 1.4},
            "marker": {"color": colour, "size": [10 if i == place else 5 for i, _, _ in found]},
            "text": told,
            "hovertemplate": f"%{{x:.0%}}: %{{text}}{unit}<extra>{response.title}</extra>",
            **axes,
        }
    ]


def _reach(line: Mapping[str, Any], end: str) -> float:
    """How far the interval reaches to that end; 0 where there is none."""
    return 0.0 if line.get(end) is None else abs(float(line[end]) - float(line["value"]))


def _nothing(response: Response, axes: Mapping[str, str]) -> dict[str, Any]:
    """Stands where there is no number, and says why when pointed at."""
    why = response.lines[0].get("why") or "no number"
    point = {"type": "scatter", "x": [0.5], "y": [0], "mode": "text", "text": ["no number"]}
    return {**point, "hovertemplate": f"{why}<extra></extra>", "textfont": {"color": REAL_COLOUR}, **axes}


def describe_responses(responses: Sequence[Response], strengths: Sequence[float], place: int) -> str:
    """The figure in words."""
    told = []
    for response in responses:
        first, now = response.lines[0], response.lines[place]
        values = [plus_minus(line["value"], line.get("low"), line.get("high")) or "none" for line in (first, now)]
        told.append(f"{response.title} {values[0]} undamaged, {values[1]} now ({WORDS[response.answer(place)]})")
    return f"Scores at damage of {strengths[place]:.0%}: {'; '.join(told)}."
