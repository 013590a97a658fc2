"""Mirrors a run's curves to TensorBoard, MLflow or Weights & Biases through Accelerate's trackers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from accelerate import Accelerator

from genlab.config import RunConfig, leaves
from genlab.errors import InputError
from genlab.store.run_directory import RunDirectory

PROJECT = "genlab"
PACKAGES = {"tensorboard": "tensorboard", "mlflow": "mlflow", "wandb": "wandb"}

Track = Callable[[Mapping[str, float], int], None]


@contextmanager
def tracking(config: RunConfig, accelerator: Accelerator, run: RunDirectory) -> Iterator[Track]:
    """Open the trackers that ``config`` asks for; yields ``track(values, images)``.

    TensorBoard's files go to ``trackers/`` in the run directory. MLflow and Weights & Biases go where their own
    environment variables say, or to the same folder.

    Raises:
        InputError: When a tracker's package is not installed.
    """
    names = list(dict.fromkeys(config.watch.trackers)) if accelerator.is_main_process else []
    settings = {key: value for key, value in leaves(config.model_dump(mode="json")).items() if _is_plain(value)}
    trackers = [_open(name, run) for name in names]
    for tracker in trackers:
        tracker.store_init_configuration(settings)

    def track(values: Mapping[str, float], images: int) -> None:
        for tracker in trackers:
            tracker.log(dict(values), step=images)

    try:
        yield track
    finally:
        for tracker in trackers:
            tracker.finish()


def _open(name: str, run: RunDirectory) -> Any:
    from accelerate import tracking as trackers

    folder = run.path / "trackers"
    folder.mkdir(exist_ok=True)
    label = run.path.name
    try:
        if name == "tensorboard":
            tracker = trackers.TensorBoardTracker(label, logging_dir=folder)
        elif name == "mlflow":
            import mlflow

            if not os.environ.get("MLFLOW_TRACKING_URI"):
                mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
            tracker = trackers.MLflowTracker(experiment_name=PROJECT, run_name=label)
        else:
            tracker = trackers.WandBTracker(PROJECT, name=label, dir=str(folder), id=label, resume="allow")
        tracker.start()
    except (ImportError, ModuleNotFoundError) as error:
        raise InputError(
            f"The tracker {name!r} is not installed ({error}).",
            f"pip install {PACKAGES[name]}, or leave it out.",
            kind="missing_package",
        ) from error
    return tracker


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)
