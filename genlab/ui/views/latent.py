"""Latent: the latent space of one model, or of two under one selection; maps, sliders, walks, groups, own images."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from genlab import kinds
from genlab.errors import GenlabError
from genlab.families import may_sample
from genlab.lab import ReadOnlyLab
from genlab.presentation.exemplars import opening
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.components.explorer import ExplorerSource, ExplorerState, Latent, explorer
from genlab.ui.shell import may_change, page_title, show_error
from genlab.ui.views import latent_exploring, latent_groups, latent_maps, latent_place, latent_settings, latent_walk
from genlab.ui.views._shared import version_of
from genlab.ui.views.latent_shown import Model, ShownModel, describe
from genlab.ui.views.picking import pick_runs, say_why
from genlab.ui.views.working import show_job, start

MOST = 2
LINKED = "latent/linked"
"""Models shown when the address was last read: a latent in it may belong to others that were chosen before."""


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    runs = {run.id: run for run in lab.runs.all() if run.images > 0 and _has_pictures(lab, run)}
    page_title("Latent space")
    if not runs:
        st.markdown("## No latent space to explore yet")
        st.write(
            "Train a model of images, and this page shows how it has ordered them: a map with a picture under the "
            "pointer, sliders that steer what it draws, and walks from one image to another."
        )
        st.page_link("train.py", label="Train a model", icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _pick_runs(runs)
        if chosen:
            settings = latent_settings.render(lab, [runs[key] for key in chosen])
    say_why("latent", chosen)
    if not chosen:
        st.info("Choose one or two models above.", icon=":material/scatter_plot:")
        return
    models = [_open(lab, runs[key], settings) for key in chosen]
    ready = [model for model in models if model is not None]
    if not ready:
        return
    latent_maps.render(lab, ready)
    shown = [model.shown for model in ready if model.shown is not None]
    # Groups, walks and places are told by number of the model: they need the exploration of each.
    known = shown if len(shown) == len(ready) else []
    state = _explorer(ready, known)
    if not known:
        return
    _settled(lab, known, state)
    latent_walk.render(lab, known, state)
    latent_groups.render(known)
    latent_place.render(lab, known)


def _has_pictures(lab: ReadOnlyLab, run: Run) -> bool:
    try:
        directory = lab.runs.read(run)
        if not may_sample(run.family):
            return False
        return "space" in directory.environment() and kinds.get(directory.kind()).pictured
    except GenlabError:
        return False


def _pick_runs(runs: Mapping[str, Run]) -> list[str]:
    return pick_runs(
        runs,
        "latent",
        MOST,
        lambda found: opening(found, part="encoder"),
        lost_words="Not here, or not a model that draws images",
        placeholder="Choose one or two",
        help_words="Two models of the same data stand side by side: what is selected in one is selected in the other.",
    )


def _open(lab: ReadOnlyLab, run: Run, settings: latent_settings.Settings) -> Model | None:
    """What is known of a run's latent space; None while its decoder is being exported, or where it cannot be opened."""
    images = settings.moments.get(run.id)
    try:
        request = lab.latents.request(**settings.explored, images=images)
        about = describe(lab, run, images)
        decoder = lab.models.decoder(run, images)
        if decoder is None and _exporting(lab, run, images):
            return None
        return Model(run, request, about, decoder, lab.latents.known(run, request))
    except GenlabError as error:
        show_error(error)
        return None


def _exporting(lab: ReadOnlyLab, run: Run, images: int | None) -> bool:
    """Export a decoder once without being asked; whether it is under way. Where it fails the server decodes."""
    key = f"latent/decoder/{run.id}/{images}"
    asked = st.session_state.setdefault(latent_exploring.ASKED, set())
    found = lab.jobs.under_way("decoder", [run.id], images=images)
    if key not in asked and found is None and may_change(lab):
        asked.add(key)
        start(key, lambda: lab.models.start_decoder(run, images))
    return show_job(lab, key, found, f"Exporting the decoder of {plain(called(run))} for this browser")


def _explorer(models: Sequence[Model], known: Sequence[ShownModel]) -> ExplorerState:
    """The component that follows the hand.

    Args:
        models: What is shown.
        known: The same with their explorations; empty where one of them has none.
    """
    return explorer(
        "latent/explorer",
        [_source(model) for model in models],
        colour=_known_word("colour", [about["name"] for each in known for about in each.found.document["attributes"]]),
        projection=(latent_maps.chosen(known) if known else None) or _known_word("map", latent_maps.shared(known)),
        groups=latent_groups.outlines(known),
        select=latent_groups.wanted(known),
        latent=_linked(models) or latent_place.wanted(known),
        address=True,
    )


def _known_word(name: str, known: Sequence[str]) -> str | None:
    """What the address says for ``name``, if it is one of those that are known."""
    asked = st.query_params.get(name)
    return asked if asked in known else None


def _source(model: Model) -> ExplorerSource:
    if model.shown is None:
        return ExplorerSource(model.run.id, "", model=model.about, decoder=model.decoder)
    found = model.shown.found
    return ExplorerSource(
        run=model.run.id,
        key=found.folder.name,
        version=f"{version_of(found.folder / 'codes.f32'):x}",
        changes=int(found.document.get("changes", 0)),
        projections=tuple(found.document["projections"]),
        directions=latent_groups.directions(model.shown),
        model=model.about,
        decoder=model.decoder,
    )


def _linked(models: Sequence[Model]) -> tuple[str, Latent] | None:
    """The latent in the address, if there is one that fits: ``?z=`` base64 of float32, ``&y=`` a class."""
    text = st.query_params.get("z")
    if not text or latent_place.JUMP in st.session_state:
        return None
    try:
        z = np.frombuffer(base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True), "<f4")
    except (ValueError, binascii.Error):
        z = np.empty(0, np.float32)
    of = [model.run.id for model in models]
    before, st.session_state[LINKED] = st.session_state.get(LINKED, of), of
    if len(z) != models[0].latent_dim or not np.isfinite(z).all():
        if before == of:
            st.warning(
                "The latent in the address does not belong to this model. "
                "Choose the model that the link was made with.",
                icon=":material/link_off:",
            )
        return None
    label = st.query_params.get("y", "")
    return text, Latent(tuple(map(float, z)), int(label) if label.isdecimal() else None)


def _settled(lab: ReadOnlyLab, shown: Sequence[ShownModel], state: ExplorerState) -> None:
    """Act on what has been settled in the browser."""
    if state.save_group is not None and latent_groups.keep(shown, state.save_group):
        st.rerun()
    if state.send_to_compare is not None:
        latent_groups.send(shown, state.send_to_compare)
