"""Points in the plane as a scatter plot. No streamlit, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genlab.plots.theme import REAL_COLOUR, Mode, template

MOST_COLOURS = 12
PALETTE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#8C6BB1",
    "#767676",
    "#A6761D",
    "#66A61E",
    "#B2182B",
    "#2B8C8C",
)


def points_figure(
    points: NDArray[Any],
    labels: NDArray[np.int64] | None = None,
    classes: Sequence[str] | None = None,
    mode: Mode = "light",
    height: int = 620,
) -> go.Figure:
    """Scatter plot with equal axes.

    Args:
        points: float [N, 2].
        labels: Class of each point [N]; with at most twelve classes each gets a colour.
        classes: Names of the classes.
        mode: Light or dark.
        height: Height in px.
    """
    figure = go.Figure()
    if labels is None or classes is None or len(classes) > MOST_COLOURS:
        figure.add_trace(_cloud(points, REAL_COLOUR, "points"))
    else:
        for number, name in enumerate(classes):
            figure.add_trace(_cloud(points[labels == number], PALETTE[number], name))
    figure.update_layout(
        template=template(mode),
        height=height,
        showlegend=len(figure.data) > 1,
        legend={"itemsizing": "constant"},
        xaxis={"title": {"text": "x₁"}, "constrain": "domain"},
        yaxis={"title": {"text": "x₂"}, "scaleanchor": "x", "scaleratio": 1},
    )
    return figure


def _cloud(points: NDArray[Any], colour: str, name: str) -> go.Scattergl:
    return go.Scattergl(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        name=name,
        marker={"size": 3, "color": colour, "opacity": 0.55},
        hovertemplate="%{x:.2f}, %{y:.2f}<extra>" + name + "</extra>",
    )
