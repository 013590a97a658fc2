"""Tasks are carried out once: baselines first, pictures and numbers kept, the same items for every model."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks.base import TaskMeasure, TaskScore
from genlab.tasks.carry_out import LIBRARIES, carry_out, line, warm_up
from genlab.tasks.task_request import kept_baselines, kept_task

Trained = tuple[Lab, dict[str, Run]]


def quiet(share: float, what: str) -> None:
    return


def test_two_models_share_items_and_baselines(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("reconstruction", {"steps": 3, "components": 4}, items=5)
    found = {model: lab.tasks.carry_out(runs[model], request) for model in ("vae", "gan")}
    of_vae, of_gan = (lab.tasks.baselines(runs[model], request) for model in ("vae", "gan"))
    assert of_vae is not None and of_vae == of_gan
    assert [answer["role"] for answer in of_vae["answers"]] == ["truth", "baseline"]
    for model, document in found.items():
        assert document["run"] == runs[model].id and document["items"] == 5
        for answer in document["answers"]:
            assert answer["scores"]["psnr"]["n"] == 5 and len(answer["scores"]["psnr"]["items"]) == 5
            with Image.open(Path(document["folder"]) / answer["picture"]) as picture:
                assert picture.size == (5 * 8, 8) and answer["grid"] == {"columns": 5, "rows": 1}
    assert any("no encoder" in sentence for sentence in found["gan"]["missing"]) and not found["vae"]["missing"]


def test_what_is_known_is_not_done_again(opened: Trained, monkeypatch: pytest.MonkeyPatch):
    lab, runs = opened
    request = lab.tasks.request("reconstruction", {"steps": 2, "components": 4}, items=4)
    directory = lab.runs.read(runs["vae"])
    first = carry_out(directory, request, lab.workspace, quiet)
    monkeypatch.setattr("genlab.tasks.carry_out.load_model", None)
    assert carry_out(directory, request, lab.workspace, quiet) == first


def test_baselines_are_there_before_the_model_is_at_work(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("reconstruction", {"steps": 4, "components": 4}, items=3)
    directory = lab.runs.read(runs["gan"])

    def cancel(share: float, what: str) -> None:
        if kept_baselines(directory, request, lab.workspace.encoders).read() is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(directory, request, lab.workspace, cancel)
    assert kept_task(directory, request).read() is None


def test_scores_are_means_with_intervals_or_numbers_of_their_own():
    measure = TaskMeasure(name="psnr", title="PSNR", summary="", better="up", limits=(0, None))
    of_items = line(np.array([1.0, 2.0, 3.0]), measure)
    assert of_items["value"] == 2 and of_items["low"] == 0 and of_items["high"] > 3 and of_items["items"] == [1, 2, 3]
    assert line(np.array([2.0]), measure)["low"] is None
    assert line(np.array([1.0, np.nan]), measure)["value"] is None
    whole = line(TaskScore(0.5, 0.4, 0.6, n=7), measure)
    assert (whole["value"], whole["low"], whole["high"], whole["n"]) == (0.5, 0.4, 0.6, 7)
    assert line(TaskScore(None, why="There are no classes."), measure)["why"] == "There are no classes."


def test_what_is_loaded_ahead_can_be_loaded():
    warm_up()
    assert all(library in sys.modules for library in LIBRARIES)
