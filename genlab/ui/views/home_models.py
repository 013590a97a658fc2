"""The models on Home: one's own first, then those that come with genlab, those made for lessons apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.families import place
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_label
from genlab.presentation.front import for_lessons
from genlab.presentation.words import how_many
from genlab.store.run import Run
from genlab.ui.views.cards import show_cards

PER_PAGE = 24
SHIPPED = "Models that come with genlab"
SORTS = {
    "newest": "Newest",
    "name": "Name",
    "images": "Most images",
    "speed": "Fastest",
}


def show_models(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    """All ended runs, under one filter.

    Args:
        lab: The lab.
        runs: At least one.
    """
    trials, own = _trials(lab, len(runs)), any(not run.shipped for run in runs)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="home-filter"):
        st.markdown("## Your models" if own else f"## {SHIPPED}", width="stretch")
        chosen = _filtered(_without_trials(runs, trials))
    if not chosen:
        st.info(f"None of the {how_many(len(runs), 'run')} fits this filter. Clear it to see them all.")
        return
    mine = [run for run in chosen if not run.shipped]
    if mine:
        _paged(lab, mine)
    elif own:
        st.caption("None of your own fits this filter.")
    examples = [run for run in chosen if run.shipped and not for_lessons(run)]
    if examples:
        if own:
            st.markdown(f"## {SHIPPED}")
        show_cards(lab, examples, "home-cards-shipped")
    twins = [run for run in chosen if run.shipped and for_lessons(run)]
    if twins:
        st.markdown("## Made for lessons")
        st.caption("Small models that show what goes wrong, and beside each the same model in good order.")
        show_cards(lab, twins, "home-cards-lessons")


def _paged(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    pages = -(-len(runs) // PER_PAGE)
    below = st.container()
    page = 1
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            page = st.pagination(pages, key=f"home/page/{pages}")
            st.caption(how_many(len(runs), "run"), width="content")
    with below:
        show_cards(lab, runs[(page - 1) * PER_PAGE : page * PER_PAGE])


@st.cache_data(ttl=5, max_entries=8, show_spinner=False)
def _trials_of(_lab: ReadOnlyLab, workspace: str, runs: int) -> frozenset[str]:
    entries = (entry for match in _lab.matches.all() for entry in match.entries)
    return frozenset(entry.run for entry in entries if entry.run and entry.role == "trial" and not entry.taken_over)


def _trials(lab: ReadOnlyLab, runs: int) -> frozenset[str]:
    """The runs that are short trials of matches."""
    return _trials_of(lab, str(lab.workspace.path), runs)


def _without_trials(runs: Sequence[Run], trials: frozenset[str]) -> Sequence[Run]:
    """The runs without those that a match made to try learning rates, unless they are asked for."""
    kept = [run for run in runs if run.id not in trials]
    hidden = len(runs) - len(kept)
    if not hidden or not kept:
        return runs
    shown = st.checkbox(
        f"{how_many(hidden, 'trial')} too",
        help="Short runs in which matches try learning rates. Only the claim on stability uses them.",
        key="home/trials",
        persist_state="session",
        width="content",
    )
    return runs if shown else kept


def _filtered(runs: Sequence[Run]) -> list[Run]:
    """Family, data, state and order, as far as there is something to choose."""
    families = sorted({run.family for run in runs}, key=place)
    chosen = list(runs)
    if len(families) > 1:
        wanted = st.pills(
            "Family",
            families,
            selection_mode="multi",
            format_func=family_label,
            label_visibility="collapsed",
            key="home/family",
            persist_state="session",
            wrap=True,
        )
        chosen = [run for run in chosen if not wanted or run.family in wanted]
    for title, name, every in (("Data", "data", "All data"), ("State", "state", "All states")):
        values = sorted({getattr(run, name) for run in runs})
        if len(values) > 1:
            value = st.selectbox(
                title,
                values,
                index=None,
                placeholder=every,
                label_visibility="collapsed",
                key=f"home/{name}",
                width=122,
                persist_state="session",
            )
            chosen = [run for run in chosen if value is None or getattr(run, name) == value]
    order = st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        label_visibility="collapsed",
        key="home/sort",
        width=118,
        persist_state="session",
    )
    return _ordered(chosen, order or "newest")


def _ordered(runs: list[Run], order: str) -> list[Run]:
    if order == "name":
        return sorted(runs, key=lambda run: run.name.lower())
    if order == "images":
        return sorted(runs, key=lambda run: -run.images)
    if order == "speed":
        return sorted(runs, key=lambda run: -(run.images_per_second or 0))
    return runs
