"""``genlab runs``, ``show``, ``stop``, ``pause`` and ``delete``: what was trained and what is training. No torch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from genlab.commands.console import (
    JsonOption,
    RunArgument,
    WorkspaceOption,
    YesOption,
    confirm,
    duration,
    emit,
    number,
    open_lab,
    pairs,
    say,
    say_damaged,
    table,
)
from genlab.commands.follow import describe_progress, losses
from genlab.errors import InputError
from genlab.text import displayable

if TYPE_CHECKING:
    from genlab.lab import ReadOnlyLab
    from genlab.store.run import Run, RunReader

TAIL_BYTES = 262_144
"""How much of the curves is read to find their last row."""


def runs(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List all runs, newest first; behind them those that come with genlab."""
    lab = open_lab(workspace)
    found = lab.runs.found()
    if as_json:
        emit({"runs": [*(run.as_json() for run in found.good), *(one.as_json() for one in found.damaged)]})
        return
    if found.good:
        heading = ("run", "name", "model", "data", "state", "images", "images/s", "time")
        table(heading, [_row(run) for run in found.good], right=(5, 6, 7))
    say_damaged(found.damaged)
    if not found.damaged and all(run.shipped for run in found.good):
        none = f"There are no runs{' of your own' if found.good else ''} in {lab.workspace.path}."
        say(f"{none} Start one: genlab train --data mnist-5k --model vae")


def _row(run: Run) -> tuple[str, ...]:
    done = f"{run.images / run.target:.0%} of {run.target:,}" if run.target and run.active else f"{run.images:,}"
    mean = f"{run.images_per_second:,.0f}" if run.images_per_second else ""
    name = "" if run.name == run.id else run.name
    state = "shipped" if run.shipped else run.state
    return (run.id, name, run.model, run.data, state, done, mean, duration(run.seconds))


def show(run: RunArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show a run: its state, settings, last losses and checkpoints."""
    from genlab.config import leaves
    from genlab.matches.since import sentence

    lab = open_lab(workspace)
    directory = lab.runs.read(run)
    now, row = directory.summary(), last_row(directory)
    if as_json:
        emit({**_document(directory, now, row), "other_settings": other_settings(directory, lab)})
        return
    pairs(_state(now, row))
    environment = _environment(directory)
    if environment.get("parameters"):
        parts = "  ".join(f"{part} {count:,}" for part, count in environment["parameters"].items())
        pairs([("parameters", parts), ("device", f"{environment.get('device')}, {environment.get('precision')}")])
    checkpoints = directory.checkpoints()
    say(f"checkpoints  {', '.join(f'{c.images:,}' for c in checkpoints) or 'none yet'}")
    pictures = directory.samples()
    if pictures:
        say(f"samples  {pictures[-1][1]}")
    for problem in directory.problems():
        say(f"damaged  {problem}")
    say()
    say("settings")
    if told := sentence(directory.config(), lab):
        say(f"  {told}")
    pairs((f"  {name}", _plain(value)) for name, value in leaves(directory.config().model_dump(mode="json")).items())


def _state(run: Run, row: dict[str, Any]) -> list[tuple[str, str]]:
    state = [run.state, run.phase, "shipped with genlab" if run.shipped else ""]
    known = [
        ("run", run.id),
        ("name", run.name),
        ("model", f"{run.model} ({run.family}), {run.network} network"),
        ("data", run.data),
        ("state", ", ".join(word for word in state if word)),
        ("progress", describe_progress(run, row) if run.active else f"{run.images:,} / {run.target:,} images"),
        ("losses", "  ".join(f"{player} {number(value)}" for player, value in losses(row).items()) or "none yet"),
        ("time", duration(run.seconds)),
        ("created", time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.created))),
        ("path", str(run.path)),
    ]
    if run.error:
        known += [("error", run.error.get("message", "")), ("hint", run.error.get("hint", ""))]
    return known


def _environment(directory: RunReader) -> dict[str, Any]:
    """What the run was trained with; empty where the file is damaged, which `RunReader.problems` tells."""
    try:
        return directory.environment()
    except InputError:
        return {}


def other_settings(directory: RunReader, lab: ReadOnlyLab) -> dict[str, Any] | None:
    """Setting -> what a run has and what today's preset of its name says; None where that cannot be told."""
    from genlab.matches.since import changed, documents

    try:
        return documents(changed(directory.config(), lab))
    except InputError:
        return None


def _document(directory: RunReader, run: Run, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **run.as_json(),
        "losses": losses(row),
        "last": row,
        "checkpoints": [{"images": c.images, "path": str(c.path)} for c in directory.checkpoints()],
        "samples": [{"images": images, "path": str(path)} for images, path in directory.samples()],
        "environment": _environment(directory),
        "damaged": directory.problems(),
        "config": directory.config().model_dump(mode="json"),
    }


def last_row(directory: RunReader) -> dict[str, Any]:
    """The newest row of the curves; empty when there is none."""
    try:
        size = (directory.path / "metrics.jsonl").stat().st_size
    except OSError:
        return {}
    rows, _ = directory.metrics(max(0, size - TAIL_BYTES))
    return rows[-1] if rows else {}


def stop(run: RunArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Ask a run to end at its next step, with a checkpoint; it can be resumed."""
    now = open_lab(workspace).runs.stop(run)
    emit(now.as_json()) if as_json else say(f"{now.id}: asked to stop. Continue with: genlab resume {now.id}")


def pause(run: RunArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Ask a run to pause at its next step, with a checkpoint, and to free its slot."""
    now = open_lab(workspace).runs.pause(run)
    emit(now.as_json()) if as_json else say(f"{now.id}: asked to pause. Continue with: genlab resume {now.id}")


def delete(
    run: RunArgument, yes: YesOption = False, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Delete a run and all it made."""
    lab = open_lab(workspace)
    directory = lab.runs.read(run)
    name = displayable(directory.path.name)
    try:
        what = f"{directory.summary().images:,} images trained"
    except InputError as error:
        what = f"damaged: {error.message}"
    confirm(f"Delete {name} ({what}) and all its files?", yes)
    lab.runs.delete(name)
    emit({"deleted": name}) if as_json else say(f"{name}: deleted")


def _plain(value: object) -> str:
    return "" if value is None else str(value)
