"""DiffAugment: random changes of colour, place and cover, made to real and generated images alike before the critic.

They are differentiable, so the generator learns through them, and drawn per sample. Zhao et al., Differentiable
Augmentation for Data-Efficient GAN Training, 2020.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

GREY = 0.5
"""What lies outside a shifted image and under a cover: the middle of [0, 1], which networks see as 0."""

DRAWS = 7
"""Uniform numbers that one sample needs."""


def augment(images: Tensor, draws: Tensor, policy: frozenset[str]) -> Tensor:
    """Changed images.

    Args:
        images: [B, C, H, W] in [0, 1]; the result may leave the range.
        draws: Uniform numbers [B, 7]: brightness, saturation, contrast, shift y, x, cover y, x.
        policy: Which of ``"colour"``, ``"translation"`` and ``"cutout"`` to make.
    """
    x = images - GREY
    for name, change in _CHANGES.items():
        if name in policy:
            x = change(x, draws)
    return x + GREY


def _colour(x: Tensor, draws: Tensor) -> Tensor:
    """Brightness moves by up to a quarter of the range; saturation times 0 to 2; contrast times 0.5 to 1.5."""
    brightness, saturation, contrast = draws[:, :3, None, None, None].unbind(1)
    x = x + 0.5 * (brightness - 0.5)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (2 * saturation)
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (x - mean) * (contrast + 0.5)


def _translation(x: Tensor, draws: Tensor) -> Tensor:
    """A shift by up to an eighth of the side, in whole pixels."""
    for draw, dim in ((draws[:, 3], 2), (draws[:, 4], 3)):
        side = x.shape[dim]
        reach = round(side / 8)
        shift = (draw * (2 * reach + 1)).long() - reach
        source = torch.arange(side, device=x.device) - shift[:, None]
        shape = [x.shape[0], 1, 1, 1]
        shape[dim] = side
        inside = ((source >= 0) & (source < side)).view(shape)
        x = x.gather(dim, source.clamp(0, side - 1).view(shape).expand_as(x)) * inside
    return x


def _cutout(x: Tensor, draws: Tensor) -> Tensor:
    """A grey square of half the side, anywhere, partly outside too."""
    covered = torch.ones(x.shape[0], 1, 1, 1, dtype=torch.bool, device=x.device)
    for draw, dim in ((draws[:, 5], 2), (draws[:, 6], 3)):
        side = x.shape[dim]
        size = round(side / 2)
        centre = (draw * (side + 1 - size % 2)).long()
        place = torch.arange(side, device=x.device)
        start = centre[:, None] - size // 2
        shape = [x.shape[0], 1, 1, 1]
        shape[dim] = side
        covered = covered & ((place >= start) & (place < start + size)).view(shape)
    return x * ~covered


_CHANGES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "colour": _colour,
    "translation": _translation,
    "cutout": _cutout,
}
