"""Precision, recall, density, coverage and the 1-NN test: by hand, and as their references say."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
import torch
from prdc import compute_prdc
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from torch_fidelity.metric_prc import calculate_precision_recall_part

from genlab.metrics import coverage
from tests.metrics.toys import cloud, evidence, measure

LINE = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])
"""Distances to the nearest other: 1, 1, 2, 4, 8; to the second: 3, 2, 3, 6, 12."""

FAKE = np.array([[0.5], [4.9], [11.1], [-2.0], [30.0]])
"""Distances to the nearest other: 2.5, 4.4, 6.2, 2.5, 18.9."""


def both(n: int = 600, dim: int = 12, shift: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    return cloud(n, dim, 0), cloud(n, dim, 1, shift=shift, scale=0.9)


class TestByHand:
    def test_precision(self):
        # Balls of the first neighbour: [-1, 1], [0, 2], [1, 5], [3, 11], [7, 23]; 0.5, 4.9 and 11.1 are in one.
        found = measure("precision", evidence(LINE, FAKE), neighbours=1)
        assert found.value == pytest.approx(3 / 5)
        assert found.detail["inside"].tolist() == [True, True, True, False, False]

    def test_recall(self):
        # Balls of the generated: [-2, 3], [0.5, 9.3], [4.9, 17.3], [-4.5, 0.5], [11.1, 48.9]; all real ones are in one.
        assert measure("recall", evidence(LINE, FAKE), neighbours=1).value == 1
        # Balls [-1, 2], [0.5, 3.5], and three far away.
        near = np.array([[0.5], [2.0], [100.0], [101.0], [102.5]])
        found = measure("recall", evidence(LINE, near), neighbours=1)
        assert found.detail["inside"].tolist() == [True, True, True, False, False]

    def test_density(self):
        # In two balls, two, one, none and none: 0.5 in [-1, 1] and [0, 2], 4.9 in [1, 5] and [3, 11], 11.1 in [7, 23].
        found = measure("density", evidence(LINE, FAKE), neighbours=1)
        assert found.detail["balls"].tolist() == [2, 2, 1, 0, 0]
        assert found.value == pytest.approx(1.0)

    def test_coverage(self):
        found = measure("coverage", evidence(LINE, FAKE), neighbours=1)
        assert found.detail["covered"].tolist() == [True, True, True, True, True]
        found = measure("coverage", evidence(LINE, np.array([[0.5], [0.6], [0.7], [0.8], [40.0]])), neighbours=1)
        assert found.detail["covered"].tolist() == [True, True, False, False, False]
        assert found.value == pytest.approx(0.4)

    def test_one_nn(self):
        # Real: 1 against 0.5, 1 against 0.5, 2 against 1.9, 4 against 2.1, 8 against 3.9: always wrong.
        # Generated: 2.5 against 0.5, 4.4 against 1.9, 6.2 against 3.9, 2.5 against 2, 18.9 against 15: always wrong.
        found = measure("one_nn", evidence(LINE, FAKE))
        assert found.value == 0
        assert found.detail["real"] == found.detail["fake"] == 0
        found = measure("one_nn", evidence(LINE, FAKE + 1_000))
        assert found.value == 1


class TestReferences:
    @pytest.mark.parametrize("k", [1, 3, 7])
    def test_precision_and_recall_as_torch_fidelity(self, k):
        real, fake = both()
        precision, recall = calculate_precision_recall_part(
            torch.from_numpy(fake).double(), torch.from_numpy(real).double(), neighborhood=k
        )
        given = evidence(real, fake)
        assert measure("precision", given, neighbours=k).value == pytest.approx(precision, rel=1e-6)
        assert measure("recall", given, neighbours=k).value == pytest.approx(recall, rel=1e-6)
        assert precision != recall

    @pytest.mark.parametrize("k", [1, 5, 8])
    def test_all_four_as_prdc(self, k):
        real, fake = both()
        with contextlib.redirect_stdout(io.StringIO()):
            expected = compute_prdc(real.astype(float), fake.astype(float), nearest_k=k)
        given = evidence(real, fake)
        found = {name: measure(name, given, neighbours=k).value for name in expected}
        assert found == pytest.approx(expected, rel=1e-6)

    def test_one_nn_as_scikit_learn(self):
        real, fake = both(150)
        features = np.concatenate([real, fake]).astype(float)
        truth = np.repeat([0, 1], 150)
        right = cross_val_score(KNeighborsClassifier(1, algorithm="brute"), features, truth, cv=LeaveOneOut())
        found = measure("one_nn", evidence(real, fake))
        assert found.value == pytest.approx(right.mean(), rel=1e-6)
        assert found.detail["real"] == pytest.approx(right[:150].mean(), rel=1e-6)
        assert found.detail["fake"] == pytest.approx(right[150:].mean(), rel=1e-6)


class TestTheory:
    def test_of_the_same_distribution(self):
        given = evidence(cloud(3_000, 16, 0), cloud(3_000, 16, 1))
        assert measure("density", given).value == pytest.approx(1, abs=0.04)
        assert measure("coverage", given).value == pytest.approx(coverage.ideal(3_000, 5), abs=0.01)
        assert measure("one_nn", given).value == pytest.approx(0.5, abs=0.025)

    def test_the_ideal_coverage(self):
        # Two of each: the nearest of the three others is generated with probability 2 / 3.
        assert coverage.ideal(2, 1) == pytest.approx(2 / 3)
        assert coverage.ideal(10_000, 5) == pytest.approx(1 - 2**-5, abs=1e-4)

    def test_the_same_set(self):
        real = cloud(400, 16, 0)
        given = evidence(real, real)
        assert measure("precision", given).value == measure("recall", given).value == 1
        assert measure("coverage", given).value == 1
        # The item itself, and the five on whose balls' edge it is.
        assert measure("density", given).value == pytest.approx(6 / 5)
        # The copy is nearer than any other.
        assert measure("one_nn", given).value == 0

    def test_sets_are_made_equally_large(self):
        assert measure("precision", evidence(cloud(300, 4, 0), cloud(900, 4, 1))).n == 300
        assert measure("coverage", evidence(cloud(900, 4, 0), cloud(300, 4, 1))).n == 300


@pytest.mark.parametrize("name", ["precision", "recall", "density", "coverage", "one_nn"])
def test_the_interval_is_what_new_samples_say(name):
    found = [measure(name, evidence(cloud(400, 6, s), cloud(400, 6, 500 + s, shift=0.2))) for s in range(60)]
    spread = np.std([f.value for f in found], ddof=1)
    claimed = np.mean([f.high - f.low for f in found]) / (2 * 1.96)
    assert 0.7 < claimed / spread < 1.6
