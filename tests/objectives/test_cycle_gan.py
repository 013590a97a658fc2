"""CycleGAN: what goes around, what is judged by whom, and that one class becomes the other."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Batch
from tests.objectives.toys import CLASSES, Noise, batch, build, fit, parts, space, take_turn


class Shift(nn.Module):
    """Every value moved by as much, before it is made data."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = nn.Parameter(torch.tensor(by))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return x / 2.0 + self.by


def shifting(there: float, back: float, **options: Any) -> Any:
    """Points are moved by twice as much, which is their scale."""
    objective: Any = build("cycle_gan", parts("points", CLASSES), **options)
    objective.there, objective.back = Shift(there), Shift(back)
    players = {**objective.players, "generator": nn.ModuleDict({"there": objective.there, "back": objective.back})}
    objective.players = players
    return objective


def test_the_error_of_the_cycle_is_what_is_left_after_there_and_back() -> None:
    terms = take_turn(shifting(0.5, -0.2), "generator", batch(space("points", CLASSES)))
    torch.testing.assert_close(terms.logs["cycle/error"], torch.full((3,), 0.3))
    torch.testing.assert_close(terms.logs["identity/error"], torch.full((3,), 0.35))
    both = 2 * 10 * terms.logs["cycle/error"] + 2 * 10 * 0.5 * terms.logs["identity/error"]
    torch.testing.assert_close(terms.loss.detach(), terms.logs["adversarial/generator"] + both)


def test_weights_of_zero_leave_the_game_alone() -> None:
    terms = take_turn(shifting(0.5, -0.2, cycle=0.0, identity=0.0), "generator", batch(space("points", CLASSES)))
    torch.testing.assert_close(terms.loss.detach(), terms.logs["adversarial/generator"])
    assert "identity/error" not in terms.logs


def test_each_critic_sees_its_own_class_beside_what_was_made_for_it() -> None:
    objective = shifting(0.5, -0.2)
    seen: list[Tensor] = []

    class Watching(nn.Module):
        pack = 1

        def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
            seen.append(x.detach())
            return x.sum(1)

    for judge in objective.judges:
        judge.critic = Watching()
    data = batch(objective.space)
    first, second = data.x[data.y == 0], data.x[data.y == 1]
    objective.terms("critic", data, Noise())
    assert torch.equal(seen[0], torch.cat([first, second - 0.4]))
    assert torch.allclose(seen[1], torch.cat([second, first + 1.0]))


def test_what_is_shown_is_given_made_and_brought_back_class_by_class() -> None:
    objective = shifting(0.5, -0.2)
    data = batch(objective.space)
    given, made, again = objective.show(objective.assemble(objective.players), data, Noise())
    assert torch.equal(given[0::2], data.x[data.y == 0]) and torch.equal(given[1::2], data.x[data.y == 1])
    torch.testing.assert_close(made[0::2], given[0::2] + 1.0)
    torch.testing.assert_close(made[1::2], given[1::2] - 0.4)
    torch.testing.assert_close(again, given + 0.6)


@pytest.mark.parametrize(
    ("options", "classes", "why"),
    [
        ({}, 0, "has to be told which item is of which"),
        ({"to_class": "7"}, CLASSES, "no class '7'"),
        ({"to_class": "Trouser"}, CLASSES, "no class 'Trouser'"),
        ({"from_class": "1"}, CLASSES, "Both classes are the same"),
    ],
)
def test_it_needs_two_classes(options: dict[str, str], classes: int, why: str) -> None:
    with pytest.raises(InputError, match=why):
        build("cycle_gan", parts("points", classes), **options)


def test_a_batch_without_one_of_them_is_refused() -> None:
    objective = build("cycle_gan", parts("points", CLASSES))
    data = batch(objective.space)
    with pytest.raises(InputError, match="no item of one of the classes"):
        objective.terms("critic", Batch(data.x, torch.full((8,), 2)), Noise())


def test_one_class_becomes_the_other_and_comes_back() -> None:
    """Two clouds side by side; the third class, far away, is left alone."""
    noise, of = Noise(3), parts("points", CLASSES, width=48)
    places = torch.tensor([[-2.0, 0.0], [2.0, 0.0], [0.0, 50.0]])
    y = torch.arange(192) % CLASSES
    x = places[y] + 0.4 * noise.normal(192, 2)
    objective = build("cycle_gan", of, loss="least_squares", penalty="none")
    fit(objective, Batch(x, y), steps=1000)
    model = GenerativeModel(objective.assemble(objective.players), of.space, of.latent_dim)
    assert model.can_translate and not (model.can_sample or model.can_restore)
    for way, number, other in (("there", 0, 1), ("back", 1, 0)):
        given = x[y == number]
        made = model.translate(given, way)
        near = torch.cdist(made, places[:2]).argmin(1) == other
        assert float(near.float().mean()) > 0.9, way
        again = model.translate(made, "back" if way == "there" else "there")
        unrelated = (given - given.roll(1, 0)).norm(dim=1).mean()
        assert (again - given).norm(dim=1).mean() < 0.5 * unrelated, way


def test_another_model_does_not_translate() -> None:
    objective = build("vae", parts("points"))
    model = GenerativeModel(objective.assemble(objective.players), objective.space, objective.latent_dim)
    with pytest.raises(InputError, match="not trained to translate"):
        model.translate(torch.zeros(2, 2))
