"""DiffAugment: each change does what it says, per sample, and lets gradients of any order through."""

from __future__ import annotations

import pytest
import torch

from genlab.objectives._augment import DRAWS, augment

ALL = frozenset({"colour", "translation", "cutout"})


def draws(**values: float) -> torch.Tensor:
    """Draws that change nothing, but for the named ones."""
    names = ("brightness", "saturation", "contrast", "down", "right", "cover_y", "cover_x")
    neutral = dict.fromkeys(names, 0.5)
    return torch.tensor([[{**neutral, **values}[name] for name in names]])


def test_neutral_draws_change_nothing() -> None:
    image = torch.rand(1, 3, 16, 16)
    torch.testing.assert_close(augment(image, draws(), frozenset({"colour", "translation"})), image)
    assert torch.equal(augment(image, torch.rand(1, DRAWS), frozenset()), image)


@pytest.mark.parametrize(("down", "right", "dy", "dx"), [(0.0, 0.5, -2, 0), (0.99, 0.5, 2, 0), (0.5, 0.7, 0, 1)])
def test_translation_moves_whole_pixels_and_fills_with_grey(down: float, right: float, dy: int, dx: int) -> None:
    image = torch.zeros(1, 1, 16, 16)
    image[0, 0, 8, 8] = 1
    moved = augment(image, draws(down=down, right=right), frozenset({"translation"}))
    assert moved[0, 0, 8 + dy, 8 + dx] == 1
    assert (moved == 1).sum() == 1
    assert (moved == 0.5).sum() == 16 * (abs(dy) + abs(dx))


def test_cutout_covers_a_quarter_with_grey() -> None:
    covered = augment(torch.ones(1, 3, 16, 16), draws(), frozenset({"cutout"}))
    assert (covered[0, 0, 4:12, 4:12] == 0.5).all()
    assert (covered == 0.5).sum() == 3 * 64


def test_colour_changes_by_hand() -> None:
    image = torch.tensor([0.2, 0.4, 0.9]).view(1, 3, 1, 1).expand(1, 3, 4, 4)
    policy = frozenset({"colour"})
    torch.testing.assert_close(augment(image, draws(brightness=0.9), policy), image + 0.2)
    torch.testing.assert_close(augment(image, draws(saturation=0.0), policy), torch.full_like(image, 0.5))
    torch.testing.assert_close(augment(image, draws(contrast=1.0), policy), 0.5 + 1.5 * (image - 0.5))


def test_each_sample_has_its_own_draws() -> None:
    image = torch.rand(1, 3, 16, 16).repeat(4, 1, 1, 1)
    numbers = torch.rand(4, DRAWS)
    together = augment(image, numbers, ALL)
    alone = torch.cat([augment(image[i : i + 1], numbers[i : i + 1], ALL) for i in range(4)])
    torch.testing.assert_close(together, alone)
    assert not torch.equal(together[0], together[1])


def test_gradients_of_first_and_second_order_are_right() -> None:
    numbers = torch.rand(2, DRAWS, dtype=torch.float64)
    image = torch.rand(2, 3, 4, 4, dtype=torch.float64, requires_grad=True)

    def function(x: torch.Tensor) -> torch.Tensor:
        return augment(x, numbers, ALL).pow(3)

    assert torch.autograd.gradcheck(function, (image,))
    assert torch.autograd.gradgradcheck(function, (image,))
