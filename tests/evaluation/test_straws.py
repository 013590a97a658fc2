"""Blank, blurred and made-up pictures: a measure that takes them for real on some data decides nothing there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genlab.encoders.base import Encoded
from genlab.evaluation.straws import STRAWS, Bluntness, is_worse
from genlab.metrics import REGISTRY, decides, remarks
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec

RNG = np.random.default_rng(0)
Images = NDArray[np.float32]


def crosses(n: int, seed: int) -> Images:
    """A cross somewhere on white, in one of several colours."""
    rng = np.random.default_rng(seed)
    found = np.ones((n, 3, 16, 16), np.float32)
    for image in found:
        x, y, colour = *rng.integers(3, 13, 2), rng.random((3, 1)) * 0.6
        image[:, y, x - 3 : x + 4], image[:, y - 3 : y + 4, x] = colour, colour
    return found


class Plain:
    """Features are pixels."""

    identity, portion, facts = "plain", 10_000, None

    def __call__(self, images: Images) -> Encoded:
        return Encoded(images.reshape(len(images), -1))


def items(images: Images) -> Items:
    return Items(images, images.reshape(len(images), -1))


def inputs(folder: Path, pixels: bool = True) -> Any:
    real = items(crosses(300, 1))
    base = Evidence(real, items(crosses(300, 2)), pixels=pixels)
    return SimpleNamespace(
        workspace=SimpleNamespace(encoders=folder),
        data=SimpleNamespace(fingerprint="f" * 64),
        encoder=Plain(),
        request=SimpleNamespace(samples=300, seed=0),
        reals=SimpleNamespace(real=real),
        base=base,
        progress=SimpleNamespace(part=lambda *_: lambda share: None),
    )


def measure(spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
    return spec.measure(evidence, spec.Options(), np.random.default_rng(seed))


def test_straw_sets_look_like_their_names():
    real = crosses(50, 0)
    blank, blurred, blobs = (STRAWS[name](real, RNG) for name in ("blank pictures", "blurred pictures", "blobs"))
    assert (blank == 1).all(), "the ground is white"
    assert blurred.std() < real.std() / 2 and blurred.mean() == pytest.approx(real.mean(), abs=0.01)
    assert blobs.shape == real.shape and blobs.dtype == np.float32 and 0 <= blobs.min() < 0.5
    assert blobs.std(axis=0).min() > 0 and blobs.std(axis=1).max() > 0.1, "coloured, and each another"
    for made in (blank, blurred, blobs):
        assert made.shape == real.shape and made.min() >= 0 and made.max() <= 1 + 1e-6


@pytest.mark.parametrize(
    ("better", "straw", "worse"),
    [
        ("up", (0.5, 0.4, 0.6), True),
        ("up", (0.7, 0.6, 0.85), False),
        ("up", (1.0, 0.95, 1.0), False),
        ("down", (1.2, 1.1, 1.3), True),
        ("down", (0.5, 0.4, 0.6), False),
        ("none", (1.2, 1.1, 1.3), True),
        ("none", (0.5, 0.4, 0.6), True),
        ("none", (0.9, 0.85, 1.0), False),
    ],
)
def test_worse_is_beyond_both_intervals(better: Any, straw: tuple[float, float, float], worse: bool):
    spec = MetricSpec(title="", summary="", group="fidelity", better=better, compute=lambda *_: Measured(0.0))
    assert is_worse(spec, Measured(*straw), Measured(0.9, 0.8, 1.0)) == worse
    assert is_worse(spec, Measured(None), Measured(0.9))


def test_a_measure_that_takes_straws_for_real_is_found_and_kept(tmp_path: Path):
    given = inputs(tmp_path)
    specs = [REGISTRY.get(name) for name in ("precision", "one_nn", "laplacian", "coverage")]
    calls = []

    def counted(spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
        calls.append(spec.name)
        return measure(spec, evidence, seed)

    blunt = Bluntness(given, counted, lambda: given.base)
    blunt.prepare(specs)
    # White lies within the balls of crosses, and so does what is blurred.
    assert {"blank pictures", "blurred pictures"} <= set(blunt.of(specs[0]))
    assert blunt.of(specs[1]) == blunt.of(specs[2]) == []
    assert "coverage" not in calls and len(calls) == 3 * (1 + len(STRAWS))
    again = Bluntness(given, lambda *_: pytest.fail("asked again"), lambda: given.base)
    again.prepare(specs)
    assert again.of(specs[0]) == blunt.of(specs[0])


def test_points_are_not_asked(tmp_path: Path):
    given = inputs(tmp_path, pixels=False)
    blunt = Bluntness(given, lambda *_: pytest.fail("asked"), lambda: given.base)
    blunt.prepare([REGISTRY.get("precision")])
    assert blunt.of(REGISTRY.get("precision")) == []


def test_lines_say_so():
    line = {"value": 1.0, "blunt": ["blank pictures", "blobs"]}
    assert not decides(line) and decides({"value": 1.0})
    assert remarks("precision", line) == " (does not tell blank pictures, blobs from real data here)"


def test_measures_of_quality():
    named = {"confidence", "density", "frechet", "kid", "laplacian", "one_nn", "power_spectrum", "precision"}
    assert {spec.name for spec in REGISTRY if spec.quality and spec.group != "latent"} == named
