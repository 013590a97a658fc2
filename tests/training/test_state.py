"""State goes to plain tensors and back; learning rates follow their schedule."""

from __future__ import annotations

import math

import pytest
import torch

from genlab.training.engine import step
from genlab.training.state import TrainState, learning_rate_factor
from genlab.training.stream import Stream
from tests.support.toys import ToyObjective, one_process, ring, toy_config


def _trained(steps: int) -> TrainState:
    state = TrainState.fresh(ToyObjective(), toy_config(), one_process())
    data = Stream(ring())
    for _ in range(steps):
        step(state, data)
    return state


def test_restored_state_equals_the_saved_one():
    state = _trained(3)
    weights = {name: tensor.clone() for name, tensor in state.weights().items()}
    again = TrainState.fresh(ToyObjective(), toy_config(), one_process())
    again.restore(weights, state.progress_state())
    assert again.images == state.images and again.step == 3
    assert all(torch.equal(weights[name], tensor) for name, tensor in again.weights().items())
    assert {name.split(".")[0] for name in weights} == {"critic", "generator", "average"}


def test_the_critic_may_have_its_own_learning_rate():
    state = TrainState.fresh(ToyObjective(), toy_config(critic_lr=0.5), one_process())
    rates = {name: optimiser.param_groups[0]["base_lr"] for name, optimiser in state.optimisers.items()}
    assert rates == {"critic": 0.5, "generator": 1e-2}


def test_no_average_is_kept_without_a_half_life():
    config = toy_config()
    config = config.model_copy(update={"training": config.training.model_copy(update={"ema_half_life": 0})})
    assert not TrainState.fresh(ToyObjective(), config, one_process()).averages


def test_schedules():
    constant, cosine = toy_config(images=1000), toy_config(images=1000, schedule="cosine")
    assert learning_rate_factor(constant, 999) == 1
    assert learning_rate_factor(cosine, 0) == pytest.approx(1)
    assert learning_rate_factor(cosine, 500) == pytest.approx(0.55)
    assert learning_rate_factor(cosine, 1000) == pytest.approx(0.1)
    assert learning_rate_factor(cosine, 250) == pytest.approx(0.1 + 0.45 * (1 + math.cos(math.pi / 4)))
    assert learning_rate_factor(cosine, 1250) == pytest.approx(0.1), "the last batch may go beyond the end"
    warm = toy_config(images=1000, batch_size=100, warmup=400)
    assert [learning_rate_factor(warm, images) for images in (0, 100, 300, 900)] == pytest.approx([0.25, 0.5, 1, 1])
    both = toy_config(images=1000, batch_size=100, warmup=400, schedule="cosine")
    assert learning_rate_factor(both, 100) == pytest.approx(0.5 * (0.1 + 0.45 * (1 + math.cos(math.pi / 10))))


def test_optimisers_are_set_up_as_configured():
    config = toy_config(beta1=0.3, beta2=0.7, weight_decay=0.05, critic_lr=0.5)
    for optimiser in TrainState.fresh(ToyObjective(), config, one_process()).optimisers.values():
        (group,) = optimiser.param_groups
        assert group["betas"] == (0.3, 0.7) and group["weight_decay"] == 0.05 and group["fused"]


def test_each_process_takes_its_share_of_the_batch():
    shared = one_process()
    shared.num_processes = 4
    assert TrainState.fresh(ToyObjective(), toy_config(batch_size=32), shared).local_batch == 8
