"""Grids put every image where it belongs; points are drawn where they are."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image

from genlab.models.picture import draw, draw_beside, draw_grid, draw_points
from genlab.space import Space


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_tiles_stand_row_by_row_without_gaps():
    images = torch.arange(6).view(6, 1, 1, 1).expand(6, 1, 2, 3) / 255
    sheet = _pixels(draw_grid(images, columns=3))
    assert sheet.shape == (4, 9)
    assert [[sheet[2 * r, 3 * c] for c in range(3)] for r in range(2)] == [[0, 1, 2], [3, 4, 5]]


def test_colour_channels_stay_apart():
    images = torch.zeros(1, 3, 2, 2)
    images[0, 1] = 1
    assert _pixels(draw_grid(images, 1))[0, 0].tolist() == [0, 255, 0]


def test_sets_stand_beside_each_other_item_by_item():
    sets = [torch.full((4, 1, 2, 2), shade / 255) for shade in (10, 20, 30)]
    png, columns, rows = draw_beside(sets, Space("images", (1, 2, 2)))
    assert (columns, rows) == (3, 4)
    assert _pixels(png)[:, ::2].tolist() == [[10, 20, 30]] * 8


def test_of_dots_the_second_set_is_drawn():
    given, made = torch.zeros(5, 2), torch.ones(5, 2)
    png, columns, rows = draw_beside([given, made], Space("points", (2,), scale=2.0))
    assert (columns, rows) == (1, 1) and png == draw_points(made, 2.0)


def test_an_incomplete_last_row_is_black():
    png, columns, rows = draw(torch.ones(5, 1, 2, 2), Space("images", (1, 2, 2)))
    assert (columns, rows) == (3, 2)
    assert _pixels(png)[2:, 4:].max() == 0


def test_points_are_dark_where_they_are_and_up_is_up():
    picture = _pixels(draw_points(torch.tensor([[0.0, 1.0], [0.0, 1.0]]), scale=1.0))
    y, x = np.unravel_index(picture.argmin(), picture.shape)
    assert abs(x - 128) <= 1
    assert y < 128
    assert picture[200, 20] == 255


def test_points_outside_the_picture_stand_at_its_edge():
    picture = _pixels(draw_points(torch.tensor([[9.0, 0.0], [0.0, -40.0]]), scale=1.0))
    assert picture[127:129, 255].min() < 255 and picture[255, 127:129].min() < 255


def test_points_that_are_not_numbers_are_not_drawn():
    assert _pixels(draw_points(torch.full((3, 2), float("nan")), 1.0)).min() == 255
