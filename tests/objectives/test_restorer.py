"""The restorer: what it minimises, with a critic on pairs and without, and that it restores."""

from __future__ import annotations

import time
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genlab.config import RunConfig, change
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Batch
from genlab.space import Space
from genlab.training.engine import step
from genlab.training.state import TrainState
from genlab.training.stream import Stream
from tests.objectives.toys import Noise, batch, build, fit, parts, take_turn
from tests.support.toys import one_process

HOLE = {"name": "hole", "side": 0.5}


class Constant(nn.Module):
    """Grey pictures, whatever is given."""

    def __init__(self, raw: float) -> None:
        super().__init__()
        self.raw = nn.Parameter(torch.tensor(raw))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return self.raw.expand(x.shape)


@pytest.mark.parametrize(("distance", "expected"), [("l1", 0.3), ("l2", 0.09)])
def test_without_a_critic_the_loss_is_the_error(distance: str, expected: float) -> None:
    objective: Any = build("restorer", parts("images"), adversarial=0.0, distance=distance)
    assert list(objective.players) == ["generator"] and not objective.repeats
    objective.generator = Constant(0.0)
    objective.players = {"generator": objective.generator}
    terms = take_turn(objective, "generator", Batch(torch.full((4, 3, 8, 8), 0.8)))
    torch.testing.assert_close(terms.loss, torch.full((4,), expected))
    torch.testing.assert_close(terms.logs["restoration/mse"], torch.full((4,), 0.09))


def test_errors_of_points_are_shares_of_their_scale() -> None:
    objective: Any = build("restorer", parts("points"), adversarial=0.0)
    objective.generator = Constant(0.0)
    objective.players = {"generator": objective.generator}
    terms = take_turn(objective, "generator", Batch(torch.full((4, 2), 3.0)))
    torch.testing.assert_close(terms.loss, torch.full((4,), 1.5))


def test_the_critic_sees_what_was_given_beside_what_was_made_of_it() -> None:
    objective: Any = build("restorer", parts("images"), corruption=HOLE)
    seen: list[Tensor] = []

    class Watching(nn.Module):
        pack = 2

        def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
            seen.append(x.detach())
            return x.reshape(x.shape[0] // 2, -1).sum(1)

    objective.adversary.critic = Watching()
    data = batch(objective.space)
    objective.terms("critic", data, Noise())
    pairs = seen[0].unflatten(0, (2, 8, 2))
    true, fake = pairs[0], pairs[1]
    assert torch.equal(true[:, 0], fake[:, 0]) and torch.equal(true[:, 1], data.x)
    assert (true[:, 0, :, 2:6, 2:6] == 0.5).all() and torch.equal(true[:, 0, :, :2], data.x[:, :, :2])
    assert not torch.equal(fake[:, 1], data.x)


def test_the_weight_of_the_critic_is_that_of_its_part_of_the_loss() -> None:
    terms = {
        weight: take_turn(
            build("restorer", parts("images"), adversarial=weight), "generator", batch(parts("images").space)
        )
        for weight in (0.1, 0.3)
    }
    judged = terms[0.1].logs["adversarial/generator"]
    torch.testing.assert_close((terms[0.3].loss - terms[0.1].loss).detach(), 0.2 * judged)


@pytest.mark.parametrize("adversarial", [0.0, 0.01])
def test_what_it_restores_is_nearer_to_the_truth_than_what_it_is_given(adversarial: float) -> None:
    """Bars that lie or stand, with a hole in the middle, where all but the hole says which."""
    of = parts("images", width=48)
    lines = torch.arange(8)
    lying = ((lines[None, :] - lines[:, None]).abs() < 2).float()[:, None, :, None].expand(8, 3, 8, 8)
    x = torch.cat([lying, lying.transpose(2, 3)])
    objective = build("restorer", of, corruption=HOLE, adversarial=adversarial, distance="l2")
    model = GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim)
    given = objective.corrupt(x, Noise())
    fit(objective, Batch(x), steps=250)
    before, after = ((one - x).square().mean() for one in (given, model.restore(given)))
    assert after < 0.2 * before


def test_stopping_and_going_on_changes_nothing() -> None:
    config = change(
        RunConfig(model="restorer"),
        {"network": "mlp", "network.width": 16, "batch_size": 8, "images": 64, "corruption_least": 0.3},
    )
    space = Space("images", (1, 8, 8))
    items = (torch.rand(32, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 255).byte().numpy()

    def fresh() -> TrainState:
        return TrainState.fresh(build_objective(config, space), config, one_process())

    straight, first, second = fresh(), fresh(), fresh()
    for _ in range(4):
        step(straight, Stream(items))
    for _ in range(2):
        step(first, Stream(items))
    second.restore(first.weights(), first.progress_state())
    for _ in range(2):
        step(second, Stream(items))
    assert all(torch.equal(a, b) for a, b in zip(straight.weights().values(), second.weights().values(), strict=True))


def test_a_picture_of_28_px_takes_less_than_20_ms() -> None:
    space = Space("images", (1, 28, 28))
    config = change(RunConfig(model="restorer"), {"network": "conv"})
    objective = build_objective(config, space)
    model = GenerativeModel(objective.assemble(objective.players), space, config.latent_dim)
    x = torch.rand(1, 1, 28, 28)
    model.restore(x)
    taken = []
    for _ in range(10):
        started = time.process_time()
        model.restore(x)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.02
