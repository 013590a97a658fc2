"""The size that pictures are stored at, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.config import DataConfig
from genlab.datasets.foreign._size import choose_size, size_notes
from genlab.datasets.foreign.importer import add, preview
from genlab.datasets.store import prepare


@pytest.mark.parametrize(
    ("sides", "size", "kept"),
    [
        ([(32, 16)] * 3, None, (16, 32)),
        ([(8, 24)] * 3, None, (24, 8)),
        ([(640, 480)] * 3, None, (48, 64)),
        ([(640, 480)] * 3, 128, (96, 128)),
        ([(640, 480), (640, 480), (100, 100)], 64, (48, 64)),
        ([(512, 16)] * 2, 64, (8, 64)),
        ([(28, 28)] * 2, None, (28, 28)),
    ],
)
def test_pictures_that_are_kept_have_the_proportions_of_most(sides, size, kept) -> None:  # type: ignore[no-untyped-def]
    assert choose_size(sides, size, "keep") == kept


@pytest.mark.parametrize(
    ("sides", "fit", "kept"),
    [
        ([(128, 128)] * 3, "crop", 128),
        ([(129, 129)] * 3, "crop", 64),
        ([(8, 8)] * 3, "crop", 8),
        ([(30, 28)] * 3, "crop", 28),
        ([(30, 28)] * 3, "pad", 28),
        ([(40, 30)] * 3, "pad", 40),
        ([(8, 5)] * 3, "crop", 8),
    ],
)
def test_squares_are_as_large_as_the_pictures_fill_them(sides, fit, kept) -> None:  # type: ignore[no-untyped-def]
    assert choose_size(sides, None, fit) == (kept, kept)
    assert choose_size(sides, 24, fit) == (24, 24)


def test_the_largest_pictures_that_keep_their_size_have_128_px() -> None:
    assert choose_size([(128, 64)] * 2, None, "keep") == (64, 128)
    assert choose_size([(129, 64)] * 2, None, "keep") == (32, 64)


def test_what_was_done_is_said() -> None:
    assert size_notes([(32, 16)] * 2, None, (16, 32), "keep") == ()
    assert size_notes([(640, 480)] * 2, 64, (48, 64), "keep") == (
        "Pictures of 640 × 480 px were resized to 64 × 48 px.",
    )
    (padded,) = size_notes([(640, 480)] * 2, 64, (64, 64), "pad")
    assert padded == "Pictures of 640 × 480 px were given a border and resized to 64 × 64 px."
    (note,) = size_notes([(640, 480), (100, 100)], None, (48, 64), "keep")
    assert note == (
        "Pictures of 2 different sizes were cut to their centre in the proportions 64 : 48 and resized to 64 × 48 px "
        "(size chosen automatically)."
    )


def test_an_import_keeps_them_and_the_preview_says_so(tmp_path: Path, stores: Path, source) -> None:  # type: ignore[no-untyped-def]
    root = tmp_path / "wide"
    root.mkdir()
    items = np.random.default_rng(0).integers(0, 256, (20, 16, 32), np.uint8)
    for number, item in enumerate(items):
        Image.fromarray(item).save(root / f"{number:02}.png")
    shown = preview(root, fit="keep")
    assert shown.size == (16, 32) and shown.thumbnails.shape == (20, 16, 32, 1) and shown.notes == ()
    info = add(root, "wide", stores, fit="keep")
    assert info.shape == (1, 16, 32) and info.notes == ()
    data = prepare(DataConfig(name="wide"), stores, source)
    back = np.argsort(np.concatenate([data.origin("train"), data.origin("test")]))
    np.testing.assert_array_equal(data.stored_items()[back, 0], items)
    assert prepare(DataConfig(name="wide", size=16), stores, source).info.shape == (1, 8, 16)
    assert add(root, "square", stores).shape == (1, 16, 16)
