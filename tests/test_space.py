"""How networks see data, and how their output becomes data again."""

from __future__ import annotations

import torch

from genlab.space import Space


def test_images_are_centred_and_come_back_in_range():
    space = Space("images", (3, 8, 8))
    assert space.size == 192
    assert space.centre(torch.tensor([0.0, 0.5, 1.0])).tolist() == [-1.0, 0.0, 1.0]
    data = space.activate(torch.tensor([-100.0, 0.0, 100.0]))
    assert data.tolist() == [0.0, 0.5, 1.0]


def test_points_are_divided_by_their_scale_and_multiplied_again():
    space = Space("points", (2,), scale=4.0)
    x = torch.tensor([[2.0, -8.0]])
    assert space.size == 2
    assert space.centre(x).tolist() == [[0.5, -2.0]]
    assert torch.equal(space.activate(space.centre(x)), x)
