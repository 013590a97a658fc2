"""Curves are mirrored to trackers, and the trackers' own libraries read them back."""

from __future__ import annotations

import sys

import pytest

from genlab.lab import Lab
from tests.worker.conftest import short


def _rows(lab: Lab, run: str) -> dict[int, float]:
    return {row["images"]: row["loss/vae"] for row in lab.runs.read(run).metrics()[0]}


@pytest.mark.filterwarnings("ignore")
def test_tensorboard_reads_what_was_written(lab: Lab):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = lab.runs.submit(short(lab, "vae", images=512, trackers=["tensorboard"]))
    assert run.state == "completed", run.error
    events = EventAccumulator(str(run.path / "trackers" / run.id))
    events.Reload()
    read = {event.step: event.value for event in events.Scalars("loss/vae")}
    assert read == pytest.approx(_rows(lab, run.id), rel=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_mlflow_reads_what_was_written(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    from mlflow import MlflowClient

    run = lab.runs.submit(short(lab, "vae", images=512, trackers=["mlflow"]))
    assert run.state == "completed", run.error
    client = MlflowClient(f"sqlite:///{run.path / 'trackers' / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("genlab")
    assert experiment is not None
    (recorded,) = client.search_runs([experiment.experiment_id])
    assert recorded.info.run_name == run.id
    assert recorded.data.params["training.batch_size"] == "64"
    read = {metric.step: metric.value for metric in client.get_metric_history(recorded.info.run_id, "loss/vae")}
    assert read == pytest.approx(_rows(lab, run.id), rel=1e-9)


def test_a_tracker_that_is_not_installed_is_one_sentence(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    run = lab.runs.submit(short(lab, "vae", images=128, trackers=["wandb"]))
    assert run.state == "failed"
    assert run.error is not None and run.error["kind"] == "missing_package"
    assert "wandb" in run.error["hint"]
