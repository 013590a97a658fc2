"""A picture of one's own becomes what a model's data look like, or is refused in a sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from genlab.datasets.foreign.single import fit_picture
from genlab.errors import InputError


def _file(array: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, format=kind)
    return buffer.getvalue()


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_one_that_fits_already_stays_as_it_is():
    array = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    assert np.array_equal(_pixels(fit_picture(_file(array), (28, 28), 1)), array)


def test_the_centre_of_a_wide_one_is_kept():
    array = np.zeros((20, 60), np.uint8)
    array[:, 20:40] = 200
    assert np.array_equal(_pixels(fit_picture(_file(array), (20, 20), 1)), np.full((20, 20), 200))


@pytest.mark.parametrize(("channels", "shape"), [(1, (16, 16)), (3, (16, 16, 3))])
def test_colours_become_those_of_the_data(channels: int, shape: tuple[int, ...]):
    colour = np.zeros((32, 32, 3), np.uint8)
    colour[..., 0] = 255
    assert _pixels(fit_picture(_file(colour, "JPEG"), (16, 16), channels)).shape == shape


def test_dark_and_light_change_places():
    assert (_pixels(fit_picture(_file(np.full((8, 8), 255, np.uint8)), (8, 8), 1, invert=True)) == 0).all()


@pytest.mark.parametrize("content", [b"", b"no picture at all", _file(np.zeros((9, 9), np.uint8))[:40]])
def test_what_is_no_picture_is_refused(content: bytes):
    with pytest.raises(InputError, match=r"The picture (is not|is damaged)"):
        fit_picture(content, (8, 8), 1)
