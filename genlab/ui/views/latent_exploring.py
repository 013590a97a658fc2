"""Latent: the map, its directions and the classes of samples are worked out in the background while sliders work."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.errors import GenlabError
from genlab.exploration.explored import Exploration
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.ui.shell import changing, may_change, polled, show_error
from genlab.ui.views.latent_shown import Model
from genlab.ui.views.working import POLL_SECONDS, progress_bar, show_end, start

ASKED = "latent/asked"
State = tuple[int, int]
"""How many parts of an exploration are pending, and how often it has changed."""

NOTHING: State = (-1, -1)
"""Before there is one."""


def render(lab: ReadOnlyLab, models: Sequence[Model]) -> None:
    """Begin what has not been begun, show how far it is, and offer to start it again when it ended without result."""
    for model in models:
        if model.found is None or model.found.pending:
            _one(lab, model)


def _one(lab: ReadOnlyLab, model: Model) -> None:
    key = f"latent/{model.run.id}"
    asked = st.session_state.setdefault(ASKED, set())
    job = lab.jobs.under_way("explore", [model.run.id])
    if key not in asked and job is None and may_change(lab):
        asked.add(key)
        _begin(lab, model, key)
    refusal = st.session_state.get(f"{key}/refusal")
    if isinstance(refusal, GenlabError):
        show_error(refusal)
    name = job.id if job else st.session_state.get(f"{key}/job")
    now = lab.jobs.known(name) if name else None
    if now is not None and now.active:
        polled(_watch, POLL_SECONDS)(lab, model, now.id, _state(model.found), f"{key}/cancel")
        return
    if now is not None:
        show_end(now)
    st.button(
        f"Explore {plain(called(model.run))}",
        icon=":material/travel_explore:",
        key=f"{key}/begin",
        help="Works out a map of its latent space from the data it learned from. Sliders and walks work without.",
        disabled=not may_change(lab),
        on_click=_begin,
        args=(lab, model, key),
    )


def _begin(lab: ReadOnlyLab, model: Model, key: str) -> None:
    start(key, lambda: changing(lab).latents.start(model.run, model.request))


def _watch(lab: ReadOnlyLab, model: Model, name: str, shown: State, key: str) -> None:
    """The part that polls: the page is drawn again when there is more to show."""
    job = lab.jobs.known(name)
    if job is None or not job.active or _state_now(lab, model) != shown:
        st.rerun()
    else:
        progress_bar(lab, job, key, _title(model))


def _title(model: Model) -> str:
    what = "Map" if model.found is None else "More directions, and classes of samples"
    return f"{what} of {plain(called(model.run))}"


def _state_now(lab: ReadOnlyLab, model: Model) -> State:
    try:
        return _state(lab.latents.known(model.run, model.request))
    except GenlabError:
        return NOTHING


def _state(found: Exploration | None) -> State:
    return NOTHING if found is None else (len(found.pending), int(found.document.get("changes", 0)))
