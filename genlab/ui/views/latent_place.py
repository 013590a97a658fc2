"""Latent: an item of one's own: where it lands, what the model makes of it, what it is near to, how far off it is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from genlab import kinds
from genlab.datasets.foreign.single import FittedItem, unpacked
from genlab.errors import GenlabError, InputError
from genlab.exploration.exploration_request import beside
from genlab.kinds._media import speaks
from genlab.kinds.base import KindSpec
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import called
from genlab.presentation.pictures import enlarge, native_sheet, png_bytes
from genlab.presentation.words import plain
from genlab.store.pictures import load_picture
from genlab.ui.components.explorer import Latent
from genlab.ui.shell import changing, may_change, show_error
from genlab.ui.views import _items, own_items
from genlab.ui.views.latent_groups import SELECT
from genlab.ui.views.latent_shown import ShownModel
from genlab.ui.views.working import show_job, start

JUMP = "latent/jump"
TILE_PIXELS = 96
OFF = 0.99
"""Share of held-out items that must fit better before an item is called far off."""


@dataclass(frozen=True)
class Chosen:
    """What a person has chosen to be placed.

    Attributes:
        key: Tells it apart from what was chosen before.
        name: Its file's name; empty for what was typed.
        content: The file, or the text that was typed.
        invert: Whether dark and light change places.
    """

    key: str
    name: str
    content: bytes | str
    invert: bool = False


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
    """Choose a file, or type a text, and see what each model makes of it; a part for each kind of data."""
    by_kind: dict[str, list[ShownModel]] = {}
    for each in shown:
        by_kind.setdefault(lab.runs.read(each.run).kind(), []).append(each)
    for name, members in by_kind.items():
        if kinds.get(name).from_files:
            _of_kind(lab, members)


def _of_kind(lab: ReadOnlyLab, shown: Sequence[ShownModel]) -> None:
    kind = _kind(lab, shown[0])
    st.markdown(f"## Your own {kind.one}")
    if not may_change(lab):
        st.caption(
            f"This lab is read-only and takes no {kind.many}. Start genlab without `--read-only` to place your own."
        )
        return
    left, right = st.columns([1, 2])
    with left:
        chosen = _choose(lab, kind, shown[0])
    with right:
        if chosen is None:
            words = (
                f"{kind.fits} Then you see where it lands, its reconstruction, which training {kind.many} are nearest, "
                "and whether the model can generate anything like it at all."
            )
            st.caption(words.strip())
            return
        for each in shown:
            _one(lab, each, chosen)


def _kind(lab: ReadOnlyLab, each: ShownModel) -> KindSpec:
    """The kind of a model's data, with its symbols."""
    return kinds.of(lab.runs.read(each.run).environment().get("space"))


def _choose(lab: ReadOnlyLab, kind: KindSpec, each: ShownModel) -> Chosen | None:
    typed = ""
    if kind.typed:
        typed = st.text_input(
            f"Type a {kind.one}",
            placeholder=own_items.example(lab, lab.runs.read(each.run)) or None,
            max_chars=1_000,
            key=f"latent/typed/{kind.name}",
        ).strip()
    file = st.file_uploader(
        own_items.file_label(kind),
        type=own_items.endings(kind),
        max_upload_size=own_items.MOST_MIB,
        key=f"latent/file/{kind.name}",
    )
    invert = own_items.invert(kind, f"latent/invert/{kind.name}")
    if typed:
        return Chosen(typed, "", typed)
    return None if file is None else Chosen(file.file_id, file.name, file.getvalue(), invert)


@st.cache_data(max_entries=32, show_spinner="Reading it")
def _fitted(
    _lab: ReadOnlyLab, workspace: str, run: str, key: str, name: str, invert: bool, _content: bytes | str
) -> FittedItem:
    return _lab.latents.fit(run, _content, name, invert=invert)


def _one(lab: ReadOnlyLab, each: ShownModel, chosen: Chosen) -> None:
    st.markdown(f"**{plain(called(each.run))}**")
    try:
        about = (str(lab.workspace.path), each.run.id, chosen.key, chosen.name, chosen.invert)
        item = _fitted(lab, *about, chosen.content)
        found = lab.latents.placement(each.run, item.content, None, each.request)
    except GenlabError as error:
        show_error(error)
        return
    key = f"latent/place/{each.key}/{hashlib.sha256(item.content).hexdigest()[:12]}"
    if item.notes:
        st.caption(plain(" ".join(item.notes)))
    if found is not None:
        _found(lab, each, found, key)
        return
    _seen(lab, each, item, key)
    job = lab.jobs.under_way("place", [each.run.id])
    if not show_job(lab, key, job):
        st.button(
            "Find its place",
            icon=":material/my_location:",
            type="primary",
            key=f"{key}/start",
            disabled=not may_change(lab),
            on_click=start,
            args=(key, lambda: changing(lab).latents.start_placement(each.run, item.content, None, each.request)),
        )


def _seen(lab: ReadOnlyLab, each: ShownModel, item: FittedItem, key: str) -> None:
    """The item as the model sees it."""
    kind, words = _kind(lab, each), "as the model sees it"
    if kind.pixels:
        st.image(png_bytes(enlarge(Image.open(io.BytesIO(item.content)), 4)), caption=words, width=TILE_PIXELS)
        return
    shape = tuple(lab.runs.read(each.run).environment()["space"]["shape"])
    public = unpacked(item.content, kind, shape)[None]
    if not _items.of_items(f"{key}/seen", kind, public, [words]):
        st.image(native_sheet(kind.tiles(public), 1), caption=words, width=2 * TILE_PIXELS)


def _found(lab: ReadOnlyLab, each: ShownModel, found: Mapping[str, Any], key: str) -> None:
    kind = _kind(lab, each)
    names = ["yours", "reconstruction", *(f"{name} {d:.1f}" for name, d in _neighbours(found))]
    _row(lab, each, kind, Path(found["picture"]), names, key)
    st.markdown(verdict(found, kind))
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
            help=f"Selects the nearest training {kind.many}, as far as they are on the map.",
            disabled=not len(near),
            key=f"{key}/near",
            on_click=_show,
            args=(each.key, near),
        )


def _row(lab: ReadOnlyLab, each: ShownModel, kind: KindSpec, picture: Path, names: Sequence[str], key: str) -> None:
    """The item, its reconstruction and its neighbours: heard, watched or read where they can be."""
    directory = lab.runs.read(each.run)
    shape = tuple(directory.environment()["space"]["shape"])
    if speaks(kind, shape):
        columns = beside(kind, shape, len(names))
        grid = {"columns": columns, "rows": len(names) // columns}
        if _items.of_sheet(f"{key}/items", lab.workspace, directory, picture, grid, labels=names):
            return
    with st.container(horizontal=True):
        for tile, name in zip(_tiles(picture, len(names)), names, strict=False):
            st.image(tile, caption=plain(name), width=TILE_PIXELS)


def verdict(found: Mapping[str, Any], kind: KindSpec) -> str:
    """How far off the manifold an item is, in a sentence."""
    share, relative = float(found["percentile"]), float(found["relative"])
    words = (
        f"Its residual is {found['residual']:.4f}, {relative:.1f} times that of a typical held-out {kind.one}; the "
        f"model reconstructs {share:.0%} of held-out {kind.many} better than this one."
    )
    if share >= OFF:
        return (
            f"**Off the manifold:** {words} Its reconstruction is the nearest {kind.one} that the model can generate, "
            f"not your {kind.one}."
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
    """Items of the exploration that these training items are: held-out ones come first there."""
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
