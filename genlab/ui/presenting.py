"""What presenting in a lecture hall means: a page is its stage alone, in large type, under one bar with its keys.

The style sheet beside this file, `enlarge` for plotly's figures (`charts`), and the bar (`components.present`).
Views know nothing of it: components read the two numbers ``--genlab-scale`` and ``--genlab-line``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from genlab.ui.components.present import present

ADDRESS = "present"
"""What the address says: ``?present=1``."""

TYPE_PIXELS = 24
"""Size of the text."""

LINE = 2.0
"""How many times as thick lines on canvases are."""

SHEET = Path(__file__).with_name("presenting.css")


@dataclass(frozen=True)
class PageStage:
    """How one page is presented.

    Attributes:
        keys: (Keys, what they do), as the bar says it; those that turn to the next part need no stage that listens.
        alone: Whether the stage fills the screen, so that nothing else of the page is shown.
    """

    keys: tuple[tuple[str, str], ...]
    alone: bool = False


STAGES: Mapping[str, PageStage] = {
    "Guide": PageStage((("← →", "back and on"),)),
    "Playground": PageStage((("Space", "run"), ("← →", "time"), ("↑ ↓", "scene"), ("R", "restart")), alone=True),
    "Compare": PageStage((("Space", "play training"), ("← →", "time"), ("↑ ↓", "back and on"))),
    "Latent": PageStage((("Space", "walk"), ("← →", "steer"), ("↑ ↓", "direction"), ("R", "random")), alone=True),
}
"""Page that can be presented -> how."""


ALONE = """
[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock]:has(
> [data-testid=stElementContainer] [data-testid^=stBidiComponent])
> :not(:has([data-testid^=stBidiComponent], [data-testid=stAlert])) { display: none; }
"""
"""Of a stage that fills the screen, where it is there: what is neither a component nor a refusal is not shown."""


def presenting() -> bool:
    """Whether this visit asks for the hall."""
    return st.query_params.get(ADDRESS) == "1"


def scale() -> float:
    """How many times as large everything is as at a desk."""
    return TYPE_PIXELS / float(st.get_option("theme.baseFontSize") or 14)


def render(page: str) -> None:
    """The button of a page that can be presented; while it is, the bar and the style sheet.

    Args:
        page: Its title.
    """
    stage = STAGES.get(page)
    if stage is None:
        return
    on = presenting()
    if on:
        st.html(style(stage))
    wanted = present(f"present/{page}", on=on, title=page, keys=stage.keys)
    if wanted is None or wanted == on:
        return
    if wanted:
        st.query_params[ADDRESS] = "1"
    else:
        del st.query_params[ADDRESS]
    st.rerun()


def style(stage: PageStage) -> str:
    """The style sheet of the hall, with the numbers that components read."""
    numbers = f":root {{ --genlab-scale: {scale():.4f}; --genlab-line: {LINE:g}; --genlab-type: {TYPE_PIXELS}px; }}"
    return f"<style>{numbers}\n{SHEET.read_text(encoding='utf-8')}\n{ALONE if stage.alone else ''}</style>"


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """An address within the app that stays in the hall where one is there."""
    return {**asked, **({ADDRESS: "1"} if presenting() else {})}
