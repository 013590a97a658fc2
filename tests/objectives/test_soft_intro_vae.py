"""Soft-IntroVAE against losses worked out for parts that answer with constants."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from genlab.objectives.base import Batch
from tests.objectives.toys import Noise, build, parts, take_turn


class Constant(torch.nn.Module):
    """Answers every input with one number (encoder: mean and log-variance 0)."""

    def __init__(self, value: float, shape: tuple[int, ...], pair: bool = False) -> None:
        super().__init__()
        self.value, self.shape, self.pair = value, shape, pair

    def forward(self, x: Tensor, y: Tensor | None = None) -> Any:
        answer = torch.full((len(x), *self.shape), self.value)
        return (answer, torch.zeros_like(answer)) if self.pair else answer


def constant(mean: float, raw: float, **options: float) -> Any:
    objective: Any = build("soft_intro_vae", parts(latent_dim=2), **options)
    objective.encoder, objective.decoder = Constant(mean, (2,), pair=True), Constant(raw, (2,))
    return objective


# Points of scale 2: (4, 0) against a decoded (0, 0) is an error of (4 / 2)^2 = 4, over 2 values. KL of mean 1: 2 x 0.5.
X = torch.tensor([[4.0, 0.0]])


@pytest.mark.parametrize(
    ("mean", "options", "encoder", "decoder"),
    [
        (0.0, {}, 2 + 0.5, 2.0),
        (1.0, {"beta_neg": 4.0}, 2 + 0.5 + 0.5 * torch.tensor(-4.0).exp().item(), 2 + 0.5),
        (1.0, {"beta_neg": 4.0, "beta_rec": 0.5, "beta_kl": 2.0, "alpha": 1.0}, 1 + 1 + 0.1353353, 1 + 1.0),
        (1.0, {"warmup": 1.0}, 2 + 0.5, 2.0),
    ],
)
def test_losses_by_hand(mean: float, options: dict[str, float], encoder: float, decoder: float) -> None:
    objective = constant(mean, 0.0, **options)
    data = Batch(X, progress=0.5)
    assert objective.terms("encoder", data, Noise()).loss.item() == pytest.approx(encoder, abs=1e-5)
    assert objective.terms("decoder", data, Noise()).loss.item() == pytest.approx(decoder, abs=1e-5)


def test_a_warm_up_is_a_plain_vae_until_it_ends() -> None:
    objective = constant(1.0, 0.0, warmup=0.3, beta_neg=0.5)
    before, after = (objective.terms("encoder", Batch(X, progress=p), Noise()) for p in (0.29, 0.3))
    assert "kl/fake" not in before.logs
    assert after.logs["kl/fake"].item() == pytest.approx(1.0)
    assert after.loss.item() > before.loss.item()


def test_the_encoder_pushes_generated_data_away_and_the_decoder_pulls_it_back() -> None:
    torch.manual_seed(0)
    objective = build("soft_intro_vae", parts(width=32, latent_dim=2), beta_rec=0.0, beta_kl=0.3, beta_neg=0.9)
    data = Batch(5 + torch.randn(64, 2))

    def kl_of_generated() -> float:
        logs = objective.terms("encoder", data, Noise(9)).logs
        return float(logs["kl/fake"].mean())

    def learn(player: str) -> tuple[float, float]:
        optimiser = torch.optim.Adam(objective.players[player].parameters(), 2e-3)
        before = kl_of_generated()
        for step in range(60):
            take_turn(objective, player, data, seed=step)
            optimiser.step()
        return before, kl_of_generated()

    before, pushed = learn("encoder")
    assert pushed > before + 0.05
    before, pulled = learn("decoder")
    assert pulled < before


@pytest.mark.parametrize("through_latent", [True, False])
def test_the_error_of_generated_data_trains_the_encoder_only_in_its_turn(through_latent: bool) -> None:
    objective: Any = build("soft_intro_vae", parts())
    fake = torch.randn(8, 2, requires_grad=True)
    _, error = objective._cost(fake, None, Noise(), through_latent)
    weights = [objective.encoder.head.weight, next(objective.decoder.parameters())]
    encoder, decoder, target = torch.autograd.grad(error.sum(), [*weights, fake], allow_unused=True)
    assert (encoder is not None) == through_latent
    assert decoder.any()
    assert (target is not None) == through_latent
