"""Looking at a model in training leaves no trace in it."""

from __future__ import annotations

import pytest
import torch

from genlab.config import RunConfig, change
from genlab.models.factory import build_objective
from genlab.space import Space
from genlab.training.engine import step
from genlab.training.state import TrainState
from genlab.training.stream import Stream
from genlab.worker.sampling import FixedLatents, WatchedItems, changed, decode, draws_samples, evaluating
from tests.support.toys import one_process, ring


def _state(classes: int = 0, half_life: int = 100) -> TrainState:
    """A GAN whose critic changes buffers whenever it is called in training mode: spectral norms are estimated so."""
    settings = {"network": "mlp", "network.width": 16, "latent_dim": 2, "batch_size": 32, "spectral_norm": True}
    config = change(RunConfig(model="gan"), {**settings, "ema_half_life": half_life})
    return TrainState.fresh(build_objective(config, Space("points", (2,), classes)), config, one_process())


@pytest.mark.parametrize("half_life", [0, 100])
def test_training_goes_on_as_if_nobody_had_looked(half_life):
    watched, alone = (_state(half_life=half_life) for _ in range(2))
    alone.restore(watched.weights(), watched.progress_state())
    data = [Stream(ring()), Stream(ring())]
    for _ in range(5):
        with evaluating(watched) as assembly:
            assembly.critic(torch.ones(4, 2))
            decode(watched, assembly, FixedLatents.fixed(watched, 8, "test"))
        for state, stream in zip((watched, alone), data, strict=True):
            step(state, stream)
    assert all(torch.equal(a, b) for a, b in zip(watched.weights().values(), alone.weights().values(), strict=True))
    assert all(module.training for module in watched.objective.players.values())


def test_while_looking_nothing_changes_and_nothing_learns():
    state = _state()
    with evaluating(state) as assembly:
        scores = [assembly.critic(torch.ones(64, 2)) for _ in range(2)]
        assert not assembly.critic.training
        assert torch.equal(*scores) and not scores[0].requires_grad
        assert assembly.decoder is state.averages["generator"]


def test_a_failure_while_looking_leaves_the_players_in_training():
    state = _state()
    with pytest.raises(ZeroDivisionError), evaluating(state):
        raise ZeroDivisionError
    assert state.objective.players["critic"].training


def test_fixed_latents_depend_on_seed_and_purpose_only():
    state = _state()
    first, again, other = (FixedLatents.fixed(state, 8, purpose) for purpose in ("watch", "watch", "samples"))
    assert torch.equal(first.z, again.z) and not torch.equal(first.z, other.z)
    assert len(first) == 8 and first.y is None


def test_a_conditional_model_is_asked_for_all_classes_in_turn():
    state = _state(classes=3)
    latents = FixedLatents.fixed(state, 7, "watch")
    assert latents.y is not None and latents.y.tolist() == [0, 1, 2, 0, 1, 2, 0]
    with evaluating(state) as assembly:
        assert decode(state, assembly, latents).shape == (7, 2)


def test_a_model_that_draws_no_samples_is_seen_at_work_on_the_same_items_each_time():
    settings = {"network": "mlp", "network.width": 16, "batch_size": 32, "corruption_least": 0.5}
    config = change(RunConfig(model="restorer"), settings)
    space = Space("images", (1, 8, 8))
    state = TrainState.fresh(build_objective(config, space), config, one_process())
    assert not draws_samples(state) and draws_samples(_state())
    items = WatchedItems((torch.rand(20, 1, 8, 8) * 255).byte(), None)
    with evaluating(state) as assembly:
        given, made, true = changed(state, assembly, items, 18)
        again = changed(state, assembly, items, 18)
    assert given.shape == made.shape == true.shape == (6, 1, 8, 8)
    assert torch.equal(true, items.first(6)[0]) and 0 <= float(given.min()) < float(given.max()) <= 1
    assert torch.equal(given, again[0]) and torch.equal(made, again[1])
    assert all(module.training for module in state.objective.players.values())


@pytest.mark.parametrize("decoding", ["greedy", "sampled"])
def test_samples_that_are_drawn_symbol_by_symbol_are_the_same_at_every_look(decoding: str):
    settings = {"network": "autoregressive", "network.decoding": decoding, "likelihood": "categorical"}
    config = change(RunConfig(model="vae"), {**settings, "latent_dim": 2, "batch_size": 32, "ema_half_life": 0})
    state = TrainState.fresh(build_objective(config, Space("texts", (5, 4))), config, one_process())
    watch, again, other = (FixedLatents.fixed(state, 700, purpose) for purpose in ("watch", "watch", "samples"))
    with evaluating(state) as assembly:
        one, two, three = (decode(state, assembly, latents) for latents in (watch, again, other))
    assert torch.equal(one, two) and not torch.equal(one, three)
    drawn = decoding == "sampled"
    assert (watch.choices is not None) == drawn == (set(one.unique().tolist()) == {0.0, 1.0})
