"""What the 2-D data sets share: options, chunks, and drawing from a mixture of Gaussians."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import Extent, Mixture, Raw, RawData, Source
from genlab.options import Options, setting

COUNT = 100_000
"""Training points by default, as in PacGAN's experiments (Lin et al., 2018)."""

TEST_PART = 5
"""One test point is drawn for this many training points."""

TRAIN, TEST = 0, 1
"""Random streams of the two parts."""


class PointOptions(Options):
    """How many points, drawn how."""

    count: int = setting(COUNT, "training points; a fifth as many are drawn for testing", ge=100, le=5_000_000)
    seed: int = setting(0, "seed of the draw", ge=0, le=2**31 - 1, advanced=True)


class NoisyOptions(PointOptions):
    """The same for points scattered about a curve."""

    noise: float = setting(0.03, "standard deviation of the scatter about the curve", ge=0, le=1)


Draw = Callable[[int, np.random.Generator, Any], Raw]
"""``draw(count, rng, options)``: that many points."""


def extent(options: PointOptions) -> Extent:
    """Counts that these options ask for."""
    return Extent((2,), options.count, options.count // TEST_PART)


def points(draw: Draw, scale: float, class_names: tuple[str, ...] | None = None) -> Callable[[Source, Any], RawData]:
    """A spec's ``load`` that draws both parts independently.

    Args:
        draw: Draws points and, where there are any, labels and factors.
        scale: About the standard deviation of a coordinate; networks see points divided by it.
        class_names: Names of the labels.
    """
    return partial(_load, draw, scale, class_names)


def _load(draw: Draw, scale: float, class_names: tuple[str, ...] | None, source: Source, options: Any) -> RawData:
    wanted = extent(options)

    def part(count: int, stream: int) -> Iterator[Raw]:
        yield draw(count, np.random.default_rng([options.seed, stream]), options)

    return RawData(part(wanted.train, TRAIN), part(wanted.test, TEST), class_names, scale=scale)


def mixture_scale(mixture: Mixture) -> float:
    """Root mean square of a coordinate of a mixture centred at the origin."""
    return float(np.sqrt(np.mean(mixture.means**2) + mixture.sd**2))


def from_mixture(mixture: Callable[[Any], Mixture]) -> Draw:
    """Draws from a mixture; the label is the mode."""

    def draw(count: int, rng: np.random.Generator, options: Any) -> Raw:
        modes = mixture(options)
        labels = rng.integers(len(modes.means), size=count)
        return Raw(points32(modes.means[labels] + modes.sd * rng.standard_normal((count, 2))), labels)

    return draw


def points32(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Points as they are stored."""
    return np.ascontiguousarray(points, np.float32)


def numbered(count: int, word: str) -> tuple[str, ...]:
    """Class names such as ``"mode 1"``."""
    return tuple(f"{word} {number}" for number in range(1, count + 1))
