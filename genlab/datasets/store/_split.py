"""Which items are for testing, and in which order the training items are stored.

Both parts are stored shuffled and spread over the classes, so that any beginning of the training part is a fair
sample of it: a limit needs no copy, and reading in blocks sees all classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

BY_CHANCE = (
    "Most classes have too few pictures to be in both parts, so the test part was chosen by chance: some classes have "
    "no picture in the training part."
)
"""What is said of a split that could not be made class by class."""


def held_out_counts(sizes: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """How many items of each class are for testing.

    The total is ``round(sum(sizes) * share)``, given out by largest remainder; a class keeps at least one training
    item, so the total is smaller when there are many classes of one item.

    Args:
        sizes: Items in each class, int64 [K].
        share: Share of the items for testing, 0..1.
    """
    quota = sizes * share
    counts: NDArray[np.int64] = np.minimum(np.floor(quota).astype(np.int64), np.maximum(sizes - 1, 0))
    missing = round(float(sizes.sum()) * share) - int(counts.sum())
    for index in np.argsort(counts - quota, kind="stable"):
        if missing <= 0:
            break
        if counts[index] < sizes[index] - 1:
            counts[index] += 1
            missing -= 1
    return counts


def held_out(sizes: NDArray[np.int64], share: float) -> tuple[int, bool]:
    """How many items are for testing in all, and whether they are chosen class by class.

    Classes of one item give none. Where that leaves fewer than half of the wanted number, items are chosen whatever
    their class, so that a test part is never empty unawares.

    Args:
        sizes: Items in each class, int64 [K].
        share: Share of the items for testing, 0..1.
    """
    wanted, by_class = round(float(sizes.sum()) * share), int(held_out_counts(sizes, share).sum())
    return (by_class, True) if 2 * by_class >= wanted else (wanted, False)


def spread(indices: Indices, labels: NDArray[np.int64] | None, rng: np.random.Generator) -> Indices:
    """``indices`` shuffled such that every beginning holds the classes in proportion (to within one item each)."""
    shuffled = rng.permutation(indices)
    if labels is None or not len(shuffled):
        return shuffled
    own = labels[shuffled]
    by_class = np.argsort(own, kind="stable")
    sizes = np.bincount(own)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    sorted_labels = own[by_class]
    rank = np.arange(len(own)) - starts[sorted_labels]
    position = (rank + 0.5) / sizes[sorted_labels]
    return shuffled[by_class[np.lexsort((rng.random(len(own)), position))]]


def split(labels: NDArray[np.int64] | None, count: int, share: float, seed: int) -> tuple[Indices, Indices]:
    """Indices of training and test items, disjoint and complete, the same for the same seed.

    The test part is chosen class by class where the classes are large enough (`held_out`).

    Args:
        labels: Class numbers int64 [count], or None for one class.
        count: Number of items.
        share: Share of the items for testing.
        seed: Seed of the split.
    """
    rng = np.random.default_rng([seed, 0])
    own = np.zeros(count, np.int64) if labels is None else labels
    if not held_out(np.bincount(own), share)[1]:
        own = np.zeros(count, np.int64)
    wanted = held_out_counts(np.bincount(own), share)
    shuffled = rng.permutation(count)
    test = np.concatenate([shuffled[own[shuffled] == label][:number] for label, number in enumerate(wanted)])
    kept = np.ones(count, bool)
    kept[test] = False
    return spread(np.flatnonzero(kept), labels, rng), spread(np.sort(test), labels, rng)
