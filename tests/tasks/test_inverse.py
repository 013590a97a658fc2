"""Inverse problems: every way in which models restore, what is put back, and whom a restorer may help."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from genlab.errors import InputError
from genlab.evaluation.inputs import StagedProgress
from genlab.lab import Lab
from genlab.registry import Choice, registry
from genlab.store.run import Run
from genlab.tasks._inverse import OTHERS, contested, plane
from genlab.tasks._problem import Damage
from genlab.tasks.base import TaskAnswer
from genlab.tasks.inputs import TaskInputs
from tests.tasks.problems import blobs, posed

Trained = tuple[Lab, dict[str, Run]]

TASKS = {
    "denoising": {"sigma": 0.2},
    "super-resolution": {"factor": 2},
    "in-painting": {"side": 0.5},
    "compressed-sensing": {"measurements": 20},
}
NAMES = {use: spec.name for spec in registry("tasks") if (use := spec.use.replace(" ", "-")) in TASKS}


def quiet(share: float, what: str) -> None:
    return


@pytest.mark.parametrize("use", TASKS)
def test_models_stand_beside_methods_without_one(opened: Trained, use: str):
    lab, runs = opened
    request = lab.tasks.request(NAMES[use], {**TASKS[use], "steps": 5, "restarts": 2}, items=5)
    documents = {model: lab.tasks.carry_out(runs[model], request) for model in ("vae", "gan")}
    known = lab.tasks.baselines(runs["gan"], request)
    assert known is not None and known == lab.tasks.baselines(runs["vae"], request)
    roles = {answer["name"]: answer["role"] for answer in known["answers"]}
    assert roles["truth"] == "truth" and roles["input"] == "input" and roles["linear"] == "baseline"
    names = {model: [answer["name"] for answer in document["answers"]] for model, document in documents.items()}
    exact = ["consistent"] if use != "denoising" else []
    assert names == {"vae": ["encoder", "projection", *exact], "gan": ["projection", *exact]}
    assert any("no encoder" in sentence for sentence in documents["gan"]["missing"])
    for document in documents.values():
        for answer in document["answers"]:
            assert len(answer["scores"]["consistency"]["items"]) == 5 and "features" not in answer["scores"]
            with Image.open(Path(document["folder"]) / answer["picture"]) as picture:
                rows = 1 + OTHERS if answer["name"] in {"projection", "consistent"} else 1
                assert picture.size == (5 * 8, rows * 8) and answer["grid"] == {"columns": 5, "rows": rows}
        assert len(document["details"]["solutions"]["consistency"]) == 1 + OTHERS and not document["charts"]
        if exact:
            scores = {answer["name"]: answer["scores"] for answer in document["answers"]}
            assert scores["consistent"]["consistency"]["value"] < scores["projection"]["consistency"]["value"]
            assert scores["consistent"]["psnr"]["value"] > scores["projection"]["psnr"]["value"]


def test_many_items_are_placed_between_perception_and_distortion(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("denoising", {"steps": 2, "restarts": 1}, items=17, encoder="pixels")
    document = lab.tasks.carry_out(runs["vae"], request)
    assert document["answers"][-1]["role"] == "bound", "what the model reaches is searched for where there is time"
    (chart,) = document["charts"]
    assert chart["points"] and [curve["name"] for curve in chart["curves"]] == [a["title"] for a in document["answers"]]
    for curve, answer in zip(chart["curves"], document["answers"], strict=True):
        assert (curve["x"], curve["y"]) == tuple(
            [pytest.approx(answer["scores"][m]["value"])] for m in ("psnr", "features")
        )


def test_without_features_there_is_no_plane():
    assert plane([TaskAnswer(name="a", title="A", scores={"psnr": np.ones(3)})]) == ()


@pytest.mark.parametrize(
    ("corruption", "options"),
    [
        ("hole", {"side": 0.5}),
        ("scattered", {}),
        ("low_resolution", {"factor": 4}),
        ("grey", {}),
        ("compressed", {"measurements": 50}),
        ("none", {}),
    ],
)
def test_what_was_measured_is_put_back_and_nothing_else_changes(corruption: str, options: dict[str, Any]):
    x = 0.25 + 0.5 * blobs(channels=3, side=13)
    problem = posed(x, corruption, options)
    guess = 0.4 + 0.2 * blobs(channels=3, side=13, seed=9).numpy()
    back = problem.put_back(guess)
    assert problem.consistency(guess).max() > 0.01 and problem.consistency(back).max() < 1e-5
    np.testing.assert_allclose(problem.put_back(back), back, atol=1e-6)
    np.testing.assert_allclose(problem.put_back(x.numpy()), x, atol=1e-6)
    known = problem.seen.operator.known()
    if known is not None:
        lost = known.expand(x.shape).numpy() == 0
        np.testing.assert_array_equal(back[lost], guess[lost])


def test_consistency_is_the_noise_for_the_true_item():
    problem = posed(blobs(side=40), "noise", {"sigma": 0.2}, 0.2)
    np.testing.assert_allclose(problem.consistency(problem.items.numpy()), 0.2, rtol=0.1)
    assert not problem.is_exact and posed(blobs(), "noise", {"sigma": 0.01}, 0.01).is_exact


def test_fewer_items_have_the_same_problem():
    problem = posed(blobs(), "scattered", {})
    few = problem.first(2)
    torch.testing.assert_close(few.measured, problem.measured[:2])
    np.testing.assert_allclose(few.consistency(few.items.numpy()), 0, atol=1e-7)


class Restorer:
    """A model that only restores, one whose class has to be found: it is right for class 1."""

    can_sample = can_encode = False
    can_restore = True

    def __init__(self, truth: torch.Tensor, classes: int) -> None:
        self.truth, self.space = truth, SimpleNamespace(classes=classes)

    def restore(self, x: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        return self.truth if y is None or bool((y == 1).all()) else 0 * self.truth


def one_pass(lab: Lab, run: Run, learned: Choice, damage: Damage, classes: int = 0) -> Any:
    data = lab.data.open(lab.runs.read(run).config().data)
    options = registry("tasks").get("denoising").Options()
    progress = StagedProgress(quiet)
    given = TaskInputs(data, options, 4, (), "", Path("nowhere"), 0, progress, brief=True)
    config = SimpleNamespace(model=SimpleNamespace(options=SimpleNamespace(corruption=learned)))
    opened = SimpleNamespace(run=SimpleNamespace(config=lambda: config))
    subject: Any = SimpleNamespace(model=Restorer(torch.as_tensor(given.items), classes), opened=opened)
    return contested(given, subject, damage)


@pytest.mark.parametrize("classes", [0, 3])
def test_a_restorer_is_asked_about_what_it_was_trained_to_undo(opened: Trained, classes: int):
    lab, runs = opened
    damage = Damage.of("noise", {"sigma": 0.3}, 0.3)
    assert damage.corruption is not None
    found = one_pass(lab, runs["vae"], damage.corruption, damage, classes)
    (answer,) = found.answers
    assert answer.name == "restorer" and np.min(answer.scores["psnr"]) > 50
    assert any("draws no items" in sentence for sentence in found.missing)


def test_a_restorer_of_something_else_is_not_asked(opened: Trained):
    lab, runs = opened
    noise = registry("corruptions").get("noise")
    other = Choice(name="noise", options=noise.Options(sigma=0.1))
    found = one_pass(lab, runs["vae"], other, Damage.of("noise", {"sigma": 0.3}, 0.3))
    assert not found.answers and any("another corruption" in sentence for sentence in found.missing)


def test_colours_are_asked_of_colour_pictures_only(opened: Trained):
    lab, runs = opened
    assert "grey" in lab.tasks.unfit("colouring", runs["vae"])
    with pytest.raises(InputError, match="these are grey"):
        lab.tasks.start(runs["vae"], lab.tasks.request("colouring"))
    spec = registry("tasks").get("colouring")
    assert not spec.refuse((3, 8, 8))
