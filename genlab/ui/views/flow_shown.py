"""The data flow of one model on a page: shown where it is kept, worked out in the background where it is not."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.following import exemplar, followable
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.components.flow import flow
from genlab.ui.shell import changing, current_mode, may_change, show_error
from genlab.ui.views.working import show_job, start

ASKED = "flow/asked"


def show_flow(lab: ReadOnlyLab, key: str, run: Run, extra: Mapping[str, Mapping[str, int]] | None = None) -> bool:
    """Show what flows through a run's model, or how far it is being worked out; whether it is shown.

    Args:
        lab: The lab.
        key: Of the component in the session.
        run: The run.
        extra: ``parameters`` and ``numbers``, as `genlab.ui.components.flow.flow` takes them.
    """
    try:
        document = lab.models.flow(run)
    except GenlabError as error:
        show_error(error)
        return False
    if document is None:
        _work_out(lab, run)
        return False
    flow(key, lab, run, document, current_mode(), **(extra or {}))
    return True


def _work_out(lab: ReadOnlyLab, run: Run) -> None:
    """Begin once without being asked; where it ended without result, offer to begin again."""
    key = f"flow/{run.id}"
    asked = st.session_state.setdefault(ASKED, set())
    found = lab.jobs.under_way("flow", [run.id])
    if key not in asked and found is None and may_change(lab):
        asked.add(key)
        start(key, lambda: changing(lab).models.start_flow(run))
    if show_job(lab, key, found, f"Following data through {plain(called(run))}"):
        return
    if not may_change(lab):
        st.info("Nobody has followed data through this model yet, and this lab is read-only.")
        return
    st.button(
        f"Follow data through {plain(called(run))}",
        icon=":material/account_tree:",
        key=f"{key}/begin",
        on_click=start,
        args=(key, lambda: changing(lab).models.start_flow(run)),
    )


def exemplar_of(lab: ReadOnlyLab, family: str, model: str = "") -> Run | None:
    """The shipped run of a family (with ``model``, of that model) to show where nobody has chosen one."""
    runs = [run for run in lab.runs.all() if run.shipped and run.family == family and (not model or run.model == model)]
    chosen = _exemplar(lab, str(lab.workspace.path), tuple((run.id, str(run.path)) for run in runs), family)
    return next((run for run in runs if run.id == chosen), None)


@st.cache_data(ttl=30, max_entries=32, show_spinner=False)
def _exemplar(_lab: ReadOnlyLab, workspace: str, shipped: tuple[tuple[str, str], ...], family: str) -> str | None:
    """Its identifier; shipped runs hardly ever change."""
    known = {run for run, _ in shipped}
    found = exemplar(_lab, followable(_lab, [run for run in _lab.runs.all() if run.id in known], family))
    return None if found is None else found.id
