"""The browser's engine against the server's, which is the reference: same seed, same data, same noise.

Both compute in single precision and add in different orders. Gradients at the same weights agree to a relative 5e-5
of their length. Adam divides each by its own size, so that a weight whose gradient is zero but for rounding (the last
bias of a critic whose loss knows differences only) may go either way by a learning rate in every step: losses after a
step may differ by two of those for each, and nine of ten weights by no more than a tenth of one
after eight steps.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import torch
from safetensors.torch import load

from genlab.families import known
from genlab.playground import document, in_browser, pictures
from genlab.playground import scenario as scenario_module
from genlab.playground.scenario import Loss, Penalty, Scenario, read
from genlab.playground.session import ALL_LAYERS, PlaygroundSession
from tests.browser_code import check
from tests.support.browser_engine import follow

STEPS = 8
SMALL = {"width": 20, "layers": 2, "batch_size": 48}
ADVERSARIAL = ["gan", "vae_gan"]
LOSSES = {loss: {"models": ADVERSARIAL, "loss": loss, **SMALL} for loss in get_args(Loss)}
PENALTIES = {
    penalty: {"models": ADVERSARIAL, "loss": "non_saturating", "penalty": penalty, "weight": 1.0, **SMALL}
    for penalty in get_args(Penalty)
}
OTHERS: dict[str, dict[str, Any]] = {
    "the settings of a first visit": {"models": ["vae", "gan", "vae_gan"]},
    "a fitted noise": {"models": ["vae"], "sigma": 0.0, "data": "moons", **SMALL},
    "a high beta": {"models": ["vae", "vae_gan"], "beta": 8.0, "sigma": 0.3, "data": "two_gaussians", **SMALL},
    "packs of two": {"pack": 2, "penalty": "r1", **SMALL},
    "packs of three between": {"pack": 3, "penalty": "gradient_penalty", "loss": "wasserstein", **SMALL},
    "several turns and momentum": {
        **{"models": ADVERSARIAL, "critic_repeats": 3, "generator_repeats": 2, "momentum": 0.5},
        **SMALL,
    },
    "one latent dimension": {"models": ["vae", "gan", "vae_gan"], "latent_dim": 1, "data": "spiral", **SMALL},
    "five latent dimensions": {"models": ["vae", "gan", "vae_gan"], "latent_dim": 5, "data": "grid", **SMALL},
    "one narrow layer": {"models": ["vae", "gan", "vae_gan"], "layers": 1, "width": 5, "batch_size": 16},
    "noise on the data": {"models": ["vae", "gan"], "noise": 0.2, "seed": 7, **SMALL},
    "rates of their own": {"models": ["vae", "gan"], "vae_lr": 3e-3, "critic_lr": 1e-4, "generator_lr": 0.0, **SMALL},
}
CASES = {**LOSSES, **PENALTIES, **OTHERS}

pytestmark = pytest.mark.skipif(check.find() is None, reason=check.MISSING)


@pytest.fixture(scope="module")
def trained() -> dict[str, tuple[PlaygroundSession, PlaygroundSession, list[dict[str, Any]], dict[str, Any]]]:
    """For each case the server's session at the beginning and in the end, its losses, and what the browser made."""
    torch.set_num_threads(1)
    asked, sessions, losses = [], {}, {}
    for name, settings in CASES.items():
        session, begun = (PlaygroundSession(read(settings)) for _ in range(2))
        asked.append({"scenario": session.scenario.model_dump(), "document": document.write(begun), "steps": STEPS})
        losses[name] = []
        for _ in range(STEPS):
            for stage in session.stages.values():
                stage.step()
            session.step += 1
            losses[name].append({m: {p: float(v) for p, v in s.losses.items()} for m, s in session.stages.items()})
        session.measure()
        sessions[name] = begun, session
    found = follow(asked)
    return {name: (*sessions[name], losses[name], found[index]) for index, name in enumerate(CASES)}


def weights(text: str, model: str) -> dict[str, torch.Tensor]:
    return load(base64.b64decode(json.loads(text)["models"][model]["weights"]))


