"""How every figure and badge looks: each family's own colour, dash and shape, and a plotly template. No torch.

The families that come with genlab wear three of the colour-blind-safe set of Okabe and Ito (2008). Because a projector
or a printer may lose colours, family is told by dash and by marker as well.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from genlab.families import in_order, known

if TYPE_CHECKING:
    import plotly.graph_objects as go

Mode = Literal["light", "dark"]

REAL_COLOUR = "#767676"
"""Real data, in either mode."""

UNKNOWN_GLYPH = "■"
"""Shape of a family that is not known."""

UNKNOWN_INKS: dict[Mode, str] = {"light": "#5B6470", "dark": "#A3A9B3"}
"""Text that names a family that is not known."""

SEED_DASHES: tuple[str, ...] = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Dashes that tell runs of one family apart, in order of seed."""

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"
"""Fonts that are on people's machines; nothing is fetched."""


def family_colour(family: str, mode: Mode = "light") -> str:
    """Colour of ``family``; grey for one that is not known."""
    spec = known(family)
    return REAL_COLOUR if spec is None else spec.colour_dark if mode == "dark" else spec.colour


def family_ink(family: str, mode: Mode = "light") -> str:
    """Colour of text that names ``family``: at least 4.5 to 1 on the pages' grounds; grey for one that is not known."""
    spec = known(family)
    return UNKNOWN_INKS[mode] if spec is None else spec.colour_dark if mode == "dark" else spec.ink


def family_title(family: str) -> str:
    """Name of ``family`` as the field writes it; of a contender, ``vae:modern``, with its preset: ``modern VAE``."""
    spec = known(family)
    variant = family.partition(":")[2]
    return family if spec is None else f"{variant} {spec.title}".lstrip()


def family_one(family: str) -> str:
    """One model of ``family``, at the beginning of a sentence: ``A GAN``."""
    spec = known(family)
    words = f"a {family}" if spec is None else spec.one
    return words[0].upper() + words[1:]


def family_glyph(family: str) -> str:
    """The shape of ``family`` as a character, for badges and lists; a square for one that is not known."""
    spec = known(family)
    return UNKNOWN_GLYPH if spec is None else spec.glyph


def family_label(family: str) -> str:
    """Shape and name of ``family``, for pickers and tables."""
    return f"{family_glyph(family)} {family_title(family)}"


def family_dash(family: str) -> str:
    """Line dash of ``family``, for plots in which family is not told by anything else."""
    spec = known(family)
    return "solid" if spec is None else spec.dash


def family_symbol(family: str) -> str:
    """Marker of ``family``."""
    spec = known(family)
    return "square" if spec is None else spec.symbol


def seed_dash(index: int) -> str:
    """Line dash of the run that comes ``index``-th among runs of one family."""
    return SEED_DASHES[index % len(SEED_DASHES)]


def translucent(colour: str, alpha: float) -> str:
    """``#RRGGBB`` as a plotly colour with opacity ``alpha`` in [0, 1], e.g. for a band."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


@lru_cache(maxsize=2)
def template(mode: Mode = "light") -> go.layout.Template:
    """The plotly template: no ground of its own, thin grid, tight margins, family colours first."""
    import plotly.graph_objects as go

    dark = mode == "dark"
    ink, faint, grid = ("#E6E8EB", "#A3A9B3", "#2E3440") if dark else ("#1C2128", "#5B6470", "#E4E7EC")
    axis: dict[str, Any] = {
        "gridcolor": grid,
        "linecolor": grid,
        "zerolinecolor": grid,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"color": faint, "size": 11},
        "title": {"font": {"color": faint, "size": 12}, "standoff": 6},
        "automargin": True,
    }
    colours = [family_colour(spec.name, mode) for spec in in_order()]
    layout = go.Layout(
        font={"family": FONT, "color": ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        colorway=[*colours, REAL_COLOUR, "#CC79A7", "#E69F00", "#8C6BB1"],
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        xaxis=axis,
        yaxis=axis,
        title={"font": {"size": 13, "color": ink}, "x": 0, "xanchor": "left", "y": 0.98, "yanchor": "top"},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 1, "xanchor": "right", "font": {"color": faint}},
        hoverlabel={"font": {"family": FONT, "size": 12}, "namelength": -1},
        colorscale={"sequential": "Cividis"},
    )
    return go.layout.Template(layout=layout)
