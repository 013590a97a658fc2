"""The GAN's own settings, and what the adversarial game computes."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from genlab.errors import InputError
from genlab.networks.build import Parts
from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.objectives.base import Batch
from genlab.options import parse
from genlab.registry import Choice, registry
from tests.objectives.toys import Noise, batch, build, parts, space, take_turn


def calls_of(objective: Any) -> list[tuple[int, bool]]:
    """(number of inputs, whether gradients are recorded) of every critic call from now on."""
    calls: list[tuple[int, bool]] = []
    objective.players["critic"].register_forward_pre_hook(
        lambda _, args: calls.append((len(args[0]), torch.is_grad_enabled()))
    )
    return calls


def test_the_default_critic_turn_is_one_call() -> None:
    of = parts("images")
    objective = build("gan", of)
    calls = calls_of(objective)
    logs = take_turn(objective, "critic", batch(of.space)).logs
    assert calls == [(16, True)]
    assert set(logs) == {"score/real", "score/fake", "score/sign_real", "penalty", "gradient/real", "gradient/fake"}
    torch.testing.assert_close(
        logs["penalty"], 0.05 * (logs["gradient/real"].square() + logs["gradient/fake"].square())
    )
    torch.testing.assert_close(logs["score/sign_real"], (logs["score/real"] > 0).float())


@pytest.mark.parametrize("model", ["gan", "vae_gan"])
def test_the_penalty_falls_by_equal_factors_when_it_is_asked_to(model: str) -> None:
    of = parts("images")
    objective = build(model, of, penalty_left=0.01)
    turns = [take_turn(objective, "critic", batch(of.space, progress=progress)) for progress in (0.0, 0.5, 1.0)]
    first, middle, last = (turn.logs["penalty"] for turn in turns)
    assert first.min() > 0
    torch.testing.assert_close(middle, 0.1 * first)
    torch.testing.assert_close(last, 0.01 * first)
    torch.testing.assert_close(turns[0].loss - turns[2].loss, first - last)


@pytest.mark.parametrize(
    ("loss", "expected"), [("relativistic", [(8, False), (8, True)]), ("non_saturating", [(8, True)])]
)
def test_real_scores_are_only_computed_for_generators_that_want_them(loss: str, expected: list[Any]) -> None:
    of = parts("images")
    objective = build("gan", of, loss=loss)
    calls = calls_of(objective)
    take_turn(objective, "generator", batch(of.space))
    assert calls == expected


def test_gradient_norms_are_those_of_the_critic() -> None:
    of = parts("images")
    objective = build("gan", of)
    data = batch(of.space)
    logged = take_turn(objective, "critic", data).logs["gradient/real"]
    x = data.x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(objective.players["critic"](x).sum(), x)
    torch.testing.assert_close(logged, slope.flatten(1).norm(dim=1) / 2)


def test_a_remainder_that_fills_no_pack_is_left_out() -> None:
    of = parts("images", classes=3)
    objective = build("gan", of, pack=3)
    for player in objective.players:
        assert take_turn(objective, player, batch(of.space, 8)).loss.shape == (2,)
    with pytest.raises(InputError, match="A batch of 2 is smaller than a pack of 3"):
        take_turn(objective, "critic", batch(of.space, 2))


@pytest.mark.parametrize("network", ["mlp", "resnet"])
def test_spectral_norm_bounds_every_linear_map(network: str) -> None:
    torch.manual_seed(0)
    of = Parts(space("images"), 4, Choice(name=network, options=registry("networks").get(network).Options()))
    objective = build("gan", of, spectral_norm=True)
    for step in range(30):
        terms = take_turn(objective, "critic", batch(of.space), seed=step)
    assert terms.loss.isfinite().all()
    weights = [
        m.weight for m in objective.players["critic"].modules() if isinstance(m, torch.nn.Linear | torch.nn.Conv2d)
    ]
    norms = torch.stack([torch.linalg.matrix_norm(w.detach().flatten(1), 2) for w in weights])
    assert norms.min() > 0.95
    assert norms.max() < 1.1


def test_augmentation_reaches_real_and_generated_images_in_both_turns() -> None:
    of = parts("images")
    objective = build("gan", of, augment="diffaugment", augment_policy=["cutout"])
    seen: list[torch.Tensor] = []
    objective.players["critic"].register_forward_pre_hook(lambda _, args: seen.append(args[0].detach()))
    ones = Batch(torch.ones(8, 3, 8, 8))
    take_turn(objective, "critic", ones)
    take_turn(objective, "generator", ones)
    real, fake, real_again, fake_again = *seen[0].chunk(2), seen[1], seen[2]
    for images in (real, real_again):
        covered = (images == 0.5).flatten(1).sum(1)
        assert covered.min() >= 3 * 4
        assert covered.max() == 3 * 16
    for images in (fake, fake_again):
        assert ((images == 0.5).flatten(1).sum(1) >= 3 * 4).all()


def test_augmentation_is_refused_for_points() -> None:
    with pytest.raises(InputError, match="Augmentation is for images"):
        build("gan", parts(), augment="diffaugment")


def test_the_class_matters_to_a_conditional_critic() -> None:
    of = parts("images", classes=3)
    made = Adversary(of, parse(AdversarialOptions, {}))
    torch.nn.init.normal_(made.critic.embedding.weight)
    x = batch(of.space).x
    zeros, ones = (made.scores(x, torch.full((8,), label), Noise()) for label in (0, 1))
    assert not torch.allclose(zeros, ones)
    doubled = made.scores(torch.cat([x, x]), torch.arange(8) % 3, Noise(), copies=2)
    torch.testing.assert_close(doubled[:8], doubled[8:])


def test_critic_repeats_are_what_was_asked() -> None:
    assert build("gan", parts(), critic_repeats=5).repeats == {"critic": 5}


@pytest.mark.parametrize("name", ["gan", "vae_gan"])
def test_a_relaxed_critic_sees_one_symbol_at_each_place_and_its_generator_learns(name: str) -> None:
    of = parts("texts")
    objective: Any = build(name, of, relaxation="gumbel")
    seen: list[torch.Tensor] = []
    objective.players["critic"].register_forward_pre_hook(lambda _, args: seen.append(args[0].detach()))
    for player in objective.players:
        take_turn(objective, player, batch(of.space))
    values = torch.cat([part.flatten() for part in seen])
    assert float(((values - values.round()).abs()).max()) < 1e-5, "all that the critic sees is 0 or 1"
    player = {"gan": "generator", "vae_gan": "decoder"}[name]
    gradients = [p.grad for p in objective.players[player].parameters() if p.grad is not None]
    assert all(bool(gradient.isfinite().all() and gradient.any()) for gradient in gradients)


def test_straight_through_symbols_are_drawn_by_their_probabilities() -> None:
    of = parts("texts")
    adversary = Adversary(of, parse(AdversarialOptions, {"relaxation": "gumbel"}))
    raw = torch.randn(1, *of.space.shape).expand(4_000, -1, -1).clone().requires_grad_()
    made = adversary.made(raw, Noise(1))
    torch.testing.assert_close(made.detach().mean(0), raw[0].detach().softmax(dim=0), atol=0.04, rtol=0)
    (slope,) = torch.autograd.grad((made * torch.randn(of.space.shape)).sum(), raw)
    assert slope.any() and slope.sum(dim=1).abs().max() < 1e-4, "the gradient is that of a softmax"
    plain = Adversary(of, AdversarialOptions())
    torch.testing.assert_close(plain.made(raw, Noise(1)), raw.softmax(dim=1))


def test_a_relaxation_is_for_symbols() -> None:
    with pytest.raises(InputError, match="images are not"):
        Adversary(parts("images"), parse(AdversarialOptions, {"relaxation": "gumbel"}))
