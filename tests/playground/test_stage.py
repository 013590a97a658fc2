from __future__ import annotations

import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from genlab.errors import InputError
from genlab.models.factory import build_objective
from genlab.playground.plane_data import data_of
from genlab.playground.plane_stream import NoisyStream
from genlab.playground.scenario import Scenario, changed, offered, run_config
from genlab.playground.stage import Stage, accelerator
from genlab.training import engine
from genlab.training.state import TrainState

SMALL = Scenario(width=16, layers=2, batch_size=32)


def stage_of(model, **settings):
    scenario = changed(SMALL, settings)
    return Stage.fresh(model, scenario, data_of(scenario)), scenario


def copies(stage):
    return {name: tensor.clone() for name, tensor in stage.state.weights().items()}


@pytest.mark.parametrize("model", offered())
def test_it_trains_as_the_engine_does(model):
    stage, scenario = stage_of(model)
    data = data_of(scenario)
    config = run_config(scenario, model, data.scale)
    state = TrainState.fresh(build_objective(config, data.space), config, accelerator())
    stream = NoisyStream(data, scenario.seed)
    for _ in range(5):
        stage.step()
        engine.step(state, stream)
    assert all(torch.equal(tensor, state.weights()[name]) for name, tensor in stage.state.weights().items())


def test_a_run_trained_before_in_another_precision_is_no_hindrance():
    accelerator.cache_clear()
    AcceleratorState._reset_state(reset_partial_state=True)
    Accelerator(cpu=True, mixed_precision="bf16")
    stage, _ = stage_of("vae")
    stage.step()
    assert accelerator().mixed_precision == "no"
    assert {tensor.dtype for tensor in stage.state.weights().values() if tensor.is_floating_point()} == {torch.float32}


@pytest.mark.parametrize(("model", "player"), [("gan", "critic"), ("gan", "generator"), ("vae_gan", "encoder")])
def test_one_player_moves_alone(model, player):
    stage, _ = stage_of(model)
    stage.step()
    before = copies(stage)
    stage.step(player)
    now = stage.state.weights()
    moved = {name.partition(".")[0] for name in now if not torch.equal(now[name], before[name])}
    assert moved == {player}
    assert stage.moved == (player,)
    assert (stage.state.step, stage.state.images) == (2, 64)


def test_a_player_that_is_not_there_is_refused():
    stage, _ = stage_of("vae")
    with pytest.raises(InputError, match="critic"):
        stage.step("critic")


@pytest.mark.parametrize(
    "changes",
    [
        {"penalty": "r1", "weight": 3.0},
        {"loss": "hinge"},
        {"critic_lr": 0.01},
        {"critic_repeats": 3, "generator_repeats": 2},
        {"momentum": 0.5},
        {"beta": 7.0},
        {"batch_size": 64},
        {"noise": 0.2},
    ],
)
@pytest.mark.parametrize("model", offered())
def test_a_turned_knob_keeps_weights_and_moments(model, changes):
    stage, scenario = stage_of(model)
    for _ in range(3):
        stage.step()
    weights, moments = copies(stage), stage.state.progress_state()["optimisers"][stage.players[0]]["state"][0]
    stage.change(changed(scenario, changes))
    assert all(torch.equal(tensor, weights[name]) for name, tensor in stage.state.weights().items())
    now = stage.state.progress_state()["optimisers"][stage.players[0]]["state"][0]
    assert torch.equal(now["exp_avg_sq"], moments["exp_avg_sq"])
    assert stage.state.step == 3
    stage.step()
    assert stage.diverged is None


def test_turned_rates_reach_the_optimisers():
    stage, scenario = stage_of("gan")
    stage.change(changed(scenario, {"critic_lr": 0.02, "generator_lr": 0.0, "momentum": 0.5}))
    generator = copies(stage)
    stage.step()
    groups = {name: optimiser.param_groups[0] for name, optimiser in stage.state.optimisers.items()}
    assert groups["critic"]["lr"] == 0.02
    assert groups["critic"]["betas"] == (0.5, 0.99)
    still = [name for name in generator if name.startswith("generator.")]
    assert all(torch.allclose(stage.state.weights()[name], generator[name], atol=1e-9) for name in still)


def test_the_noise_of_a_vaes_decoder_can_be_set_while_it_learns():
    stage, scenario = stage_of("vae")
    stage.step()
    stage.change(changed(scenario, {"sigma": 0.7}))
    assert float(stage.assembly.likelihood.sigma) == pytest.approx(0.7 * stage.data.scale)
    stage.step()
    stage.change(changed(scenario, {"sigma": 0.0}))
    stage.step()
    assert float(stage.assembly.likelihood.sigma) != pytest.approx(0.7 * stage.data.scale)


def test_a_broken_training_stops_with_a_sentence():
    stage, _ = stage_of("gan")
    with torch.no_grad():
        for parameter in stage.state.parameters["generator"]:
            parameter.fill_(float("inf"))
    stage.step()
    assert stage.diverged is not None and "not finite" in stage.diverged[0]
    step = stage.state.step
    stage.step()
    assert stage.state.step == step
