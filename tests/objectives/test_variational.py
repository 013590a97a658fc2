"""Divergences and bounds against numbers worked out by hand and against an exact model."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from genlab.objectives import _variational as variational
from genlab.options import parse
from genlab.registry import registry
from genlab.space import Space
from tests.objectives.toys import Noise

SLOPE, SIGMA = torch.tensor([[2.0, -1.0]]), 0.5


def decoder(z: Tensor, y: Tensor | None = None) -> Tensor:
    return z @ SLOPE


def exact_encoder(x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The true posterior of z ~ N(0, 1), x ~ N(z (2, -1), 0.5^2)."""
    precision = 1 + SLOPE.square().sum() / SIGMA**2
    mean = (x @ SLOPE.T) / SIGMA**2 / precision
    return mean, torch.full_like(mean, -math.log(precision))


def prior_encoder(x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
    return torch.zeros(len(x), 1), torch.zeros(len(x), 1)


def likelihood() -> torch.nn.Module:
    spec = registry("likelihoods").get("gaussian")
    made: torch.nn.Module = spec.build(Space("points", (2,)), parse(spec.Options, {"sigma": "fixed", "value": SIGMA}))
    return made


def evidence(x: Tensor) -> Tensor:
    covariance = (SLOPE.T @ SLOPE).numpy() + SIGMA**2 * np.eye(2)
    return torch.as_tensor(stats.multivariate_normal([0, 0], covariance).logpdf(x.numpy()), dtype=torch.float32)


@pytest.mark.parametrize(
    ("mean", "log_variance", "expected"),
    [(0.0, 0.0, 0.0), (1.0, 0.0, 0.5), (0.0, 1.0, 0.5 * (math.e - 2)), (2.0, math.log(0.25), 2.3181472)],
)
def test_kl_by_hand(mean: float, log_variance: float, expected: float) -> None:
    kl = variational.kl_standard_normal(torch.tensor([[mean]]), torch.tensor([[log_variance]]))
    assert kl.shape == (1, 1)
    assert kl.item() == pytest.approx(expected, abs=1e-6)


def test_kl_is_torchs_own() -> None:
    mean, log_variance = torch.randn(6, 3), torch.randn(6, 3)
    posterior = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    expected = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0))
    torch.testing.assert_close(variational.kl_standard_normal(mean, log_variance), expected)


def test_the_importance_weighted_bound_of_the_true_posterior_is_the_evidence() -> None:
    x = 2 * torch.randn(10, 2)
    bound = variational.importance_weighted_bound(x, exact_encoder, decoder, likelihood(), 3, Noise())
    torch.testing.assert_close(bound, evidence(x), rtol=1e-4, atol=1e-4)


def test_the_elbo_of_the_true_posterior_averages_to_the_evidence() -> None:
    x = torch.tensor([[1.0, 0.5]]).repeat(20_000, 1)
    bound = variational.elbo(x, exact_encoder, decoder, likelihood(), Noise())
    assert bound.mean().item() == pytest.approx(evidence(x[:1]).item(), abs=0.03)


def test_the_bound_tightens_with_more_samples() -> None:
    x = torch.tensor([[1.0, -0.5]]).repeat(200, 1)
    bounds = [
        variational.importance_weighted_bound(x, prior_encoder, decoder, likelihood(), k, Noise()).mean().item()
        for k in (1, 8, 1_000)
    ]
    exact = evidence(x[:1]).item()
    assert bounds[0] < bounds[1] - 0.5 < bounds[2]
    assert bounds[2] == pytest.approx(exact, abs=0.02)
    assert bounds[2] < exact + 0.01


def test_the_bound_decodes_each_sample_with_its_own_class() -> None:
    x, y = 2 * torch.randn(6, 2), torch.arange(6)

    def shifted(z: Tensor, y: Tensor | None = None) -> Tensor:
        assert y is not None
        return decoder(z) + 10 * y[:, None]

    def encoder(x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        assert y is not None
        return exact_encoder(x - 10 * y[:, None])

    bound = variational.importance_weighted_bound(x + 10 * y[:, None], encoder, shifted, likelihood(), 3, Noise(), y)
    torch.testing.assert_close(bound, evidence(x), rtol=1e-3, atol=1e-3)


def test_samples_follow_the_posterior() -> None:
    mean, log_variance = torch.tensor([[1.0, -2.0]]).repeat(20_000, 1), torch.tensor([[0.0, 2.0]]).repeat(20_000, 1)
    z = variational.draw(mean, log_variance, Noise())
    torch.testing.assert_close(z.mean(0), torch.tensor([1.0, -2.0]), rtol=0, atol=0.06)
    torch.testing.assert_close(z.std(0), torch.tensor([1.0, math.e]), rtol=0.03, atol=0)


class Reading:
    """A decoder of two places, the second of which is the first one of what it is given."""

    def __call__(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        return torch.cat([z, z], dim=1)

    def given(self, z: Tensor, seen: Tensor, y: Tensor | None = None, rng: object = None) -> Tensor:
        assert len(seen) == len(z)
        return torch.cat([z, seen[:, :1]], dim=1)


def test_a_likelihood_judges_what_a_decoder_makes_of_given_data_where_it_reads_any() -> None:
    z, x = torch.randn(3, 1), torch.randn(3, 2)
    torch.testing.assert_close(variational.judged(decoder, z, x), decoder(z))
    torch.testing.assert_close(variational.judged(Reading(), z, x), torch.stack([z[:, 0], x[:, 0]], dim=1))


def test_bounds_of_a_decoder_that_reads_are_those_of_the_chain_rule() -> None:
    """x1 is the latent plus noise, and x2 is x1 plus noise: both bounds are tight where the posterior is right."""
    x = torch.randn(200, 2)
    precision = 1 + 1 / SIGMA**2

    def encoder(x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        mean = x[:, :1] / SIGMA**2 / precision
        return mean, torch.full_like(mean, -math.log(precision))

    first = stats.norm(0, math.sqrt(1 + SIGMA**2)).logpdf(x[:, 0].numpy())
    second = stats.norm(x[:, 0].numpy(), SIGMA).logpdf(x[:, 1].numpy())
    wanted = torch.as_tensor(first + second, dtype=torch.float32)
    bound = variational.importance_weighted_bound(x, encoder, Reading(), likelihood(), 5, Noise())
    torch.testing.assert_close(bound, wanted, rtol=1e-3, atol=1e-3)
    elbo = variational.elbo(x.repeat(400, 1), encoder, Reading(), likelihood(), Noise()).view(400, 200).mean(0)
    torch.testing.assert_close(elbo, wanted, rtol=0, atol=0.3)
