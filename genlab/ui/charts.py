"""Where a plotly figure is put on a page, so that all have the same options and grow in the lecture hall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from genlab.plots.enlarge import enlarge
from genlab.ui.presenting import presenting, scale

if TYPE_CHECKING:
    import plotly.graph_objects as go

OPTIONS: Mapping[str, Any] = {"displaylogo": False, "displayModeBar": False}


def beside(count: int) -> int:
    """How many plots stand side by side: ``count``, and one where letters are large."""
    return 1 if presenting() else count


def draw_chart(figure: go.Figure, *, key: str, alt: str, config: Mapping[str, Any] = OPTIONS) -> None:
    """Show a figure over the width that there is.

    Args:
        figure: Drawn with the template of `genlab.plots.theme`.
        key: Key of the chart in the session.
        alt: Its text alternative.
        config: plotly's options.
    """
    shown = enlarge(figure, scale()) if presenting() else figure
    st.plotly_chart(shown, key=key, theme=None, config=dict(config), alt=alt)
