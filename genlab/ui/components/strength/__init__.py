"""A slider of how far codes are moved: pictures are decoded in the browser while the hand moves, without a rerun."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.ui.components import assets

HTML = '<div class="strength" role="group" aria-label="Strength of the edit"></div>'
STEP = 0.05
"""Of the slider."""


@dataclass(frozen=True)
class Moved:
    """A model whose codes are moved.

    Attributes:
        title: Its label.
        codes: Codes of items, float32 [n, D].
        ways: The way that each is moved along, float32 [n, D]; a strength of 1 is all of it.
        towards: Name of the class that each item is to become [n].
        classes: Number of the class that each is decoded as [n]; None for a model that is told none.
        shape: Of its pictures, (C, H, W).
        images: Its checkpoint, for a server that decodes.
        source: Where its decoder is: addresses ``graph`` and ``weights``, None where there are none, and ``decode``.
    """

    title: str
    codes: NDArray[np.float32]
    ways: NDArray[np.float32]
    towards: tuple[str, ...]
    classes: tuple[int, ...] | None
    shape: tuple[int, int, int]
    images: int
    source: Mapping[str, str | None]

    def document(self) -> dict[str, Any]:
        """What the browser is told."""
        return {
            "title": self.title,
            "dim": self.codes.shape[1],
            "codes": _text(self.codes),
            "ways": _text(self.ways),
            "towards": list(self.towards),
            "classes": None if self.classes is None else list(self.classes),
            "shape": list(self.shape),
            "images": self.images,
            "source": {name: self.source.get(name) for name in ("graph", "weights", "decode")},
        }


def strength(key: str, models: Sequence[Moved], most: float) -> None:
    """Show the items of every model, moved as far as the slider says.

    Args:
        key: Key of the component in the session.
        models: The models, a row each.
        most: Largest strength; the slider begins at 1.
    """
    told = [model.document() for model in models]
    data = {"module": assets.entry("strength"), "models": told, "most": most, "step": STEP}
    assets.component("strength", "The slider", HTML)(key=key, data=data)


def _text(values: NDArray[np.float32]) -> str:
    """Numbers as float32, little-endian, in base64."""
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()
