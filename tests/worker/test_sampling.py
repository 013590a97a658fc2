"""Looking at a model in training leaves no trace in it."""

from __future__ import annotations

import pytest
import torch

from genlab.models.factory import build_objective
from genlab.space import Space
from genlab.training.engine import step
from genlab.training.state import TrainState
from genlab.training.stream import Stream
from genlab.worker.sampling import Latents, decode, evaluating
from tests.support.toys import ToyObjective, one_process, ring, toy_config


def _state(half_life: int = 100) -> TrainState:
    config = toy_config()
    config = config.model_copy(update={"training": config.training.model_copy(update={"ema_half_life": half_life})})
    return TrainState.fresh(ToyObjective(), config, one_process())


@pytest.mark.parametrize("half_life", [0, 100])
def test_training_goes_on_as_if_nobody_had_looked(half_life):
    watched, alone = _state(half_life), _state(half_life)
    data = [Stream(ring()), Stream(ring())]
    for _ in range(5):
        with evaluating(watched) as assembly:
            assembly.critic(torch.ones(4, 2))
            decode(watched, assembly, Latents.fixed(watched, 8, "test"))
        for state, stream in zip((watched, alone), data, strict=True):
            step(state, stream)
    assert all(torch.equal(a, b) for a, b in zip(watched.weights().values(), alone.weights().values(), strict=True))
    assert all(module.training for module in watched.objective.players.values())


def test_while_looking_nothing_is_noisy_and_nothing_learns():
    state = _state()
    with evaluating(state) as assembly:
        scores = [assembly.critic(torch.ones(64, 2)) for _ in range(2)]
        assert not assembly.critic.training, "dropout is off"
        assert torch.equal(*scores) and not scores[0].requires_grad
        assert assembly.decoder is state.averages["generator"]


def test_a_failure_while_looking_leaves_the_players_in_training():
    state = _state()
    with pytest.raises(ZeroDivisionError), evaluating(state):
        raise ZeroDivisionError
    assert state.objective.players["critic"].training


def test_fixed_latents_depend_on_seed_and_purpose_only():
    state = _state()
    first, again, other = (Latents.fixed(state, 8, purpose) for purpose in ("watch", "watch", "samples"))
    assert torch.equal(first.z, again.z) and not torch.equal(first.z, other.z)
    assert len(first) == 8 and first.y is None


def test_a_conditional_model_is_asked_for_all_classes_in_turn():
    config = toy_config()
    space = Space("points", (2,), classes=3)
    objective = build_objective(config.model_copy(update={"network": _mlp(config)}), space)
    state = TrainState.fresh(objective, config, one_process())
    latents = Latents.fixed(state, 7, "watch")
    assert latents.y is not None and latents.y.tolist() == [0, 1, 2, 0, 1, 2, 0]
    with evaluating(state) as assembly:
        assert decode(state, assembly, latents).shape == (7, 2)


def _mlp(config):  # type: ignore[no-untyped-def]
    from genlab.config import change

    return change(config, {"network": "mlp", "likelihood": "gaussian"}).network
