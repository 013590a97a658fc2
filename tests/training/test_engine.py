"""The loop: turns, counting, resuming, and refusing what is not finite."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch

from genlab.config import change
from genlab.errors import DivergedError
from genlab.training.engine import (
    _clip,
    _precision,
    require_finite,
    require_finite_weights,
    step,
    train,
    untrained_losses,
)
from genlab.training.state import TrainState
from genlab.training.stream import Stream
from tests.objectives.toys import batch, build, reading_parts
from tests.support.counted import OperationCount
from tests.support.toys import ToyObjective, one_process, ring, toy_config


def _fresh(repeats: int = 1, **options: object) -> TrainState:
    return TrainState.fresh(ToyObjective(repeats), toy_config(**options), one_process())


def _run(state: TrainState, stop_at: int | None = None) -> list[float]:
    losses: list[float] = []
    train(
        state,
        Stream(ring(), seed=1),
        lambda _, report: losses.append(report.values["loss/critic"].item()),
        lambda now: stop_at is not None and now.images >= stop_at,
    )
    return losses


def test_training_stops_at_its_target_counted_in_images():
    state = _fresh(images=640, batch_size=32)
    assert len(_run(state)) == 20
    assert state.images == 640 and state.step == 20


def test_the_same_seed_gives_the_same_losses_and_weights():
    one, two = _fresh(), _fresh()
    assert _run(one) == _run(two)
    assert all(torch.equal(t, two.weights()[name]) for name, t in one.weights().items())


def test_stopped_and_resumed_equals_straight_through():
    straight, first = _fresh(), _fresh()
    losses = _run(straight)
    early = _run(first, stop_at=256)
    second = _fresh()
    second.restore({name: t.clone() for name, t in first.weights().items()}, first.progress_state())
    assert early + _run(second) == losses
    assert all(torch.equal(t, second.weights()[name]) for name, t in straight.weights().items())


def test_hidden_words_are_the_same_after_a_resume():
    """A decoder that reads draws what it may not read from the step's own noise."""

    def fresh() -> TrainState:
        objective = build("vae", reading_parts(word_dropout=0.5))
        config = change(toy_config(images=160, batch_size=16), {"model": "vae", "network": "autoregressive"})
        return TrainState.fresh(objective, config, one_process())

    of = batch(reading_parts().space, 160).x
    data = SimpleNamespace(batch=lambda start, size: (of[start : start + size], None))
    straight, first, second = fresh(), fresh(), fresh()
    for _ in range(6):
        step(straight, data)
    for _ in range(3):
        step(first, data)
    torch.manual_seed(99)
    second.restore({name: t.clone() for name, t in first.weights().items()}, first.progress_state())
    for _ in range(3):
        step(second, data)
    assert all(torch.equal(t, second.weights()[name]) for name, t in straight.weights().items())


def test_every_critic_turn_gets_fresh_data_and_the_generator_the_last():
    state = _fresh(repeats=3, images=10_000)
    step(state, Stream(ring(), seed=1))
    objective = state.objective
    assert isinstance(objective, ToyObjective)
    assert [player for player, _ in objective.seen] == ["critic"] * 3 + ["generator"]
    batches = [batch for _, batch in objective.seen]
    assert not torch.equal(batches[0], batches[1])
    assert torch.equal(batches[2], batches[3])
    assert state.images == 3 * 32


def test_only_the_player_whose_turn_it_is_moves():
    state = _fresh()
    objective = state.objective
    before = {name: [p.clone() for p in module.parameters()] for name, module in objective.players.items()}
    optimiser = state.optimisers["generator"]
    optimiser.step = lambda *args, **kwargs: None  # type: ignore[method-assign]
    step(state, Stream(ring()))
    assert all(
        torch.equal(a, b) for a, b in zip(before["generator"], objective.players["generator"].parameters(), strict=True)
    )
    assert not all(
        torch.equal(a, b) for a, b in zip(before["critic"], objective.players["critic"].parameters(), strict=True)
    )
    assert all(p.grad is None for module in objective.players.values() for p in module.parameters())


