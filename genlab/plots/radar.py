"""Headline metrics of several models as a radar: the rim is what real data reach, the centre is the worst possible."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from genlab.numbers import plus_minus
from genlab.plots.scores import ScorePanel, colour_of
from genlab.plots.theme import REAL_COLOUR, Mode, family_dash, family_symbol, template

HEADLINES = (
    "coverage",
    "recall",
    "precision",
    "copies",
    "one_nn",
    "confidence",
    "vendi",
    "modes",
    "high_quality",
    "near_duplicates",
    "authpct",
)
"""Metrics with a worst value and a floor, the most telling first."""

MOST = 8
LEAST = 3
"""Fewer axes than this make no shape."""

EXPLANATION = (
    "The rim is what real data reach on the same number of items, the centre the worst value that is possible. "
    "What is better than real data is drawn on the rim. Metrics without a worst value (such as the Fréchet distance) "
    "cannot stand here. Areas depend on the order of the axes: read the axes, not the area."
)


def normalised(panel: ScorePanel, value: float | None) -> float | None:
    """Where ``value`` stands between the worst possible (0) and real data (1); None where that has no meaning."""
    worst = _worst(panel)
    if value is None or panel.floor is None or worst is None:
        return None
    if panel.better == "none":
        return min(1.0, max(0.0, 1 - abs(value - panel.floor) / abs(worst - panel.floor)))
    return min(1.0, max(0.0, (value - worst) / (panel.floor - worst)))


def radar_panels(panels: Sequence[ScorePanel]) -> list[ScorePanel]:
    """At most eight headline metrics of one encoder that at least one model has."""
    found = {panel.name: panel for panel in panels if panel.has_values and panel.name in HEADLINES}
    kept = [
        found[name] for name in HEADLINES if name in found and normalised(found[name], found[name].floor) is not None
    ]
    return kept[:MOST]


def radar_figure(panels: Sequence[ScorePanel], mode: Mode = "light") -> go.Figure:
    """One closed line per model over the ``panels`` (all with the same models), and the rim of real data."""
    titles = [panel.title for panel in panels]
    around = [*titles, titles[0]]
    rim = {"color": REAL_COLOUR, "dash": "dot", "width": 1.5}
    figure = go.Figure(
        go.Scatterpolar(r=[1.0] * len(around), theta=around, mode="lines", line=rim, name="real data", hoverinfo="name")
    )
    for place, score in enumerate(panels[0].scores):
        if score.seeds:
            continue
        values = [normalised(panel, panel.scores[place].value) for panel in panels]
        if all(value is None for value in values):
            continue
        told = [
            plus_minus(p.scores[place].value, p.scores[place].low, p.scores[place].high) or "no value" for p in panels
        ]
        colour = colour_of(score, mode)
        figure.add_trace(
            go.Scatterpolar(
                r=[*values, values[0]],
                theta=around,
                mode="lines+markers",
                connectgaps=False,
                name=escape(score.model),
                line={"color": colour, "dash": family_dash(score.family), "width": 2},
                marker={"color": colour, "symbol": family_symbol(score.family), "size": 7},
                customdata=[*told, told[0]],
                hovertemplate="%{theta}: %{customdata}<extra>%{fullData.name}</extra>",
            )
        )
    faint = "#2E3440" if mode == "dark" else "#E4E7EC"
    steps = {"range": [0, 1.02], "tickvals": [0.25, 0.5, 0.75, 1], "showticklabels": False, "gridcolor": faint}
    figure.update_layout(
        template=template(mode),
        height=430,
        margin={"l": 100, "r": 100, "t": 40, "b": 70},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": steps,
            "angularaxis": {"gridcolor": faint, "linecolor": faint},
        },
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.08, "yanchor": "top"},
    )
    return figure


def describe_radar(panels: Sequence[ScorePanel]) -> str:
    """The radar in words: each model's share of the way from the worst possible to real data."""
    parts = []
    for place, score in enumerate(panels[0].scores):
        if score.seeds:
            continue
        shares = [(panel.title, normalised(panel, panel.scores[place].value)) for panel in panels]
        words = ", ".join(f"{title} {'none' if share is None else f'{share:.0%}'}" for title, share in shares)
        parts.append(f"{score.model}: {words}")
    return f"Radar, 0 % the worst possible and 100 % real data. {'; '.join(parts)}."


def _worst(panel: ScorePanel) -> float | None:
    """The worst value that is possible: a limit, on the side away from the floor."""
    low, high = panel.limits
    if panel.floor is None:
        return None
    if panel.better == "none":
        ends = [end for end in (low, high) if end is not None]
        worst = max(ends, key=lambda end: abs(end - (panel.floor or 0.0))) if len(ends) == 2 else None
    else:
        worst = low if panel.better == "up" else high
    return None if worst is None or worst == panel.floor else float(worst)
