"""Every preset gives a complete configuration that trains, and every teaching preset shows what it teaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genlab.config import RunConfig, load_config
from genlab.kinds._symbols import one_hot
from genlab.lab import Lab
from genlab.models.factory import build_objective
from genlab.presets.base import PresetSpec
from genlab.registry import registry
from genlab.space import Space
from genlab.training.engine import step
from genlab.training.state import TrainState
from genlab.training.stream import batches_of
from genlab.worker.inline import InlineLauncher
from tests.support.toys import one_process, ring

SPACES = {
    "images": ("mnist-5k", Space("images", (1, 28, 28))),
    "points": ("ring", Space("points", (2,))),
    "texts": ("sentences", Space("texts", (70, 10))),
}


def _cases() -> Iterator[tuple[str, str, str]]:
    spec: PresetSpec
    for spec in registry("presets"):
        for kind in SPACES:
            for model in spec.models(kind):
                yield spec.name, model, kind


CASES = list(_cases())
CLASSES = 10


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("presets") / "workspace", launcher=InlineLauncher())


@pytest.mark.parametrize(("preset", "model", "kind"), CASES)
def test_it_is_complete_and_its_first_steps_are_finite(lab: Lab, preset: str, model: str, kind: str):
    data, space = SPACES[kind]
    config = lab.configs.make(model, data, preset)
    assert config.preset == preset and config.model.name == model
    assert load_config(config.model_dump()) == config
    assert config.watch.log_every <= config.training.images / 10, "a run has a curve"
    assert config.watch.checkpoint_every <= config.training.images / 2, "a killed run keeps something"
    small = config.model_copy(update={"training": config.training.model_copy(update={"batch_size": 8})})
    for values in _first_steps(small, replace(space, classes=CLASSES if config.conditional else 0)):
        assert all(torch.isfinite(value).all() for value in values.values())


def _first_steps(config: RunConfig, space: Space) -> Iterator[dict[str, torch.Tensor]]:
    items: np.ndarray[Any, Any] = ring(64)
    if "symbols" in space.spec.gives:
        items = one_hot(np.random.default_rng(0).integers(0, space.shape[0], (64, space.shape[1])), space.shape[0])
    elif space.kind == "images":
        items = np.random.default_rng(0).integers(0, 256, (64, *space.shape), dtype=np.uint8)
    labels = np.arange(64) % space.classes if space.classes else None
    objective = build_objective(config, space)
    state = TrainState.fresh(objective, config, one_process())
    data = batches_of(items, labels, objective.pair)
    for _ in range(2):
        yield step(state, data).values


@pytest.mark.parametrize("preset", ["quick", "balanced", "paper"])
def test_ordinary_presets_are_for_every_model(preset: str):
    spec: PresetSpec = registry("presets").get(preset)
    assert {"vae", "gan", "vae_gan", "soft_intro_vae"} <= set(spec.models("images"))
    assert all(spec.suits(model, "images") for model in registry("objectives").names())
    assert not spec.teaches


@pytest.mark.parametrize("preset", ["collapsing-gan", "posterior-collapse", "critic-too-strong"])
def test_teaching_presets_say_what_they_teach(preset: str):
    assert registry("presets").get(preset).teaches.endswith(".")


def _train(lab: Lab, model: str, preset: str, images: int) -> tuple[list[dict[str, Any]], Path]:
    run = lab.runs.submit(lab.configs.make(model, "ring", preset, {"images": images, "threads": 1}))
    assert run.state == "completed", run.error
    return lab.runs.read(run).metrics()[0], run.path


def _modes(lab: Lab, run: str) -> float:
    """Share of the ring's eight modes near which there is at least a fortieth of the samples."""
    samples = lab.models.load(run).sample(2_000)
    angles = torch.arange(8) * torch.pi / 4
    means = torch.stack([angles.cos(), angles.sin()], 1)
    distance, nearest = torch.cdist(samples, means).min(1)
    counts = nearest[distance < 0.2].bincount(minlength=8)
    return (counts >= 50).float().mean().item()


def test_the_posterior_collapses(lab: Lab):
    sick, _ = _train(lab, "vae", "posterior-collapse", 60_000)
    well, _ = _train(lab, "vae", "quick", 150_000)
    assert sick[-1]["kl/total"] < 0.05
    assert well[-1]["kl/total"] > 1


@pytest.mark.slow
def test_the_strong_critic_starves_the_generator(lab: Lab):
    rows, _ = _train(lab, "gan", "critic-too-strong", 100_000)
    last = rows[-1]
    assert last["score/real"] - last["score/fake"] > 4, "the critic is confident"
    assert last["loss/critic"] < 0.2


@pytest.mark.slow
def test_the_gan_collapses_and_the_default_does_not(lab: Lab):
    _, sick = _train(lab, "gan", "collapsing-gan", 150_000)
    _, well = _train(lab, "gan", "quick", 500_000)
    assert _modes(lab, sick.name) <= 0.6
    assert _modes(lab, well.name) >= 0.9
