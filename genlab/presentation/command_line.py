"""A run as the command that starts it: what its configuration changes in that of its preset."""

from __future__ import annotations

import json
import shlex
from typing import Any

from genlab.config import RunConfig, change, leaves
from genlab.errors import InputError
from genlab.lab import ReadOnlyLab

ASKED_BY_OPTION = {
    "training.images": "--images",
    "training.seed": "--seed",
    "training.threads": "--threads",
    "name": "--name",
}
LEFT_OUT = frozenset({"schema_version", "preset", "model", "data.name"})
UNSET = object()


def command_line(lab: ReadOnlyLab, config: RunConfig) -> str:
    """The ``genlab train`` command that starts the same run."""
    preset = config.preset
    try:
        base = lab.configs.draft(config.model.name, config.data.name, preset)
    except InputError:
        preset = "quick"
        base = lab.configs.draft(config.model.name, config.data.name, preset)
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


def _settings(config: RunConfig) -> dict[str, Any]:
    settings = leaves(config.model_dump(mode="json"))
    options = {f"data.options.{name}": value for name, value in settings.pop("data.options").items()}
    return {path: value for path, value in (settings | options).items() if path not in LEFT_OUT}


def _written(value: Any) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value)
