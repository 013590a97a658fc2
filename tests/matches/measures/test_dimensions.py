"""Single dimensions and truncation of models whose answers can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.matches.measures import dimensions
from tests.latent.toys import linear
from tests.support.subjects import SIDE, subject


def test_a_linear_decoder_does_the_same_everywhere() -> None:
    found = dimensions.single(subject())["dimension_consistency"]
    assert found.value == pytest.approx(1, abs=1e-5)


def test_directions_that_have_nothing_to_do_with_each_other() -> None:
    assert dimensions.likeness(np.eye(5), np.arange(5)) == 0
    assert dimensions.likeness(np.ones((5, 5)), np.arange(5)) == 1
    assert dimensions.likeness(np.ones((5, 5)), np.array([0, 0, 0])) == 0, "an item says nothing about itself"
    assert dimensions.likeness(np.zeros((5, 5)), np.arange(5)) == 0


def test_dimensions_that_count() -> None:
    assert dimensions.effective(np.ones(7)) == pytest.approx(7)
    assert dimensions.effective(np.array([3.0, 0, 0])) == pytest.approx(1)
    used = dimensions.single(subject())["dimensions_used"].value
    assert used is not None and 1 < used < 1.5, "the second dimension does little"


def test_half_the_latents_make_half_the_distance() -> None:
    found = dimensions.truncation(subject())
    assert found["truncation_variety"].value == pytest.approx(0.5, abs=1e-4)
    assert found["truncation_realism"].value is not None


def test_a_model_that_always_draws_the_same() -> None:
    model = linear(torch.zeros(SIDE * SIDE, 2), torch.ones(SIDE * SIDE), shape=(1, SIDE, SIDE))
    found = dimensions.single(subject(model)) | dimensions.truncation(subject(model))
    assert found["dimension_consistency"].value == 0
    assert found["truncation_variety"].value is None
