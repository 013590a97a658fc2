"""What every likelihood must keep to, and that each is the distribution it says it is."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from scipy import stats

from genlab import kinds
from genlab.objectives.likelihoods._modules import MIN_LOG_SIGMA
from genlab.options import parse
from genlab.registry import registry
from genlab.space import Space
from tests.objectives.toys import Noise, batch, space

CASES = [
    (spec.name, kind, options)
    for spec in registry("likelihoods")
    for kind in ("images", "points", "texts")
    if kinds.fits(spec, kind)
    for options in (
        [{"sigma": s, "value": 0.1} for s in ("fixed", "learned", "optimal")] if spec.name == "gaussian" else [{}]
    )
]


def build(name: str, of: Space, **options: object) -> torch.nn.Module:
    spec = registry("likelihoods").get(name)
    made: torch.nn.Module = spec.build(of, parse(spec.Options, options))
    return made


@pytest.mark.parametrize(("name", "kind", "options"), CASES)
@pytest.mark.parametrize("size", [1.0, 1e4])
def test_log_probabilities_are_per_sample_and_finite(
    name: str, kind: str, options: dict[str, object], size: float
) -> None:
    of = space(kind)
    likelihood = build(name, of, **options)
    x, raw = batch(of).x, (size * torch.randn(8, *of.shape)).requires_grad_()
    values = likelihood.log_prob(x, raw)
    assert values.shape == (8,)
    assert values.isfinite().all()
    (slope,) = torch.autograd.grad(values.sum(), raw)
    assert slope.isfinite().all()


@pytest.mark.parametrize(("name", "kind", "options"), CASES)
def test_means_and_samples_are_data(name: str, kind: str, options: dict[str, object]) -> None:
    of = space(kind)
    likelihood = build(name, of, **options).eval()
    raw = 3 * torch.randn(8, *of.shape)
    mean = likelihood.mean(raw)
    assert mean.shape == raw.shape
    assert of.kind == "points" or (mean.min() >= 0 and mean.max() <= 1)
    samples = torch.stack([likelihood.sample(raw, Noise(seed)) for seed in range(400)])
    assert (samples.mean(0) - mean).abs().max() < 0.15
    torch.testing.assert_close(likelihood.sample(raw, Noise(3)), samples[3])


def test_bernoulli_probabilities_sum_to_one() -> None:
    of = Space("images", (1, 2, 2))
    raw = torch.tensor([[[[-2.0, 0.5], [1.0, 3.0]]]])
    images = torch.tensor(list(itertools.product([0.0, 1.0], repeat=4))).view(16, 1, 2, 2)
    total = build("bernoulli", of).log_prob(images, raw.expand(16, -1, -1, -1)).exp().sum()
    assert total.item() == pytest.approx(1, abs=1e-5)


def test_probabilities_of_texts_sum_to_one() -> None:
    of = Space("texts", (3, 2))
    raw = torch.tensor([[[-2.0, 0.5], [1.0, 3.0], [0.0, 0.2]]])
    texts = torch.eye(3)[torch.tensor(list(itertools.product(range(3), repeat=2)))].transpose(1, 2)
    likelihood = build("categorical", of)
    total = likelihood.log_prob(texts, raw.expand(9, -1, -1)).exp().sum()
    assert total.item() == pytest.approx(1, abs=1e-5)
    assert likelihood.log_prob(texts[:1], raw).item() == pytest.approx(float(raw.log_softmax(1)[0, 0].sum()), abs=1e-5)


def test_drawn_texts_have_one_symbol_at_each_place() -> None:
    of = Space("texts", (5, 6))
    drawn = build("categorical", of).sample(3 * torch.randn(8, *of.shape), Noise(0))
    assert set(drawn.unique().tolist()) == {0, 1}
    torch.testing.assert_close(drawn.sum(dim=1), torch.ones(8, 6))


def test_bernoulli_takes_grey_as_a_probability() -> None:
    of = Space("images", (1, 1, 2))
    value = build("bernoulli", of).log_prob(torch.tensor([[[[0.25, 1.0]]]]), torch.zeros(1, 1, 1, 2))
    assert value.item() == pytest.approx(2 * math.log(0.5), abs=1e-6)


@pytest.mark.parametrize("kind", ["images", "points"])
@pytest.mark.parametrize("sigma", ["fixed", "learned", "optimal"])
def test_gaussian_is_scipys_normal(kind: str, sigma: str) -> None:
    of = space(kind)
    likelihood = build("gaussian", of, sigma=sigma, value=0.3).eval()
    x, raw = batch(of).x, torch.randn(8, *of.shape)
    mean = raw.sigmoid() if kind == "images" else 2 * raw
    # The soft lower bound lifts the optimal sigma by a thousandth here.
    expected = stats.norm(mean.numpy(), likelihood.sigma.item()).logpdf(x.numpy()).reshape(8, -1).sum(1)
    np.testing.assert_allclose(likelihood.log_prob(x, raw).detach().numpy(), expected, rtol=1e-4)
    assert likelihood.sigma.item() == pytest.approx(0.3, rel=0.01)


def test_optimal_sigma_is_the_root_mean_square_error() -> None:
    of = Space("points", (2,))
    likelihood = build("gaussian", of, sigma="optimal").train()
    x, raw = torch.zeros(4, 2), torch.tensor([[3.0, 0.0]] * 4, requires_grad=True)
    expected = stats.norm(0, math.sqrt(4.5)).logpdf([3.0, 0.0]).sum()
    torch.testing.assert_close(likelihood.log_prob(x, raw), torch.full((4,), float(expected)), rtol=2e-3, atol=0)


def test_evaluation_uses_the_sigma_remembered_from_training() -> None:
    of = Space("points", (2,))
    likelihood = build("gaussian", of, sigma="optimal").train()
    for _ in range(20):
        likelihood.log_prob(torch.zeros(4, 2), torch.full((4, 2), 0.5))
    remembered = likelihood.eval().sigma.item()
    assert remembered == pytest.approx(0.5, rel=0.01)
    far = likelihood.log_prob(torch.zeros(1, 2), torch.full((1, 2), 4.0))
    assert likelihood.sigma.item() == remembered
    assert far.item() == pytest.approx(stats.norm(0, remembered).logpdf([4.0, 4.0]).sum(), rel=1e-4)
    restored = build("gaussian", of, sigma="optimal").eval()
    restored.load_state_dict(likelihood.state_dict())
    assert restored.sigma.item() == remembered


def test_learned_sigma_finds_the_errors_size() -> None:
    of = Space("points", (2,))
    likelihood = build("gaussian", of, sigma="learned", value=1.0).train()
    optimiser = torch.optim.Adam(likelihood.parameters(), 2e-4)
    raw = 0.05 * torch.randn(512, 2)
    for _ in range(800):
        optimiser.zero_grad()
        (-likelihood.log_prob(torch.zeros(512, 2), raw).mean()).backward()
        optimiser.step()
    assert likelihood.sigma.item() == pytest.approx(raw.square().mean().sqrt().item(), rel=0.1)


def test_the_speed_of_a_learned_sigma_is_that_of_so_many_weights() -> None:
    moved = {}
    for speed in (1.0, 20.0):
        likelihood = build("gaussian", Space("points", (2,)), sigma="learned", value=1.0, speed=speed).train()
        optimiser = torch.optim.Adam(likelihood.parameters(), 1e-3)
        (-likelihood.log_prob(torch.zeros(64, 2), torch.full((64, 2), 0.1)).mean()).backward()
        optimiser.step()
        moved[speed] = -math.log(likelihood.sigma.item())
    assert moved[1.0] == pytest.approx(1e-3, rel=0.02)
    assert moved[20.0] == pytest.approx(20e-3, rel=0.02)


@pytest.mark.parametrize(
    ("kind", "sigma", "first"),
    [("images", "learned", 0.1), ("points", "learned", 2.0), ("points", "fixed", 0.1), ("points", "optimal", 0.1)],
)
def test_where_no_value_is_given_a_learned_sigma_begins_at_the_spread_of_points(
    kind: str, sigma: str, first: float
) -> None:
    assert space(kind).scale == (2.0 if kind == "points" else 1.0)
    assert build("gaussian", space(kind), sigma=sigma).eval().sigma.item() == pytest.approx(first, rel=0.03)


@pytest.mark.parametrize("sigma", ["learned", "optimal"])
def test_a_perfect_reconstruction_does_not_reach_an_infinite_density(sigma: str) -> None:
    of = Space("points", (2,))
    likelihood = build("gaussian", of, sigma=sigma, value=1e-9).train()
    density = likelihood.log_prob(torch.zeros(4, 2), torch.zeros(4, 2))
    highest = 2 * (-MIN_LOG_SIGMA - 0.5 * math.log(2 * math.pi))
    assert density.isfinite().all()
    assert (density <= highest).all()
    assert (density > highest - 3).all()
