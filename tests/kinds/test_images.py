"""Pictures need not be square; their sides are 8 to 512 px."""

from __future__ import annotations

import numpy as np
import pytest

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import Fitting

IMAGES = kinds.get("images")


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 512, 8), (1, 16, 32), (3, 24, 9)])
def test_any_proportion_is_a_picture(shape: tuple[int, ...]) -> None:
    IMAGES.check(shape)


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ((1, 7, 28), "8 to 512 px, not 7 × 28"),
        ((1, 28, 513), "8 to 512 px, not 28 × 513"),
        ((2, 28, 28), "1 channel or 3, not 2"),
        ((28, 28), "have 3 axes, not 28 × 28"),
        ((), "have 3 axes, not nothing"),
    ],
)
def test_other_shapes_are_refused_with_the_reason(shape: tuple[int, ...], why: str) -> None:
    with pytest.raises(InputError, match=why):
        IMAGES.check(shape)


def test_another_size_keeps_the_proportions() -> None:
    assert IMAGES.resized is not None
    assert IMAGES.resized((1, 16, 32), 64, None) == (1, 32, 64)
    assert IMAGES.resized((3, 24, 8), 12, 1) == (1, 12, 4)
    assert IMAGES.resized((1, 28, 28), 32, None) == (1, 32, 32)
    assert IMAGES.resized((1, 16, 32), None, 3) == (3, 16, 32)


def test_pictures_are_stored_channels_first_and_come_back() -> None:
    items = np.random.default_rng(0).integers(0, 256, (4, 16, 32, 3), np.uint8)
    stored = IMAGES.conform(items, Fitting())
    assert stored.shape == (4, 3, 16, 32) and stored.flags.c_contiguous
    np.testing.assert_array_equal(IMAGES.given(stored), items)
    assert IMAGES.conform(items, Fitting((8, 16), 1)).shape == (4, 1, 8, 16)


def test_words() -> None:
    assert IMAGES.words((1, 16, 32)) == "16 × 32 px, grey"
    assert IMAGES.labelled((3, 24, 8)) == "24 × 8, colour"
    assert IMAGES.heading == "Images"


def test_endings_of_picture_files_are_its_own() -> None:
    assert {".png", ".jpg", ".tga"} <= set(IMAGES.suffixes)
