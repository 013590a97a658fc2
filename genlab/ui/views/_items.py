"""Items wherever a page shows a sheet of them: heard, watched or read one by one, where their kind can be.

Each function says whether it did; a page draws the sheet as a picture where it did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genlab import kinds
from genlab.datasets.store import Dataset, Split
from genlab.errors import GenlabError
from genlab.kinds._media import media, speaks
from genlab.kinds.base import KindSpec, as_public
from genlab.presentation.pictures import data_uri, native_sheet
from genlab.store import shown
from genlab.store.run import RunReader
from genlab.store.workspace import Workspace
from genlab.ui.components.plates import Plate, Plates, plates
from genlab.ui.views._shared import version_of

FILM_WIDTH, STILL_WIDTH = 120, 110
"""Least width of a film and of a picture, in px."""


def of_data(key: str, dataset: Dataset, split: Split, index: NDArray[np.int64]) -> bool:
    """Items of a data set, by their positions in a part."""
    kind, info = dataset.info.spec, dataset.info
    if not kind.pictured or not speaks(kind, info.shape):
        return False
    items = as_public(np.asarray(dataset.items(split)[index]))
    base, version = f"genlab/media/data/{info.name}/{split}", dataset.fingerprint[:16]
    heard = [f"{base}/{place}?v={version}" if kind.play is not None else None for place in index]
    labels = dataset.labels(split)
    names = info.classes if labels is not None and info.classes else None
    called = ["" if names is None or labels is None else names[labels[place]] for place in index]
    group = _group(kind, items, _texts(kind, items), heard, called)
    _show(key, [group], kind, info.shape)
    return True


def of_sheet(
    key: str,
    workspace: Workspace,
    directory: RunReader,
    path: Path,
    grid: Mapping[str, Any],
    *,
    most: int = 16,
    title: str = "",
    labels: Sequence[str] = (),
) -> bool:
    """Items that are kept beside a sheet of a run; the first ``most`` of them, with what they are called."""
    found = group_of_sheet(workspace, directory, path, grid, most=most, title=title, labels=labels)
    if found is None:
        return False
    kind = kinds.of(directory.environment().get("space"))
    _show(key, [found], kind, _shape(directory))
    return True


def of_sheets(
    key: str, workspace: Workspace, directory: RunReader, sheets: Sequence[tuple[str, Path, Mapping[str, Any], int]]
) -> bool:
    """The same of several: title, path, ``columns`` and ``rows``, and how many items of each."""
    groups = [
        group_of_sheet(workspace, directory, path, grid, most=most, title=title) for title, path, grid, most in sheets
    ]
    known = [group for group in groups if group is not None]
    if not known:
        return False
    _show(key, known, kinds.of(directory.environment().get("space")), _shape(directory))
    return True


def group_of_sheet(
    workspace: Workspace,
    directory: RunReader,
    path: Path,
    grid: Mapping[str, Any],
    *,
    most: int = 16,
    title: str = "",
    labels: Sequence[str] = (),
) -> Plates | None:
    """The items beside one sheet of a run, or of what is known of its data; None where there are none."""
    if not path.with_suffix(".npz").is_file():
        return None
    version = version_of(path.with_suffix(".npz"))
    try:
        kind = kinds.of(directory.environment().get("space"))
        base = f"genlab/media/runs/{shown.place_of(path, directory.path, workspace)}"
        texts = texts_beside(str(path), version, kind.name, tuple(_symbols(directory)), most)
        picture = data_uri(path.read_bytes())
    except (GenlabError, OSError, ValueError):
        return None
    called = dict(enumerate(labels))
    items = [
        Plate(called.get(place, ""), f"{base}/{place}?v={version:x}" if kind.play is not None else None, text)
        for place, text in enumerate(texts)
    ]
    return Plates(picture, int(grid["columns"]), int(grid["rows"]), items, title)


def of_items(key: str, kind: KindSpec, items: NDArray[Any], labels: Sequence[str] = ()) -> bool:
    """A few public items [n, *shape] that are at hand; their sounds go with the page."""
    if not kind.pictured or not len(items) or not speaks(kind, items.shape[1:]):
        return False
    public = as_public(items)
    frames = kind.moving(items.shape[1:])
    heard = [_played(kind, item) if kind.play is not None and frames < 2 else None for item in public]
    _show(key, [_group(kind, public, _texts(kind, public), heard, labels or [""] * len(items))], kind, items.shape[1:])
    return True


@st.cache_data(max_entries=256, show_spinner=False)
def texts_beside(path: str, version: int, kind: str, symbols: tuple[str, ...], most: int) -> list[str | None]:
    """What can be read of the first items beside a sheet; None for each of a kind that cannot be read."""
    items = shown.kept(Path(path))
    return [] if items is None else _texts(kinds.get(kind, symbols), items[:most])


def _texts(kind: KindSpec, items: NDArray[np.float32]) -> list[str | None]:
    return [None if kind.text is None else kind.text(item) for item in items]


def _played(kind: KindSpec, item: NDArray[np.float32]) -> str:
    found = media(kind, item)
    return data_uri(found.content, found.mime)


def _group(
    kind: KindSpec,
    items: NDArray[np.float32],
    texts: Sequence[str | None],
    heard: Sequence[str | None],
    labels: Sequence[str],
) -> Plates:
    tiles = kind.tiles(items)
    columns = max(1, int(np.ceil(np.sqrt(len(tiles)))))
    parts = [Plate(label, play, text) for label, play, text in zip(labels, heard, texts, strict=True)]
    return Plates(data_uri(native_sheet(tiles, columns)), columns, -(-len(tiles) // columns), parts)


def _show(key: str, groups: Sequence[Plates], kind: KindSpec, shape: tuple[int, ...]) -> None:
    frames = kind.moving(shape)
    read = kind.text is not None and kind.play is None and frames < 2
    plates(key, groups, kind.one, frames=frames, read=read, least=FILM_WIDTH if frames > 1 else STILL_WIDTH)


def _shape(directory: RunReader) -> tuple[int, ...]:
    space = directory.environment().get("space") or {}
    return tuple(int(side) for side in space.get("shape") or ())


def _symbols(directory: RunReader) -> list[str]:
    space = directory.environment().get("space") or {}
    return [str(symbol) for symbol in space.get("symbols") or ()]
