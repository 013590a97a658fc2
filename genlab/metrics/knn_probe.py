"""Nearest-neighbour probe: whether codes that lie together are of one class."""

from __future__ import annotations

import numpy as np

from genlab.metrics._neighbours import nearest
from genlab.metrics._probe import accuracy, task, vote
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class KnnProbeOptions(Options):
    """Settings of the nearest-neighbour probe."""

    neighbours: int = setting(5, "training items that vote; 1 is the strictest", ge=1, le=100)


def compute(evidence: Evidence, options: KnnProbeOptions, rng: np.random.Generator) -> Measured:
    """Accuracy on held-out items of the vote of the nearest training codes (standardised); ties go to the nearer."""
    found = task(evidence)
    if isinstance(found, str):
        return Measured(None, why=found)
    _, positions = nearest(found.held_out, found.train, options.neighbours)
    return accuracy(found, vote(found.train_labels[positions]), rng)


SPEC = MetricSpec(
    title="Nearest-neighbour probe",
    summary="Accuracy of a majority vote of the nearest training codes",
    paper="Cover and Hart, Nearest neighbor pattern classification, 1967",
    Options=KnnProbeOptions,
    group="latent",
    needs=("codes", "labels"),
    better="up",
    limits=(0, 1),
    ideal=1,
    minimum=100,
    floored=False,
    compute=compute,
)
