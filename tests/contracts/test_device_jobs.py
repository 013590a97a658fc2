"""Every job that computes with a model does so on the device, from the run's files to what is kept.

The device only pretends; see `tests/contracts/test_device.py`. Each job is done twice, on the CPU and over there.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genlab import devices
from genlab.encoders import _in_domain
from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.evaluation_request import EvaluationRequest, kept_portrait
from genlab.evaluation.flow import follow
from genlab.evaluation.flow_request import FlowRequest
from genlab.evaluation.neighbours import add_neighbours
from genlab.evaluation.portrait import draw_portrait
from genlab.evaluation.sandbox import break_it
from genlab.exploration.decoding import KeptModels, pixels
from genlab.exploration.exploration_request import ExplorationRequest, WalkRequest
from genlab.exploration.explore import explore
from genlab.exploration.explored import Exploration
from genlab.exploration.place import find_place
from genlab.exploration.walk import draw_walk
from genlab.lab import Lab
from genlab.matches.measures import measure, subject
from genlab.playground import document, pictures
from genlab.playground.scenario import Scenario
from genlab.playground.session import ALL_LAYERS
from genlab.playground.session import PlaygroundSession as Played
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint
from genlab.worker.inline import InlineLauncher
from genlab.worker.session import Session
from tests.evaluation.conftest import TINY
from tests.support.elsewhere import DEVICE, pretending
from tests.support.images import picture
from tests.support.runs import directory_of

MODELS = {"vae": {}, "gan": {"conditional": True}, "vae_gan": {}}
SMALL = {"network": "conv", "width": 8, "features": 16, "training.images": 256, "watch.checkpoint_every": 256}
FEW = ExplorationRequest(items=60, samples=30, refine=2)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a model of every family, and its feature extractor."""
    lab = Lab(tmp_path_factory.mktemp("device") / "workspace", launcher=InlineLauncher())
    for name, more in MODELS.items():
        run = lab.runs.submit(lab.configs.make(name, "digits", "quick", {**TINY, **SMALL, "name": name, **more}))
        assert run.state == "completed", run.error
    return lab.workspace.path


class Nobody:
    """Starts no worker: the test trains by itself."""

    def launch(self, run: Any) -> None:
        pass

    def launch_job(self, path: Path) -> None:
        pass


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "WIDER", 1)
    monkeypatch.setattr(_in_domain, "FEWEST", 256)
    monkeypatch.setattr(_in_domain, "MOST", 256)
    monkeypatch.setattr("genlab.exploration.coded.IMAGES", 128)
    for name, value in {"HELD_OUT": 40, "TRAIN": 60, "REFINE": 2, "RECONSTRUCTED": 8}.items():
        monkeypatch.setattr(subject, name, value)
    monkeypatch.setattr(subject, "STEPS", 3)


def silently(share: float, what: str) -> None:
    assert 0 <= share <= 1 and what


def both(monkeypatch: pytest.MonkeyPatch, workspace: Path, folder: Path, work: Callable[[Lab], Any]) -> tuple[Any, Any]:
    """What ``work`` gives in a copy of the workspace on the CPU, and in another over there."""
    labs = [Lab(shutil.copytree(workspace, folder / place), launcher=InlineLauncher()) for place in ("here", "there")]
    expected = work(labs[0])
    with pretending(monkeypatch) as pretend:
        found = work(labs[1])
        assert pretend.layers
    return expected, found


