"""Latent: maps beyond PCA are made on request, in the background; the page goes on meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from genlab.exploration.exploration_request import PROJECTIONS, Method
from genlab.jobs.background import Job
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.ui.shell import changing, may_change
from genlab.ui.views import latent_exploring
from genlab.ui.views.latent_shown import Model, ShownModel
from genlab.ui.views.working import show_job, start

HELP: Mapping[Method, str] = {
    "pca": "The two directions in which codes vary most; distances are meaningful.",
    "umap": "Keeps neighbours together and separates groups; distances between groups mean little. Takes a minute.",
    "tsne": "Keeps neighbours together; sizes and distances of groups mean nothing. Takes a minute or more.",
}
MADE = "latent/made"


def render(lab: ReadOnlyLab, models: Sequence[Model]) -> None:
    """What is being worked out, and when all models have their first map, a button for each map that some lack."""
    latent_exploring.render(lab, models)
    shown = [model.shown for model in models if model.shown is not None]
    if len(shown) < len(models):
        return
    missing = [method for method in PROJECTIONS if any(method not in _have(each) for each in shown)]
    for each in shown:
        _watch(lab, each)
    if not missing:
        return
    with st.container(horizontal=True):
        for method in missing:
            st.button(
                f"Add a {PROJECTIONS[method]} map",
                icon=":material/add:",
                help=HELP[method],
                disabled=not may_change(lab) or any(_job(lab, each) for each in shown),
                on_click=_make,
                args=(lab, tuple(shown), method),
                key=f"latent/add/{method}",
            )


def chosen(shown: Sequence[ShownModel]) -> str | None:
    """The map that was made last, as soon as all models have it; None leaves it to the reader."""
    method = st.session_state.get(MADE)
    return method if method and all(method in _have(each) for each in shown) else None


def shared(shown: Sequence[ShownModel]) -> list[str]:
    """Maps that all models have."""
    return [method for method in _have(shown[0]) if all(method in _have(each) for each in shown)] if shown else []


def _make(lab: ReadOnlyLab, shown: Sequence[ShownModel], method: Method) -> None:
    st.session_state[MADE] = method
    for each in shown:
        start(_key(each), partial(_project, lab, each, method))


def _project(lab: ReadOnlyLab, each: ShownModel, method: Method) -> Job | None:
    return changing(lab).latents.start_projection(each.run, method, each.request)


def _watch(lab: ReadOnlyLab, each: ShownModel) -> None:
    if st.session_state.get(f"{_key(each)}/job") or _job(lab, each):
        st.caption(f"A map of {plain(called(each.run))}:")
        show_job(lab, _key(each), _job(lab, each))


def _job(lab: ReadOnlyLab, each: ShownModel) -> Job | None:
    return lab.jobs.under_way("project", [each.run.id])


def _key(each: ShownModel) -> str:
    return f"latent/maps/{each.key}"


def _have(each: ShownModel) -> Sequence[str]:
    return tuple(each.found.document["projections"])
