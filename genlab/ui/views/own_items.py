"""A person's own items on pages: which files of a kind are offered to be chosen, or a text that is typed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab import kinds
from genlab.datasets.foreign.single import MOST_BYTES, unpacked
from genlab.errors import GenlabError
from genlab.kinds.base import KindSpec, as_public
from genlab.lab import ReadOnlyLab
from genlab.presentation.pictures import native_sheet, stills
from genlab.store.run import RunReader

PICTURES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "pgm", "ppm", "pnm", "avif"]
"""Endings of picture files that are offered; more are read."""

MOST_MIB = MOST_BYTES >> 20
"""Size of a file that is taken."""

INVERT = "For ink on paper where the data are light on dark, as MNIST's digits are."


def endings(kind: KindSpec) -> list[str]:
    """Endings of the files of a kind that are offered, without their dot."""
    return PICTURES if kind.pixels else [suffix.removeprefix(".") for suffix in kind.suffixes]


def file_label(kind: KindSpec) -> str:
    """What an uploader of one file is called."""
    return "A picture" if kind.pixels else f"A {kind.one} from a file"


def invert(kind: KindSpec, key: str) -> bool:
    """Whether dark and light are to change places; asked where items have pixels."""
    return kind.pixelled and st.toggle("Swap dark and light", help=INVERT, key=key)


def example(lab: ReadOnlyLab, directory: RunReader) -> str:
    """A held-out item of a run's data, where items can be read and the data are at hand; else ""."""
    try:
        dataset = lab.data.open(directory.config().data)
        kind = kinds.of(directory.environment().get("space"))
        return "" if kind.text is None else kind.text(as_public(dataset.items("test")[0]))
    except (GenlabError, IndexError):
        return ""


@st.cache_data(max_entries=64, show_spinner=False)
def pictures(kind: str, symbols: tuple[str, ...], shape: tuple[int, ...], items: Sequence[bytes]) -> list[bytes]:
    """Items, as placements and tasks take them, as PNG; of a film the first frame.

    Args:
        kind: Name of their kind.
        symbols: What their numbers stand for.
        shape: Shape of an item.
        items: Their contents.
    """
    spec = kinds.get(kind, symbols)
    if spec.pixels:
        return list(items)
    tiles = [stills(spec.tiles(unpacked(item, spec, shape)[None]), spec.moving(shape)) for item in items]
    return [native_sheet(tile, 1) for tile in tiles]
