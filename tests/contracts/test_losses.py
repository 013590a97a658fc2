"""What every GAN loss must keep to; a plugin's loss is tested too, as soon as its file exists."""

from __future__ import annotations

import pytest
import torch

from genlab.objectives.base import LossSpec
from genlab.registry import registry

NAMES = registry("losses").names()

# Critic's and generator's loss for a real score of 0.5 and a fake one of -0.25, worked out by hand.
GOLDEN = {
    "non_saturating": (1.0500164, 0.8259394),
    "minimax": (1.0500164, -0.5759394),
    "least_squares": (0.15625, 0.78125),
    "hinge": (1.25, 0.25),
    "wasserstein": (-0.75, 0.25),
    "relativistic": (0.3868710, 1.1368710),
}


@pytest.fixture(params=NAMES)
def loss(request: pytest.FixtureRequest) -> LossSpec:
    spec: LossSpec = registry("losses").get(request.param)
    return spec


def test_it_says_what_it_is_and_how_its_curves_read(loss: LossSpec) -> None:
    assert loss.title and loss.summary and loss.reading.endswith(".")


@pytest.mark.parametrize("size", [1.0, 1e4])
def test_losses_and_gradients_are_finite_and_per_pair(loss: LossSpec, size: float) -> None:
    real = (size * torch.tensor([1.0, 1.0, -1.0, -1.0, 0.0])).requires_grad_()
    fake = (size * torch.tensor([1.0, -1.0, 1.0, -1.0, 0.0])).requires_grad_()
    for values in (loss.critic(real, fake), loss.generator(real, fake)):
        assert values.shape == (5,)
        assert values.isfinite().all()
        gradients = torch.autograd.grad(values.sum(), [real, fake], allow_unused=True)
        assert all(gradient is None or bool(gradient.isfinite().all()) for gradient in gradients)


def test_a_pair_is_judged_by_itself(loss: LossSpec) -> None:
    real, fake = torch.linspace(-1, 2, 6), torch.linspace(1.5, -0.5, 6)
    for function in (loss.critic, loss.generator):
        together = function(real, fake)
        alone = torch.cat([function(real[i : i + 1], fake[i : i + 1]) for i in range(6)])
        torch.testing.assert_close(together, alone)


@pytest.mark.parametrize("score", [0.2, 0.5, 0.8])
def test_the_critic_wants_real_up_and_fake_down(loss: LossSpec, score: float) -> None:
    real, fake = torch.tensor([score], requires_grad=True), torch.tensor([score], requires_grad=True)
    real_slope, fake_slope = torch.autograd.grad(loss.critic(real, fake).sum(), [real, fake])
    assert real_slope.item() < 0 < fake_slope.item()


@pytest.mark.parametrize("score", [-0.8, 0.2, 0.5, 0.8])
def test_the_generator_wants_fake_up(loss: LossSpec, score: float) -> None:
    real, fake = torch.tensor([0.5]), torch.tensor([score], requires_grad=True)
    (slope,) = torch.autograd.grad(loss.generator(real, fake).sum(), fake)
    assert slope.item() < 0


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_numbers(name: str) -> None:
    loss = registry("losses").get(name)
    real, fake = torch.tensor([0.5]), torch.tensor([-0.25])
    critic, generator = GOLDEN[name]
    assert loss.critic(real, fake).item() == pytest.approx(critic, abs=1e-6)
    assert loss.generator(real, fake).item() == pytest.approx(generator, abs=1e-6)
