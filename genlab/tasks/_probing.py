"""How much of the class can be read off representations, with many labels and with few."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlab.tasks.base import TaskCurve, TaskScore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = (10, 100, 1_000)
"""Labels that a probe is given."""

DRAWS = 5
"""Choices of which items have labels."""

NEIGHBOURS = 5

SIZE = 32.0
"""Mean squared length that representations are brought to: then the same penalty weighs alike in all of them, and what
a representation holds to be small stays small, which helps where labels are few."""


@dataclass(frozen=True)
class Represented:
    """The same items, described in one way.

    Attributes:
        train: Of training items [m, d].
        held_out: Of held-out items [n, d].
        queries: Of the items that are drawn [k, d].
    """

    train: NDArray[np.float64]
    held_out: NDArray[np.float64]
    queries: NDArray[np.float64]

    def scaled(self) -> Represented:
        """Around the training items' mean, and in one common scale."""
        import numpy as np

        centre = self.train.mean(axis=0, dtype=np.float64)
        length = float(np.square(self.train - centre).sum(axis=1).mean())
        factor = np.sqrt(SIZE / length) if length > 0 else 1.0
        train, held_out, queries = ((part - centre) * factor for part in (self.train, self.held_out, self.queries))
        return Represented(train, held_out, queries)


@dataclass(frozen=True)
class Classes:
    """Which classes the items are of.

    Attributes:
        train: Of the training items [m].
        held_out: Of the held-out items [n].
    """

    train: NDArray[np.int64]
    held_out: NDArray[np.int64]

    def labelled(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Positions of ``count`` training items, as equally many of each class as there can be."""
        import numpy as np

        order = rng.permutation(len(self.train))
        own = self.train[order]
        rank = np.empty(len(own), dtype=np.int64)
        for label in np.unique(own):
            rows = np.flatnonzero(own == label)
            rank[rows] = np.arange(len(rows))
        return order[np.lexsort((rng.random(len(own)), rank))[:count]]


def probe(train: NDArray[np.float64], labels: NDArray[np.int64], x: NDArray[np.float64]) -> NDArray[np.int64]:
    """Classes [n] of ``x`` [n, d] by a logistic regression (L2, C = 1) that has seen ``train`` [m, d]."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # Nearly there is near enough for an accuracy.
        found: NDArray[np.int64] = LogisticRegression(max_iter=200).fit(train, labels).predict(x)
    return found


def few(of: Represented, classes: Classes, count: int, seed: int) -> TaskScore:
    """Accuracy on held-out items of probes with ``count`` labels each: mean and interval over draws of the labels."""
    import numpy as np

    from genlab.metrics._resample import clipped, of_mean

    present = len(np.unique(classes.train))
    if count < present:
        return TaskScore(None, why=f"{count} labels are fewer than the {present} classes.")
    if count > len(classes.train):
        return TaskScore(None, why=f"There are only {len(classes.train):,} training items.")
    shares = []
    for draw in range(DRAWS):
        rows = classes.labelled(count, np.random.default_rng([seed, count, draw]))
        shares.append(float((probe(of.train[rows], classes.train[rows], of.held_out) == classes.held_out).mean()))
    low, high = clipped(of_mean(np.array(shares)), (0, 1))
    return TaskScore(float(np.mean(shares)), low, high, n=len(classes.held_out))


Accuracies = dict[str, "NDArray[np.bool_] | TaskScore"]
"""Measure -> accuracy over draws of labels, or whether each held-out item [n] is told right."""


def scores(of: Represented, classes: Classes, seed: int, most: int = FEW[-1]) -> Accuracies:
    """With few labels, ``most`` of them at most, and with all of them by a linear and by a neighbours' probe."""
    from genlab.metrics._neighbours import nearest
    from genlab.metrics._probe import vote

    found: Accuracies = {f"labels-{count}": few(of, classes, count, seed) for count in FEW if count <= most}
    _, positions = nearest(of.held_out, of.train, NEIGHBOURS)
    found["neighbours"] = vote(classes.train[positions]) == classes.held_out
    if most >= FEW[-1]:
        found["linear"] = probe(of.train, classes.train, of.held_out) == classes.held_out
    return found


def curve(title: str, found: Accuracies) -> TaskCurve:
    """Accuracy against labels, of what `scores` has found."""
    points = [(count, found.get(f"labels-{count}")) for count in FEW]
    known = [
        (float(count), score.value, score.low, score.high)
        for count, score in points
        if isinstance(score, TaskScore) and score.value is not None and score.low is not None and score.high is not None
    ]
    x, y, low, high = zip(*known, strict=True) if known else ((), (), (), ())
    return TaskCurve(title, x, y, low, high)
