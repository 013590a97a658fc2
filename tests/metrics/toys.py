"""Evidence in small: sets of features whose scores are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from genlab.datasets.base import Mixture
from genlab.metrics import REGISTRY
from genlab.metrics.base import WITHHELD, Evidence, Items, Measured

Array = np.ndarray[Any, Any]


def items(features: Any, probabilities: Any = None, images: Any = None) -> Items:
    """Items with these features; their images are empty where nobody looks at them."""
    features = np.asarray(features, dtype=np.float32)
    images = np.zeros((len(features), 1, 1, 1), np.float32) if images is None else np.asarray(images, np.float32)
    return Items(images, features, None if probabilities is None else np.asarray(probabilities, np.float32))


def evidence(real: Any, fake: Any, train: Any = None) -> Evidence:
    """Evidence that has features only."""
    return Evidence(items(real), items(fake), None if train is None else items(train))


def cloud(n: int, dim: int, seed: int, shift: float = 0.0, scale: float = 1.0) -> Array:
    """A Gaussian cloud [n, dim]."""
    return (shift + scale * np.random.default_rng(seed).standard_normal((n, dim))).astype(np.float32)


def classified(labels: Any, classes: int, confidence: float = 0.97, seed: int = 0, spread: float = 1.0) -> Items:
    """Items of ``labels`` of which a classifier is this sure, with features around one centre per class."""
    labels = np.asarray(labels)
    probabilities = np.full((len(labels), classes), (1 - confidence) / (classes - 1))
    probabilities[np.arange(len(labels)), labels] = confidence
    centres = 10 * np.eye(classes)
    noise = np.random.default_rng(seed).standard_normal((len(labels), classes))
    return items(centres[labels] + spread * noise, probabilities)


def points(where: Any) -> Items:
    """Points of the plane."""
    return items(where, images=where)


def ring(modes: int = 4, sd: float = 0.1) -> Mixture:
    """Modes on the axes, 1 away from the middle."""
    angles = 2 * np.pi * np.arange(modes) / modes
    return Mixture(np.stack([np.cos(angles), np.sin(angles)], axis=1).round(12), sd)


def drawn(mixture: Mixture, n: int, seed: int) -> Array:
    """Points [n, 2] of a mixture."""
    rng = np.random.default_rng(seed)
    of = rng.integers(len(mixture.means), size=n)
    return mixture.means[of] + mixture.sd * rng.standard_normal((n, 2))


def measure(name: str, given: Evidence, **options: Any) -> Measured:
    """What the metric says, whatever its minimum."""
    spec = REGISTRY.get(name)
    found = spec.compute(given, spec.Options(**options), np.random.default_rng(0))
    check(found)
    return found


def ask(name: str, given: Evidence) -> Measured:
    """What the metric says, or why not."""
    spec = REGISTRY.get(name)
    found = spec.measure(given, spec.Options(), np.random.default_rng(0))
    check(found)
    return found


def check(found: Measured) -> None:
    """A number with its interval (or why that is withheld) and no NaN, or a reason why there is none."""
    if found.value is None:
        assert found.why.endswith(".")
        return
    assert np.isfinite(found.value)
    if found.why:
        assert found.why.startswith(WITHHELD) and found.why.endswith(".")
        assert found.low is None and found.high is None
    else:
        assert found.low is not None
        assert found.high is not None
        assert np.isfinite([found.low, found.high]).all()
        assert found.low <= found.high
    for value in found.detail.values():
        assert np.asarray(value).dtype != object
        assert np.isfinite(np.asarray(value, dtype=np.float64)).all()


def with_mixture(given: Evidence, mixture: Mixture) -> Evidence:
    """Evidence whose modes are known."""
    return replace(given, mixture=mixture)
