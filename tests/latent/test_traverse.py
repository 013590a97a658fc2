"""Effects of dimensions where they are known, and steps that are even."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.latent.traverse import effects, effects_of, order, traverse
from genlab.space import Space
from tests.latent.toys import fresh, linear

WEIGHT = torch.tensor([[0.0, 3.0, 0.0], [0.0, 4.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])


def test_the_effect_of_a_linear_decoder_is_the_length_of_its_column():
    found = effects(linear(WEIGHT))
    np.testing.assert_allclose(found, [0.5, 2.5, 0.0], atol=1e-6)
    assert order(found) == [1, 0, 2]


def test_an_effect_per_unit_along_any_vector():
    both = torch.tensor([[1.0, 1.0, 0.0], [0.0, 2.0, 0.0]])
    found = effects_of(linear(WEIGHT), both, torch.randn(3, 3), None)
    np.testing.assert_allclose(found, [np.sqrt(26 / 4), 5.0], rtol=1e-5)


def test_probes_are_of_the_seed_and_of_the_class():
    model = fresh(space=Space("images", (1, 8, 8), classes=3))
    np.testing.assert_array_equal(effects(model, 1), effects(model, 1))
    assert not np.allclose(effects(model, 1), effects(model, 2))
    assert not np.allclose(effects(model, 1, y=0), effects(model, 1, y=1))
    with pytest.raises(InputError, match="no class 3"):
        effects(model, y=3)


def test_effects_of_a_model_of_points():
    found = effects(fresh(space=Space("points", (2,), scale=2.0)))
    assert found.shape == (3,) and (found > 0).all()


def test_a_traversal_goes_evenly_through_the_latent():
    z, direction = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 0.5])
    found = traverse(z, direction, 3, 7)
    assert found[:, 0].tolist() == [1.0] * 7
    np.testing.assert_allclose(found[:, 1], 2 + 0.5 * np.arange(-3, 4), rtol=1e-6)
    torch.testing.assert_close(traverse(z, direction.numpy(), 3, 7), found)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="3 dimensions does not fit a latent of 2"):
        traverse(torch.zeros(2), torch.zeros(3), 3, 7)
    with pytest.raises(InputError, match="cannot have"):
        traverse(torch.zeros(2), torch.zeros(2), 3, 1)
