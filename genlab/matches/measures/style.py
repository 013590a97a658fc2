"""The style of a picture, apart from what it is of: how heavy, where, how large and how slanted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 3.0
"""Standard deviations beyond which a style is only "very"."""

FEWEST = 5
"""Images of a class below which its usual style is not known."""

PICTURE_AXES, FILM_AXES = 4, 5
"""Axes of several pictures and of several films."""

NO_STYLE = "What is kept is told by weight, place, size and slant of what is drawn, which these items do not have."

Array = NDArray[np.float64]


def has_style(items: NDArray[np.float32]) -> bool:
    """Whether items [n, ...] are pictures or films, whose style can be told."""
    return items.ndim in {PICTURE_AXES, FILM_AXES}


def style(images: NDArray[np.float32]) -> Array:
    """Style [n, C + 5] of images [n, C, H, W] or films [n, C, T, H, W] in [0, 1]; a film's is the mean of its frames'.

    Mean of each channel; and of what stands out from the border's grey, as weights: centre, log of the spread to both
    sides, and slant (the correlation of x and y).
    """
    if images.ndim == FILM_AXES:
        return np.asarray(np.mean([style(images[:, :, frame]) for frame in range(images.shape[2])], axis=0))
    values = images.astype(np.float64)
    grey = values.mean(axis=1)
    border = np.concatenate([grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1]], axis=1)
    weight = np.abs(grey - np.median(border, axis=1)[:, None, None]) + 1e-9
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    down, right = (np.linspace(-1, 1, side) for side in grey.shape[1:])
    rows, columns = weight.sum(axis=2), weight.sum(axis=1)
    y, x = rows @ down, columns @ right
    vertical = ((down - y[:, None]) ** 2 * rows).sum(axis=1) + 1e-6
    horizontal = ((right - x[:, None]) ** 2 * columns).sum(axis=1) + 1e-6
    both = np.einsum("nij,ni,nj->n", weight, down - y[:, None], right - x[:, None])
    slant = both / np.sqrt(vertical * horizontal)
    return np.column_stack([values.mean(axis=(2, 3)), x, y, np.log(horizontal) / 2, np.log(vertical) / 2, slant])


class Styles:
    """Style relative to what is usual in each class, so that a slanted 1 and a slanted 5 are alike.

    Args:
        images: Pictures [n, C, H, W] to learn from.
        labels: Their classes [n].
    """

    def __init__(self, images: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        found = style(images)
        every = np.maximum(found.std(axis=0), 1e-6)
        self._usual = {
            int(label): (
                found[labels == label].mean(axis=0),
                np.maximum(found[labels == label].std(axis=0), every / 10),
            )
            for label in np.unique(labels)
            if (labels == label).sum() >= FEWEST
        }

    @property
    def classes(self) -> tuple[int, ...]:
        """Classes whose usual style is known."""
        return tuple(self._usual)

    def __call__(self, images: NDArray[np.float32], labels: NDArray[np.int64]) -> Array:
        """Styles [n, C + 5] of pictures of classes ``labels`` [n], in standard deviations of their class."""
        found = style(images)
        for label in np.unique(labels):
            mean, spread = self._usual[int(label)]
            found[labels == label] = (found[labels == label] - mean) / spread
        return found.clip(-MOST, MOST)
