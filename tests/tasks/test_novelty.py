"""What the parts of a model say of items, against values that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.lab import Lab
from genlab.models.checkpoint import load_model
from genlab.store.run import Run
from genlab.tasks._novelty import Novelty, anogan, compressed, corrected, features
from tests.evaluation.conftest import TINY

Trained = tuple[Lab, dict[str, Run]]


def quiet(share: float, what: str) -> None:
    return


def novelty(lab: Lab, run: Run, n: int = 12) -> Novelty:
    directory = lab.runs.read(run)
    items = lab.data.open(directory.config().data).items("test")[:n]
    return Novelty(load_model(directory), torch.as_tensor(np.asarray(items) / np.float32(255)), None, 0)


def test_what_is_drawn_perfectly_has_no_residual(opened: Trained):
    lab, runs = opened
    for model in ("vae", "gan"):
        of = novelty(lab, runs[model])
        for amortised in (True, False):
            assert (anogan(of, of.x, amortised=amortised) == 0).all()
    assert features(of.model, of.x) is not None, "a GAN has a critic"


def test_the_papers_weights_are_those_of_pixels_and_the_critics_features(opened: Trained):
    lab, runs = opened
    of = novelty(lab, runs["gan"])
    again = 1 - of.x
    seen = of.in_features(again, 1)
    assert seen is not None
    expected = 0.9 * of.residual(again, 1) + 0.1 * seen
    np.testing.assert_allclose(anogan(of, again, amortised=False), expected, rtol=1e-5)
    plain = novelty(lab, runs["vae"])
    np.testing.assert_allclose(
        anogan(plain, again, amortised=False), (again - of.x).abs().flatten(1).mean(1), rtol=1e-5
    )


def test_relative_errors_do_not_grow_with_contrast_and_patches_are_no_smaller_than_the_whole(opened: Trained):
    lab, runs = opened
    of = novelty(lab, runs["vae"])
    energy = of.x.square().flatten(1).mean(1).numpy()
    np.testing.assert_allclose(of.relative_errors() * energy, of.errors(), rtol=1e-5)
    assert (of.worst_patch() >= of.errors() * 0.999).all()


def test_a_conditional_model_is_asked_about_the_class_that_it_draws_best(opened: Trained):
    lab, _ = opened
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "conditional": True}))
    of = novelty(lab, run)
    assert of.y is not None and of.y.shape == (12,)
    best = of.errors()
    for label in range(10):
        y = torch.full((12,), label)
        again = of.model.decode(of.model.encode(of.x, y).mean, y)
        assert (best <= (again - of.x).square().flatten(1).mean(1).numpy() + 1e-6).all()
    assert np.isfinite(of.negative_elbo()).all() and np.isfinite(of.negative_bound(3)).all()


def test_more_codes_make_the_bound_no_looser(opened: Trained):
    lab, runs = opened
    of = novelty(lab, runs["vae"])
    assert of.negative_bound(64).mean() < of.negative_elbo().mean()


def test_complexity_is_the_smaller_of_two_compressions_and_is_subtracted_in_bits():
    rng = np.random.default_rng(0)
    items = np.stack([np.full((1, 16, 16), 0.5), rng.random((1, 16, 16))]).astype(np.float32)
    flat, noise = compressed(items, "uint8", quiet)
    assert flat < 400 < 8 * 256 <= noise < 8 * 400
    assert corrected(np.array([math.log(2) * 100]), np.array([30.0])) == pytest.approx([70])
