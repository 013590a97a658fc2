"""Figures of collapse: who is made how often, which real items nothing comes near, what each latent carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genlab.numbers import nats
from genlab.plots.curves import Curve, CurveStyle, curves_figure
from genlab.plots.panels import Panel
from genlab.plots.series import AXIS_COLUMNS, Rows
from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, template, translucent

Floats = NDArray[np.float64]

MISSED_COLOUR = "#CC79A7"
"""Real items that no sample is near to; a colour that no family wears, and a cross besides."""

ALARM_COLOUR = "#E69F00"
MOST_NAMES = 40
"""More classes than this are not named along the axis."""

IDLE = 0.01
"""Nats below which a latent dimension carries nothing worth the name."""


def noise_band(expected: Floats, n: int) -> tuple[Floats, Floats]:
    """Between which shares [K] 95 % of sets of ``n`` items lie that are drawn with the shares ``expected`` [K]."""
    from scipy.stats import binom

    low, high = (np.asarray(binom.ppf(edge, n, expected), np.float64) / n for edge in (0.025, 0.975))
    return low, high


def outside(made: Floats, expected: Floats, n: int) -> NDArray[np.bool_]:
    """Which of the shares ``made`` [K] chance does not explain."""
    low, high = noise_band(expected, n)
    odd: NDArray[np.bool_] = (made < low - 1e-12) | (made > high + 1e-12)
    return odd


def shares_figure(
    names: Sequence[str], made: Floats, real: Floats, n: int, family: str, mode: Mode = "light", *, what: str = ""
) -> go.Figure:
    """Share of the samples in each class or region, against the data's with the noise that ``n`` samples have.

    Args:
        names: Of the classes.
        made: Shares of the samples [K].
        real: Shares of the data [K].
        n: Number of samples.
        family: Whose colour the samples wear.
        mode: Light or dark.
        what: What stands along the axis.
    """
    colour, place = family_colour(family, mode), np.arange(len(names))
    low, high = noise_band(real, n)
    facts = np.stack([made, real, low, high], axis=1)
    hover = (
        "<b>%{text}</b><br>samples %{customdata[0]:.1%}<br>data %{customdata[1]:.1%}"
        "<br>by chance %{customdata[2]:.1%} to %{customdata[3]:.1%}<extra></extra>"
    )
    samples = {
        "type": "bar",
        "name": "samples",
        "x": place,
        "y": made,
        "width": 0.72,
        "marker": {"color": [colour if odd else translucent(colour, 0.4) for odd in outside(made, real, n)]},
        "customdata": facts,
        "text": list(map(escape, names)),
        "textposition": "none",
        "hovertemplate": hover,
        "showlegend": False,
    }
    band = {
        "type": "bar",
        "name": "expected range",
        "x": place,
        "y": np.maximum(high - low, 1e-9),
        "base": low,
        "width": 0.92,
        "marker": {"color": translucent(REAL_COLOUR, 0.5)},
        "hoverinfo": "skip",
    }
    keys = (("outside it", colour), ("inside it", translucent(colour, 0.4)))
    entries = [{"type": "bar", "name": key, "x": [None], "y": [None], "marker": {"color": tint}} for key, tint in keys]
    layout = {
        "template": template(mode),
        "barmode": "overlay",
        "height": 300,
        "legend": {"x": 0, "xanchor": "left"},
        "xaxis": {"title": {"text": what}, "range": [-0.6, len(names) - 0.4], "showgrid": False, **_names(names)},
        "yaxis": {"tickformat": ".0%", "rangemode": "tozero", "title": {"text": "share"}},
    }
    return go.Figure({"data": [samples, band, *entries], "layout": layout})


def _names(names: Sequence[str]) -> dict[str, Any]:
    if len(names) > MOST_NAMES:
        return {"showticklabels": False}
    return {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": list(map(escape, names))}


def describe_shares(names: Sequence[str], made: Floats, real: Floats, n: int) -> str:
    """The same in words."""
    odd = outside(made, real, n)
    order = np.argsort(-np.abs(made - real))
    told = [f"{names[i]} {made[i]:.1%} of samples, {real[i]:.1%} of the data" for i in order if odd[i]][:12]
    return (
        f"Share of {n:,} samples in each of {len(names)} classes or regions; {int(odd.sum())} of them differ from the "
        f"data by more than chance explains. {'; '.join(told)}"
    ).strip()


def coverage_figure(
    points: Floats, covered: NDArray[np.bool_], names: Sequence[str] | None = None, mode: Mode = "light"
) -> go.Figure:
    """Real items in the plane, those that no sample is near to as crosses.

    Args:
        points: Places [N, 2].
        covered: Whether a sample is near [N].
        names: Class of each item.
        mode: Light or dark.
    """
    told = list(map(escape, names)) if names is not None else ["real item"] * len(points)
    traces = []
    for chosen, name, colour, symbol, size in (
        (covered, "a sample is near", REAL_COLOUR, "circle", 4),
        (~covered, "no sample is near", MISSED_COLOUR, "x", 6),
    ):
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{name} ({int(chosen.sum()):,})",
                "x": points[chosen, 0],
                "y": points[chosen, 1],
                "marker": {"color": colour, "symbol": symbol, "size": size, "opacity": 0.65},
                "text": [told[i] for i in np.flatnonzero(chosen)],
                "hovertemplate": "%{text}<extra>" + name + "</extra>",
            }
        )
    bare = {"showticklabels": False, "showgrid": False}
    layout = {
        "template": template(mode),
        "height": 380,
        "xaxis": {**bare, "constrain": "domain"},
        "yaxis": {**bare, "scaleanchor": "x"},
        "legend": {"itemsizing": "constant", "x": 0, "xanchor": "left"},
    }
    return go.Figure({"data": traces, "layout": layout})


def kl_figure(kl: Floats, active: NDArray[np.bool_], family: str, mode: Mode = "light") -> go.Figure:
    """Nats that each latent dimension carries, from the most to the least; idle ones are pale."""
    order = np.argsort(-kl, kind="stable")
    colour = family_colour(family, mode)
    bars = {
        "type": "bar",
        "x": np.arange(1, len(kl) + 1),
        "y": kl[order],
        "marker": {"color": [colour if active[i] else translucent(colour, 0.35) for i in order]},
        "customdata": np.stack([order, active[order]], axis=1),
        "text": ["active" if active[i] else "idle" for i in order],
        "textposition": "none",
        "hovertemplate": "dimension %{customdata[0]}, %{text}: %{y:.3~g} nats<extra></extra>",
    }
    layout = {
        "template": template(mode),
        "height": 240,
        "showlegend": False,
        "xaxis": {"title": {"text": "latent dimension, by rank"}, "showgrid": False},
        "yaxis": {"title": {"text": "nats"}, "rangemode": "tozero"},
    }
    return go.Figure({"data": [bars], "layout": layout})


def describe_kl(kl: Floats, active: NDArray[np.bool_]) -> str:
    """The same in words."""
    return (
        f"KL of {len(kl)} latent dimensions: {nats(float(kl.sum()))} together, from {nats(float(kl.max()))} to "
        f"{nats(float(kl.min()))}; "
        f"{int(active.sum())} are active."
    )


def course_figure(
    curve: Curve, panels: Sequence[Panel], alarms: Sequence[Mapping[str, Any]], look: CurveStyle
) -> go.Figure:
    """Curves over training with the moment of each alarm as a vertical line.

    Args:
        curve: The run.
        panels: What to show.
        alarms: ``images`` and ``title`` of each.
        look: How to draw it.
    """
    figure = curves_figure([curve], panels, look)
    for position, title in _moments(alarms, curve.members[0], look):
        line = {"color": ALARM_COLOUR, "width": 1.5, "dash": "dash"}
        figure.add_shape(type="line", x0=position, x1=position, y0=0, y1=1, yref="paper", line=line)
        figure.add_annotation(
            x=position, y=1, yref="paper", text=f"▲ {title}", showarrow=False, xanchor="left", yanchor="top", xshift=3
        )
    return figure


def _moments(alarms: Sequence[Mapping[str, Any]], rows: Rows, look: CurveStyle) -> list[tuple[float, str]]:
    """Position and title of each alarm on the axis."""
    column = AXIS_COLUMNS[look.axis]
    found = []
    for alarm in alarms:
        images = float(alarm.get("images", 0))
        nearest = min(rows, key=lambda row: abs(float(row.get("images", 0)) - images), default={})
        found.append((images if look.axis == "images" else float(nearest.get(column, 0)), str(alarm.get("title", ""))))
    return found
