"""What probes of latent codes share: the codes of training and held-out items in one scale, with their classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured


@dataclass(frozen=True)
class Task:
    """Codes to learn from and to be judged on; each dimension has mean 0 and variance 1 over the training items.

    Attributes:
        train: [m, D].
        train_labels: [m].
        held_out: [n, D].
        labels: [n].
    """

    train: NDArray[np.float64]
    train_labels: NDArray[np.int64]
    held_out: NDArray[np.float64]
    labels: NDArray[np.int64]


def task(evidence: Evidence) -> Task | str:
    """The task, or one sentence on why there is none."""
    codes, labels = evidence.codes, evidence.real.labels
    assert codes is not None
    assert labels is not None
    if codes.train_labels is None:
        return "The classes of the training items are not known."
    if len(np.unique(codes.train_labels)) < 2:
        return "All training items are of one class."
    train = codes.train_mean.astype(np.float64)
    centre, spread = train.mean(axis=0), train.std(axis=0)
    spread[spread == 0] = 1
    held_out = (codes.mean.astype(np.float64) - centre) / spread
    return Task((train - centre) / spread, codes.train_labels, held_out, labels[: len(held_out)])


def vote(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The commonest of the ``classes`` [n, k] of each item's neighbours, nearest first; ties go to the nearer."""
    names, numbered = np.unique(classes, return_inverse=True)
    votes = np.zeros((len(classes), len(names)))
    for rank, column in enumerate(numbered.reshape(classes.shape).T):
        votes[np.arange(len(votes)), column] += 1 - 1e-6 * rank
    chosen: NDArray[np.int64] = names[votes.argmax(axis=1)]
    return chosen


def accuracy(of: Task, predicted: NDArray[np.int64], rng: np.random.Generator) -> Measured:
    """Share of ``predicted`` [n] that are right, with those of each class and of always naming the commonest."""
    right = np.asarray(predicted == of.labels)
    low, high = of_mean(right)
    classes, counts = np.unique(of.labels, return_counts=True)
    detail: dict[str, Any] = {
        "classes": classes,
        "by_class": np.array([right[of.labels == label].mean() for label in classes]),
        "chance": float(counts.max() / counts.sum()),
        "items": right,
    }
    return Measured(float(right.mean()), low, high, n=len(right), detail=detail)
