"""Whole runs, in this process: what is left behind, stopping and resuming, divergence, changed data."""

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
from genlab.jobs.launcher import InlineLauncher
from genlab.lab import Lab
from genlab.store.run import RunDirectory
from genlab.worker import recorder
from tests.worker.conftest import FAMILIES, short


class StopAt(InlineLauncher):
    """Starts a run with a request that is obeyed at the first look: after no step, or after some."""

    def __init__(self, what: str = "stop") -> None:
        self.what = what

    def launch(self, run: RunDirectory) -> None:
        from genlab.worker import session

        class Early(session.Session):
            def _should_stop(self, state):  # type: ignore[no-untyped-def]
                if state.images >= 512:
                    self.run.ask(run_what)
                self._looked = 0.0
                return super()._should_stop(state)

        run_what, original = self.what, session.Session
        session.Session = Early  # type: ignore[misc]
        try:
            super().launch(run)
        finally:
            session.Session = original  # type: ignore[misc]


def _weights(lab: Lab, run: str) -> dict[str, torch.Tensor]:
    return load_file(lab.directory(run).checkpoints()[-1].path / "model.safetensors")


def _size(directory: RunDirectory) -> tuple[int, int]:
    return Image.open(io.BytesIO(directory.samples()[-1][1].read_bytes())).size


@pytest.mark.parametrize("model", FAMILIES)
def test_a_run_leaves_all_it_promises(lab: Lab, model: str):
    run = lab.submit(short(lab, model))
    assert run.state == "completed", run.error
    assert run.images == 1024 and run.seconds > 0
    directory = lab.directory(run)
    rows, _ = directory.metrics()
    assert [row["images"] for row in rows] == list(range(128, 1025, 128))
    assert all(np.isfinite(value) for row in rows for value in row.values() if not isinstance(value, list))
    assert any(name.startswith("loss/") for name in rows[0])
    assert [images for images, _ in directory.samples()] == [0, 128, 256, 512, 768, 1024]
    assert [c.images for c in directory.checkpoints()] == [256, 512, 768, 1024]
    assert _size(directory) == (64, 64), "8 x 8 tiles of 8 pixels"
    environment = directory.environment()
    assert environment["parameters"]["total"] > 0
    assert environment["data"]["fingerprint"]
    assert directory.config() == RunConfig.model_validate(json.loads(directory.config_file.read_text()))
    assert not list(directory.path.rglob(".staging-*"))
    assert not (directory.path / "reserve").exists()


def test_the_first_pictures_come_early_at_places_that_double_and_change_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
):
    early = lab.submit(short(lab, "gan", images=1_536, sample_every=1_000))
    assert [images for images, _ in lab.directory(early).samples()] == [0, 128, 256, 512, 1_024, 1_536]
    monkeypatch.setattr(recorder, "FIRST_PICTURE", 10**9)
    late = lab.submit(short(lab, "gan", images=1_536, sample_every=1_000))
    assert [images for images, _ in lab.directory(late).samples()] == [0, 1_024, 1_536]
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
    run = lab.submit(short(lab, "vae"))
    speeds = [row["images_per_second"] for row in lab.directory(run).metrics()[0]]
    expected = speeds[:1]
    for speed in speeds[1:]:
        expected.append(0.8 * expected[-1] + 0.2 * speed)
    assert told == pytest.approx(expected) and len(set(speeds)) > 1


@pytest.mark.parametrize("model", FAMILIES)
@pytest.mark.parametrize("what", ["stop", "pause"])
def test_stopped_and_resumed_equals_straight_through(lab: Lab, model: str, what: str):
    straight = lab.submit(short(lab, model))
    config = short(lab, model)
    halted = Lab(lab.workspace.path, launcher=StopAt(what)).submit(config)
    assert halted.state == {"stop": "stopped", "pause": "paused"}[what]
    assert halted.images == 512
    resumed = lab.resume(halted)
    assert resumed.state == "completed", resumed.error
    one, two = _weights(lab, straight.id), _weights(lab, resumed.id)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    first, second = (lab.directory(run).metrics()[0] for run in (straight, resumed))
    timed = {"seconds", "images_per_second"}
    assert [{k: v for k, v in row.items() if k not in timed} for row in first] == [
        {k: v for k, v in row.items() if k not in timed} for row in second
    ]


