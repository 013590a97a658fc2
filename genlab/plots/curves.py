"""Curves of runs as one figure of stacked plots that share the horizontal axis: rows in, plotly figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genlab.plots.panels import COMPANION, Panel, leaf_of, title_of
from genlab.plots.series import (
    AXIS_COLUMNS,
    AXIS_TITLES,
    Axis,
    Band,
    Rows,
    Series,
    band,
    pick,
    pick_vectors,
    smooth,
    thin,
)
from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, seed_dash, template, translucent

HEAT_COLUMNS = 240
"""Most moments shown in a heat map."""

GAP_PIXELS, FOOT_PIXELS, HEADING_PIXELS, LEGEND_PIXELS = 34, 44, 24, 22
LEGEND_COLUMNS = 3
NARROW, LETTER, SAMPLE = 480, 6.6, 44
"""Width in pixels of a plot that has to hold its words; of a letter; and of a line before its name in the legend."""

HEADING_LETTERS = 46
"""Letters of a heading that a narrow plot holds in one line; the names of its lines stand in a second one else."""

STROKES = {"solid": "━", "dash": "╍", "dot": "┈", "dashdot": "╍", "longdash": "╍", "longdashdot": "╍"}
"""Dashes as characters, for headings."""


@dataclass(frozen=True)
class Curve:
    """What is drawn as one line per value: a run, or runs that differ in their seed only.

    Attributes:
        label: Its name in the legend.
        family: Whose colour it wears.
        members: Rows of each run.
        place: Its place among the curves of its family: chooses dash and shade.
    """

    label: str
    family: str
    members: tuple[Rows, ...]
    place: int = 0


@dataclass(frozen=True)
class CurveStyle:
    """How curves are drawn.

    Attributes:
        axis: What runs along the bottom.
        smoothing: Weight of the moving average, 0 to 0.99; above 0 the unsmoothed line stays, faintly.
        log: Whether values stand on a logarithmic axis.
        moment: Position to mark in all plots.
        mode: Light or dark.
        height: Height of one plot in pixels.
    """

    axis: Axis = "images"
    smoothing: float = 0.0
    log: bool = False
    moment: float | None = None
    mode: Mode = "light"
    height: int = 150


def curves_figure(curves: Sequence[Curve], panels: Sequence[Panel], look: CurveStyle = CurveStyle()) -> go.Figure:
    """One figure, one row of plots per panel, all over the same axis.

    Args:
        curves: Runs, or groups of runs over seeds (drawn as mean and range).
        panels: What to show; one that holds a vector becomes a heat map per curve.
        look: How to draw it.
    """
    rows = _rows(curves, panels)
    layout = _layout(rows, curves, look)
    traces = [_legend_entry(curve, look) for curve in curves] if len(curves) > 1 else []
    for index, (panel, only) in enumerate(rows):
        for curve in [only] if only else curves:
            if panel.is_score:
                traces += _scores(curve, panel, look, _axes(index), len(curves) == 1)
            elif panel.is_vector:
                traces += _heat_map(curve, panel, look, _axes(index))
            else:
                traces += _lines(curve, panel, look, _axes(index), len(curves) == 1)
    _spread_single_points(traces, layout, look)
    return go.Figure({"data": traces, "layout": layout})


def describe_curves(curves: Sequence[Curve], panels: Sequence[Panel], look: CurveStyle = CurveStyle()) -> str:
    """The figure in words, for those who cannot see it: what is shown, and where each line ends."""
    ends = []
    for curve in curves:
        for name in (name for panel in panels if not panel.is_vector for name in panel.names):
            last = [line.y[-1] for line in (pick(rows, name, look.axis) for rows in curve.members) if len(line)]
            if last:
                ends.append(f"{curve.label} {name} {np.mean(last):.3g}")
    shown = ", ".join(panel.title for panel in panels)
    return f"Curves over {AXIS_TITLES[look.axis]}: {shown}. Last values: {'; '.join(ends[:24]) or 'none yet'}."


def shade(colour: str, place: int) -> str:
    """``colour`` for the ``place``-th curve of a family: the same hue, lighter and darker by turns."""
    if not place:
        return colour
    towards = 255 if place % 2 else 0
    share = min(0.55, 0.22 * ((place + 1) // 2))
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (towards - part) * share):02X}" for part in parts)


def _rows(curves: Sequence[Curve], panels: Sequence[Panel]) -> list[tuple[Panel, Curve | None]]:
    """A row of plots per panel; a heat map needs one for each curve that has its values."""
    rows: list[tuple[Panel, Curve | None]] = []
    for panel in panels:
        if not panel.is_vector:
            rows.append((panel, None))
            continue
        having = [curve for curve in curves if len(pick_vectors(curve.members[0], panel.names[0])[0])]
        rows += [
            (
                Panel(
                    f"{panel.title}{' · ' + escape(curve.label) if len(curves) > 1 else ''}", panel.names, panel.unit
                ),
                curve,
            )
            for curve in having
        ]
    return rows


def _axes(index: int) -> dict[str, str]:
    number = "" if index == 0 else str(index + 1)
    return {"xaxis": "x", "yaxis": f"y{number}"}


def _layout(rows: Sequence[tuple[Panel, Curve | None]], curves: Sequence[Curve], look: CurveStyle) -> dict[str, Any]:
    count, several = max(1, len(rows)), len(curves) > 1
    headings = [_heading(panel, curves, look) for panel, _ in rows]
    more = LEGEND_PIXELS if any("<br>" in heading for heading in headings) else 0
    gap = GAP_PIXELS + more
    total = count * look.height + (count - 1) * gap
    columns = legend_columns([curve.label for curve in curves])
    top = HEADING_PIXELS + more + (LEGEND_PIXELS * -(-len(curves) // columns) if several else 0)
    layout: dict[str, Any] = {
        "template": template(look.mode),
        "height": total + top + FOOT_PIXELS,
        "margin": {"l": 54, "r": 10, "t": top, "b": FOOT_PIXELS, "pad": 0, "autoexpand": False},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "showlegend": several,
        "legend": _legend(total, HEADING_PIXELS + more, columns),
        "xaxis": _x_axis(count, look),
        "annotations": [],
        "shapes": [],
        "uirevision": f"{look.axis} {look.log}",
    }
    for index, (panel, _) in enumerate(rows):
        end = 1 - index * (look.height + gap) / total
        axis: dict[str, Any] = {"domain": [max(0.0, end - look.height / total), end], "anchor": "x", "nticks": 5}
        is_log = look.log and not panel.is_vector
        axis |= {"type": "log", "exponentformat": "power"} if is_log else {"exponentformat": "SI"}
        if panel.is_vector:
            axis |= {"showgrid": False, "title": {"text": "dimension, by rank"}}
        layout["yaxis" if index == 0 else f"yaxis{index + 1}"] = axis
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": end, "yref": "paper", "yanchor": "bottom"}
        words = {"text": headings[index], "showarrow": False, "align": "left", "font": {"size": 12}}
        layout["annotations"].append(words | place)
    if look.moment is not None:
        line = {"color": REAL_COLOUR, "width": 1.5, "dash": "dot"}
        marked = {"type": "line", "x0": look.moment, "x1": look.moment, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        layout["shapes"].append(marked)
    return layout


def _x_axis(count: int, look: CurveStyle) -> dict[str, Any]:
    return {
        "anchor": f"y{count if count > 1 else ''}",
        "title": {"text": AXIS_TITLES[look.axis]},
        "hoverformat": ",.0f",
        "exponentformat": "SI",
        "rangemode": "tozero",
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikedash": "dot",
        "spikesnap": "cursor",
    }


def legend_columns(labels: Sequence[str]) -> int:
    """Columns of the legend, 1 to `LEGEND_COLUMNS`, in which the longest label fits over a narrow plot."""
    longest = max(map(len, labels), default=0)
    return int(min(LEGEND_COLUMNS, max(1, NARROW // (SAMPLE + LETTER * longest))))


def _legend(total: int, heading: int, columns: int) -> dict[str, Any]:
    above = 1 + heading / max(1, total)
    place = {"x": 0, "xanchor": "left", "y": above, "yanchor": "bottom", "orientation": "h"}
    return {**place, "entrywidth": 1 / columns, "entrywidthmode": "fraction", "traceorder": "normal"}


def _heading(panel: Panel, curves: Sequence[Curve], look: CurveStyle) -> str:
    """Title and unit above a plot and, where one plot holds several values, which line is which."""
    title = f"<b>{panel.title}</b>" + (f"  <span style='opacity:.7'>{panel.unit}</span>" if panel.unit else "")
    keys: list[tuple[str, str, str]] = []
    if panel.is_score and _has_floor(curves, panel):
        keys.append((REAL_COLOUR, STROKES["dot"], "real data"))
    if len(panel.names) > 1:
        for leaf, name in enumerate(panel.names):
            style = _style(curves[0], leaf, len(panel.names), look, len(curves) == 1, is_real=leaf_of(name) == "real")
            keys.append((style["color"] if len(curves) == 1 else REAL_COLOUR, STROKES[style["dash"]], leaf_of(name)))
    text = [f"<span style='color:{colour}'>{stroke} {word}</span>" for colour, stroke, word in keys]
    letters = len(f"{panel.title}  {panel.unit}") + sum(len(word) + 5 for _, _, word in keys)
    if letters > HEADING_LETTERS and text:
        return f"{title}<br>{'   '.join(text)}"
    return "   ".join([title, *text])


def _spread_single_points(traces: Sequence[dict[str, Any]], layout: dict[str, Any], look: CurveStyle) -> None:
    """Where no line of a plot has more than one point yet, draw the points, on an axis about as high as they are."""
    plots: dict[str, list[dict[str, Any]]] = {}
    for trace in traces:
        if trace["type"] == "scatter" and trace["x"][0] is not None:
            plots.setdefault(trace["yaxis"], []).append(trace)
    for axis, lines in plots.items():
        values = [float(line["y"][0]) for line in lines]
        if max(len(line["x"]) for line in lines) > 1 or not np.isfinite(values).all():
            continue
        for line in lines:
            line["mode"] = "lines+markers"
        span = layout[axis.replace("y", "yaxis", 1)]
        low, high = min(values), max(values)
        if look.log:
            if low > 0:
                span["range"] = [float(np.log10(low)) - 1, float(np.log10(high)) + 1]
            continue
        room = max(abs(low), abs(high), 1e-6) / 2
        span["range"] = [min(0.0, low - room) if low < 0 else max(0.0, low - room), high + room]


def _has_floor(curves: Sequence[Curve], panel: Panel) -> bool:
    floor = f"{panel.names[0]}{COMPANION}floor"
    return any(floor in row for curve in curves for rows in curve.members for row in rows)


def _lines(curve: Curve, panel: Panel, look: CurveStyle, axes: Mapping[str, str], alone: bool) -> list[dict[str, Any]]:
    """Lines of one curve in one plot: thin and faint unsmoothed, then smoothed; with seeds, a band."""
    traces: list[dict[str, Any]] = []
    for leaf, name in enumerate(panel.names):
        lines = [line for line in (pick(rows, name, look.axis) for rows in curve.members) if len(line)]
        if not lines:
            continue
        what = title_of(name) if len(panel.names) > 1 else panel.title
        label = what if alone else f"{what} · {escape(curve.label)}"
        style = _style(curve, leaf, len(panel.names), look, alone, is_real=leaf_of(name) == "real")
        base = {"type": "scatter", "mode": "lines", "legendgroup": curve.label, "showlegend": False, **axes}
        smoothed = [thin(smooth(line, look.smoothing)) for line in lines]
        if len(lines) > 1:
            spread = band(smoothed)
            if spread is not None:
                traces += _band(spread, label, style, base)
            continue
        if look.smoothing > 0:
            faint = {"width": 1, "color": translucent(style["color"], 0.25)}
            traces.append(_line(thin(lines[0]), label, faint, base) | {"hoverinfo": "skip", "hovertemplate": None})
        traces.append(_line(smoothed[0], label, style, base))
    return traces


def _style(curve: Curve, leaf: int, leaves: int, look: CurveStyle, alone: bool, *, is_real: bool) -> dict[str, Any]:
    colour = shade(family_colour(curve.family, look.mode), curve.place)
    if leaves == 1:
        return {"color": colour, "width": 1.8, "dash": seed_dash(curve.place)}
    if is_real:
        return {"color": REAL_COLOUR if alone else colour, "width": 1.6, "dash": "dot"}
    return {
        "color": shade(colour, leaf) if alone else colour,
        "width": 1.8,
        "dash": seed_dash(leaf if alone else curve.place),
    }


def _line(line: Series, label: str, style: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    values = {"x": line.x, "y": line.y, "hovertemplate": "%{y:.4~g}"}
    return {**base, **values, "name": label, "line": dict(style)}


def _scores(curve: Curve, panel: Panel, look: CurveStyle, axes: Mapping[str, str], alone: bool) -> list[dict[str, Any]]:
    """Scores of evaluated checkpoints: points with their intervals, and what real data score."""
    name, column = panel.names[0], AXIS_COLUMNS[look.axis]
    label = panel.title if alone else f"{panel.title} · {escape(curve.label)}"
    style = _style(curve, 0, 1, look, alone, is_real=False)
    base = {"type": "scatter", "legendgroup": curve.label, "showlegend": False, **axes}
    traces: list[dict[str, Any]] = []
    for rows in curve.members:
        found = [row for row in rows if row.get(name) is not None and row.get(column) is not None]
        if not found:
            continue
        x, y = ([row[key] for row in found] for key in (column, name))
        low, high = ([row.get(f"{name}{COMPANION}{end}", row[name]) for row in found] for end in ("low", "high"))
        spread = {
            "type": "data",
            "symmetric": False,
            "array": [b - a for a, b in zip(y, high, strict=True)],
            "arrayminus": [a - b for a, b in zip(y, low, strict=True)],
            "thickness": 1.2,
            "width": 3,
        }
        facts = [[a, b, row.get(f"{name}{COMPANION}n", 0)] for a, b, row in zip(low, high, found, strict=True)]
        hover = "%{y:.3~g} (%{customdata[0]:.3~g} to %{customdata[1]:.3~g}, n = %{customdata[2]:,})"
        points = {"mode": "lines+markers", "marker": {"size": 7}, "line": {**style, "width": 1}}
        traces.append(
            {**base, **points, "x": x, "y": y, "error_y": spread, "customdata": facts, "name": label}
            | {"hovertemplate": hover}
        )
        floor = [(row[column], row[f"{name}{COMPANION}floor"]) for row in found if f"{name}{COMPANION}floor" in row]
        if floor:
            real = {"mode": "lines+markers", "line": {"color": REAL_COLOUR, "dash": "dot", "width": 1.4}}
            real |= {"marker": {"color": REAL_COLOUR, "symbol": "line-ew-open", "size": 10}}
            places = {"x": [place for place, _ in floor], "y": [value for _, value in floor]}
            traces.append({**base, **real, **places, "name": f"{label}, real data", "hovertemplate": "%{y:.3~g}"})
    return traces


def _band(spread: Band, label: str, style: Mapping[str, Any], base: Mapping[str, Any]) -> list[dict[str, Any]]:
    edge = {"line": {"width": 0}, "hoverinfo": "skip", "name": label}
    fill = {"fill": "tonexty", "fillcolor": translucent(style["color"], 0.18)}
    spans = np.stack([spread.low, spread.high], axis=1)
    mean = _line(Series(spread.x, spread.mean), label, style, base)
    return [
        {**base, **edge, "x": spread.x, "y": spread.low},
        {**base, **edge, **fill, "x": spread.x, "y": spread.high},
        mean | {"customdata": spans, "hovertemplate": "%{y:.4~g} (%{customdata[0]:.4~g} to %{customdata[1]:.4~g})"},
    ]


def _heat_map(curve: Curve, panel: Panel, look: CurveStyle, axes: Mapping[str, str]) -> list[dict[str, Any]]:
    x, vectors = pick_vectors(curve.members[0], panel.names[0], look.axis)
    if not len(x):
        return []
    if len(x) > HEAT_COLUMNS:
        chosen = np.linspace(0, len(x) - 1, HEAT_COLUMNS).round().astype(int)
        x, vectors = x[chosen], vectors[chosen]
    order = rank(vectors[-1])
    numbers = np.broadcast_to(order[:, None], (len(order), len(x)))
    return [
        {
            "type": "heatmap",
            "x": x,
            "y": np.arange(1, len(order) + 1),
            "z": vectors[:, order].T,
            "customdata": numbers,
            "colorscale": "Cividis",
            "zmin": 0,
            "colorbar": {"thickness": 8, "len": 0.12, "outlinewidth": 0} | {"tickfont": {"size": 10}},
            "showscale": False,
            "name": escape(curve.label),
            "hovertemplate": "dimension %{customdata}: %{z:.3~g} nats",
            **axes,
        }
    ]


def rank(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of ``values`` [D] from the largest to the smallest."""
    return np.argsort(-values, kind="stable").astype(np.int64)


def _legend_entry(curve: Curve, look: CurveStyle) -> dict[str, Any]:
    """A line without points that stands for the curve in the legend; it switches all of the curve's lines."""
    style = _style(curve, 0, 1, look, False, is_real=False)
    place = {"x": [None], "y": [None], "legendgroup": curve.label, **_axes(0)}
    return {"type": "scatter", "mode": "lines", "name": escape(curve.label), "line": style, "showlegend": True, **place}
