from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from genlab.presentation.pictures import (
    LINES,
    block,
    cloud,
    corner,
    data_uri,
    factor_for,
    over_data,
    sheet,
    sparkline,
    stills,
    thinned,
)


def opened(content: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture)


@pytest.fixture
def grid(tmp_path):
    tiles = np.arange(12, dtype=np.uint8).reshape(3, 4).repeat(5, 0).repeat(5, 1) * 20
    path = tmp_path / "000000000064.png"
    Image.fromarray(tiles).save(path)
    return path


@pytest.mark.parametrize(
    ("height", "width", "columns", "rows"), [(28, 28, 5, 5), (32, 512, 1, 20), (12, 96, 2, 14), (64, 8, 14, 2)]
)
def test_a_block_of_tiles_is_about_square(height, width, columns, rows):
    assert block(5, height, width) == (columns, rows)
    assert 0.5 < columns * width / (rows * height) < 2


def test_the_corner_of_a_sheet_of_strips_is_a_column_of_them(tmp_path):
    strips = np.arange(6, dtype=np.uint8).reshape(3, 2).repeat(4, 0).repeat(64, 1) * 40
    path = tmp_path / "000000000064.png"
    Image.fromarray(strips).save(path)
    assert opened(corner(path, 2, 3, 4, 1)).shape == (12, 64)


def test_of_films_the_first_frames_stand_side_by_side(tmp_path):
    films = np.arange(12, dtype=np.uint8).reshape(3, 2, 2).repeat(4, 0).repeat(4, 2) * 20
    path = tmp_path / "000000000064.png"
    Image.fromarray(films.reshape(12, 16)).save(path)
    shown = opened(corner(path, 2, 3, 2, 1, frames=2))
    assert shown[::4, ::4].tolist() == [[0, 40], [80, 120]] and shown.shape == (8, 8)
    many = opened(corner(path, 2, 3, 9, 1, frames=2))
    assert many[::4, ::4].tolist() == [[0, 40, 80, 120, 160, 200]]
    tiles = np.zeros((5, 1, 4, 12), np.uint8)
    assert stills(tiles, 3).shape == (5, 1, 4, 4) and stills(tiles, 1).shape == tiles.shape


@pytest.mark.parametrize(("tiles", "columns", "rows"), [(1, 1, 1), (2, 2, 2), (4, 4, 3), (9, 4, 3)])
def test_corner_cuts_whole_tiles(grid, tiles, columns, rows):
    shown = opened(corner(grid, 4, 3, tiles, 1))
    assert shown.shape == (5 * rows, 5 * columns)
    assert shown[0, 0] == 0
    assert shown[-1, -1] == 20 * (4 * (rows - 1) + columns - 1)


def test_corner_of_a_picture_without_tiles_is_the_picture(grid):
    assert opened(corner(grid, 1, 1, 4, 1)).shape == (15, 20)


@pytest.mark.parametrize(("pixels", "wanted", "factor"), [(28, 28, 1), (28, 29, 2), (112, 448, 4), (1, 10_000, 32)])
def test_factors_are_whole_and_bounded(pixels, wanted, factor):
    assert factor_for(pixels, wanted) == factor


@pytest.mark.parametrize("channels", [1, 3])
def test_sheet_keeps_every_pixel_and_draws_lines_between(channels):
    items = np.random.default_rng(0).integers(0, 255, (5, channels, 4, 4), np.uint8)
    shown = opened(sheet(items, 3, 24))
    side = 8 + 3
    assert shown.shape == (2 * side - 3, 3 * side - 3, 4)
    for index, item in enumerate(items):
        top, left = index // 3 * side, index % 3 * side
        assert np.array_equal(shown[top : top + 8 : 2, left : left + 8 : 2, 0], item[0])
    assert tuple(shown[0, 9]) == LINES
    assert shown[-1, -1, 3] == 0


def test_cloud_puts_points_where_they_are():
    points = np.concatenate([np.full((50, 2), [-1.0, 1.0]), np.full((50, 2), [1.0, -1.0])]).astype(np.float32)
    alpha = opened(cloud(points, 64))[..., 3]
    assert alpha[:32, :32].max() > 100
    assert alpha[32:, 32:].max() > 100
    assert alpha[:32, 32:].max() == 0
    assert alpha[32:, :32].max() == 0


def test_cloud_of_one_place_does_not_divide_by_zero():
    assert opened(cloud(np.zeros((10, 2), np.float32), 32))[..., 3].max() > 0


def heights(address: str) -> list[float]:
    svg = base64.b64decode(address.partition(",")[2]).decode()
    points = re.search(r'points="([^"]*)"', svg)
    assert points
    return [float(pair.split(",")[1]) for pair in points[1].split()]


def test_sparkline_fills_its_height_and_higher_is_up():
    assert heights(sparkline([0, 5, 10], "#000000", height=36)) == [34.0, 18.0, 2.0]


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0]])
def test_sparkline_of_little_is_flat(values):
    assert len(set(heights(sparkline(values, "#000000")))) == 1


def test_thinning_keeps_the_mean():
    values = list(range(1_000))
    assert len(thinned(values, 100)) == 100
    assert np.mean(thinned(values, 100)) == pytest.approx(499.5)
    assert thinned([1, 2], 100) == [1, 2]


def test_samples_in_the_plane_stand_in_colour_over_the_data_in_grey():
    samples = Image.new("L", (256, 256), 255)
    samples.putpixel((200, 60), 0)
    picture = over_data(samples, np.array([[-1.0, -1.0], [0.0, 0.0], [9.0, 0.0]]), 2.0, "#D55E00")
    assert picture.mode == "RGBA" and picture.getpixel((10, 10))[3] == 0, "the page's own ground"
    assert picture.getpixel((200, 60)) == (0xD5, 0x5E, 0x00, 255)
    for place in ((64, 192), (128, 128)):
        assert picture.getpixel(place)[:3] == (0x76, 0x76, 0x76) and picture.getpixel(place)[3] > 100
    assert picture.getpixel((255, 128))[3] > 0, "what lies outside stands at the edge"


def test_data_uri_can_be_read_back():
    assert base64.b64decode(data_uri(b"abc").removeprefix("data:image/png;base64,")) == b"abc"
