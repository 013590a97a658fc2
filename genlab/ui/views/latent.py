"""Latent: the latent space of one model, or of two under one selection; maps, sliders, walks, groups, own images."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from genlab.errors import GenlabError
from genlab.jobs.background import Job
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.ui.components.explorer import ExplorerState, Latent, Source, explorer
from genlab.ui.lineup import first_choice
from genlab.ui.shell import all_runs, may_change, show_error
from genlab.ui.views import latent_groups, latent_maps, latent_place, latent_settings, latent_walk
from genlab.ui.views._shared import version_of
from genlab.ui.views.compare import chip_colours
from genlab.ui.views.latent_shown import Shown
from genlab.ui.views.picking import pick_runs
from genlab.ui.views.working import find_job, show_job, start
from genlab.ui.words import plain

ASKED = "latent/asked"
MOST = 2


def render(lab: Lab) -> None:
    """The page."""
    runs = {run.id: run for run in all_runs(lab) if run.images > 0 and _has_images(lab, run)}
    st.markdown("# Latent space")
    if not runs:
        st.markdown("## No latent space to explore yet")
        st.write(
            "Train a model of images, and this page shows how it has ordered them: a map with a picture under the "
            "pointer, sliders that steer what it draws, and walks from one image to another."
        )
        st.page_link("train.py", label="Train a model", icon=":material/model_training:")
        return
    st.html(chip_colours("latent-runs"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _pick_runs(runs)
        if chosen:
            settings = latent_settings.render(lab, [runs[key] for key in chosen])
    if not chosen:
        st.info("Choose one or two models above.", icon=":material/scatter_plot:")
        return
    shown = [_open(lab, runs[key], settings) for key in chosen]
    ready = [each for each in shown if each is not None]
    if not ready:
        return
    latent_maps.render(lab, ready)
    state = _explorer(ready)
    _settled(lab, ready, state)
    latent_walk.render(lab, ready, state)
    latent_groups.render(ready)
    latent_place.render(lab, ready)


def _has_images(lab: Lab, run: Run) -> bool:
    try:
        return bool(lab.directory(run).environment().get("space", {}).get("kind") == "images")
    except GenlabError:
        return False


def _pick_runs(runs: Mapping[str, Run]) -> list[str]:
    return pick_runs(
        runs,
        "latent",
        MOST,
        lambda found: first_choice(found)[:1],
        lost_words="Not here, or not a model of images",
        placeholder="Choose one or two",
        help_words="Two models of the same data stand side by side: what is selected in one is selected in the other.",
    )


def _open(lab: Lab, run: Run, settings: latent_settings.Settings) -> Shown | None:
    """What is known of a run's latent space; begins to work it out where it is not known yet."""
    key = f"latent/{run.id}"
    try:
        request = lab.exploration_request(**settings.explored, images=settings.moments.get(run.id))
        found = lab.exploration(run, request)
    except GenlabError as error:
        show_error(error)
        return None
    if found is None:
        _begin(lab, run, key, lambda: lab.start_exploration(run, request))
        return None
    return Shown(run, request, found)


def _begin(lab: Lab, run: Run, key: str, verb: Callable[[], Job | None]) -> None:
    """Start a job once without being asked, show it, and offer to start it again when it has ended without result."""
    asked = st.session_state.setdefault(ASKED, set())
    found = find_job(lab, "explore", lambda arguments: arguments.get("run") == run.id)
    if key not in asked and found is None and may_change(lab):
        asked.add(key)
        start(key, verb)
    if show_job(lab, key, found):
        return
    st.button(
        f"Explore {plain(run.name)}",
        icon=":material/travel_explore:",
        key=f"{key}/begin",
        disabled=not may_change(lab),
        on_click=start,
        args=(key, verb),
    )


def _explorer(shown: Sequence[Shown]) -> ExplorerState:
    """The component that follows the hand."""
    sources = [
        Source(
            run=each.run.id,
            key=each.found.folder.name,
            version=f"{version_of(each.found.folder / 'codes.f32'):x}",
            projections=tuple(each.found.document["projections"]),
            directions=latent_groups.directions(each),
        )
        for each in shown
    ]
    return explorer(
        "latent/explorer",
        sources,
        projection=latent_maps.chosen(shown),
        groups=latent_groups.outlines(shown),
        select=latent_groups.wanted(shown),
        latent=_linked(shown) or latent_place.wanted(shown),
    )


def _linked(shown: Sequence[Shown]) -> tuple[str, Latent] | None:
    """The latent in the address, if there is one that fits: ``?z=`` base64 of float32, ``&y=`` a class."""
    text = st.query_params.get("z")
    if not text or latent_place.wanted(shown) is not None:
        return None
    try:
        z = np.frombuffer(base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True), "<f4")
    except (ValueError, binascii.Error):
        z = np.empty(0, np.float32)
    if len(z) != shown[0].found.latent_dim or not np.isfinite(z).all():
        st.warning(
            "The latent in the address does not belong to this model. Choose the model that the link was made with.",
            icon=":material/link_off:",
        )
        return None
    label = st.query_params.get("y", "")
    token = hashlib.sha256(text.encode()).hexdigest()[:12]
    return token, Latent(tuple(map(float, z)), int(label) if label.isdecimal() else None)


def _settled(lab: Lab, shown: Sequence[Shown], state: ExplorerState) -> None:
    """Act on what has been settled in the browser."""
    if state.save_group is not None and latent_groups.keep(shown, state.save_group):
        st.rerun()
    if state.send_to_compare is not None:
        latent_groups.send(shown, state.send_to_compare)
