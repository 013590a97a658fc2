"""What a worker leaves behind while it trains: pictures, pace, checkpoints and scores, each when it is due."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory
from genlab.worker import recorder
from tests.worker.conftest import FAMILIES, MODELS, short


def _weights(lab: Lab, run: str) -> dict[str, torch.Tensor]:
    return load_file(lab.runs.read(run).checkpoints()[-1].path / "model.safetensors")


def _size(directory: RunReader) -> tuple[int, int]:
    return Image.open(io.BytesIO(directory.samples()[-1][1].read_bytes())).size


@pytest.mark.parametrize("model", MODELS)
def test_a_run_leaves_all_it_promises(lab: Lab, model: str):
    run = lab.runs.submit(short(lab, model))
    assert run.state == "completed", run.error
    assert run.images == 1024 and run.seconds > 0
    directory = lab.runs.read(run)
    rows, _ = directory.metrics()
    assert [row["images"] for row in rows] == list(range(128, 1025, 128))
    assert all(np.isfinite(value) for row in rows for value in row.values() if not isinstance(value, list))
    assert any(name.startswith("loss/") for name in rows[0])
    assert [images for images, _ in directory.samples()] == [0, 128, 256, 512, 768, 1024]
    assert [c.images for c in directory.checkpoints()] == [256, 512, 768, 1024]
    shown = (64, 64) if model in FAMILIES else (72, 56)
    assert _size(directory) == shown, "8 x 8 tiles of 8 pixels; else three of each of 21 items, 9 x 7"
    environment = directory.environment()
    assert environment["parameters"]["total"] > 0
    assert environment["data"]["fingerprint"]
    assert directory.config() == RunConfig.model_validate(json.loads(directory.config_file.read_text()))
    assert not list(directory.path.rglob(".staging-*"))
    assert not (directory.path / "reserve").exists()


def test_the_first_pictures_come_early_at_places_that_double_and_change_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
):
    early = lab.runs.submit(short(lab, "gan", images=1_536, sample_every=1_000))
    assert [images for images, _ in lab.runs.read(early).samples()] == [0, 128, 256, 512, 1_024, 1_536]
    monkeypatch.setattr(recorder, "FIRST_PICTURE", 10**9)
    late = lab.runs.submit(short(lab, "gan", images=1_536, sample_every=1_000))
    assert [images for images, _ in lab.runs.read(late).samples()] == [0, 1_024, 1_536]
    one, two = _weights(lab, early.id), _weights(lab, late.id)
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(("batch", "every", "most"), [(64, 8_192, 6), (7, 131_072, 10), (512, 8_192, 4), (64, 100, 0)])
def test_the_places_of_the_first_pictures_are_few_and_the_same_wherever_one_resumes(batch: int, every: int, most: int):
    steps = [batch * (index + 1) for index in range(3 * every // batch)]
    drawn = [images for images in steps if recorder._early(images, batch, every)]
    assert len(drawn) == most and all(images < every + batch for images in drawn)
    assert all(later >= 1.5 * sooner for sooner, later in pairwise(drawn))


def test_the_pace_is_a_mean_in_which_newer_rows_count_more(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    told: list[float] = []
    original = RunDirectory.update_status

    def watched(self: RunDirectory, **changes: object) -> None:
        speed = changes.get("speed")
        if isinstance(speed, float) and speed not in told:
            told.append(speed)
        original(self, **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(recorder, "HEARTBEAT_SECONDS", 0.0)
    monkeypatch.setattr(RunDirectory, "update_status", watched)
    run = lab.runs.submit(short(lab, "vae"))
    speeds = [row["images_per_second"] for row in lab.runs.read(run).metrics()[0]]
    expected = speeds[:1]
    for speed in speeds[1:]:
        expected.append(0.8 * expected[-1] + 0.2 * speed)
    assert told == pytest.approx(expected) and len(set(speeds)) > 1


def test_weights_that_are_not_finite_are_not_saved_even_where_losses_are(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    original = recorder.Recorder.on_step

    def spoilt(self: recorder.Recorder, state, report) -> None:  # type: ignore[no-untyped-def]
        if state.images == 512:
            next(state.averages["vae"].parameters()).data.fill_(float("nan"))
        original(self, state, report)

    monkeypatch.setattr(recorder.Recorder, "on_step", spoilt)
    run = lab.runs.submit(short(lab, "vae"))
    assert run.state == "diverged" and run.error is not None
    assert "weights average.vae" in run.error["message"] and "that of 256 images" in run.error["message"]
    assert [checkpoint.images for checkpoint in lab.runs.read(run).checkpoints()] == [256]


def test_scores_are_recorded_over_training_and_change_nothing(lab: Lab):
    plain = lab.runs.submit(short(lab, "gan"))
    judged = lab.runs.submit(short(lab, "gan", evaluate_every=512))
    assert judged.state == "completed", judged.error
    found = lab.evaluations.all(judged)
    assert [document["images"] for document in found] == [512, 1024]
    assert all(document["metrics"]["coverage"]["value"] is not None for document in found)
    first, second = _weights(lab, plain.id), _weights(lab, judged.id)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert judged.seconds < 60
