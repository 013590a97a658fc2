"""Tasks: what models are used for, done by several of them beside what one would use instead, on the same items."""

from __future__ import annotations

import time

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.ui.shell import may_change, page_title
from genlab.ui.views import tasks_choice, tasks_look, tasks_measure

READY = "tasks/ready"
READY_SECONDS = 30.0
"""A process that was asked for shows itself within so long."""


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    page_title("Tasks")
    runs = {run.id: run for run in lab.runs.all() if run.images > 0}
    if not runs:
        st.markdown("## No model to use yet")
        st.write(
            "What generative models are used for is done here with models that have been trained, beside the methods "
            "that one would use instead: a VAE and a GAN, to begin with."
        )
        st.page_link("home.py", label="Train a VAE, a GAN and a VAE-GAN", icon=":material/rocket_launch:")
        return
    chosen = tasks_choice.render(lab, runs)
    if chosen is None:
        return
    tasks_look.render(lab, chosen)
    tasks_measure.render(lab, chosen)
    _make_ready(lab)


def _make_ready(lab: ReadOnlyLab) -> None:
    """Where everything is known already, have a process at hand for what is asked next, a mask drawn for instance."""
    now = time.monotonic()
    if may_change(lab) and now - st.session_state.get(READY, -READY_SECONDS) >= READY_SECONDS:
        st.session_state[READY] = now
        if tasks_look.CURRENT not in st.session_state:
            lab.tasks.make_ready()
