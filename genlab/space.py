"""The space a model's data live in: images or points in the plane. No torch at import.

Public values are images in [0, 1] with shape [C, H, W], or points in the data's own coordinates with shape [2].
Networks see them centred (`centre`), and what a decoder puts out becomes data again by `activate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

PICTURE_REACH = 2.5
"""A picture of points shows this many scales in each direction, so that the pictures of a run can be compared."""


@dataclass(frozen=True)
class Space:
    """Kind, shape and number of classes of the data a model is built for.

    Attributes:
        kind: ``"images"`` or ``"points"``.
        shape: ``(C, H, W)`` or ``(2,)``.
        classes: Number of classes the model is told about; 0 when it is unconditional.
        scale: Standard size of a coordinate (points only); networks see ``x / scale``.
    """

    kind: Literal["images", "points"]
    shape: tuple[int, ...]
    classes: int = 0
    scale: float = 1.0

    @property
    def size(self) -> int:
        """Number of values of one item."""
        return prod(self.shape)

    def centre(self, x: Tensor) -> Tensor:
        """Data as networks see it: images in [-1, 1], points divided by their scale."""
        return x * 2 - 1 if self.kind == "images" else x / self.scale

    def activate(self, raw: Tensor) -> Tensor:
        """A decoder's raw output as data: a sigmoid for images, multiplication by the scale for points."""
        return raw.sigmoid() if self.kind == "images" else raw * self.scale
