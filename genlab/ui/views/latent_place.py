"""Latent: an image of one's own: where it lands, what the model makes of it, what it is near to, how far off it is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import called
from genlab.presentation.pictures import enlarge, png_bytes
from genlab.presentation.words import plain
from genlab.store.pictures import load_picture
from genlab.ui.components.explorer import Latent
from genlab.ui.shell import changing, may_change, show_error
from genlab.ui.views.latent_groups import SELECT
from genlab.ui.views.latent_shown import ShownModel
from genlab.ui.views.working import show_job, start

JUMP = "latent/jump"
TILE_PIXELS = 96
FILES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "pgm", "ppm", "pnm", "avif"]
OFF = 0.99
"""Share of held-out images that must fit better before an image is called far off."""


def wanted(shown: Sequence[ShownModel]) -> tuple[str, Latent] | None:
    """The latent that somebody asked to go to."""
    jump = st.session_state.get(JUMP)
    if jump is None:
        return None
    token, key, z, label = jump
    for source, each in enumerate(shown):
        if each.key == key:
            return token, Latent(tuple(z), label, source)
    return None


def render(lab: ReadOnlyLab, shown: Sequence[ShownModel]) -> None:
    """Choose a file, and see what each model makes of it; nothing where what they learned is no picture itself."""
    if not all(kinds.get(lab.runs.read(each.run).kind()).pixels for each in shown):
        return
    st.markdown("## Your own image")
    if not may_change(lab):
        st.caption("This lab is read-only and takes no images. Start genlab without `--read-only` to place your own.")
        return
    left, right = st.columns([1, 2])
    with left:
        file = st.file_uploader("A picture", type=FILES, key="latent/file")
        invert = st.toggle(
            "Swap dark and light",
            help="For ink on paper where the data are light on dark, as MNIST's digits are.",
            key="latent/invert",
        )
    with right:
        if file is None:
            st.caption(
                "It is cut to its centre square and made as small as the model's images. Then you see where it lands, "
                "its reconstruction, which training images are nearest, and whether the model can generate such an "
                "image at all."
            )
            return
        for each in shown:
            _one(lab, each, file.getvalue(), invert)


def _one(lab: ReadOnlyLab, each: ShownModel, content: bytes, invert: bool) -> None:
    try:
        image = lab.latents.fit_image(each.run, content, invert=invert)
        found = lab.latents.placement(each.run, image, None, each.request)
    except GenlabError as error:
        show_error(error)
        return
    digest = hashlib.sha256(image).hexdigest()[:12]
    key = f"latent/place/{each.key}/{digest}"
    st.markdown(f"**{plain(called(each.run))}**")
    if found is not None:
        _found(each, found, key)
        return
    st.image(png_bytes(enlarge(Image.open(io.BytesIO(image)), 4)), caption="as the model sees it", width=TILE_PIXELS)
    job = lab.jobs.under_way("place", [each.run.id])
    if not show_job(lab, key, job):
        st.button(
            "Find its place",
            icon=":material/my_location:",
            type="primary",
            key=f"{key}/start",
            disabled=not may_change(lab),
            on_click=start,
            args=(key, lambda: changing(lab).latents.start_placement(each.run, image, None, each.request)),
        )


def _found(each: ShownModel, found: Mapping[str, Any], key: str) -> None:
    tiles = _tiles(Path(found["picture"]), 2 + len(found["neighbours"]))
    names = ["yours", "reconstruction", *(f"{name} {d:.1f}" for name, d in _neighbours(found))]
    with st.container(horizontal=True):
        for tile, name in zip(tiles, names, strict=False):
            st.image(tile, caption=plain(name), width=TILE_PIXELS)
    st.markdown(verdict(found))
    with st.container(horizontal=True):
        st.button(
            "Go there",
            icon=":material/my_location:",
            help="Sets the sliders to its code.",
            key=f"{key}/go",
            on_click=_go,
            args=(each.key, tuple(found["z"]), found["label"]),
        )
        near = _on_map(each, found["neighbours"])
        st.button(
            "Show its neighbours on the map",
            icon=":material/select_all:",
            help="Selects the nearest training images, as far as they are on the map.",
            disabled=not len(near),
            key=f"{key}/near",
            on_click=_show,
            args=(each.key, near),
        )


def verdict(found: Mapping[str, Any]) -> str:
    """How far off the manifold an image is, in a sentence."""
    share, relative = float(found["percentile"]), float(found["relative"])
    words = (
        f"Its residual is {found['residual']:.4f}, {relative:.1f} times that of a typical held-out image; the model "
        f"reconstructs {share:.0%} of held-out images better than this one."
    )
    if share >= OFF:
        return (
            f"**Off the manifold:** {words} Its reconstruction is the nearest image that the model can generate, not "
            "your image."
        )
    if share >= 0.9:
        return f"**At the edge:** {words}"
    return f"**On the manifold:** {words}"


def _neighbours(found: Mapping[str, Any]) -> list[tuple[str, float]]:
    names = found["neighbour_classes"] or ["training"] * len(found["neighbours"])
    return list(zip(names, found["distances"], strict=True))


def _tiles(path: Path, columns: int) -> list[bytes]:
    """The pictures of a row, each enlarged by a whole factor."""
    try:
        sheet = load_picture(path)
    except InputError:
        return []
    side = max(1, sheet.width // columns)
    parts = [sheet.crop((k * side, 0, (k + 1) * side, sheet.height)) for k in range(columns)]
    return [png_bytes(enlarge(part, max(1, 2 * TILE_PIXELS // side))) for part in parts]


def _on_map(each: ShownModel, neighbours: Sequence[int]) -> np.ndarray:
    """Items of the exploration that these training images are: held-out images come first there."""
    part = each.found.part("data")
    if part.start == part.stop:
        return np.empty(0, np.int64)
    held_out = int((each.found.attribute("split")[part] == 0).sum())
    items = np.asarray(neighbours, np.int64) + held_out
    found: np.ndarray = items[items < part.stop]
    return found


def _go(key: str, z: tuple[float, ...], label: int | None) -> None:
    number = int(st.session_state.get("latent/jumped", 0)) + 1
    st.session_state["latent/jumped"] = number
    st.session_state[JUMP] = (f"jump-{number}", key, z, label)


def _show(key: str, items: np.ndarray) -> None:
    number = int(st.session_state.get("latent/selected", 0)) + 1
    st.session_state["latent/selected"] = number
    st.session_state[SELECT] = (f"near-{number}", {key: items})
