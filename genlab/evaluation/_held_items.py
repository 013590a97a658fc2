"""The held-out items that are followed through a model, and how pictures are written down, for all parts of a flow."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genlab.datasets.store import Dataset
from genlab.kinds.base import as_bytes, as_public
from genlab.models.picture import pictures_of
from genlab.space import Space

ITEMS = 5


@dataclass(frozen=True)
class HeldItems:
    """Held-out items.

    Attributes:
        indices: Their places in the test part.
        items: Public values [n, *shape].
        labels: Class numbers [n], where the data have classes.
        names: Names of the classes.
    """

    indices: list[int]
    items: Tensor
    labels: Tensor | None
    names: Sequence[str]

    def name(self, label: int | None) -> str | None:
        """What a class is called."""
        return None if label is None else self.names[label] if label < len(self.names) else str(label)


def held_out(data: Dataset) -> HeldItems:
    """`ITEMS` held-out items, of as many classes as there are."""
    labels = data.labels("test")
    chosen = list(range(min(ITEMS, len(data.items("test")))))
    if labels is not None:
        firsts = [int(np.flatnonzero(labels == each)[0]) for each in np.unique(labels)]
        spread = [firsts[round(place)] for place in np.linspace(0, len(firsts) - 1, min(ITEMS, len(firsts)))]
        chosen = [*spread, *(place for place in chosen if place not in spread)][:ITEMS]
    items = torch.as_tensor(as_public(data.items("test")[np.array(chosen)]))
    classes = None if labels is None else torch.as_tensor(np.asarray(labels)[chosen]).long()
    return HeldItems(chosen, items, classes, data.info.classes or ())


def told(space: Space, labels: Tensor | None) -> Tensor | None:
    """The classes that a conditional model is told; None for any other."""
    return labels if space.classes else None


def as_pictures(items: Tensor, space: Space) -> list[str]:
    """Pictures of items [n, *shape]: bytes [C, H, W] in base64."""
    return [as_text(picture.tobytes()) for picture in as_bytes(pictures_of(items, space).numpy())]


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode()
