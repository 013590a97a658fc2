"""Ways: ends that are met, lengths that are kept, and vectors between which there is no unique way."""

from __future__ import annotations

import math

import pytest
import torch

from genlab.errors import InputError
from genlab.evaluation import fakes
from genlab.latent.interpolate import lerp, path, sheet, slerp, triangle


def test_a_quarter_turn_at_a_third():
    found = slerp(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]]), 1 / 3)
    torch.testing.assert_close(found, torch.tensor([[math.cos(math.pi / 6), math.sin(math.pi / 6)]]))


def test_lengths_are_interpolated():
    found = slerp(torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 4.0]]), 0.5)
    torch.testing.assert_close(found, torch.tensor([[3 / 2**0.5, 3 / 2**0.5]]))


def test_it_is_the_way_that_metrics_measure():
    a, b, t = torch.randn(20, 8), torch.randn(20, 8), torch.rand(20, 1)
    torch.testing.assert_close(slerp(a, b, t), fakes.slerp(a, b, t), rtol=1e-4, atol=1e-5)


def test_parallel_vectors_are_interpolated_along_their_line():
    a = torch.randn(3, 5)
    torch.testing.assert_close(slerp(a, 3 * a, 0.5), 2 * a)
    torch.testing.assert_close(slerp(a, a, 0.3), a)


@pytest.mark.parametrize("dim", [2, 3, 32])
def test_opposite_vectors_are_joined_by_half_a_circle(dim):
    a = torch.randn(4, dim)
    way = torch.stack([slerp(a, -a, t) for t in (0.0, 0.25, 0.5, 0.75, 1.0)])
    torch.testing.assert_close(way[0], a)
    torch.testing.assert_close(way[-1], -a, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(way.norm(dim=2), a.norm(dim=1).expand(5, -1))
    assert (way[2] * a).sum(dim=1).abs().max() < 1e-4 * a.norm(dim=1).max() ** 2


def test_a_zero_vector_takes_the_direction_of_the_other():
    b = torch.randn(2, 4)
    torch.testing.assert_close(slerp(torch.zeros(2, 4), b, 0.25), b / 4)
    torch.testing.assert_close(slerp(b, torch.zeros(2, 4), 0.25), 0.75 * b)
    assert slerp(torch.zeros(1, 4), torch.zeros(1, 4), 0.5).eq(0).all()


def test_on_a_line_there_is_no_way_round():
    torch.testing.assert_close(slerp(torch.tensor([[1.0]]), torch.tensor([[-3.0]]), 0.5), torch.tensor([[-1.0]]))


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_an_open_path_meets_every_corner(kind):
    corners = torch.randn(3, 6)
    way = path(corners, 4, kind)
    assert way.shape == (9, 6)
    torch.testing.assert_close(way[::4], corners)


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_a_closed_path_comes_back_and_repeats_nothing(kind):
    corners = torch.randn(3, 6)
    way = path(corners, 4, kind, closed=True)
    assert way.shape == (12, 6)
    torch.testing.assert_close(way[::4], corners)
    between = {"linear": lerp, "spherical": slerp}[kind]
    torch.testing.assert_close(way[-1:], between(corners[2:], corners[:1], 0.75), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_a_triangle_has_its_corners_and_rows(kind):
    corners = torch.randn(3, 4)
    rows = triangle(corners, 4, kind)
    assert [len(row) for row in rows] == [1, 2, 3, 4]
    found = torch.stack([rows[0][0], rows[-1][0], rows[-1][-1]])
    torch.testing.assert_close(found, corners, rtol=1e-4, atol=1e-5)


def test_the_middle_of_a_straight_triangle_is_the_mean():
    corners = torch.randn(3, 4)
    torch.testing.assert_close(triangle(corners, 4)[2][1], corners.mean(dim=0))


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_a_sheet_has_its_corners(kind):
    corners = torch.randn(4, 5)
    found = sheet(corners, 3, 4, kind)
    assert found.shape == (3, 4, 5)
    torch.testing.assert_close(torch.stack([found[0, 0], found[0, -1], found[-1, 0], found[-1, -1]]), corners)


def test_the_middle_of_a_straight_sheet_is_the_mean_and_that_of_a_round_one_keeps_its_length():
    corners = torch.randn(4, 5)
    torch.testing.assert_close(sheet(corners, 3, 3)[1, 1], corners.mean(dim=0))
    on_sphere = corners / corners.norm(dim=1, keepdim=True)
    torch.testing.assert_close(sheet(on_sphere, 3, 5, "spherical").norm(dim=2), torch.ones(3, 5))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: path(torch.zeros(1, 4), 5, "linear"), "at least two points"),
        (lambda: path(torch.zeros(2, 4), 0, "linear"), "cannot have"),
        (lambda: path(torch.zeros(2, 4), 3, "bent"), "no interpolation of kind 'bent'"),  # type: ignore[arg-type]
        (lambda: triangle(torch.zeros(4, 4), 3), "needs 3 points, not 4"),
        (lambda: triangle(torch.zeros(3, 4), 1), "has no side"),
        (lambda: sheet(torch.zeros(3, 4), 3, 3), "needs 4 points, not 3"),
        (lambda: sheet(torch.zeros(4, 4), 3, 1), "has no side"),
    ],
)
def test_what_cannot_be_walked_is_refused(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        wrong()
