"""Home: what models do, what can I do here, what is running, and what have I got?"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.front import FrontGroup, front_groups
from genlab.presentation.held import Held
from genlab.presentation.pictures import sheet
from genlab.store.holdings import size_words
from genlab.store.reading import Damaged
from genlab.store.run import Run
from genlab.ui.components.front import front
from genlab.ui.shell import current_mode, may_change, page_title, polled, show_error
from genlab.ui.views.cards import delete_asked
from genlab.ui.views.damaged import show_damaged
from genlab.ui.views.home_models import show_models
from genlab.ui.views.home_ways import FIRST_DATA, show_ways
from genlab.ui.views.import_jobs import Signature, imports, show_imports_at_home, signature
from genlab.ui.views.running import POLL_SECONDS, show_running

IDLE_SECONDS = 3.0
DIGITS = 30


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    going = st.session_state.pop("home/go", None)
    if going:
        st.switch_page(going[0], query_params=going[1])
    found = lab.runs.found()
    runs = found.good
    _refusal()
    page_title("Train, explore and compare generative models")
    groups = _groups(lab, str(lab.workspace.path), tuple((run.id, str(run.path)) for run in runs if run.shipped))
    if groups:
        front("home-front", groups, current_mode())
    show_ways(lab, runs)
    adding = imports(lab)
    active = any(run.active for run in runs) or any(one.job.active for one in adding)
    polled(_watch, POLL_SECONDS if active else IDLE_SECONDS)(lab, _signature(runs), signature(adding))
    if all(run.shipped for run in runs):
        st.markdown("No run of your own yet in this workspace.")
    ended = [run for run in runs if not run.active]
    if ended:
        show_models(lab, ended)
    elif not runs:
        _first_look(lab)
    if found.good or found.damaged:
        _held(lab)
    show_damaged(lab, [*found.damaged, *_damaged_jobs(lab, str(lab.workspace.path))], "home/damaged")
    delete_asked(lab)


@st.cache_resource(ttl=30, max_entries=8, show_spinner=False)
def _groups(_lab: ReadOnlyLab, workspace: str, shipped: tuple[tuple[str, str], ...]) -> list[FrontGroup]:
    """What moves on top; shipped runs hardly ever change, and reading their scores takes longer than all the rest."""
    return front_groups(_lab)


@st.cache_resource(max_entries=8)
def _counter(_lab: ReadOnlyLab, folder: str) -> Held:
    return Held(_lab)


def _held(lab: ReadOnlyLab) -> None:
    """What the workspace takes, in a line; it is counted behind the page."""
    known = _counter(lab, str(lab.workspace.path)).look()
    polled(_held_line, IDLE_SECONDS if known is None else None)(lab)


def _held_line(lab: ReadOnlyLab) -> None:
    known = _counter(lab, str(lab.workspace.path)).look()
    if known is None or not known.size:
        return
    words = f"This workspace holds {size_words(known.size)}"
    if known.again:
        words += f", {size_words(known.again)} of it results that can be made again"
        words += ": `genlab tidy` shows and removes them" if may_change(lab) else ""
    if known.rest.get("uploads"):
        words += f"; {size_words(known.rest['uploads'])} are uploads that are no data set yet"
    st.caption(f"{words}.")


@st.cache_data(ttl=10, max_entries=8, show_spinner=False)
def _damaged_jobs(_lab: ReadOnlyLab, workspace: str) -> list[Damaged]:
    return _lab.jobs.damaged()


def _watch(lab: ReadOnlyLab, drawn: tuple[tuple[str, str], ...], adding: Signature) -> None:
    """The part that polls; a run or an import that came, went or changed its state redraws the page."""
    runs, found = lab.runs.all(), imports(lab)
    if _signature(runs) != drawn or signature(found) != adding:
        st.rerun()
    show_running(lab, [run for run in runs if run.active])
    show_imports_at_home(lab, found)


def _signature(runs: Sequence[Run]) -> tuple[tuple[str, str], ...]:
    return tuple((run.id, run.state) for run in runs)


def _first_look(lab: ReadOnlyLab) -> None:
    """The digits that the quick trainings learn from; nothing where they cannot be decoded."""
    try:
        items = lab.data.open(FIRST_DATA).items("train")
    except (GenlabError, OSError):
        return
    st.markdown("## What they learn from")
    st.image(
        sheet(items[: 3 * DIGITS], DIGITS, 1_400),
        width="stretch",
        output_format="PNG",
        alt=f"{3 * DIGITS} handwritten digits of {FIRST_DATA}",
    )


def _refusal() -> None:
    error = st.session_state.pop("home/refusal", None)
    if error is not None:
        show_error(error)
