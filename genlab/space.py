"""The space a model's data live in: their kind, shape and scale; and noise for its items. No torch at import.

Public values are what `genlab.kinds` says of the kind: images in [0, 1] with shape [C, H, W], points in the data's own
coordinates with shape [2]. Networks see them centred (`centre`), and what a decoder puts out becomes data again by
`activate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Protocol

from genlab import kinds

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.kinds.base import KindSpec

PICTURE_REACH = 2.5
"""A picture of points shows this many scales in each direction, so that the pictures of a run can be compared."""


class Random(Protocol):
    """Noise for one step, reproducible from (seed, step) and the same however many processes share the batch."""

    def normal(self, *shape: int) -> Tensor:
        """Standard normal noise; the first dimension counts samples of this process."""
        ...

    def uniform(self, *shape: int) -> Tensor:
        """Uniform noise in [0, 1); the first dimension counts samples of this process."""
        ...


@dataclass(frozen=True)
class Space:
    """Kind, shape and number of classes of the data a model is built for.

    Attributes:
        kind: Name of the kind of data, e.g. ``"images"``.
        shape: Shape of one item, e.g. ``(C, H, W)``.
        classes: Number of classes the model is told about; 0 when it is unconditional.
        scale: Standard size of a value where a kind has no bounds; networks see such ``x / scale``.
        symbols: What the numbers of an item stand for, where the kind has symbols.
    """

    kind: str
    shape: tuple[int, ...]
    classes: int = 0
    scale: float = 1.0
    symbols: tuple[str, ...] = ()

    @cached_property
    def spec(self) -> KindSpec:
        """What depends on the kind.

        Raises:
            InputError: When the kind is not registered here.
        """
        return kinds.get(self.kind, self.symbols)

    @property
    def size(self) -> int:
        """Number of values of one item."""
        return prod(self.shape)

    @property
    def span(self) -> float:
        """Range of a public value where it has bounds, else its standard size."""
        bounds = self.spec.bounds
        return self.scale if bounds is None else float(bounds[1] - bounds[0])

    def centre(self, x: Tensor) -> Tensor:
        """Data as networks see it: images in [-1, 1], points divided by their scale."""
        return self.spec.centre(x, self.scale)

    def activate(self, raw: Tensor) -> Tensor:
        """A decoder's raw output as data: a sigmoid for images, multiplication by the scale for points."""
        return self.spec.activate(raw, self.scale)

    def clip(self, x: Tensor) -> Tensor:
        """Data cut to the bounds of its kind, where there are any."""
        if self.spec.bounds is None:
            return x
        low, high = self.spec.bounds
        return x.clamp(low, high)
