"""Distance to the training items: generated ones should be as far from them as held-out ones are."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._means import of_ratio
from genlab.metrics._resample import clipped
from genlab.metrics._training import nearest_training
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean distance of generated items to their nearest training item over that of held-out items."""
    assert evidence.train is not None
    train = evidence.train.features
    fake, positions = nearest_training(evidence.fake.features, train)
    real, _ = nearest_training(evidence.real.features, train)
    if not real.any():
        return Measured(None, why="Every held-out item is itself among the training items.")
    low, high = clipped(of_ratio(fake, real, rng), SPEC.limits)
    return Measured(
        float(fake.mean() / real.mean()),
        low,
        high,
        n=len(fake),
        detail={"fake": fake, "held_out": real, "nearest": positions, "closest": np.argsort(fake)[:12]},
    )


SPEC = MetricSpec(
    title="Nearest training item",
    summary="Distance to the nearest training item, relative to held-out data: below 1 copied or blurred, above 1 "
    "unusual",
    group="memorisation",
    needs=("features", "train"),
    better="none",
    limits=(0, None),
    ideal=1,
    minimum=100,
    compute=compute,
    notices=("memorised",),
    ignores=("identical", "shuffled_labels"),
)
