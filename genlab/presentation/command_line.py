"""What a run will be before it is started: its command line, and what its estimated time rests on."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from typing import Any

from genlab.config import RunConfig, change, leaves
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.presentation.words import how_many
from genlab.store.run import Run

ASKED_BY_OPTION = {
    "training.images": "--images",
    "training.seed": "--seed",
    "training.threads": "--threads",
    "name": "--name",
}
LEFT_OUT = frozenset({"schema_version", "preset", "model", "data.name"})
UNSET = object()

EVIDENCE = {
    "same": "by {runs} of this kind here",
    "similar": "by {runs} of other kinds here, scaled by size of networks and data",
    "elsewhere": "by {runs} on another machine, scaled by size of networks and data",
}
"""What an estimate rests on, in words; it takes the number of runs."""


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


def grounds(evidence: str, runs: int) -> str:
    """What an estimate rests on, in words."""
    return EVIDENCE[evidence].format(runs=how_many(runs, "earlier run"))


def whose_speed(runs: Iterable[Run]) -> str:
    """Whose speed an estimate over several runs rests on, in words."""
    own = any(run.images_per_second and not run.shipped for run in runs)
    return "by the speed of earlier runs here" if own else "by the speed of runs on another machine"


def seeds_of(first: int, count: int) -> Sequence[int]:
    """The seeds of ``count`` runs."""
    return range(first, first + count)


def _settings(config: RunConfig) -> dict[str, Any]:
    settings = leaves(config.model_dump(mode="json"))
    options = {f"data.options.{name}": value for name, value in settings.pop("data.options").items()}
    return {path: value for path, value in (settings | options).items() if path not in LEFT_OUT}


def _written(value: Any) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value)
