"""1-NN two-sample test: can the nearest other item tell real from generated? At a half it cannot.

Look at both halves of it too: where generated items lie scattered around the real ones, as with noise, the nearest item
is real for both kinds, which is right about all real ones, wrong about all generated ones, and a half in sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics.base import Evidence, Measured, MetricSpec

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Leave-one-out accuracy of the 1-nearest-neighbour classifier of real against generated items.

    Where the nearest real and generated items are equally near, as copies are, it is right by half.
    """
    table = evidence.table
    n = len(table.real)
    real, near_real = _judged(table.within_real, table.real_to_fake)
    fake, near_fake = _judged(table.within_fake, table.fake_to_real)
    # Positions among real and generated items together.
    near = np.concatenate([near_real, (near_fake + n) % (2 * n)])
    right = np.concatenate([real, fake])
    value = float(right.mean())
    interval = resample.of_contributions(value, (paired(right, near),), rng)
    low, high = resample.clipped(interval, SPEC.limits)
    return Measured(value, low, high, n, detail={"real": float(real.mean()), "fake": float(fake.mean())})


def paired(values: Floats, near: Positions) -> Floats:
    """``values`` [n] with both values of mutual nearest neighbours at one of them, because they move together.

    ``near`` [n] is each item's nearest one. The mean is the same.
    """
    own = np.arange(len(near))
    mutual = near[near] == own
    first, second = mutual & (own < near), mutual & (own > near)
    gathered = values.copy()
    gathered[first] += values[near[first]] - values.mean()
    gathered[second] = values.mean()
    return gathered


def _judged(own: tuple[Floats, Positions], other: tuple[Floats, Positions]) -> tuple[Floats, Positions]:
    """How right the nearest neighbour is about each item, and its position; n is added to one of the other kind."""
    own_kind, other_kind = own[0][:, 0], other[0][:, 0]
    right = np.where(own_kind < other_kind, 1.0, np.where(own_kind == other_kind, 0.5, 0.0))
    return right, np.where(own_kind <= other_kind, own[1][:, 0], other[1][:, 0] + len(own_kind))


SPEC = MetricSpec(
    title="1-NN test",
    summary="How often the nearest other item separates real from generated; 0.5 is perfect, lower means copies",
    paper="Lopez-Paz and Oquab, Revisiting Classifier Two-Sample Tests, 2017; Xu et al., An empirical study on "
    "evaluation metrics of generative adversarial networks, 2018",
    group="fidelity",
    better="none",
    limits=(0.0, 1.0),
    ideal=0.5,
    minimum=100,
    quality=True,
    compute=compute,
    notices=("identical", "one_image", "one_class", "half_classes", "blurred"),
    ignores=("memorised", "shuffled_labels"),
)
