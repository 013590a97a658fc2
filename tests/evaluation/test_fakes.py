"""What models make as evidence: spherical ways, classes that were asked for, bounds that are bounds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.encoders.base import Encoded
from genlab.evaluation import fakes
from genlab.evaluation.fakes import slerp
from genlab.lab import Lab
from genlab.metrics.base import Items
from genlab.models.generative import GenerativeModel
from genlab.models.prior import fit_prior
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY, Trained
from tests.objectives.toys import build, reading_parts


class Flat:
    """Takes the pixels as they are."""

    identity, facts, portion = "flat", {}, 100

    def __call__(self, items: np.ndarray) -> Encoded:
        return Encoded(items.reshape(len(items), -1))


flat = Flat()


def test_ways_begin_and_end_where_they_should_and_keep_their_length():
    a, b = torch.randn(5, 8), torch.randn(5, 8)
    torch.testing.assert_close(slerp(a, b, torch.zeros(5, 1)), a, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(slerp(a, b, torch.ones(5, 1)), b, rtol=1e-4, atol=1e-5)
    middle = slerp(a, b, torch.full((5, 1), 0.5)).norm(dim=1)
    torch.testing.assert_close(middle, (a.norm(dim=1) + b.norm(dim=1)) / 2, rtol=1e-4, atol=1e-5)


def test_a_quarter_turn_half_way():
    middle = slerp(torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 2.0]]), torch.tensor([[0.5]]))
    torch.testing.assert_close(middle, torch.full((1, 2), 2**0.5))


def test_generated_items_are_the_models_samples(trained: Trained):
    model = trained.lab.models.load(trained.runs["gan"])
    told: list[float] = []
    found = fakes.generate(model, flat, 300, 5, told.append)
    assert told == [0, 256 / 300 / 2, 0.5, 0.5, (1 + 1 / 3) / 2, (1 + 2 / 3) / 2], "decoding, then encoding by portions"
    np.testing.assert_allclose(found.images, model.sample(300, 5).numpy(), atol=1e-5)
    assert found.labels is None


def test_more_importance_samples_give_a_tighter_bound(trained: Trained):
    model = trained.lab.models.load(trained.runs["vae"])
    data = trained.lab.data.open("digits")
    images = data.items("test")[:60].astype(np.float32) / 255
    found = fakes.bounds(model, Items(images, images.reshape(60, -1)), 0)
    assert found["elbo"].shape == (60,)
    assert found["iwae"].mean() > found["elbo"].mean()


def test_a_conditional_model_is_told_the_class(tmp_path):
    lab = Lab(tmp_path, launcher=InlineLauncher())
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "conditional": True}))
    model, data = lab.models.load(run), lab.data.open("digits")
    images = data.items("test")[:20].astype(np.float32) / 255
    real = Items(images, images.reshape(20, -1), labels=data.labels("test")[:20])
    codes = fakes.encode(model, real, real)
    assert codes.mean.shape == (20, 4) and codes.train_labels is not None
    found = fakes.generate(model, flat, 30, 0, lambda share: None)
    assert found.labels is not None and found.labels.tolist() == [*range(10)] * 3
    other = Items(images, images.reshape(20, -1), labels=(data.labels("test")[:20] + 1) % 10)
    assert not np.allclose(fakes.encode(model, other, other).mean, codes.mean)


def test_walks_take_small_steps(trained: Trained):
    found = fakes.walk(trained.lab.models.load(trained.runs["vae"]), flat, 0, lambda share: None)
    assert found.near.shape == (fakes.PAIRS, 64)
    assert np.abs(found.step - found.near).max() == pytest.approx(0, abs=0.05)
    assert np.abs(found.midpoint - found.ends).mean() > np.abs(found.step - found.near).mean()


def test_samples_from_a_fitted_prior_are_decoded_from_latents_near_codes(trained: Trained):
    model, data = trained.lab.models.load(trained.runs["vae"]), trained.lab.data.open("digits")
    images = data.items("train")[:400].astype(np.float32) / 255
    train = Items(images, images.reshape(400, -1))
    found = fakes.from_fitted_prior(model, flat, train, 300, 5, lambda share: None)
    assert found is not None
    prior = fit_prior(model, torch.as_tensor(images), seed=5)
    assert prior is not None
    np.testing.assert_allclose(found.images, model.decode(prior.sample(300, 5)).numpy(), atol=1e-5)


def test_samples_that_are_drawn_symbol_by_symbol_are_the_models_own():
    of = reading_parts(decoding="sampled")
    objective = build("vae", of)
    model = GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim)
    found = fakes.generate(model, flat, 300, 5, lambda share: None)
    np.testing.assert_array_equal(found.images, model.sample(300, 5).numpy())
    train = Items(model.sample(300, 6).numpy(), np.zeros((300, 1), np.float32))
    fitted = fakes.from_fitted_prior(model, flat, train, 50, 5, lambda share: None)
    assert fitted is not None and set(np.unique(fitted.images)) == {0.0, 1.0}
