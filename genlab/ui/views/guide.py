"""Guide: how each family works, textbook claims against what was measured here, which to use, lessons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.ui.views import guide_comparison, guide_concepts, guide_history, guide_kinds, guide_which


def _lessons(lab: ReadOnlyLab) -> None:
    from genlab.ui.views import lessons

    lessons.render(lab)


@dataclass(frozen=True)
class GuideSection:
    """One section of the guide.

    Attributes:
        title: In the rail.
        icon: Beside it.
        render: Draws it.
    """

    title: str
    icon: str
    render: Callable[[ReadOnlyLab], None]


SECTIONS: Mapping[str, GuideSection] = {
    "works": GuideSection("How each works", ":material/schema:", guide_concepts.render),
    "comparison": GuideSection("The comparison", ":material/balance:", guide_comparison.render),
    "kinds": GuideSection("Kinds of data", ":material/category:", guide_kinds.render),
    "which": GuideSection("Which should I use?", ":material/alt_route:", guide_which.render),
    "lessons": GuideSection("Lessons", ":material/school:", _lessons),
    "history": GuideSection("History and papers", ":material/history_edu:", guide_history.render),
}
"""Name in the address -> section, in the order of the rail."""

FIRST, JUDGED = "works", "comparison"
"""The section that the guide opens on, and the one that an address with a claim or a match is about."""


def render(lab: ReadOnlyLab) -> None:
    """The page: a lesson where the address names one, else the chosen section beside the rail."""
    if st.query_params.get("lesson"):
        from genlab.ui.views import lesson

        lesson.render(lab, st.query_params["lesson"])
        return
    first = JUDGED if {"claim", "match"} & set(st.query_params) else FIRST
    chosen = st.query_params.get("section", first)
    if chosen not in SECTIONS:
        st.warning("The guide has no such section: here is how each family works.", icon=":material/link_off:")
        chosen = FIRST
    st.html(STYLE)
    with st.container(key="guide-page"):
        rail, content = st.columns([2, 13], gap="medium")
        with rail, st.container(key="guide-rail", gap="xxsmall"):
            for name, section in SECTIONS.items():
                st.button(
                    section.title,
                    icon=section.icon,
                    type="secondary" if name == chosen else "tertiary",
                    width="stretch",
                    key=f"guide/to/{name}",
                    on_click=_go,
                    args=(name,),
                )
        with content:
            SECTIONS[chosen].render(lab)


def _go(name: str) -> None:
    st.query_params["section"] = name
    st.query_params.pop("claim", None)


STYLE = """
<style>
.st-key-guide-rail { position: sticky; top: 4.25rem; }
.st-key-guide-rail button { justify-content: flex-start; padding-left: 0.5rem; }
.st-key-guide-rail button > div { justify-content: flex-start; }
.st-key-guide-page > div > [data-testid=stHorizontalBlock] > [data-testid=stColumn]:first-child { min-width: 172px; }
@media (max-width: 1180px) {
  .st-key-guide-page > div > [data-testid=stHorizontalBlock] { flex-direction: column; }
  .st-key-guide-page > div > [data-testid=stHorizontalBlock] > [data-testid=stColumn] { width: 100%; flex: none; }
  .st-key-guide-rail { position: static; flex-direction: row; flex-wrap: wrap; }
  .st-key-guide-rail > div, .st-key-guide-rail button { width: auto !important; }
}
</style>
"""
