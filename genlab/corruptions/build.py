"""What corruptions are made of: what is measured of an item, the way back to one, and noise. Pure functions of tensors.

All are differentiable in the items, so that a restoration can descend on the difference from what was measured.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod

import torch
from torch import Tensor
from torch.nn import functional as F

from genlab.kinds.base import Shape
from genlab.space import Random, Space

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601), as where colour pictures are stored as grey ones."""


@dataclass(frozen=True)
class Operator(ABC):
    """What is measured of items, noise aside.

    Attributes:
        item: Shape of an item.
    """

    item: Shape

    @property
    def shape(self) -> Shape:
        """Shape of one item's measurement."""
        return self.item

    @abstractmethod
    def __call__(self, x: Tensor) -> Tensor:
        """Measurements [n, *self.shape] of items [n, *self.item]."""

    @abstractmethod
    def as_items(self, y: Tensor) -> Tensor:
        """Measurements [n, *self.shape] as items [n, *self.item] that have them; what is lost is filled in."""

    def rows(self, index: Tensor) -> Operator:
        """The same of the items ``index`` only, which may repeat; itself where all items are measured alike."""
        return self

    def to(self, device: torch.device | str) -> Operator:
        """The same for items on a device."""
        return self

    def known(self) -> Tensor | None:
        """1 where a value of the measurement says something of its item and 0 elsewhere; None where all of them do."""
        return None


@dataclass(frozen=True)
class Untouched(Operator):
    """Every value as it is."""

    def __call__(self, x: Tensor) -> Tensor:
        """The items."""
        return x

    def as_items(self, y: Tensor) -> Tensor:
        """The measurements."""
        return y


@dataclass(frozen=True)
class Masked(Operator):
    """Some values are lost: they are measured as 0, and shown as ``fill``.

    Attributes:
        kept: 1 where a value is kept, else 0: [n, *item], where axes may be 1.
        fill: What is shown in place of a lost value.
    """

    kept: Tensor
    fill: float = 0.0

    def __call__(self, x: Tensor) -> Tensor:
        """The items with 0 in place of lost values."""
        return x * self.kept

    def as_items(self, y: Tensor) -> Tensor:
        """The measurements with ``fill`` in place of lost values."""
        return y * self.kept + self.fill * (1 - self.kept)

    def rows(self, index: Tensor) -> Masked:
        """The masks of the items ``index``."""
        return replace(self, kept=self.kept[index])

    def to(self, device: torch.device | str) -> Masked:
        """The masks on a device."""
        return replace(self, kept=self.kept.to(device))

    def known(self) -> Tensor:
        """The masks."""
        return self.kept