def _steps(state: TrainState, number: int, data: Stream | None = None) -> list[dict[str, float]]:
    """Player -> learning rate that its optimiser stepped with, for each step."""
    found: list[dict[str, float]] = []
    for name, optimiser in state.optimisers.items():
        original = optimiser.step

        def watched(
            *args: object, name: str = name, optimiser: torch.optim.Optimizer = optimiser, original=original
        ) -> object:
            (group,) = optimiser.param_groups
            found[-1][name] = group["lr"]
            return original(*args)

        optimiser.step = watched  # type: ignore[method-assign]
    for _ in range(number):
        found.append({})
        step(state, data or Stream(ring(), seed=1))
    return found


def test_optimisers_step_at_the_rate_of_the_schedule_each_from_its_own():
    state = _fresh(images=128, batch_size=32, schedule="cosine", warmup=64, lr=0.01, critic_lr=0.04)
    rises = [0.5, 1.0, 1.0, 1.0, 1.0]
    falls = [0.1 + 0.45 * (1 + math.cos(math.pi * done)) for done in (0.0, 0.25, 0.5, 0.75, 1.0)]
    expected = [rise * fall for rise, fall in zip(rises, falls, strict=True)]
    rates = _steps(state, 5)
    assert [rate["generator"] for rate in rates] == pytest.approx([0.01 * factor for factor in expected])
    assert [rate["critic"] for rate in rates] == pytest.approx([0.04 * factor for factor in expected])
    assert state.optimisers["critic"].param_groups[0]["base_lr"] == 0.04, "factors do not pile up"


def test_a_smaller_rate_moves_the_weights_less_in_proportion():
    """Adam's first step is the rate in every weight, whatever the gradient."""

    def first(**options: object) -> torch.Tensor:
        state = _fresh(beta1=0.0, beta2=0.0, **options)
        before = state.objective.players["generator"].weight.detach().clone()
        step(state, Stream(ring(), seed=1))
        return (state.objective.players["generator"].weight - before).abs()

    assert torch.allclose(first(lr=0.01), torch.tensor(0.01), rtol=1e-3)
    assert torch.allclose(first(lr=0.01, warmup=128), torch.tensor(0.0025), rtol=1e-3)


def _progress(state: TrainState, number: int) -> list[float]:
    """What the players were told of the share done, turn by turn."""
    told: list[float] = []
    original = state.objective.terms

    def watched(player, batch, rng):
        told.append(batch.progress)
        return original(player, batch, rng)

    state.objective.terms = watched  # type: ignore[method-assign]
    for _ in range(number):
        step(state, Stream(ring(), seed=1))
    return told


def test_players_are_told_the_share_of_training_that_is_done():
    assert _progress(_fresh(images=128, batch_size=32), 4) == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75]
    assert _progress(_fresh(repeats=2, images=128, batch_size=32), 2) == [0, 0.25, 0.25, 0.5, 0.75, 0.75]
    assert _progress(_fresh(images=40, batch_size=32), 3) == [0, 0, 0.8, 0.8, 1, 1], "never more than all"


def test_before_the_first_step_nothing_is_done(monkeypatch: pytest.MonkeyPatch):
    told: list[float] = []
    original = ToyObjective.terms

    def watched(self, player, batch, rng):
        told.append(batch.progress)
        return original(self, player, batch, rng)

    monkeypatch.setattr(ToyObjective, "terms", watched)
    untrained_losses(_fresh(), Stream(ring()))
    assert told == [0, 0]


def test_the_average_follows_the_generator():
    state = _fresh()
    _run(state)
    mean, now = state.averages["generator"].weight, state.objective.players["generator"].weight
    assert not torch.equal(mean, now)
    assert torch.allclose(mean, now, atol=0.2)


def test_averages_forget_by_all_images_of_a_step():
    state = _fresh(repeats=3, images=20_000)
    state.images = 10_000
    before = state.averages["generator"].weight.clone()
    step(state, Stream(ring(), seed=1))
    moved = 1 - 0.5 ** (3 * 32 / 100)
    now = state.objective.players["generator"].weight
    assert torch.allclose(state.averages["generator"].weight, before + moved * (now - before), atol=1e-7)


def test_the_norm_is_that_of_all_gradients_together_before_they_are_scaled():
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in range(3)]
    for largest, left in ((0.0, [3.0, 4.0]), (10.0, [3.0, 4.0]), (1.0, [0.6, 0.8])):
        parameters[0].grad, parameters[1].grad = torch.tensor([3.0]), torch.tensor([4.0])
        assert _clip(parameters, largest).item() == pytest.approx(5)
        assert [p.grad.item() for p in parameters[:2]] == pytest.approx(left, rel=1e-5)