def close(found: Any, expected: Any, where: str = "") -> None:
    """Documents with the same words, and numbers that are alike."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key in set(expected) - {"seconds", "code_seconds", "inversion_seconds", "run"}:
            close(found[key], expected[key], f"{where}/{key}")
    elif isinstance(expected, list | tuple):
        assert len(found) == len(expected), where
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            close(one, other, f"{where}/{index}")
    elif isinstance(expected, float) and not isinstance(expected, bool):
        assert found == pytest.approx(expected, rel=2e-2, abs=2e-2), where
    else:
        assert found == expected, where


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_evaluations(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path, name: str):
    def work(lab: Lab) -> Any:
        return evaluate(lab.runs.read(name), EvaluationRequest(samples=120), lab.workspace, silently)

    expected, found = both(monkeypatch, trained, tmp_path, work)
    assert not any(line.get("failed") for line in found["metrics"].values())
    close(found, expected)
    if name != "gan":
        assert found["metrics"]["ssim"]["value"] is not None


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_portraits_and_their_neighbours(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path, name: str):
    def work(lab: Lab) -> Any:
        directory = lab.runs.read(name)
        checkpoint = pick_checkpoint(directory, None)
        draw_portrait(directory, checkpoint.images, 0, lab.workspace, silently)
        said = add_neighbours(directory, checkpoint.images, 0, lab.workspace, silently)
        folder = kept_portrait(directory, checkpoint, 0).folder
        return said, {path.name: path.read_bytes() for path in folder.glob("*.png")}

    (said, drawn), (said_there, drawn_there) = both(monkeypatch, trained, tmp_path, work)
    close(said_there, said)
    assert drawn_there == drawn and "neighbours.png" in drawn


@pytest.mark.parametrize("name", ["gan", "vae_gan"])
def test_explorations_walks_and_placements(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path, name: str):
    image = base64.b64encode(picture(side=8, grey=True)).decode()

    def work(lab: Lab) -> Any:
        directory = lab.runs.read(name)
        folder = explore(directory, FEW, lab.workspace, silently)
        known = Exploration.read(folder)
        assert known is not None and not known.pending
        walk = draw_walk(directory, FEW, WalkRequest(points=({"item": 0}, {"sample": 1})), lab.workspace, silently)
        placed = find_place(directory, FEW, image, None, lab.workspace, silently)
        arrays = {path.name: np.fromfile(path, "<f4") for path in folder.glob("*.f32")}
        return arrays, atomic.read_json(walk), atomic.read_json(placed)

    (arrays, walk, placed), (arrays_there, walk_there, placed_there) = both(monkeypatch, trained, tmp_path, work)
    assert arrays_there.keys() == arrays.keys() and len(arrays) > 6
    np.testing.assert_allclose(arrays_there["codes.f32"], arrays["codes.f32"], rtol=2e-2, atol=2e-2)
    if name != "gan":
        for file, values in arrays.items():
            np.testing.assert_array_equal(arrays_there[file], values, err_msg=file)
        close(walk_there, walk)
        close(placed_there, placed)


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_measures(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path, name: str):
    expected, found = both(
        monkeypatch, trained, tmp_path, lambda lab: measure(lab.runs.read(name), lab.workspace, silently)
    )
    assert found.keys() == expected.keys()
    if name != "gan":
        for line in (*found.values(), *expected.values()):
            line.pop("seconds", None)
        found.pop("code_seconds"), expected.pop("code_seconds")
        close(found, expected)


@pytest.mark.parametrize("name", ["vae", "gan", "vae_gan"])
def test_what_flows_through_a_model(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path, name: str):
    def work(lab: Lab) -> Any:  # with another seed than the worker, which leaves its own at the end
        return follow(lab.runs.read(name), FlowRequest(seed=5), lab.workspace, silently)

    expected, found = both(monkeypatch, trained, tmp_path, work)
    assert found["samples"] and (name == "gan" or found["items"][0]["draws"][0]["loss"] is not None)
    assert name == "vae" or found["samples"][0]["length"] > 0
    for told in (found, expected):  # the bytes of pictures and layers may differ in their last step
        for one in (*told["items"], *told["samples"], *(d for i in told["items"] for d in i["draws"])):
            for drawn in ("layers", "critic_layers", "picture", "gradient"):
                one.pop(drawn, None)
    close(found, expected)


def test_the_sandbox(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path):
    def work(lab: Lab) -> Any:
        config = lab.runs.read("vae").config().data
        request = EvaluationRequest(samples=100, metrics=("frechet", "kid"))
        return break_it(config, "blurred", request, lab.workspace, silently)

    expected, found = both(monkeypatch, trained, tmp_path, work)
    close(found, expected)


def test_the_route_that_decodes(monkeypatch: pytest.MonkeyPatch, trained: Path):
    z = base64.urlsafe_b64encode(np.ones(8, "<f4").tobytes()).decode()
    lab = Lab(trained)
    expected = pixels(lab.models.load("gan"), z, "1,2")
    with pretending(monkeypatch) as pretend:
        checkpoint = pick_checkpoint(lab.runs.read("gan"))
        model = KeptModels(1).get(checkpoint, lambda: lab.models.load("gan", checkpoint.images))
        assert model.device == DEVICE
        assert pixels(model, z, "1,2") == expected
        assert pretend.layers


@pytest.mark.parametrize("name", ["vae_gan"])
def test_training_from_submission_to_the_last_checkpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str):
    """With samples, alarms, the collapse watch, a checkpoint in between that it goes on from, and its evaluation."""
    monkeypatch.setattr(Session, "_export_decoder", lambda self: None)
    monkeypatch.setattr("genlab.worker.session.CONTROL_SECONDS", 0.0)
    settings = {**TINY, **SMALL, "training.images": 512, "name": name, **MODELS[name]}

    def work(folder: str) -> tuple[str, list[float]]:
        lab = Lab(tmp_path / folder, launcher=Nobody())
        directory = directory_of(lab, lab.runs.submit(lab.configs.make(name, "digits", "quick", settings)))
        assert Session(directory, lambda: bool(directory.checkpoints())).train() == "stopped"
        assert Session(directory, lambda: False).train() == "completed"
        rows, _ = directory.metrics()
        return directory.environment()["device"], [row["images"] for row in rows]

    place, seen = work("here")
    with pretending(monkeypatch) as pretend:
        place_there, seen_there = work("there")
        assert "conv2d" in pretend.layers
    assert place == "cpu" and place_there == str(DEVICE) and seen_there == seen


# The Playground


PLAYED = {"models": ["vae", "gan", "vae_gan"], "show": list(ALL_LAYERS), "width": 8, "layers": 1, "batch_size": 16}


@pytest.mark.parametrize("more", [{}, {"latent_dim": 1, "pack": 2, "noise": 0.1}, {"latent_dim": 3, "loss": "hinge"}])
def test_the_playground(monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]):
    def work() -> Any:
        session = Played(Scenario(**{**PLAYED, **more}))
        for _ in range(3):
            session.one_step()
        session.one_step("critic")
        session.set({"generator_lr": 0.01, "critic_repeats": 2})
        session.one_step()
        again = document.load(document.write(session))
        again.one_step()
        assert again.frame(full=True) and again.world()
        drawn = {model: pictures.draw(stage, ALL_LAYERS)[1] for model, stage in again.stages.items()}
        return again.rows[-1], drawn

    row, drawn = work()
    with pretending(monkeypatch) as pretend:
        row_there, drawn_there = work()
        assert "linear" in pretend.layers
    close(row_there, row)
    for model, arrays in drawn.items():
        assert arrays.keys() == drawn_there[model].keys()
        for name, values in arrays.items():
            reach = 6 if values.dtype == np.uint8 else 0.05
            difference = np.abs(drawn_there[model][name].astype(float) - values.astype(float))
            assert np.quantile(difference, 0.95) <= reach, (model, name)


def test_a_model_of_the_playground_that_leaves_the_numbers_is_held_there_too(monkeypatch: pytest.MonkeyPatch):
    with pretending(monkeypatch):
        session = Played(Scenario(**{**PLAYED, "models": ["gan"]}))
        (stage,) = session.stages.values()
        assert stage.device == DEVICE
        with torch.no_grad():
            for parameter in stage.state.objective.players["critic"].parameters():
                parameter.fill_(float("nan"))
        before = [parameter.detach().clone() for parameter in stage.state.objective.players["generator"].parameters()]
        session.one_step()
        assert stage.diverged is not None
        after = stage.state.objective.players["generator"].parameters()
        assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
