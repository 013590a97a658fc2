"""Power spectra of samples against that of real images: blur is power that is missing on the right. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genlab.plots.theme import REAL_COLOUR, Mode, family_colour, family_dash, template

HEIGHT = 230
FINE = 0.25
"""Cycles per pixel above which detail counts as fine."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spectrum:
    """Power by frequency of the samples of one model.

    Attributes:
        label: Its name in the legend.
        family: Whose colour and dash it wears.
        frequencies: In cycles per pixel [R].
        power: Mean power of the samples [R].
        real: Mean power of real images at the same frequencies [R].
    """

    label: str
    family: str
    frequencies: Floats
    power: Floats
    real: Floats


def spectra_figure(spectra: Sequence[Spectrum], mode: Mode = "light") -> go.Figure:
    """One line per model and a grey one for real images, on a logarithmic axis."""
    first = spectra[0]
    real = {"color": REAL_COLOUR, "width": 3}
    traces = [_line("real images", first.frequencies, first.real, real)]
    for item in spectra:
        line = {"color": family_colour(item.family, mode), "dash": family_dash(item.family), "width": 2}
        traces.append(_line(item.label, item.frequencies, item.power, line))
    layout: dict[str, Any] = {
        "template": template(mode),
        "height": HEIGHT,
        "margin": {"l": 50, "r": 8, "t": 26, "b": 40, "autoexpand": False},
        "xaxis": {"title": {"text": "cycles per pixel: fine detail to the right"}, "fixedrange": True},
        "yaxis": {"type": "log", "dtick": 1, "title": {"text": "power"}, "exponentformat": "power", "fixedrange": True},
        "legend": {"x": 1, "xanchor": "right", "y": 1.02},
        "hovermode": "x unified",
    }
    return go.Figure({"data": traces, "layout": layout})


def describe_spectra(spectra: Sequence[Spectrum]) -> str:
    """The figure in words: how much fine detail each model has of what real images have."""
    told = []
    for item in spectra:
        fine = item.frequencies > FINE
        share = float(np.exp(np.log(item.power[fine] / item.real[fine]).mean())) if fine.any() else float("nan")
        told.append(f"{item.label} has {share:.0%} of the power of real images at fine detail")
    return f"Power spectra: {'; '.join(told)}."


def _line(name: str, x: Floats, y: Floats, line: dict[str, Any]) -> dict[str, Any]:
    hover = "%{y:.2g}"
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": line, "hovertemplate": hover}
