"""Images as networks trained on photographs want them: three channels, a fixed size, normalised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genlab.devices import OnDevice
from genlab.encoders.base import Encoded

BATCH = 64
"""Images at a time on the CPU."""

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's channels."""


def in_colour(images: Tensor) -> Tensor:
    """Grey images [n, 1, H, W] with their channel three times; coloured ones as they are."""
    return images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images


def resized(images: Tensor, size: int) -> Tensor:
    """Images [n, C, size, size], enlarged or reduced with an antialiased bicubic filter, in [0, 1]."""
    if tuple(images.shape[-2:]) == (size, size):
        return images
    return nn.functional.interpolate(images, size=(size, size), mode="bicubic", antialias=True).clamp(0, 1)


def normalised(images: Tensor) -> Tensor:
    """Images with ImageNet's mean taken off and divided by its deviation."""
    mean, deviation = (torch.tensor(values, device=images.device).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return (images - mean) / deviation


class Pretrained:
    """A feature encoder around a pretrained network.

    Args:
        identity: Name and version of its weights.
        network: ``network(images [n, C, H, W] in [0, 1]) -> features [n, d]``.
        dim: d.
        weights: The module that ``network`` computes with; it is moved to the device.
    """

    def __init__(self, identity: str, network: Callable[[Tensor], Tensor], dim: int, weights: nn.Module) -> None:
        self.identity, self._network = identity, network
        self.facts: dict[str, Any] = {"dim": dim}
        self._there = OnDevice([weights])
        self.portion = self._there.portion(BATCH)

    @torch.inference_mode()
    def __call__(self, items: NDArray[np.float32]) -> Encoded:
        """Features of images [n, C, H, W] in [0, 1]."""
        found: Tensor = self._there(lambda part: self._network(part).float(), items, size=BATCH)
        return Encoded(found.numpy())