def test_the_norm_is_torchs_bit_for_bit_and_nothing_where_there_are_no_gradients():
    rng = torch.Generator().manual_seed(0)
    parameters = [torch.nn.Parameter(torch.zeros(shape)) for shape in ((3, 5), (7,), (2, 3, 3, 3), ())]
    assert _clip(parameters, 0.0).item() == 0
    for scale in (1e-6, 1.0, 1e6):
        for parameter in parameters[:-1]:
            parameter.grad = scale * torch.randn(parameter.shape, generator=rng)
        gradients = [parameter.grad for parameter in parameters[:-1]]
        assert torch.equal(_clip(parameters, 0.0), torch.nn.utils.get_total_norm(gradients))


def test_a_number_is_looked_at_without_another_tensor():
    with OperationCount() as counted:
        require_finite({"loss/vae": torch.tensor(1.0).abs(), "gradient_norm/vae": 2.0}, 10)
    assert counted.number <= 3, "one to make the tensor, one for abs, one to read it"


@pytest.mark.parametrize(
    ("precision", "native", "enabled"), [("no", False, False), ("bf16", True, True), ("bf16", False, False)]
)
def test_the_objective_computes_in_the_precision_that_the_run_has(precision: str, native: bool, enabled: bool):
    """Not in that of another run of the process, which Accelerate tells too."""
    accelerator = one_process()
    accelerator.mixed_precision, accelerator.native_amp = precision, native
    with _precision(accelerator):
        assert torch.is_autocast_enabled("cpu") is enabled
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if enabled else torch.float32)
    assert not torch.is_autocast_enabled("cpu")


@pytest.mark.parametrize("name", ["critic", "generator", "average"])
def test_weights_that_are_not_finite_are_named(name: str):
    state = _fresh()
    require_finite_weights(state)
    spoiled = state.averages["generator"] if name == "average" else state.objective.players[name]
    with torch.no_grad():
        next(spoiled.parameters()).view(-1)[0] = float("nan")
    told = {"critic": "critic.0.weight", "generator": "generator.weight", "average": "average.generator.weight"}[name]
    with pytest.raises(DivergedError, match=f"after 0 images: the weights {told} are not finite"):
        require_finite_weights(state)


def test_gradients_are_clipped():
    state = _fresh(clip_norm=1e-6, beta1=0.0)
    report = step(state, Stream(ring()))
    assert report.values["gradient_norm/critic"] > 1e-6, "the norm is reported before clipping"


def test_a_loss_that_is_not_finite_ends_training_before_the_weights_are_touched():
    state = _fresh()
    _run(state, stop_at=96)
    kept = {name: tensor.clone() for name, tensor in state.weights().items()}
    spoiled = ring()
    spoiled[:] = float("inf")
    with pytest.raises(DivergedError, match="loss/critic is not finite") as caught:
        step(state, Stream(spoiled))
    assert "learning rate" in caught.value.hint
    assert all(torch.equal(tensor, kept[name]) for name, tensor in state.weights().items())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), torch.tensor([1.0, float("nan")])])
def test_values_that_are_not_finite_are_named(value):
    require_finite({"loss/vae": 1.0}, 10)
    with pytest.raises(DivergedError, match=r"after 1,000 images: kl/total is not finite"):
        require_finite({"loss/vae": 1.0, "kl/total": value}, 1000)


def test_what_untrained_networks_lose_is_found_again_and_moves_nothing():
    state, data = _fresh(), Stream(ring())
    before = {name: tensor.clone() for name, tensor in state.weights().items()}
    found = untrained_losses(state, data)
    assert set(found) == {"loss/critic", "loss/generator"}
    assert all(abs(value) < 10 for value in found.values())
    assert all(torch.equal(tensor, before[name]) for name, tensor in state.weights().items())
    assert untrained_losses(_fresh(), Stream(ring())) == found
    report = step(state, data)
    assert report.values["loss/critic"].item() == pytest.approx(
        step(_fresh(), Stream(ring())).values["loss/critic"].item(), abs=0
    ), "training goes as it would have gone"
