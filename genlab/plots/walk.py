"""How real the pictures of a walk are, along the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from genlab.plots.theme import REAL_COLOUR, Mode, template

WAYS: Mapping[str, tuple[str, str]] = {"linear": ("straight", "dash"), "spherical": ("spherical", "solid")}
"""Kind of way -> its name and its line."""

INK = {"light": "#1C2128", "dark": "#E6E8EB"}
HEIGHT = 260


def walk_figure(ways: Mapping[str, Sequence[float]], mode: Mode = "light") -> go.Figure:
    """One line per way, and 1 as the distance that real images have from each other.

    Args:
        ways: Kind of way -> for each picture its distance to the nearest real image, in units of what real images have
            among themselves.
        mode: Light or dark.
    """
    figure = go.Figure()
    for kind, values in ways.items():
        name, dash = WAYS.get(kind, (kind, "dot"))
        shares = [100 * place / max(1, len(values) - 1) for place in range(len(values))]
        figure.add_scatter(
            x=shares,
            y=list(values),
            mode="lines",
            name=name,
            line={"dash": dash, "color": INK[mode], "width": 1.8},
            hovertemplate=f"{name}, %{{x:.0f}} %: %{{y:.2f}}<extra></extra>",
        )
    figure.add_hline(y=1, line={"color": REAL_COLOUR, "dash": "dot", "width": 1}, annotation_text="real to real")
    top = max([1.2, *(value for values in ways.values() for value in values)])
    figure.update_layout(
        template=template(mode),
        height=HEIGHT,
        xaxis={"title": {"text": "way, %"}, "range": [0, 100]},
        yaxis={"title": {"text": "distance to the nearest real image"}, "range": [0, 1.08 * top]},
    )
    return figure