def test_a_diverging_run_says_so_and_keeps_the_last_good_checkpoint(lab: Lab):
    run = lab.submit(
        short(lab, "gan", images=200_000, **{"loss": "wasserstein", "penalty": "none", "lr": 1.0, "beta1": 0.0})
    )
    assert run.state == "diverged", run
    assert run.error is not None
    assert run.error["kind"] == "diverged" and "diverged after" in run.error["message"] and run.error["hint"]
    for tensor in _weights(lab, run.id).values():
        assert torch.isfinite(tensor).all()


def test_a_run_whose_data_changed_is_not_resumed(lab: Lab):
    halted = Lab(lab.workspace.path, launcher=StopAt()).submit(short(lab, "vae"))
    directory = lab.directory(halted)
    environment = directory.environment()
    environment["data"]["fingerprint"] = "another"
    directory.write_environment(environment)
    resumed = lab.resume(halted)
    assert resumed.state == "failed"
    assert resumed.error is not None and resumed.error["kind"] == "data_changed"


def test_a_damaged_checkpoint_is_one_sentence(lab: Lab):
    halted = Lab(lab.workspace.path, launcher=StopAt()).submit(short(lab, "vae"))
    (lab.directory(halted).checkpoints()[-1].path / "model.safetensors").write_bytes(b"broken")
    resumed = lab.resume(halted)
    assert resumed.state == "failed"
    assert resumed.error is not None and resumed.error["kind"] == "damaged_checkpoint"


def test_a_conditional_run_shows_one_class_per_column(lab: Lab):
    run = lab.submit(short(lab, "gan", conditional=True))
    assert run.state == "completed", run.error
    model = lab.load_model(run)
    assert model.space.classes == 10
    assert model.sample(7, label=3).shape == (7, 1, 8, 8)


@pytest.mark.parametrize("model", FAMILIES)
def test_points_are_trained_and_drawn(lab: Lab, model: str):
    config = lab.configure(model, "ring", settings={"images": 512, "batch_size": 64, "threads": 1, "sample_every": 256})
    run = lab.submit(config)
    assert run.state == "completed", run.error
    assert lab.load_model(run).sample(5).shape == (5, 2)
    assert _size(lab.directory(run)) == (256, 256)


def test_the_prepared_data_are_used_again(lab: Lab):
    lab.submit(short(lab, "vae", images=128))
    stores = sorted(p.name for p in lab.workspace.datasets.iterdir() if p.is_dir())
    lab.submit(short(lab, "gan", images=128))
    assert sorted(p.name for p in lab.workspace.datasets.iterdir() if p.is_dir()) == stores


def test_scores_are_recorded_over_training_and_change_nothing(lab: Lab):
    plain = lab.submit(short(lab, "gan"))
    judged = lab.submit(short(lab, "gan", evaluate_every=512))
    assert judged.state == "completed", judged.error
    found = lab.evaluations(judged)
    assert [document["images"] for document in found] == [512, 1024]
    assert all(document["metrics"]["coverage"]["value"] is not None for document in found)
    first, second = _weights(lab, plain.id), _weights(lab, judged.id)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert judged.seconds < 60


def test_a_run_that_cannot_be_judged_goes_on(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    from genlab.errors import InputError
    from genlab.worker import session

    def refuse(*arguments: object) -> None:
        raise InputError("No encoder.", "Try another.")

    monkeypatch.setattr(session, "evaluate", refuse)
    run = lab.submit(short(lab, "vae", evaluate_every=512))
    assert run.state == "completed" and "not evaluated: No encoder." in capsys.readouterr().err


def test_a_stop_does_not_wait_for_an_evaluation(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    from genlab.worker import session

    def endless(run: RunDirectory, request: object, workspace: object, progress: object) -> None:
        run.ask("stop")
        progress(0.5, "for ever")  # type: ignore[operator]
        pytest.fail("went on")

    monkeypatch.setattr(session, "evaluate", endless)
    run = lab.submit(short(lab, "vae", evaluate_every=512))
    assert (run.state, run.images) == ("stopped", 512)
