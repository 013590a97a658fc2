"""Sets that nobody should score, but somebody will: a number or a reason, never NaN, never a traceback."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab.metrics import REGISTRY, birthday, kid
from genlab.metrics.base import Evidence, Items
from tests.metrics.toys import ask, cloud, ring

FEATURES = ("frechet", "kid", "precision", "recall", "density", "coverage", "vendi", "one_nn", "near_duplicates")
CLASSES = ("inception_score", "confidence", "class_diversity")
MODES = ("modes", "class_kl", "ndb", "jsd", "birthday", "high_quality")
NAMES = (*FEATURES, *CLASSES, *MODES)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(kid, "SUBSETS", 3)
    monkeypatch.setattr(birthday, "BATCHES", 101)


def made(features: np.ndarray, sure: bool = True) -> Items:
    features = features.astype(np.float32)
    n = len(features)
    probabilities = np.eye(3, dtype=np.float32)[np.arange(n) % 3] if sure else np.full((n, 3), 1 / 3, np.float32)
    return Items(features[:, :2].copy(), features, probabilities)


def given(n: int, real: np.ndarray, fake: np.ndarray, sure: bool = True) -> Evidence:
    return Evidence(made(real[:n], sure), made(fake[:n], sure), made(cloud(2_000, 4, 5)), classes=3)


ONE, ROUND = np.tile(cloud(1, 4, 3), (1_200, 1)), cloud(1_200, 4, 0)
SETS = {
    "fake all the same": (ROUND, ONE),
    "real all the same": (ONE, ROUND),
    "both all the same": (ONE, ONE.copy()),
    "all different but equal": (ONE, ONE + 1),
    "all zero": (np.zeros((1_200, 4)), np.zeros((1_200, 4))),
    "one constant feature": (ROUND * [1, 1, 1, 0], ROUND[::-1] * [1, 1, 1, 0]),
    "only one feature that is not constant": (ROUND * [1, 0, 0, 0], ROUND[::-1] * [1, 0, 0, 0]),
    "far from the origin": (ROUND + 1e5, ROUND[::-1] + 1e5),
    "huge": (ROUND * 1e8, ROUND[::-1] * 1e8),
    "tiny": (ROUND * 1e-12, ROUND[::-1] * 1e-12),
    "two places": (ROUND > 0, ROUND[::-1] > 0),
}


def answers_are_possible(whole: Evidence) -> None:
    for name in NAMES:
        found = ask(name, whole)
        low, high = REGISTRY.get(name).limits
        if found.value is not None:
            for number in (found.value, found.low, found.high):
                assert low is None or number >= low
                assert high is None or number <= high


@pytest.mark.parametrize("n", [1, 3, 60, 1_200])
@pytest.mark.parametrize("kind", SETS)
def test_a_number_or_a_reason(kind, n):
    answers_are_possible(given(n, *SETS[kind]))


@pytest.mark.parametrize("kind", ["fake all the same", "huge"])
def test_a_classifier_that_knows_nothing(kind):
    answers_are_possible(given(1_200, *SETS[kind], sure=False))


@pytest.mark.parametrize("kind", ["fake all the same", "huge"])
def test_a_mixture(kind):
    answers_are_possible(replace(given(1_200, *SETS[kind]), mixture=ring()))


def test_what_is_certain_of_copies():
    both = given(1_200, ONE, ONE.copy())
    assert {name: ask(name, both).value for name in ("precision", "recall", "coverage")} == {
        "precision": 1,
        "recall": 1,
        "coverage": 1,
    }
    assert ask("one_nn", both).value == 0.5
    assert ask("frechet", both).value == pytest.approx(0, abs=1e-9)
    assert ask("vendi", both).value == pytest.approx(1)
