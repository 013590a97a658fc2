"""Figures of the lessons: nats per latent dimension as bars, estimates of a gradient and flicker of films as marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, template, translucent

ROW_PIXELS, GAP_PIXELS, TOP_PIXELS, FOOT_PIXELS = 110, 34, 28, 42
ESTIMATES = {
    "trick": "With the trick",
    "baseline": "Without it, with a baseline",
    "plain": "Without it",
}
"""Ways to estimate a gradient, from top to bottom."""


def bars_figure(
    values: Sequence[tuple[str, str, Sequence[float]]], mode: Mode = "light", unit: str = "nats"
) -> go.Figure:
    """One row of bars per run, each sorted from large to small, all on one scale.

    Args:
        values: (label, family, one number per latent dimension).
        mode: Light or dark.
        unit: Of the numbers.
    """
    rows = max(1, len(values))
    total = rows * ROW_PIXELS + (rows - 1) * GAP_PIXELS
    top = max([0.0, *(max(numbers) for _, _, numbers in values if numbers)])
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": total + TOP_PIXELS + FOOT_PIXELS,
        "margin": {"l": 46, "r": 8, "t": TOP_PIXELS, "b": FOOT_PIXELS, "autoexpand": False},
        "showlegend": False,
        "bargap": 0.15,
        "annotations": [],
        "xaxis": {"title": {"text": "latent dimension, by rank"}, "anchor": f"y{rows if rows > 1 else ''}"},
    }
    traces = []
    for index, (label, family, numbers) in enumerate(values):
        number = "" if index == 0 else str(index + 1)
        end = 1 - index * (ROW_PIXELS + GAP_PIXELS) / total
        domain = [max(0.0, end - ROW_PIXELS / total), end]
        layout[f"yaxis{number}"] = {"domain": domain, "range": [0, 1.08 * top or 1], "nticks": 4, "anchor": "x"}
        text = f"<b>{label}</b>  <span style='opacity:.7'>{sum(numbers):.3g} {unit} in all</span>"
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": end, "yref": "paper", "yanchor": "bottom"}
        layout["annotations"].append({"text": text, "showarrow": False, "font": {"size": 12}, **place})
        traces.append(
            {
                "type": "bar",
                "x": list(range(1, len(numbers) + 1)),
                "y": sorted(numbers, reverse=True),
                "marker": {"color": family_colour(family, mode)},
                "name": label,
                "hovertemplate": f"%{{y:.3~g}} {unit}",
                "xaxis": "x",
                "yaxis": f"y{number}",
            }
        )
    return go.Figure({"data": traces, "layout": layout})


def describe_bars(values: Sequence[tuple[str, str, Sequence[float]]], unit: str = "nats") -> str:
    """The bars in words."""
    told = []
    for label, _, numbers in values:
        ordered = sorted(numbers, reverse=True)
        largest, smallest = (ordered[0], ordered[-1]) if ordered else (0.0, 0.0)
        told.append(f"{label}: {sum(numbers):.3g} {unit} in all, from {largest:.3g} down to {smallest:.2g}")
    return f"{unit.capitalize()} per latent dimension. {'; '.join(told)}."


def estimates_figure(document: Mapping[str, Any], mode: Mode = "light") -> go.Figure:
    """Single estimates of one component of the gradient, a row per way, around the true value.

    Args:
        document: ``first`` (the true value) and for each of `ESTIMATES` ``shown`` and ``noise``.
        mode: Light or dark.
    """
    colour = family_colour("vae", mode)
    names = list(ESTIMATES)
    marks = {"symbol": "line-ns-open", "size": 22, "color": translucent(colour, 0.55), "line": {"width": 1.2}}
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": document[name]["shown"],
            "y": [ESTIMATES[name]] * len(document[name]["shown"]),
            "marker": marks,
            "hovertemplate": "%{x:.3~g}<extra>" + ESTIMATES[name] + "</extra>",
        }
        for name in names
    ]
    line = {"color": REAL_COLOUR, "width": 2, "dash": "dot"}
    first = document["first"]
    layout = {
        "template": template(mode),
        "height": 250,
        "margin": {"l": 8, "r": 8, "t": 26, "b": 44},
        "showlegend": False,
        "xaxis": {
            "title": {"text": "estimate of one component of the gradient, one draw each"},
            "exponentformat": "SI",
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "automargin": True},
        "shapes": [{"type": "line", "x0": first, "x1": first, "y0": 0, "y1": 1, "yref": "paper", "line": line}],
        "annotations": [
            {
                "text": "true value",
                "x": first,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"color": REAL_COLOUR, "size": 11},
            }
        ],
    }
    return go.Figure({"data": traces, "layout": layout})


def describe_estimates(document: Mapping[str, Any]) -> str:
    """The marks in words."""
    told = [f"{ESTIMATES[name]}: off by {document[name]['noise']:.3g} times its length" for name in ESTIMATES]
    return f"Single estimates of a gradient. {'; '.join(told)}, on average."


SCORES = {"likelihood": "By the density alone", "corrected": "Less the bits of the compressed picture"}
"""Scores of an experiment on anomalies, from top to bottom."""

BINS = 30


def scores_figure(document: Mapping[str, Any], mode: Mode = "light") -> go.Figure:
    """Histograms of the scores of what was learned and of what was not, a row per score.

    Args:
        document: For each of `SCORES` the scores ``normal`` and ``other``, and ``auroc``.
        mode: Light or dark.
    """
    colours = {"normal": REAL_COLOUR, "other": family_colour("vae", mode)}
    titles = {"normal": "what it learned", "other": "what it did not"}
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": 2 * (ROW_PIXELS + GAP_PIXELS) + TOP_PIXELS + FOOT_PIXELS,
        "margin": {"l": 46, "r": 8, "t": TOP_PIXELS, "b": FOOT_PIXELS},
        "barmode": "overlay",
        "grid": {"rows": 2, "columns": 1, "pattern": "independent", "ygap": 0.5},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        "annotations": [],
    }
    for row, (name, title) in enumerate(SCORES.items()):
        number = "" if row == 0 else str(row + 1)
        layout[f"xaxis{number}"] = {"title": {"text": "bits"}}
        layout[f"yaxis{number}"] = {"title": {"text": "share"}, "nticks": 3}
        text = f"<b>{title}</b>  <span style='opacity:.7'>AUROC {document[name]['auroc']:.2f}</span>"
        place = {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1.02,
            "yref": f"y{number} domain",
            "yanchor": "bottom",
        }
        layout["annotations"].append({"text": text, "showarrow": False, "font": {"size": 12}, **place})
        traces += [
            {
                "type": "histogram",
                "x": document[name][group],
                "nbinsx": BINS,
                "histnorm": "probability",
                "name": titles[group],
                "legendgroup": group,
                "showlegend": row == 0,
                "marker": {"color": translucent(colours[group], 0.55)},
                "xaxis": f"x{number}",
                "yaxis": f"y{number}",
            }
            for group in titles
        ]
    return go.Figure({"data": traces, "layout": layout})


def describe_scores(document: Mapping[str, Any]) -> str:
    """The histograms in words."""
    told = []
    for name, title in SCORES.items():
        normal, other = (
            sum(document[name][group]) / max(1, len(document[name][group])) for group in ("normal", "other")
        )
        told.append(f"{title}: {normal:,.0f} bits on average for what was learned and {other:,.0f} for what was not")
    return f"Histograms of scores. {'; '.join(told)}."


FLICKERING = {
    "real": "Real films",
    "stills": "Real frames, drawn one by one",
    "frames": "A model of frames",
    "films": "A model of films",
}
"""Ways to make a film, from top to bottom."""


def flicker_figure(document: Mapping[str, Any], mode: Mode = "light") -> go.Figure:
    """A mark with its interval for each way to make films, and a line at the flicker of real ones.

    Args:
        document: For each of `FLICKERING` its ``flicker``, relative to real films, ``low`` and ``high``.
        mode: Light or dark.
    """
    found = [document[way] for way in FLICKERING]
    values = [line["flicker"] for line in found]
    ends = {
        "array": [line["high"] - line["flicker"] for line in found],
        "arrayminus": [line["flicker"] - line["low"] for line in found],
    }
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": list(FLICKERING.values()),
        "error_x": {"type": "data", "symmetric": False, "thickness": 1.5, **ends},
        "marker": {"size": 9, "color": family_colour("vae", mode)},
        "hovertemplate": "%{x:.2f} times<extra>%{y}</extra>",
    }
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": len(found) * GAP_PIXELS + TOP_PIXELS + FOOT_PIXELS,
        "margin": {"l": 8, "r": 8, "t": TOP_PIXELS, "b": FOOT_PIXELS},
        "showlegend": False,
        "xaxis": {"title": {"text": "flicker, in times that of real films"}, "rangemode": "tozero"},
        "yaxis": {"autorange": "reversed", "automargin": True},
        "shapes": [
            {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": REAL_COLOUR}}
        ],
    }
    return go.Figure({"data": [trace], "layout": layout})


def describe_flicker(document: Mapping[str, Any]) -> str:
    """The marks in words."""
    told = [f"{title}: {document[way]['flicker']:.2f}" for way, title in FLICKERING.items()]
    return f"Flicker in times that of real films. {'; '.join(told)}."
