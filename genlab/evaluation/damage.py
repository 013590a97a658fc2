"""Known damage done to real items, to see which metrics notice: the sabotage contract and the break-it sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.kinds._symbols import END, numbers, one_hot
from genlab.kinds.base import as_public
from genlab.metrics.base import Damage

Images = NDArray[np.float32]
Labels = NDArray[np.int64]

FILM = 5
"""Axes of a set of films [n, C, T, H, W]."""


@dataclass(frozen=True)
class RealSets:
    """Real items: those to be damaged, and those that damage takes from.

    Attributes:
        reference: The real items that the damaged set will be compared with, float32 [n, ...].
        fresh: Other real items, to be damaged, float32 [m, ...].
        fresh_labels: Their classes int64 [m]; None where there are none.
        train: Training items float32 [k, ...].
        train_labels: Their classes.
        spare: Real items float32 [l, ...] that no metric sees otherwise, to draw from where items of certain classes
            are wanted; those of ``train`` would count as memorised too.
        spare_labels: Their classes.
        kind: The kind of data that they are.
    """

    reference: Images
    fresh: Images
    fresh_labels: Labels | None
    train: Images
    train_labels: Labels | None
    spare: Images | None = None
    spare_labels: Labels | None = None
    kind: str = kinds.USUAL

    @property
    def pool(self) -> tuple[Images, Labels]:
        """Items and classes to choose classes from: the spare ones, else the training items."""
        items, labels = (self.train, self.train_labels) if self.spare is None else (self.spare, self.spare_labels)
        assert labels is not None
        return items, labels


@dataclass(frozen=True)
class Kind:
    """One kind of damage.

    Attributes:
        title: A name a person reads.
        summary: What is done, with what ``strength`` from 0 (nothing) to 1 means.
        apply: ``apply(real, strength, rng) -> (items, labels)``.
        labelled: Whether it needs classes.
    """

    title: str
    summary: str
    apply: Callable[[RealSets, float, np.random.Generator], tuple[Images, Labels | None]]
    labelled: bool = False


def _mixed(
    real: RealSets, other: Images, labels: Labels | None, share: float, rng: np.random.Generator
) -> tuple[Images, Labels | None]:
    """The fresh items with a ``share`` of them replaced by random ones of ``other``."""
    items = real.fresh.copy()
    classes = None if real.fresh_labels is None else real.fresh_labels.copy()
    replaced = rng.permutation(len(items))[: round(share * len(items))]
    # Without repetition where there are enough, so that a copied set is the set itself.
    chosen = rng.permutation(len(other))[: len(replaced)] if len(other) >= len(replaced) else None
    if chosen is None:
        chosen = rng.integers(len(other), size=len(replaced))
    items[replaced] = other[chosen]
    if classes is not None and labels is not None:
        classes[replaced] = labels[chosen]
    return items, classes


def _identical(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    items, _ = _mixed(real, real.reference, None, strength, rng)
    return items, None


def _fresh(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    return real.fresh, real.fresh_labels


def _one_image(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    labels = None if real.fresh_labels is None else real.fresh_labels[:1]
    return _mixed(real, real.fresh[:1], labels, strength, rng)


def _one_class(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    items, labels = real.pool
    of_class = labels == labels.min()
    return _mixed(real, items[of_class], labels[of_class], strength, rng)


def _half_classes(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    assert real.fresh_labels is not None
    others, classes = real.pool
    names = np.unique(classes)
    gone = names[: int(strength * len(names) / 2)]
    lost, kept = np.isin(real.fresh_labels, gone), np.flatnonzero(~np.isin(classes, gone))
    items, labels = real.fresh.copy(), real.fresh_labels.copy()
    chosen = rng.choice(kept, size=int(lost.sum()), replace=int(lost.sum()) > len(kept))
    items[lost], labels[lost] = others[chosen], classes[chosen]
    return items, labels


def _blurred(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    """Blur along all axes of an item but that of its channels."""
    width = strength * real.fresh.shape[-1] / 14
    return kinds.get(real.kind).blurred(real.fresh, width, max(1, real.fresh.ndim - 2)), real.fresh_labels


def _noisy(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    bounds = kinds.get(real.kind).bounds
    spread = strength * (float(real.fresh.std()) if bounds is None else 0.5 * (bounds[1] - bounds[0]))
    noisy = real.fresh + spread * rng.standard_normal(real.fresh.shape, dtype=np.float32)
    return (noisy if bounds is None else noisy.clip(*bounds)), real.fresh_labels


def _shuffled(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    assert real.fresh_labels is not None
    labels = real.fresh_labels.copy()
    moved = rng.permutation(len(labels))[: round(strength * len(labels))]
    labels[moved] = labels[rng.permutation(moved)]
    return real.fresh, labels


def _memorised(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    return _mixed(real, real.train, real.train_labels, strength, rng)


def _frozen(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    """A share of the films stand still at a random frame."""
    if real.fresh.ndim < FILM:
        return real.fresh, real.fresh_labels
    items = real.fresh.copy()
    for item in _chosen(len(items), strength, rng):
        items[item] = items[item][:, [rng.integers(items.shape[2])]]
    return items, real.fresh_labels


def _shuffled_frames(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    """A share of the films show their frames in random order."""
    if real.fresh.ndim < FILM:
        return real.fresh, real.fresh_labels
    items = real.fresh.copy()
    for item in _chosen(len(items), strength, rng):
        items[item] = items[item][:, rng.permutation(items.shape[2])]
    return items, real.fresh_labels


def _chosen(count: int, share: float, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.permutation(count)[: round(share * count)]


def _silenced(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    """A share of the sounds [n, 1, bands, frames] are silent."""
    if "silenced" not in kinds.get(real.kind).damages:
        return real.fresh, real.fresh_labels
    items = real.fresh.copy()
    items[_chosen(len(items), strength, rng)] = 0
    return items, real.fresh_labels


def _raised(real: RealSets, strength: float, rng: np.random.Generator) -> tuple[Images, Labels | None]:
    """The bands of sounds [n, 1, bands, frames], of which the first is the highest, stand higher."""
    by = round(strength * real.fresh.shape[2] / 8) if "raised" in kinds.get(real.kind).damages else 0
    if not by:
        return real.fresh, real.fresh_labels
    items = np.zeros_like(real.fresh)
    items[:, :, :-by] = real.fresh[:, :, by:]
    return items, real.fresh_labels


Rows = NDArray[np.int64]


def _reworded(
    real: RealSets, change: Callable[[Rows, np.random.Generator], Rows], strength: float, rng: np.random.Generator
) -> tuple[Images, Labels | None]:
    """The fresh texts [n, V, L], the symbols [k] of a share of them changed."""
    if "symbols" not in kinds.get(real.kind).gives:
        return real.fresh, real.fresh_labels
    rows, length = numbers(real.fresh), real.fresh.shape[2]
    for at in rng.permutation(len(rows))[: round(strength * len(rows))]:
        kept = rows[at][rows[at] != END]
        if len(kept) > 1:
            changed = change(kept, rng)[:length]
            rows[at] = np.pad(changed, (0, length - len(changed)), constant_values=END)
    return as_public(one_hot(rows, real.fresh.shape[1])), real.fresh_labels


def _dropped(row: Rows, rng: np.random.Generator) -> Rows:
    return np.delete(row, rng.integers(len(row)))


def _repeated(row: Rows, rng: np.random.Generator) -> Rows:
    at = rng.integers(len(row))
    return np.insert(row, at, row[at])


def _reordered(row: Rows, rng: np.random.Generator) -> Rows:
    return rng.permutation(row)


DAMAGES: Mapping[Damage, Kind] = {
    "fresh": Kind("Nothing", "other real items, untouched", _fresh),
    "identical": Kind("The very same", "a share of the items are those that they are compared with", _identical),
    "one_image": Kind("One image", "a share of the items are copies of one", _one_image),
    "one_class": Kind("One class", "a share of the items are of one class", _one_class, labelled=True),
    "half_classes": Kind("Half the classes", "up to half the classes are dropped", _half_classes, labelled=True),
    "blurred": Kind("Blurred", "Gaussian blur, up to a fourteenth of the width", _blurred),
    "noisy": Kind("Noisy", "Gaussian noise, up to half the range of grey", _noisy),
    "shuffled_labels": Kind("Shuffled labels", "a share of the classes are exchanged", _shuffled, labelled=True),
    "memorised": Kind("Memorised", "a share of the items are training items", _memorised),
    "frozen": Kind("Frozen", "a share of the films stand still at one of their frames", _frozen),
    "shuffled_frames": Kind("Shuffled frames", "a share of the films show their frames in any order", _shuffled_frames),
    "dropped_words": Kind(
        "Dropped words",
        "a share of the texts lack one symbol",
        lambda real, strength, rng: _reworded(real, _dropped, strength, rng),
    ),
    "repeated_words": Kind(
        "Repeated words",
        "a share of the texts say one symbol twice",
        lambda real, strength, rng: _reworded(real, _repeated, strength, rng),
    ),
    "shuffled_words": Kind(
        "Shuffled words",
        "a share of the texts have their symbols in random order",
        lambda real, strength, rng: _reworded(real, _reordered, strength, rng),
    ),
    "silenced": Kind("Silence", "a share of the sounds are silent", _silenced),
    "raised": Kind("Higher pitch", "sounds are higher, by up to an eighth of their bands", _raised),
}
"""Every kind of damage; ``DAMAGES[name].apply(real, strength, rng)``."""
