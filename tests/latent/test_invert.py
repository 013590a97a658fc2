"""Inversion where the answer is known, whatever the number of cores, with classes and without; the floor below it."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genlab.cores import budget
from genlab.errors import InputError
from genlab.latent import _descent
from genlab.latent.invert import floor, invert
from genlab.latent.inverter import train_inverter
from genlab.space import Space
from tests.latent.toys import Cancelled, cancel_at, fresh, linear

WEIGHT = torch.linalg.qr(torch.randn(8, 3, generator=torch.Generator().manual_seed(0)))[0]


@pytest.fixture
def two_threads():
    """Torch with two threads, as on two cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_what_the_generator_made_is_found_again_exactly():
    model = linear(WEIGHT)
    z = model.sample_latents(5, seed=3)
    found = invert(model, model.decode(z), prior=0.0)
    torch.testing.assert_close(found.z, z, atol=1e-3, rtol=0)
    assert found.residual.max() < 1e-6
    torch.testing.assert_close(found.images, model.decode(found.z))


def test_a_generator_that_is_not_linear_is_inverted_too():
    model = linear(WEIGHT, layer=nn.Tanh())
    z = model.sample_latents(5, seed=3)
    found = invert(model, model.decode(z), prior=0.0)
    torch.testing.assert_close(found.z, z, atol=0.02, rtol=0)
    assert found.residual.max() < 1e-5


def test_points_are_inverted_in_their_own_units():
    model = fresh(space=Space("points", (2,), scale=50.0))
    x = model.sample(6)
    found = invert(model, x, prior=0.0)
    assert found.residual.max() < 0.01 * x.var()


def test_the_prior_pulls_towards_its_mean():
    model = linear(WEIGHT)
    x = model.decode(model.sample_latents(5))
    lengths = [float(invert(model, x, prior=prior).z.norm()) for prior in (0.0, 0.05, 100.0)]
    assert lengths[0] > lengths[1] > lengths[2] and lengths[2] < 0.05


def test_what_cannot_be_drawn_has_the_distance_as_its_error():
    model = linear(torch.eye(4)[:, :2])
    x = torch.tensor([[0.3, -0.2, 1.0, 1.0]])[:, None, None]
    assert invert(model, x, prior=0.0).residual.item() == pytest.approx(0.5, abs=1e-4)


def test_more_steps_do_no_harm_and_none_only_encodes():
    model, x = linear(WEIGHT, encoder=0.5 * WEIGHT.T.clone()), torch.randn(4, 1, 1, 8)
    start, some, more = (invert(model, x, steps=steps, prior=0.0) for steps in (0, 5, 200))
    torch.testing.assert_close(start.z, model.encode(x).mean)
    assert (some.residual <= start.residual).all() and (more.residual <= some.residual + 1e-6).all()


def test_the_better_of_encoder_and_prior_mean_is_the_start():
    model = linear(WEIGHT, encoder=-WEIGHT.T.clone())
    assert invert(model, model.decode(model.sample_latents(3)), steps=0).z.eq(0).all()


def test_the_number_of_cores_does_not_matter(two_threads, monkeypatch):
    model = fresh(latent_dim=4)
    x = torch.rand(2 * _descent.CHUNK + 3, 1, 8, 8)
    monkeypatch.setattr("genlab.cores.available", lambda: 3)
    both = invert(model, x, steps=5)
    assert torch.get_num_threads() == 2
    torch.set_num_threads(1)
    with budget.borrowed(3, "a run"):
        alone = invert(model, x, steps=5)
    assert torch.equal(both.z, alone.z) and torch.equal(both.residual, alone.residual)


def test_items_do_not_touch_each_other():
    model, x = fresh("vae", latent_dim=4), torch.rand(_descent.CHUNK + 5, 1, 8, 8)
    together, alone = invert(model, x, steps=10), invert(model, x[-2:], steps=10)
    torch.testing.assert_close(together.residual[-2:], alone.residual, rtol=1e-4, atol=1e-6)


def test_a_model_is_left_as_it_was():
    model, x = fresh(), torch.rand(3, 1, 8, 8)
    before = {name: value.clone() for name, value in model.assembly.decoder.state_dict().items()}
    state = torch.get_rng_state()
    invert(model, x, train_inverter(model, 128), steps=3)
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in model.assembly.decoder.state_dict().items())
    assert not any(parameter.requires_grad for parameter in model.assembly.decoder.parameters())


def conditional():
    """Three classes, each of which lights a pixel of its own."""
    return linear(torch.cat([torch.eye(6)[:, :2], 3 * torch.eye(6)[:, 3:]], dim=1), classes=3)


def test_classes_that_are_given_are_kept():
    model, y = conditional(), torch.tensor([0, 1, 2, 2])
    x = model.decode(model.sample_latents(4), y)
    found = invert(model, x, y=y)
    assert found.labels is not None and torch.equal(found.labels, y)
    assert found.residual.max() < 1e-3
    wrong = invert(model, x, y=(y + 1) % 3)
    assert wrong.residual.min() > 2


@pytest.mark.parametrize("together", [4_096, 4])
def test_classes_that_are_not_known_are_found(monkeypatch, together):
    monkeypatch.setattr("genlab.latent._starts.SEARCHED", together)
    model, y = conditional(), torch.tensor([2, 0, 1, 1, 0])
    x = model.decode(model.sample_latents(5), y)
    for found in (invert(model, x), floor(model, x, steps=20, restarts=2)):
        assert found.labels is not None and torch.equal(found.labels, y)


def test_the_floor_is_no_higher_than_inversion_and_falls_with_restarts():
    model, x = fresh(latent_dim=4), torch.rand(6, 1, 8, 8)
    found = invert(model, x, steps=20)
    one, more = floor(model, x, steps=200, restarts=1), floor(model, x, steps=200, restarts=4)
    assert (one.residual <= found.residual + 1e-6).all()
    assert (more.residual <= one.residual).all()
    torch.testing.assert_close((more.images - x).square().flatten(1).mean(dim=1), more.residual)


@pytest.mark.parametrize("model", [fresh(), conditional()], ids=["plain", "conditional"])
def test_it_can_be_cancelled_and_tells_how_far_it_is(model, two_threads):
    x = torch.rand(10, *model.image_shape)
    told: list[float] = []
    invert(model, x, progress=lambda share, what: told.append(share))
    assert told and told[0] >= 0 and told == sorted(told) and told[-1] <= 1
    with pytest.raises(Cancelled):
        invert(model, x, steps=100_000, progress=cancel_at(0.0001))
    with pytest.raises(Cancelled):
        floor(model, x, steps=100_000, progress=cancel_at(0.0001))
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: invert(fresh(), torch.zeros(2, 1, 9, 9)), r"do not fit a model of \(1, 8, 8\)"),
        (lambda: invert(fresh(), torch.zeros(0, 1, 8, 8)), "do not fit"),
        (lambda: invert(conditional(), torch.zeros(2, 1, 1, 6), y=torch.tensor([0, 3])), "classes do not fit"),
        (lambda: invert(conditional(), torch.zeros(2, 1, 1, 6), y=torch.tensor([0])), "classes do not fit"),
        (lambda: invert(fresh(), torch.zeros(2, 1, 8, 8), steps=-1), "-1 steps cannot be taken"),
        (lambda: floor(fresh(), torch.zeros(2, 1, 8, 8), restarts=0), "There cannot be"),
    ],
)
def test_what_cannot_be_inverted_is_refused(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        wrong()
