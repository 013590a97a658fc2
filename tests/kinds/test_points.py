"""Points in the plane: two coordinates, drawn together."""

from __future__ import annotations

import pytest
import torch

from genlab import kinds
from genlab.errors import InputError

POINTS = kinds.get("points")


def test_points_have_two_coordinates() -> None:
    POINTS.check((2,))
    with pytest.raises(InputError, match="have 2 coordinates, not 3"):
        POINTS.check((3,))
    with pytest.raises(InputError, match="have 1 axis, not 1 × 2"):
        POINTS.check((1, 2))


def test_networks_see_them_divided_by_their_scale() -> None:
    x = torch.tensor([[2.0, -8.0]])
    assert POINTS.centre(x, 4.0).tolist() == [[0.5, -2.0]]
    assert torch.equal(POINTS.activate(POINTS.centre(x, 4.0), 4.0), x)


def test_what_sentences_call_them() -> None:
    assert (POINTS.one, POINTS.many, POINTS.value, POINTS.holding) == (
        "point",
        "points",
        "coordinate",
        "points in the plane",
    )


def test_they_are_dots_without_a_size() -> None:
    assert not POINTS.pictured and POINTS.resized is None and POINTS.bounds is None
    assert POINTS.heading == "Points in the plane"
