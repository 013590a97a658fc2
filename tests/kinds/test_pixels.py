from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from genlab.kinds._pixels import fitted, is_grey, pixels, resize, to_channels

SIDE = st.integers(1, 60)


@settings(deadline=None)
@given(width=SIDE, height=SIDE, size=st.integers(8, 64), fit=st.sampled_from(["crop", "pad"]), grey=st.booleans())
def test_every_picture_becomes_the_square_asked_for(width: int, height: int, size: int, fit: Any, grey: bool) -> None:
    image = Image.new("L" if grey else "RGB", (width, height), 77 if grey else (77, 77, 77))
    out = pixels(fitted(image, (size, size), fit, fill=200))
    assert out.shape == (size, size, 1 if grey else 3)
    inner = max(1, round(width * size / max(width, height))) * max(1, round(height * size / max(width, height)))
    border = 0 if fit == "crop" else size * size - inner
    assert (out[..., 0] == 200).sum() == border
    assert (out[..., 0] == 77).sum() == size * size - border


def test_crop_takes_the_centre_and_pad_keeps_the_ends() -> None:
    wide = np.zeros((8, 24, 3), np.uint8)
    wide[:, :8, 0], wide[:, 8:16, 1], wide[:, 16:, 2] = 255, 255, 255
    image = Image.fromarray(wide)
    np.testing.assert_array_equal(pixels(fitted(image, (8, 8), "crop")), wide[:, 8:16])
    padded = pixels(fitted(image, (24, 24), "pad", fill=9))
    np.testing.assert_array_equal(padded[8:16], wide)
    assert (padded[:8] == 9).all()
    assert (padded[16:] == 9).all()


def test_reduction_averages_and_does_not_skip_pixels() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))[..., None]
    small = resize(stripes[None], (16, 16), "crop")
    assert np.abs(small[0, 2:-2, 2:-2].astype(int) - 128).max() <= 8


def test_grey_is_pillows_luma() -> None:
    items = np.random.default_rng(0).integers(0, 256, (2, 50, 50, 3), dtype=np.uint8)
    for item, grey in zip(items, to_channels(items, 1), strict=True):
        np.testing.assert_array_equal(grey[..., 0], np.asarray(Image.fromarray(item).convert("L")))
    assert to_channels(np.array([[[[255, 0, 0]]]], np.uint8), 1).item() == 76


def test_channels_are_repeated_or_kept() -> None:
    grey = np.arange(4, dtype=np.uint8).reshape(1, 2, 2, 1)
    colour = to_channels(grey, 3)
    assert colour.shape == (1, 2, 2, 3)
    assert is_grey(colour)
    np.testing.assert_array_equal(to_channels(colour, 1), grey)
    assert to_channels(grey, None) is grey


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_one_coloured_pixel_is_colour(channel: int) -> None:
    items = np.full((3, 4, 4, 3), 9, np.uint8)
    assert is_grey(items)
    items[1, 2, 2, channel] = 10
    assert not is_grey(items)
