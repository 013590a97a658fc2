"""Latent: a walk as a film to keep, with how real the pictures on the way are, straight beside spherical."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.errors import GenlabError
from genlab.exploration.exploration_request import WalkRequest
from genlab.kinds._media import SUFFIXES
from genlab.lab import ReadOnlyLab
from genlab.plots.walk import walk_figure
from genlab.presentation.words import plain
from genlab.ui.charts import draw_chart
from genlab.ui.components.explorer import ExplorerState, Walk
from genlab.ui.shell import changing, current_mode, may_change, show_error
from genlab.ui.views.latent_shown import ShownModel
from genlab.ui.views.working import show_job, start

WANTED = "latent/walk"
FILM_PIXELS = 230
TYPES = {suffix.removeprefix("."): mime for mime, suffix in SUFFIXES.items()}
LABELS = {"png": "PNG strip", "txt": "Text", "wav": "Sound"}


def render(lab: ReadOnlyLab, shown: Sequence[ShownModel], state: ExplorerState) -> None:
    """The film of the walk that was asked for last."""
    if state.export_walk is not None and len(state.walk.points) > 1:
        _ask(lab, shown, state.walk)
    asked = st.session_state.get(WANTED)
    each = next((each for each in shown if asked and each.key == asked[0]), None)
    if asked is None or each is None:
        return
    walk: WalkRequest = asked[1]
    st.markdown("## Walk")
    try:
        found = lab.latents.walk(each.run, walk, each.request)
    except GenlabError as error:
        show_error(error)
        return
    if found is not None:
        _film(each, found)
        return
    key = f"latent/walk/{each.key}"
    if not show_job(lab, key, lab.jobs.under_way("walk", [each.run.id])):
        st.button(
            "Draw the film",
            icon=":material/movie:",
            disabled=not may_change(lab),
            on_click=start,
            args=(key, lambda: changing(lab).latents.start_walk(each.run, walk, each.request)),
            key=f"{key}/again",
        )


def _ask(lab: ReadOnlyLab, shown: Sequence[ShownModel], walk: Walk) -> None:
    each = shown[walk.source]
    points: tuple[dict[str, Any], ...] = tuple(
        {"item": point.item} if point.item is not None else {"z": list(point.z or ())} for point in walk.points
    )
    label = walk.y if each.found.document["conditional"] else None
    try:
        request = lab.latents.walk_request(points=points, loop=walk.loop, label=label)
    except GenlabError as error:
        show_error(error)
        return
    if st.session_state.get(WANTED) == (each.key, request):
        return
    st.session_state[WANTED] = (each.key, request)
    if may_change(lab):
        start(f"latent/walk/{each.key}", lambda: changing(lab).latents.start_walk(each.run, request, each.request))


def _film(each: ShownModel, found: Mapping[str, Any]) -> None:
    files = {kind: Path(path) for kind, path in found["files"].items()}
    try:
        contents = {kind: path.read_bytes() for kind, path in files.items()}
    except OSError:
        st.warning("The film is gone. Draw it again.", icon=":material/movie:")
        return
    left, right = st.columns([1, 2], vertical_alignment="top")
    with left:
        st.image(contents["gif"], caption="Above the linear interpolation, below the spherical one.", width=FILM_PIXELS)
        if "wav" in contents:
            st.audio(contents["wav"], format=TYPES["wav"])
        if "txt" in contents:
            st.text(contents["txt"].decode())
    with right:
        figure = walk_figure({kind: found[kind]["realism"] for kind in found["rows"]}, current_mode())
        draw_chart(figure, key="latent/walk/figure", alt="Distance to the nearest real item along the walk.")
        st.caption(_reading(found))
        with st.container(horizontal=True):
            for kind, content in contents.items():
                name = f"walk-{each.run.id}.{kind}"
                label = LABELS.get(kind, kind.upper())
                st.download_button(
                    label,
                    content,
                    name,
                    TYPES.get(kind),
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"walk/{kind}",
                )


def _reading(found: Mapping[str, Any]) -> str:
    """What the middles of the two ways say, in a sentence."""
    straight, round_ = (max(found[kind]["midpoints"]) for kind in ("linear", "spherical"))
    ends = [found["linear"]["realism"][0], found["linear"]["realism"][-1]]
    worse = straight - round_
    words = (
        f"In the middle, the linear interpolation is {straight:.2f} and the spherical one {round_:.2f} times as far "
        f"from the nearest real item as real items are from each other; at the ends it is {min(ends):.2f} and "
        f"{max(ends):.2f}."
    )
    if max(straight, round_) > 1.5 * max(ends):
        words += " The peak in the middle is a hole in the latent space: the model was not trained there."
    elif worse > 0.25:
        words += " The linear interpolation passes near the origin, where the prior has almost no mass."
    return plain(words)
