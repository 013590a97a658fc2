"""Encoders that see corrupted items: what is done to them, what is judged, and that such a model restores."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel
from genlab.objectives._corrupted import Corrupter
from genlab.objectives.base import Batch, Objective
from genlab.objectives.vae import VaeOptions
from genlab.options import parse
from genlab.space import Random, Space
from tests.objectives.toys import Noise, batch, build, fit, parts

WITH_ENCODERS = ("vae", "vae_gan", "soft_intro_vae")


def corrupter(space: Space, **options: Any) -> Corrupter:
    return Corrupter(parse(VaeOptions, options), space)


def lines(count: int = 8) -> Tensor:
    """Bars that lie or stand, colour pictures of 8 px."""
    places = torch.arange(8)
    lying = ((places[None, :] - places[:count, None]).abs() < 2).float()[:, None, :, None].expand(count, 3, 8, 8)
    return torch.cat([lying, lying.transpose(2, 3)])


class Unasked:
    """Noise that nobody may ask for."""

    def normal(self, *shape: int) -> Tensor:
        raise AssertionError("asked")

    uniform = normal


def test_without_a_corruption_items_stay_themselves_and_no_noise_is_drawn() -> None:
    x, nobody = torch.rand(3, 3, 8, 8), Unasked()
    plain = corrupter(parts("images").space)
    assert plain(x, nobody) is x and not plain.changes


def test_each_item_has_a_strength_of_its_own_between_the_least_and_all() -> None:
    space = Space("points", (2_000,))
    noisy = corrupter(space, corruption={"name": "noise", "sigma": 1.0}, corruption_least=0.5)
    spread = noisy(torch.zeros(200, 2_000), Noise()).std(1)
    assert 0.45 < float(spread.min()) < 0.55 and 0.95 < float(spread.max()) < 1.05
    assert float(spread.mean()) == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("name", WITH_ENCODERS)
def test_the_encoder_sees_what_is_left_and_the_whole_item_is_judged(name: str) -> None:
    of = parts("images")
    data = batch(of.space)
    objective: Any = build(name, of, corruption={"name": "hole", "side": 0.5})
    seen: list[Tensor] = []
    encoder = objective.encoder
    encoder.register_forward_pre_hook(lambda module, given: seen.append(given[0].detach()))
    for player in objective.players:
        objective.terms(player, data, Noise())
    assert seen
    assert all((x[:, :, 2:6, 2:6] == 0.5).all() for x in seen if torch.equal(x[:, :, :2], data.x[:, :, :2]))
    assert any(torch.equal(x[:, :, :2], data.x[:, :, :2]) for x in seen)
    assert not any(torch.equal(x, data.x) for x in seen)


def restoration(objective: Objective, given: Tensor) -> Tensor:
    made = objective.assemble(objective.players)
    return GenerativeModel(made, objective.space, objective.latent_dim).restore(given)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vae", {"likelihood": {"name": "gaussian", "sigma": "optimal"}}),
        ("vae_gan", {"beta": 0.1}),
        ("soft_intro_vae", {"beta_kl": 0.1, "warmup": 1.0}),
    ],
)
def test_what_it_restores_is_nearer_to_the_truth_than_what_it_is_given(name: str, options: dict[str, Any]) -> None:
    of, x = parts("images", width=48, latent_dim=8), lines()
    objective: Any = build(name, of, corruption={"name": "hole", "side": 0.5}, **options)
    given = objective.corrupt(x, Noise())
    fit(objective, Batch(x), steps=300)
    before, after = ((one - x).square().mean() for one in (given, restoration(objective, given)))
    assert after < 0.4 * before


def test_a_model_that_was_not_trained_to_restore_says_so() -> None:
    with pytest.raises(InputError, match="not trained to restore"):
        restoration(build("vae", parts("images")), torch.rand(2, 3, 8, 8))


def test_the_evidence_lower_bound_is_that_of_the_whole_item() -> None:
    """Noise of no strength changes nothing but what is drawn first."""
    of = parts("images")

    def bound(rng: Random, **options: Any) -> Tensor:
        return build("vae", of, **options).terms("vae", batch(of.space), rng).loss

    class Skipping(Noise):
        """The noise of the corruption is drawn apart."""

        def normal(self, *shape: int) -> Tensor:
            return torch.zeros(shape) if len(shape) == 4 else super().normal(*shape)

    torch.testing.assert_close(bound(Skipping(), corruption="noise"), bound(Skipping()))
