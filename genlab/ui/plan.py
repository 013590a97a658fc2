"""What a run will be before it is started: its command line, and its time where one was measured. No streamlit."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from genlab import cores
from genlab.config import RunConfig, change, leaves
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run

ASKED_BY_OPTION = {
    "training.images": "--images",
    "training.seed": "--seed",
    "training.threads": "--threads",
    "name": "--name",
}
LEFT_OUT = frozenset({"schema_version", "preset", "model", "data.name"})
UNSET = object()
LOOKED_AT = 5
"""Newest matching runs whose speed is taken into account."""


@dataclass(frozen=True)
class Speed:
    """Speed of earlier runs of the same kind on this machine.

    Attributes:
        images_per_second: Their median.
        runs: Number of runs it was measured on.
    """

    images_per_second: float
    runs: int


def command_line(lab: Lab, config: RunConfig) -> str:
    """The ``genlab train`` command that starts the same run."""
    preset = config.preset
    try:
        base = lab.draft(config.model.name, config.data.name, preset)
    except InputError:
        preset = "quick"
        base = lab.draft(config.model.name, config.data.name, preset)
    words = ["genlab", "train", "--data", config.data.name, "--model", config.model.name, "--preset", preset]
    for path, value in differences(base, config).items():
        option = ASKED_BY_OPTION.get(path)
        words += [option, _written(value)] if option else ["--set", f"{path}={_written(value)}"]
    return shlex.join(words)


def differences(base: RunConfig, config: RunConfig) -> dict[str, Any]:
    """What has to be changed in ``base`` to get ``config`` of the same model, a chosen entry before its options."""
    changes: dict[str, Any] = {}
    wanted = _settings(config)
    while True:
        now = _settings(base)
        missing = [path for path, value in wanted.items() if path not in changes and now.get(path, UNSET) != value]
        if not missing:
            return changes
        path = min(missing, key=lambda path: path.count("."))
        changes[path] = wanted[path]
        base = change(base, {path: wanted[path]})


def measured_speed(lab: Lab, runs: Iterable[Run], config: RunConfig) -> Speed | None:
    """Speed of the newest of ``runs`` with the same model, networks, data and batch; None when there is none.

    Weights of terms, learning rates and the like may differ: they do not change the speed. Shipped runs do not count:
    they were trained on another machine.
    """
    speeds: list[float] = []
    wanted = _what_costs_time(config)
    for run in runs:
        same = (run.model, run.network, run.data) == (config.model.name, config.network.name, config.data.name)
        if not same or run.shipped or not run.images_per_second or run.images < 10 * config.training.batch_size:
            continue
        try:
            other = lab.directory(run).config()
        except InputError:
            continue
        if _what_costs_time(other) == wanted:
            speeds.append(run.images_per_second)
        if len(speeds) == LOOKED_AT:
            break
    return Speed(median(speeds), len(speeds)) if speeds else None


def seeds_of(first: int, count: int) -> Sequence[int]:
    """The seeds of ``count`` runs."""
    return range(first, first + count)


def _what_costs_time(config: RunConfig) -> Mapping[str, Any]:
    """Settings that change the time a step takes: all choices and whole numbers, no weights."""
    document = config.model_dump(mode="json", include={"model", "network", "data", "latent_dim", "conditional"})
    document["data"] = {key: document["data"][key] for key in ("name", "size", "channels")}
    hardware = config.model_dump(mode="json", include={"training": {"batch_size", "device", "precision", "threads"}})
    settings = leaves(document) | leaves(hardware)
    settings["training.threads"] = config.training.threads or cores.per_run()
    return {path: value for path, value in settings.items() if not isinstance(value, float)}


def _settings(config: RunConfig) -> dict[str, Any]:
    settings = leaves(config.model_dump(mode="json"))
    options = {f"data.options.{name}": value for name, value in settings.pop("data.options").items()}
    return {path: value for path, value in (settings | options).items() if path not in LEFT_OUT}


def _written(value: Any) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value)
