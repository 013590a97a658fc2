"""What codes tell: probes, disentanglement, directions of classes, and errors of reconstruction."""

from __future__ import annotations

import numpy as np

from genlab.errors import InputError
from genlab.latent.directions import Direction, DirectionInputs, find
from genlab.matches.measures.subject import SEED, Array, Subject
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Codes, Evidence, Measured
from genlab.verdicts.measures import MEASURES

PROBES = {"codes_linear": "linear_probe", "codes_knn": "knn_probe", "codes_mig": "mig", "codes_dci": "dci"}
"""Measure -> the metric that computes it, here from the same number of codes in every family."""

ERRORS = {
    "reconstruction_error": "own",
    "pass_error": "pass",
    "steps_error": "steps",
    "inversion_error": "inverted",
}
"""Measure -> way of coding whose errors it is."""

SECONDS = {"pass_seconds": "pass", "steps_seconds": "steps", "inversion_seconds": "inverted"}
"""Measure -> way of coding whose time it is."""

RANDOM_DIRECTIONS = 4_000


def probes(subject: Subject) -> dict[str, Measured]:
    """Metrics of codes, from the same images in every family."""
    held_out, train = subject.held_out, subject.train
    codes = Codes(held_out.codes, None, train.codes, train.items.labels)
    evidence = Evidence(
        held_out.items, held_out.items, train.items, subject.classes, codes=codes, factors=subject.factors or None
    )
    found = {}
    for measure, metric in PROBES.items():
        spec = METRICS.get(metric)
        found[measure] = spec.measure(evidence, spec.Options(), np.random.default_rng([SEED, 3]))
    return found


def class_directions(subject: Subject) -> list[Direction]:
    """The direction towards each class, from codes of training images.

    Raises:
        InputError: Where there are no classes, or too few images of them.
    """
    train = subject.train
    if train.items.labels is None:
        raise InputError("The data have no classes.", "Take data with classes.")
    about = DirectionInputs(codes=train.codes, classes=train.items.labels, seed=SEED)
    return find("class", about)


def alignment(subject: Subject, directions: list[Direction]) -> dict[str, Measured]:
    """How well the directions part classes, and how much of each lies along one latent dimension.

    A direction counts as far as it parts its class from the rest, by what its balanced accuracy exceeds chance
    (Youden's J): that of codes which know nothing of classes lies anywhere.
    """
    accuracies = np.array([direction.strength for direction in directions])
    spread = subject.train.codes.astype(np.float64).std(axis=0)
    # In units of the codes' own spread: a dimension without any cannot carry a direction.
    shares = np.array([largest_share(direction.vector * spread) for direction in directions])
    shares *= (2 * accuracies - 1).clip(0)
    n = len(subject.train.codes)
    return {
        "class_directions": Measured(float(accuracies.mean()), *clipped(of_mean(accuracies), (0, 1)), n=n),
        "class_alignment": Measured(float(shares.mean()), *clipped(of_mean(shares), (0, 1)), n=n),
    }


def random_alignment(dimensions: int) -> float:
    """Expected share of a random direction that lies along its strongest dimension."""
    rng = np.random.default_rng([SEED, 5])
    return float(np.mean([largest_share(rng.standard_normal(dimensions)) for _ in range(RANDOM_DIRECTIONS)]))


def largest_share(vector: Array) -> float:
    """Share of the squared length of ``vector`` [D] in its largest coordinate."""
    squared = np.asarray(vector, dtype=np.float64) ** 2
    return float(squared.max() / squared.sum()) if squared.any() else 0.0


def reconstruction(subject: Subject) -> dict[str, Measured]:
    """Errors of held-out images by effort, the same in every family and the model's own way, with what it takes."""
    found = {}
    for measure, way in ERRORS.items():
        errors = subject.errors[way]
        low, high = clipped(of_mean(errors), MEASURES[measure].limits)
        found[measure] = Measured(float(errors.mean()), low, high, n=len(errors), detail={"items": errors})
    found["code_seconds"] = Measured(subject.seconds, n=len(subject.errors["own"]))
    for measure, way in SECONDS.items():
        found[measure] = Measured(subject.took[way], n=len(subject.errors[way]))
    return found
