"""AuthPct: a generated item that is closer to a training item than any other training item is may be a copy of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._resample import of_mean
from genlab.metrics._training import nearest_training, own_distance
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated items whose nearest training item has a nearer neighbour among the training items.

    What is far from everything counts as authentic too: read it beside the share of held-out items, in ``held_out``.
    """
    assert evidence.train is not None
    train = evidence.train.features
    if len(train) < 2:
        return Measured(None, why="It takes at least two training items.")
    shares = []
    for items in (evidence.fake, evidence.real):
        distances, positions = nearest_training(items.features, train)
        shares.append(own_distance(train, positions) < distances)
    authentic, held_out = shares
    low, high = of_mean(authentic)
    detail = {"held_out": float(held_out.mean()), "authentic": authentic}
    return Measured(float(authentic.mean()), low, high, n=len(authentic), detail=detail)


SPEC = MetricSpec(
    title="AuthPct",
    summary="Share of generated items that are no closer to a training item than training items are to each other",
    paper="Alaa et al., How Faithful is your Synthetic Data?, 2022, section 3.2",
    group="memorisation",
    needs=("features", "train"),
    better="up",
    limits=(0, 1),
    minimum=100,
    compute=compute,
    notices=("memorised",),
    ignores=("identical", "shuffled_labels"),
)