@pytest.mark.parametrize("name", CASES)
def test_the_first_weights_are_those_of_the_same_seed(trained, name):
    begun, _, _, found = trained[name]
    for model in begun.stages:
        ours, theirs = weights(document.write(begun), model), weights(found["begun"], model)
        assert set(ours) == set(theirs)
        for key, tensor in ours.items():
            assert tensor.shape == theirs[key].shape and tensor.dtype == theirs[key].dtype
            assert torch.allclose(tensor, theirs[key], atol=2e-6), key


@pytest.mark.parametrize("name", CASES)
def test_losses_follow_the_servers(trained, name):
    _, session, losses, found = trained[name]
    scenario = session.scenario
    rate = max(scenario.critic_lr, scenario.generator_lr, scenario.vae_lr)
    for step, (ours, theirs) in enumerate(zip(losses, found["losses"], strict=True)):
        for model, stage in session.stages.items():
            assert theirs[model] == pytest.approx(ours[model], rel=2e-3, abs=2 * rate * (step + 1)), (model, step)
            if step == 0 and stage.state.objective.repeats.get(stage.players[0], 1) == 1:
                player = stage.players[0]
                assert theirs[model][player] == pytest.approx(ours[model][player], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_weights_follow_the_servers_and_the_server_goes_on_from_them(trained, name):
    begun, session, _, found = trained[name]
    for model, stage in session.stages.items():
        ours, theirs = weights(document.write(session), model), weights(found["saved"], model)
        assert set(ours) == set(theirs)
        keys = [key for key in ours if key.startswith("weights/") and ours[key].ndim]
        apart = torch.cat([(ours[key] - theirs[key]).abs().flatten() for key in keys])
        first = weights(document.write(begun), model)
        went = torch.cat([(ours[key] - first[key]).abs().flatten() for key in keys])
        rate = max(group["lr"] for optimiser in stage.state.optimisers.values() for group in optimiser.param_groups)
        assert went.max() > rate
        assert apart.quantile(0.9) <= 0.1 * rate, (model, float(apart.quantile(0.9)), rate)
    again = document.load(found["saved"])
    assert again.step == STEPS
    again.one_step()


@pytest.fixture(scope="module")
def gradients() -> dict[str, tuple[PlaygroundSession, dict[str, Any]]]:
    """After some of the server's steps, one of both with frozen rates: all players judge the same weights."""
    asked, sessions = [], {}
    for name, settings in CASES.items():
        sessions[name] = session = PlaygroundSession(read(settings))
        for _ in range(6):
            for stage in session.stages.values():
                stage.step()
        session.set({"critic_lr": 0.0, "generator_lr": 0.0, "vae_lr": 0.0, "momentum": 0.0})
        asked.append({"scenario": session.scenario.model_dump(), "document": document.write(session), "steps": 1})
        session.one_step()
    found = follow(asked)
    return {name: (sessions[name], found[index]) for index, name in enumerate(CASES)}


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_servers(gradients, name):
    """Without momentum, Adam's first moment is the gradient of the last turn; of a VAE it holds a tenth of it."""
    session, found = gradients[name]
    for model, stage in session.stages.items():
        ours, theirs = weights(document.write(session), model), weights(found["saved"], model)
        for player in stage.players:
            keys = [key for key in ours if key.startswith(f"optimiser/{player}/") and key.endswith("/exp_avg")]
            mine, other = (torch.cat([found[key].flatten() for key in keys]) for found in (ours, theirs))
            assert mine.norm() > 0
            assert (mine - other).norm() <= 5e-5 * mine.norm(), (model, player)
        losses = {player: float(loss) for player, loss in stage.losses.items()}
        assert found["losses"][0][model] == pytest.approx(losses, rel=1e-4, abs=1e-5), model


@pytest.mark.parametrize("name", [name for name in OTHERS if not CASES[name].get("noise")])
def test_a_picture_says_and_shows_the_same(trained, name):
    """Of the document both began with, so that both draw the same weights."""
    begun, _, _, found = trained[name]
    for model, stage in begun.stages.items():
        facts, arrays = pictures.draw(stage, ALL_LAYERS)
        shown = found["first"]
        theirs = {key: shown["models"][model][key] for key in facts}
        assert set(shown["models"][model]) == {*facts, "losses", "moved", "diverged"}
        for key, value in facts.items():
            assert theirs[key] == pytest.approx(value, rel=1e-3, abs=2e-3), key
        names = {key.removeprefix(f"{model}/") for key in shown["arrays"] if key.startswith(f"{model}/")}
        assert names == set(arrays)
        for key, array in arrays.items():
            other = shown["arrays"][f"{model}/{key}"]
            assert tuple(other["shape"]) == array.shape
            apart = np.abs(np.array(other["values"], float).reshape(array.shape) - array.astype(float))
            assert apart.max() <= (1 if array.dtype == np.uint8 else 2e-3 * max(1.0, float(np.abs(array).max()))), key


@pytest.mark.parametrize("name", [name for name in OTHERS if not CASES[name].get("noise")])
def test_measures_are_the_servers(trained, name):
    begun, _, _, found = trained[name]
    for key, value in begun._ruler.floor.items():
        assert found["floor"][key] == (None if value is None else pytest.approx(value, rel=1e-9))
    row = found["first"]["row"]["models"]
    for model, ours in begun.rows[-1]["models"].items():
        assert row[model]["kl"] == pytest.approx(ours["kl"], rel=0.01)
        assert row[model]["js"] == pytest.approx(ours["js"], rel=0.01)
        assert row[model]["near"] == (None if ours["near"] is None else pytest.approx(ours["near"], abs=2e-3))


CHANGES = {
    "loss": "hinge", "penalty": "dragan", "weight": 3.0, "critic_lr": 5e-3, "generator_lr": 5e-3, "vae_lr": 5e-3,
    "beta": 7.0, "sigma": 0.0, "momentum": 0.7, "critic_repeats": 2, "generator_repeats": 2, "batch_size": 64,
}  # fmt: skip


@pytest.mark.parametrize("knob", CHANGES)
def test_a_knob_turned_while_it_trains_does_the_same(knob):
    settings = read({"models": ["vae", "gan", "vae_gan"], "loss": "least_squares", "penalty": "r2", **SMALL})
    session, begun = (PlaygroundSession(settings) for _ in range(2))
    changes = {knob: CHANGES[knob]}
    (found,) = follow(
        [{"scenario": settings.model_dump(), "document": document.write(begun), "steps": 2, "changes": changes}]
    )
    for _ in range(2):
        session.one_step()
    assert not session.set(changes)
    session.one_step()
    for model, stage in session.stages.items():
        ours = {player: float(loss) for player, loss in stage.losses.items()}
        assert found["last"]["models"][model]["losses"] == pytest.approx(ours, rel=2e-3, abs=2e-3), model


def test_every_setting_that_trains_is_among_the_cases():
    """A knob that is new has to be tried here, or the browser would ignore it without anybody noticing."""
    apart = {"models", "data", "show", "speed", "drawn", "seed"}
    tried = {key for settings in CASES.values() for key in settings}
    assert set(Scenario.model_fields) - apart <= tried | {"latent_dim"}


def test_the_three_families_train_in_the_browser():
    assert all(in_browser.engine(model) is not None for model in ("vae", "gan", "vae_gan"))


def test_what_the_engine_lacks_trains_on_the_server(monkeypatch):
    family = known("gan")
    assert family is not None and family.play is not None
    play = family.play

    def lacking(part: str, **settings: Any) -> None:
        def more(scenario: Any, scale: float) -> dict[str, Any]:
            found = play.settings(scenario, scale)
            return {**found, part: {**found[part], **settings}}

        monkeypatch.setattr(in_browser, "known", lambda name: replace(family, play=replace(play, settings=more)))
        monkeypatch.setattr(scenario_module, "known", in_browser.known)

    lacking("model")
    assert in_browser.engine("gan") is not None
    for part, settings in (("model", {"spectral_norm": True}), ("optimiser", {"clip_norm": 1.0})):
        lacking(part, **settings)
        assert in_browser.engine("gan") is None
    monkeypatch.setattr(in_browser, "known", lambda name: replace(family, play=replace(play, browser="")))
    assert in_browser.engine("gan") is None
