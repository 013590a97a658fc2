"""How every figure and badge looks: one colour, one dash and one shape per family, and a plotly template. No torch.

Colours are three of the colour-blind-safe set of Okabe and Ito (2008). Because a projector or a printer may lose them,
family is told by dash and by marker as well.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import plotly.graph_objects as go

Mode = Literal["light", "dark"]

FAMILY_COLOURS: dict[str, str] = {"vae": "#0072B2", "gan": "#D55E00", "vae_gan": "#009E73"}
"""Family -> colour, on a light ground."""

FAMILY_COLOURS_DARK: dict[str, str] = {"vae": "#56A9E0", "gan": "#F0803C", "vae_gan": "#2DC596"}
"""Family -> the same hue, lighter, with enough contrast for lines and text on a dark ground."""

FAMILY_INKS: dict[str, str] = {"vae": "#0072B2", "gan": "#B54F00", "vae_gan": "#007A57"}
"""Family -> the same hue as text on a light ground, where small letters need more contrast than lines and marks do."""

FAMILY_TITLES: dict[str, str] = {"vae": "VAE", "gan": "GAN", "vae_gan": "VAE-GAN"}
"""Family -> name as the field writes it."""

FAMILY_DASHES: dict[str, str] = {"vae": "solid", "gan": "dash", "vae_gan": "dot"}
"""Family -> plotly line dash, for plots in which family is not told by anything else."""

FAMILY_SYMBOLS: dict[str, str] = {"vae": "circle", "gan": "triangle-up", "vae_gan": "diamond"}
"""Family -> plotly marker."""

FAMILY_GLYPHS: dict[str, str] = {"vae": "●", "gan": "▲", "vae_gan": "◆"}
"""Family -> the same shape as a character, for badges and lists."""

REAL_COLOUR = "#767676"
"""Real data, in either mode."""

UNKNOWN_INKS: dict[Mode, str] = {"light": "#5B6470", "dark": "#A3A9B3"}
"""Text that names a family that is not known."""

SEED_DASHES: tuple[str, ...] = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Dashes that tell runs of one family apart, in order of seed."""

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"
"""Fonts that are on people's machines; nothing is fetched."""


def family_colour(family: str, mode: Mode = "light") -> str:
    """Colour of ``family``; grey for one that is not known."""
    return (FAMILY_COLOURS_DARK if mode == "dark" else FAMILY_COLOURS).get(family, REAL_COLOUR)


def family_ink(family: str, mode: Mode = "light") -> str:
    """Colour of text that names ``family``: at least 4.5 to 1 on the pages' grounds; grey for one that is not known."""
    return (FAMILY_COLOURS_DARK if mode == "dark" else FAMILY_INKS).get(family, UNKNOWN_INKS[mode])


def family_title(family: str) -> str:
    """Name of ``family`` as the field writes it."""
    return FAMILY_TITLES.get(family, family)


def family_dash(family: str) -> str:
    """Line dash of ``family``."""
    return FAMILY_DASHES.get(family, "solid")


def family_symbol(family: str) -> str:
    """Marker of ``family``."""
    return FAMILY_SYMBOLS.get(family, "square")


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
    colours = [family_colour(family, mode) for family in FAMILY_COLOURS]
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
