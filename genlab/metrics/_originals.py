"""Training pictures that generated ones may be copies of, also where those are moved by a pixel or flipped.

How near a picture is to a training picture depends on where it lies: a plain one, or a blurred one, is near to many. A
copy is near to one. So distances are told as a share of that to a further training picture (the ratio test of Lowe,
Distinctive image features from scale-invariant keypoints, 2004, section 7.1).
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from genlab.metrics._neighbours import nearest

Singles = NDArray[np.float32]
Reference = weakref.ref[NDArray[Any]]

SHIFT = 1
"""Pixels by which a copy may be moved, along each axis."""

SIDE = 32
"""Larger pictures are averaged down to about this side; a pixel is one of these."""

SMALLEST = 8
"""Pixels of the shorter side below which pictures are not compared place by place."""

COARSE, BLUR = 14, 1.5
"""Side, and blur in pixels, of the small pictures that candidates are looked for with: a shift hardly shows there."""

CANDIDATES = 24
"""Training pictures that are compared with each picture place by place, and as many with its mirror image."""

BESIDE = 10
"""The further training item: the tenth, because data may hold a few that are nearly the same."""

ROWS = 64
KEPT = 6
"""Answers that are remembered."""


@dataclass(frozen=True)
class Near:
    """The training item nearest to each of n items.

    Attributes:
        ratio: Its distance over that of the `BESIDE`-th nearest [n]: 0 for a copy, about 1 for what is near to many.
        position: Its position among the training items, int64 [n].
    """

    ratio: NDArray[np.float64]
    position: NDArray[np.int64]


def in_features(features: NDArray[np.floating], train: NDArray[np.floating]) -> Near:
    """The nearest of the training ``train`` [N, d] to each of ``features`` [n, d]."""
    distances, positions = nearest(features, train, BESIDE)
    return Near(_ratios(distances), positions[:, 0])


def in_pixels(images: NDArray[Any], train: NDArray[Any]) -> Near:
    """The nearest of the pictures ``train`` [N, C, H, W] to each of ``images`` [n, C, H, W]; see `Originals`.

    The answer is remembered as long as both arrays live, because every model of a data set is compared with the same.
    """
    with _lock:
        for items, others, kept in _answers:
            if items() is images and others() is train:
                return kept
        known = next((originals for others, originals in _laid_out if others() is train), None)
    originals = known or Originals(train)
    answer = originals.nearest(images)
    with _lock:
        _laid_out[:] = [(weakref.ref(train), originals)]
        _answers.append((weakref.ref(images), weakref.ref(train), answer))
        del _answers[:-KEPT]
    return answer


_answers: list[tuple[Reference, Reference, Near]] = []
_laid_out: list[tuple[Reference, Originals]] = []
_lock = threading.Lock()


class Originals:
    """Training pictures, laid out for the search.

    Args:
        images: [N, C, H, W], as stored or public, of at least `SMALLEST` pixels a side.
        candidates: Training pictures that each picture is compared with place by place; at least `BESIDE`.
        thorough: Whether flips are looked for, and candidates at several shifts: it takes eight times as long.
    """

    def __init__(self, images: NDArray[Any], candidates: int = CANDIDATES, *, thorough: bool = True) -> None:
        self._count, self._thorough = min(candidates, len(images)), thorough
        self._images = _small(images)
        self._coarse = _coarse(self._images)
        self._lengths = np.einsum("ij,ij->i", self._coarse, self._coarse)

    def nearest(self, images: NDArray[Any]) -> Near:
        """The nearest training picture to each of ``images`` [n, C, H, W], moved by up to `SHIFT` and flipped or not.

        What a shift brings into view is left out of the comparison, so that a copy that was moved is at distance 0.
        """
        items = _small(images)
        ratio, position = np.empty(len(items)), np.empty(len(items), dtype=np.int64)
        for start in range(0, len(items), ROWS):
            rows = slice(start, start + ROWS)
            views = (items[rows], items[rows][..., ::-1]) if self._thorough else (items[rows],)
            found = [self._compared(view) for view in views]
            distances, places = _distinct(*(np.concatenate(parts, axis=1) for parts in zip(*found, strict=True)))
            ratio[rows] = _ratios(distances[:, : min(BESIDE, len(self._images))])
            position[rows] = places[:, 0]
        return Near(ratio, position)

    def _compared(self, items: Singles) -> tuple[Singles, NDArray[np.int64]]:
        """Distances [n, c] of ``items`` to their candidates, each at its best shift, and the candidates' positions."""
        away = self._away(items)
        chosen: NDArray[np.int64] = np.argpartition(away, self._count - 1, axis=1)[:, : self._count].astype(np.int64)
        best = np.full(chosen.shape, np.inf, dtype=np.float32)
        inner, others = _inside(items, 0, 0)[:, None], self._images[chosen]
        steps = range(-SHIFT, SHIFT + 1)
        for down, across in ((down, across) for down in steps for across in steps):
            difference = inner - _inside(others, down, across)
            np.minimum(best, np.einsum("nkchw,nkchw->nk", difference, difference), out=best)
        return np.sqrt(best), chosen

    def _away(self, items: Singles) -> Singles:
        """Squared distances [n, N] of small blurred pictures, at the best of shifts by half a pixel along both axes.

        None of the shifts by `SHIFT` is further from one of those than half a pixel along each axis.
        """
        best: Singles | None = None
        padded = np.pad(items, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
        rows = padded[:, :, 1:] + padded[:, :, :-1]
        between: Singles = np.asarray((rows[..., 1:] + rows[..., :-1]) / 4, dtype=np.float32)
        halves = (between[:, :, down:, across:] for down in (0, 1) for across in (0, 1))
        for view in halves if self._thorough else (items,):
            small = _coarse(view[:, :, : items.shape[2], : items.shape[3]])
            away = np.einsum("ij,ij->i", small, small)[:, None] - 2 * small @ self._coarse.T
            best = away if best is None else np.minimum(best, away)
        assert best is not None
        found: Singles = best + self._lengths
        return found


def _ratios(distances: NDArray[np.floating]) -> NDArray[np.float64]:
    """The first of ``distances`` [n, k], nearest first, over the last; 0 for a copy of many."""
    last = distances[:, -1].astype(np.float64)
    found: NDArray[np.float64] = np.divide(distances[:, 0], last, out=np.zeros(len(last)), where=last > 0)
    return found


def _distinct(distances: Singles, places: NDArray[np.int64]) -> tuple[Singles, NDArray[np.int64]]:
    """Both [n, k] with the nearest first; what was found at a place twice comes last, infinitely far, the second time.

    The nearer one of the two stays.
    """
    order = np.lexsort((distances, places), axis=1)
    distances, places = np.take_along_axis(distances, order, axis=1), np.take_along_axis(places, order, axis=1)
    distances[:, 1:][places[:, 1:] == places[:, :-1]] = np.inf
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(distances, order, axis=1), np.take_along_axis(places, order, axis=1)


def _inside(images: Singles, down: int, across: int) -> Singles:
    """The part of ``images`` [..., H, W] that stays in view however they are moved, after they are moved so far."""
    height, width = images.shape[-2:]
    return images[..., SHIFT + down : height - SHIFT + down, SHIFT + across : width - SHIFT + across]


def _small(images: NDArray[Any]) -> Singles:
    """Public values of ``images`` [n, C, H, W], averaged down where they are large."""
    values = np.asarray(images, dtype=np.float32)
    if images.dtype.kind in "ui":
        values = values / np.float32(np.iinfo(images.dtype).max)
    return _pooled(values, round(max(values.shape[2:]) / SIDE))


def _coarse(values: Singles) -> Singles:
    """Blurred and averaged down to about `COARSE` pixels a side, as vectors [n, d]."""
    for axis in (2, 3):
        values = gaussian_filter1d(values, BLUR, axis=axis)
    return _pooled(values, round(max(values.shape[2:]) / COARSE)).reshape(len(values), -1)


def _pooled(values: Singles, factor: int) -> Singles:
    """Means of squares of ``factor`` pixels; what does not fill a square is cut off."""
    count, channels, height, width = values.shape
    factor = max(1, min(factor, height, width))
    rows, columns = height // factor, width // factor
    squares = values[:, :, : rows * factor, : columns * factor]
    found: Singles = squares.reshape(count, channels, rows, factor, columns, factor).mean(axis=(3, 5))
    return found
