"""The values themselves, without any encoder: for points, and as a baseline for images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.encoders.base import Encoded, EncoderSpec, EncoderTask


class Pixels:
    """Flattens items."""

    identity = "pixels"
    portion = 8_192

    def __init__(self, dim: int) -> None:
        self.facts: dict[str, Any] = {"dim": dim}

    def __call__(self, items: NDArray[np.float32]) -> Encoded:
        """The values of each item in a row."""
        return Encoded(np.ascontiguousarray(items.reshape(len(items), -1), dtype=np.float32))


def build(task: EncoderTask) -> Pixels:
    """Nothing to train."""
    return Pixels(int(np.prod(task.shape)))


SPEC = EncoderSpec(
    title="Pixels",
    summary="the values themselves; blind to what a picture shows, right for points",
    build=build,
    takes="any",
)
