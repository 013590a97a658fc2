"""How real pictures are: their distance to the nearest real one, in units of what real ones have among themselves.

A hole in the prior, which a walk passes through, is then seen as a hump and not guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from genlab.errors import InputError
from genlab.metrics._neighbours import nearest

Features = Callable[[NDArray[np.float32]], NDArray[np.floating]]
"""Images [n, C, H, W] in [0, 1] -> features [n, d]."""


@dataclass(frozen=True)
class Realism:
    """What was found of n pictures.

    Attributes:
        distance: To the nearest real one, over the median of that distance among real ones, float64 [n]: 1 is as near
            as real images are to each other, 0 is a copy.
        neighbour: Position of that real one, int64 [n].
    """

    distance: NDArray[np.float64]
    neighbour: NDArray[np.int64]


@dataclass(frozen=True)
class RealFeatures:
    """Real features, and how near each is to its nearest fellow.

    Attributes:
        features: [m, d].
        typical: Median distance of a real item to the nearest other one.
    """

    features: NDArray[np.floating]
    typical: float

    @classmethod
    def of(cls, features: NDArray[np.floating]) -> RealFeatures:
        """The reference that real features [m, d] are.

        Raises:
            InputError: When there are fewer than two, or they are copies of each other.
        """
        if len(features) < 2:
            raise InputError(f"{len(features)} real images are too few to compare with.", "Take at least 2.")
        distances, _ = nearest(features, features, 1, same=True)
        typical = float(np.median(distances))
        if typical == 0:
            raise InputError(
                "Half of the real images or more have an exact copy, so that nothing can be near them.",
                "Take a data set without duplicates.",
            )
        return cls(features, typical)

    def judge(self, features: NDArray[np.floating]) -> Realism:
        """How real items with ``features`` [n, d] are."""
        distances, positions = nearest(features, self.features, 1)
        return Realism(distances[:, 0] / self.typical, positions[:, 0])


def realism(images: Tensor, features: Features, reference: RealFeatures) -> Realism:
    """How real ``images`` [n, C, H, W] are (each frame of a walk; its midpoint is frame n // 2).

    Args:
        images: In [0, 1].
        features: What ``reference`` was made with.
        reference: The real ones.
    """
    return reference.judge(features(images.cpu().numpy()))
