"""Every fidelity, diversity and mode metric once, in a process of its own: ``python -m benchmarks._metrics_task``."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from genlab.datasets.base import Mixture
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items

CORES = 2
GROUPS = ("fidelity", "modes")
CLASSES = 10
HIDDEN = 16
"""Dimensions that features really vary in, besides some noise: encoders do not use all that they have."""

SHIFT = 0.15
"""How far off the generated items are."""


def make(n: int, dim: int, seed: int, shift: float = 0.0) -> Items:
    """Items of ten classes with features as of a classifier: folded from few dimensions, and a little noise."""
    fixed, rng = np.random.default_rng(0), np.random.default_rng(seed)
    centres, fold = 2 * fixed.standard_normal((CLASSES, HIDDEN)), fixed.standard_normal((HIDDEN, dim))
    labels = rng.integers(CLASSES, size=n)
    hidden = centres[labels] + rng.standard_normal((n, HIDDEN)) + shift
    features = np.maximum(hidden @ fold, 0) + 0.3 * rng.standard_normal((n, dim))
    scores = -((hidden[:, None] - centres) ** 2).sum(axis=2) / 2
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    images = rng.standard_normal((n, 2)).astype(np.float32)
    return Items(images, features.astype(np.float32), probabilities.astype(np.float32), labels)


def main(task: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds and value of each metric, seconds and processor seconds of all, and the most memory there ever was.

    Torch is loaded before: what evaluates has drawn samples with it.
    """
    n, dim = task["items"], task["dim"]
    evidence = Evidence(make(n, dim, 1), make(n, dim, 2, SHIFT), make(n, dim, 3), classes=CLASSES)
    # The share of points near a mode is of the plane; all else is of features and classes.
    plane = replace(evidence, mixture=Mixture(np.zeros((1, 2)), 1.0))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    importlib.import_module("torch")
    specs = [spec for spec in REGISTRY if spec.group in GROUPS]
    before, found, started, work = _peak(), {}, time.perf_counter(), time.process_time()
    with threadpool_limits(CORES):
        for spec in specs:
            began = time.perf_counter()
            given = plane if "mixture" in spec.needs else evidence
            measured = spec.measure(given, spec.Options(), np.random.default_rng(0))
            seconds = time.perf_counter() - began
            found[spec.name] = {"seconds": seconds, "value": measured.value, "n": measured.n, "why": measured.why}
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - work,
        "metrics": found,
        "peak": _peak(),
        "peak_before": before,
    }


def _peak() -> int:
    """The most memory that the process ever had, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(sys.argv[1]))))
