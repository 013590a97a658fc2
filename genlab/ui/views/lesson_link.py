"""A lesson's settings, and the address that opens it with them: chosen, opened, copied."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from genlab.lessons._address import parameters, query
from genlab.lessons.base import LessonSpec
from genlab.options import Options
from genlab.presentation.fields import describe
from genlab.ui.components.link import link
from genlab.ui.forms import Changes, draw
from genlab.ui.presenting import kept


def render(spec: LessonSpec, options: Options) -> None:
    """The button that opens the settings, and in it the link."""
    with st.popover("Settings and link", icon=":material/tune:", key=f"lesson/{spec.name}/settings"):
        changes: Changes = {}
        scope = f"lesson/{query(spec, options)}"
        draw(describe(options), "images", scope, changes)
        st.button(
            "Use these settings",
            icon=":material/check:",
            disabled=not changes,
            help="Begins the lesson again: another setting is another prediction.",
            key=f"{scope}/take",
            on_click=_take,
            args=(spec, options.model_copy(update=changes)),
        )
        st.caption("This address opens the lesson with the settings it has now.")
        link(f"{scope}/link", query(spec, options))


def leads_to(label: str, asked: Mapping[str, str], icon: str, key: str) -> None:
    """A button that leads to another part of the guide.

    A link from a page to the same page changes what is shown, but not the address that people copy.
    """
    st.button(label, icon=icon, type="tertiary", key=key, on_click=_go, args=(asked,))


def _take(spec: LessonSpec, options: Options) -> None:
    _go(parameters(spec, options))


def _go(asked: Mapping[str, str]) -> None:
    st.query_params.from_dict(kept(asked))
