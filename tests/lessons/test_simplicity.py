"""Code lengths are those of the Gaussian, and simple pictures fall into the trap."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from genlab.config import DataConfig
from genlab.lab import Lab
from genlab.lessons._simplicity import code_length, compressed, scored


def test_code_lengths_are_minus_the_binary_logarithm_of_the_density():
    rng = np.random.default_rng(0)
    centre, components = rng.random(6), rng.normal(size=(2, 6))
    data = rng.random((5, 6))
    law = multivariate_normal(centre, components.T @ components + 0.1 * np.eye(6))
    expected = -law.logpdf(data) / np.log(2) + 6 * np.log2(255)
    np.testing.assert_allclose(code_length(data, centre, components, 0.1), expected)


def test_simple_pictures_are_smaller():
    rng = np.random.default_rng(0)
    pictures = np.stack([np.zeros((1, 9, 9), np.uint8), rng.integers(256, size=(1, 9, 9)).astype(np.uint8)])
    empty, noise = compressed(pictures)
    assert empty < 200 < 8 * 81 <= noise


def test_ones_are_likelier_than_eights_to_what_has_learned_eights(tmp_path):
    data = Lab(tmp_path).data.open(DataConfig())
    found = scored(data.items("train"), data.labels("train"), normal=8, other=1, latents=8, seed=0)
    assert found["likelihood"]["auroc"] < 0.45 and found["corrected"]["auroc"] > 0.8
    assert found["compressed"]["other"] < 0.7 * found["compressed"]["normal"]
    turned = scored(data.items("train"), data.labels("train"), normal=1, other=8, latents=8, seed=0)
    assert turned["likelihood"]["auroc"] > 0.95


@pytest.mark.parametrize("latents", [1, 32])
def test_the_same_class_cannot_be_told_from_itself(latents):
    rng = np.random.default_rng(0)
    items = rng.integers(256, size=(400, 1, 6, 6)).astype(np.uint8)
    found = scored(items, np.repeat([0, 1], 200), 0, 1, latents, 0)
    assert found["likelihood"]["auroc"] == pytest.approx(0.5, abs=0.2)
