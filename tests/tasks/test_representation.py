"""Representation: codes beside pixels, principal components and an encoder that has learned nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run

Trained = tuple[Lab, dict[str, Run]]


def test_every_model_has_codes_that_are_probed_beside_the_same_baselines(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("representation", items=200, encoder="pixels")
    found = {model: lab.tasks.carry_out(runs[model], request) for model in ("vae", "gan")}
    plain = lab.tasks.baselines(runs["gan"], request)
    assert plain is not None
    assert [answer["name"] for answer in plain["answers"]] == ["truth", "pixels"]
    for model, document in found.items():
        answers = {answer["name"]: answer for answer in document["answers"]}
        assert list(answers) == ["pca", "untaught", "codes"]
        assert answers["pca"]["title"] == "PCA of 4 components" and answers["pca"]["role"] == "baseline"
        assert answers["codes"]["note"].startswith("It has no encoder") is (model == "gan")
        for answer in answers.values():
            assert set(answer["scores"]) == {"labels-10", "labels-100", "labels-1000", "linear", "neighbours"}
            assert answer["grid"] == {"columns": 8, "rows": 3}
        hundred = answers["pca"]["scores"]["labels-100"]
        assert 0.3 < hundred["value"] < 0.9 and hundred["low"] < hundred["value"] < hundred["high"]
        (chart,) = document["charts"]
        assert chart["log_x"] and [curve["x"] for curve in chart["curves"]] == [[10, 100, 1000]] * 3
    assert found["vae"]["answers"][0]["scores"] == found["gan"]["answers"][0]["scores"]
    pixels = plain["answers"][1]["scores"]
    assert pixels["linear"]["value"] > 0.9 and pixels["labels-10"]["value"] < pixels["labels-1000"]["value"]


def test_the_nearest_items_by_pixels_are_the_nearest_items(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("representation", items=8)
    lab.tasks.carry_out(runs["vae"], request)
    plain = lab.tasks.baselines(runs["vae"], request)
    assert plain is not None and set(plain["answers"][1]["scores"]) == {"labels-10", "labels-100", "neighbours"}
    with (
        Image.open(Path(plain["folder"]) / "truth.png") as queries,
        Image.open(Path(plain["folder"]) / "pixels.png") as near,
    ):
        assert near.size == (8 * 8, 3 * 8)
        asked, found = np.asarray(queries, float), np.asarray(near, float)
    data = lab.data.open(lab.runs.read(runs["vae"]).config().data)
    train = np.asarray(data.items("train"), float)[:, 0]
    first = asked[:8, :8]
    apart = np.abs(found[:8, :8] - first).sum()
    assert apart <= np.sort(np.abs(train - first).sum(axis=(1, 2)))[len(train) // 20]


def test_data_without_classes_are_refused(opened: Trained):
    lab, runs = opened
    with pytest.raises(InputError, match="cannot be done with points"):
        lab.tasks.carry_out(runs["points"], lab.tasks.request("representation"))