@dataclass(frozen=True)
class BlockMeans(Operator):
    """Means of blocks of ``factor`` × ``factor`` values, at an edge of what there is.

    Attributes:
        factor: Side of a block.
    """

    factor: int

    @property
    def shape(self) -> Shape:
        """[C, ⌈H / factor⌉, ⌈W / factor⌉]."""
        channels, *sides = self.item
        return (channels, *(-(-side // self.factor) for side in sides))

    def __call__(self, x: Tensor) -> Tensor:
        """The mean of each block."""
        return F.avg_pool2d(x, self.factor, ceil_mode=True)

    def as_items(self, y: Tensor) -> Tensor:
        """Each mean in all places of its block."""
        larger = y.repeat_interleave(self.factor, -2).repeat_interleave(self.factor, -1)
        return larger[..., : self.item[1], : self.item[2]]


@dataclass(frozen=True)
class Luma(Operator):
    """Grey of colour, items of three channels."""

    @property
    def shape(self) -> Shape:
        """[1, H, W]."""
        return (1, *self.item[1:])

    def __call__(self, x: Tensor) -> Tensor:
        """The luma of each pixel."""
        return (x * x.new_tensor(LUMA).view(3, 1, 1)).sum(1, keepdim=True)

    def as_items(self, y: Tensor) -> Tensor:
        """The luma in all three channels."""
        return y.expand(-1, 3, -1, -1)


@dataclass(frozen=True)
class Sums(Operator):
    """Weighted sums of all values, with the same weights for every item.

    Attributes:
        matrix: The weights [m, D], D the number of values of an item.
        inverse: Its pseudo-inverse [D, m].
    """

    matrix: Tensor
    inverse: Tensor

    @property
    def shape(self) -> Shape:
        """[m]."""
        return (self.matrix.shape[0],)

    def to(self, device: torch.device | str) -> Sums:
        """The weights on a device."""
        return replace(self, matrix=self.matrix.to(device), inverse=self.inverse.to(device))

    def __call__(self, x: Tensor) -> Tensor:
        """The sums."""
        return F.linear(x.flatten(1), self.matrix.to(x.device))

    def as_items(self, y: Tensor) -> Tensor:
        """The items of least norm that have these sums."""
        return F.linear(y, self.inverse.to(y.device)).view(len(y), *self.item)


@dataclass(frozen=True)
class Measuring:
    """What happens to certain items, with all that is random in it.

    Attributes:
        operator: What is measured of them.
        noise: What is added to the measurements, [n, *operator.shape]; None for nothing.
    """

    operator: Operator
    noise: Tensor | None = None

    @property
    def shape(self) -> Shape:
        """Shape of one item's measurement."""
        return self.operator.shape

    def __call__(self, x: Tensor) -> Tensor:
        """What is left of items [n, *item]: measurements [n, *self.shape], noise included."""
        y = self.operator(x)
        return y if self.noise is None else y + self.noise

    def exact(self, x: Tensor) -> Tensor:
        """What would be left without the noise, for candidates that are compared with a measurement."""
        return self.operator(x)

    def as_items(self, y: Tensor) -> Tensor:
        """Measurements as items [n, *item], as networks and people see what is left; not cut to the bounds."""
        return self.operator.as_items(y)

    def misfit(self, x: Tensor, y: Tensor) -> Tensor:
        """Mean squared difference [n] of what is measured of candidates ``x`` from ``y``; lost values do not count."""
        squared, known = (self.operator(x) - y).square().flatten(1), self.operator.known()
        if known is None:
            return squared.mean(1)
        weights = known.expand(len(squared), *self.shape).flatten(1)
        return (squared * weights).sum(1) / weights.sum(1).clamp(min=1)

    def rows(self, index: Tensor) -> Measuring:
        """The same for the items ``index`` [k] only, which may repeat, as for several attempts at one item."""
        return Measuring(self.operator.rows(index), None if self.noise is None else self.noise[index])

    def to(self, device: torch.device | str) -> Measuring:
        """The same on a device."""
        return Measuring(self.operator.to(device), None if self.noise is None else self.noise.to(device))


def masked(space: Space, kept: Tensor) -> Masked:
    """Items of which only some values are kept, such as a picture that somebody has painted on.

    Args:
        space: Kind and shape of the items.
        kept: 1 (or True) where a value is kept, else 0: [n, *shape], where axes may be 1.
    """
    spec, bounds = space.spec, space.spec.bounds
    # Where nothing is known of a symbol, each is as likely as any other.
    middle = 1 / space.shape[0] if "symbols" in spec.gives else 0.0 if bounds is None else (bounds[0] + bounds[1]) / 2
    return Masked(space.shape, kept.float(), middle)


def noisy(operator: Operator, sigma: float, strength: Tensor, space: Space, rng: Random) -> Measuring:
    """A measurement with normal noise.

    Args:
        operator: What is measured.
        sigma: Standard deviation of the noise at strength 1, as a share of the range of values.
        strength: Strength for each item [n].
        space: Kind and shape of the items.
        rng: Where noise comes from; not asked where there is none.
    """
    if not sigma:
        return Measuring(operator)
    noise = rng.normal(len(strength), *operator.shape)
    noise = noise * (space.span * sigma * strength).to(noise.device).view(-1, *(1 for _ in operator.shape))
    known = operator.known()
    return Measuring(operator, noise if known is None else noise * known)


@lru_cache(maxsize=4)
def gaussian_sums(measurements: int, item: Shape, seed: int) -> Sums:
    """Sums with independent normal weights of variance 1 / ``measurements`` (Bora et al. 2017, section 6.1.1)."""
    drawn = torch.randn(measurements, prod(item), generator=torch.Generator().manual_seed(seed))
    matrix = drawn / measurements**0.5
    base, mixing = torch.linalg.qr(matrix.T)
    return Sums(item, matrix, torch.linalg.solve_triangular(mixing.T, base, upper=False, left=False))
