from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.presentation.tiles import arranged, as_png


@pytest.fixture
def sheet(tmp_path):
    """A sheet whose tile (row, column) has the grey value 16 * row + column."""

    def make(columns: int, rows: int, side: int = 8):
        values = np.array([[16 * r + c for c in range(columns)] for r in range(rows)], np.uint8)
        path = tmp_path / "sheet.png"
        Image.fromarray(values.repeat(side, 0).repeat(side, 1)).save(path)
        return path, {"columns": columns, "rows": rows}

    return make


def grey(picture: Image.Image, side: int = 8) -> np.ndarray:
    return np.asarray(picture.convert("RGBA"))[::side, ::side, 0]


def test_pairs_stay_together(sheet):
    picture = arranged(*sheet(10, 2), "reconstructions", 3)
    assert picture.width == 5 * 8 and picture.height > 4 * 8
    pixels = np.asarray(picture.convert("RGBA"))
    assert list(pixels[0, ::8, 0]) == [0, 1, 2, 3, 4]
    assert list(pixels[8, ::8, 0]) == [16, 17, 18, 19, 20]
    assert pixels[17, 0, 3] == 0
    assert list(pixels[-1, ::8, 0]) == [21, 22, 23, 24, 25]
    assert arranged(*sheet(10, 2), "neighbours", 2).width == 10 * 8


def test_ways_turn_where_columns_are_narrow(sheet):
    assert grey(arranged(*sheet(10, 4), "ways", 2)).shape == (4, 10)
    turned = grey(arranged(*sheet(10, 4), "ways", 6))
    assert turned.shape == (10, 4) and list(turned[0]) == [0, 16, 32, 48]


def test_narrow_columns_show_fewer_and_larger_samples(sheet):
    assert grey(arranged(*sheet(6, 6), "samples", 2)).shape == (6, 6)
    assert grey(arranged(*sheet(6, 6), "samples", 6)).shape == (4, 4)


def test_a_single_picture_stays_as_it_is(sheet):
    assert arranged(*sheet(1, 1, 40), "samples", 6).size == (40, 40)


def test_pixels_stay_squares(sheet):
    content = as_png(arranged(*sheet(6, 6), "samples", 2), 200)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.width >= 200 and picture.width % 48 == 0


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(InputError, match="missing or damaged"):
        arranged(tmp_path / "none.png", {"columns": 2, "rows": 2}, "samples", 1)
