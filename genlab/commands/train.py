"""``genlab train`` and ``genlab resume``: start a run, or go on with one, and watch it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from genlab.commands.console import JsonOption, RunArgument, WorkspaceOption, emit, open_lab, say
from genlab.commands.follow import follow_to_end
from genlab.config import leaves
from genlab.errors import InputError

DetachOption = Annotated[bool, typer.Option("--detach", help="Return at once; training continues in the background.")]


def complete_data(incomplete: str) -> list[str]:
    """Names of data sets, for the shell."""
    return [info.name for info in open_lab(None).data.all() if info.name.startswith(incomplete)]


def complete_model(incomplete: str) -> list[str]:
    """Names of models, for the shell."""
    return _names("objectives", incomplete)


def complete_preset(incomplete: str) -> list[str]:
    """Names of presets, for the shell."""
    return _names("presets", incomplete)


def _names(kind: str, incomplete: str) -> list[str]:
    from genlab.registry import registry

    return [name for name in registry(kind).names() if name.startswith(incomplete)]


def train(
    data: Annotated[
        str, typer.Option(help="The data set; `genlab data list` shows all.", autocompletion=complete_data)
    ] = "mnist-5k",
    model: Annotated[
        str, typer.Option(help="The model; `genlab models` shows all.", autocompletion=complete_model)
    ] = "vae",
    preset: Annotated[
        str, typer.Option(help="Settings to start from; `genlab presets` shows all.", autocompletion=complete_preset)
    ] = "quick",
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Change a setting, as often as needed; `genlab settings` shows all.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of weights, order and noise.", show_default=False)] = None,
    images: Annotated[int | None, typer.Option(help="Training length, in images shown.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(help="What to call the run.", show_default=False)] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, help="CPU threads; by default what suits this machine beside other work.", show_default=False
        ),
    ] = None,
    evaluate_every: Annotated[
        int | None,
        typer.Option(min=1, metavar="IMAGES", help="Record scores while it trains, this often.", show_default=False),
    ] = None,
    detach: DetachOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model and watch it. Ctrl-C stops it with a checkpoint."""
    settings = parse_settings(change or [])
    given = {
        "training.seed": seed,
        "training.images": images,
        "training.threads": threads,
        "name": name,
        "watch.evaluate_every": evaluate_every,
    }
    settings |= {path: value for path, value in given.items() if value is not None}
    lab = open_lab(workspace)
    config = lab.configs.make(model, data, preset, settings)
    lab.data.open(config.data)
    run = lab.runs.submit(config)
    if detach:
        emit(run.as_json()) if as_json else say(f"{run.id}: {run.state}. `genlab show {run.id}` shows its progress.")
        return
    if not as_json:
        say(f"{run.id}: {run.model} on {run.data}, {run.target:,} images, in {run.path}")
        for one in lab.configs.suited(config):
            if leaves(config.model_dump(mode="json")).get(one.setting) == one.value:
                say(f"{one.why} Set {one.setting.rpartition('.')[2]}={one.value}; --set takes another value.")
    follow_to_end(lab, run, as_json)


def resume(
    run: RunArgument, detach: DetachOption = False, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Go on with a run that was paused, stopped or cut off, from its newest checkpoint."""
    lab = open_lab(workspace)
    now = lab.runs.resume(run)
    if detach:
        emit(now.as_json()) if as_json else say(f"{now.id}: {now.state}. `genlab show {now.id}` shows its progress.")
        return
    follow_to_end(lab, now, as_json)


def parse_settings(changes: Sequence[str]) -> dict[str, Any]:
    """``["loss=hinge", "batch_size=128"]`` as a mapping; a value in brackets or braces is read as JSON.

    Raises:
        InputError: When one has no name or no value, or its JSON is broken.
    """
    settings: dict[str, Any] = {}
    for item in changes:
        name, equals, value = item.partition("=")
        if not equals or not name.strip():
            raise InputError(
                f"--set {item} is not NAME=VALUE.", "Write for example --set batch_size=128.", kind="bad_usage"
            )
        settings[name.strip()] = _value(name.strip(), value.strip())
    return settings


def _value(name: str, text: str) -> Any:
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(
            f"--set {name}={text}: the value is not JSON.", 'Write lists as ["a", "b"].', kind="bad_usage"
        ) from error
