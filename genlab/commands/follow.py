"""Watching a run from the terminal: a live bar, or plain lines where there is no terminal. No torch."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

import typer

from genlab.commands.console import complain, duration, emit, exit_code, note, number, say
from genlab.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress

    from genlab.lab import Lab
    from genlab.store.run import Run

EVERY_SECONDS = 10.0
"""Time between two plain lines."""

ENDED_BADLY = ("failed", "diverged", "interrupted")
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class Display(Protocol):
    """Shows a run while it is active."""

    def update(self, run: Run, row: Mapping[str, Any]) -> None:
        """Show the run's state and the newest row of its curves."""
        ...


class Silent:
    """Shows nothing."""

    def update(self, run: Run, row: Mapping[str, Any]) -> None:
        """Show nothing."""


class Lines:
    """Prints a line when what the run does changes, and one every few seconds while it trains.

    Args:
        every: Seconds between two lines.
    """

    def __init__(self, every: float = EVERY_SECONDS) -> None:
        self.every = every
        self._said: tuple[str, str] | None = None
        self._next = 0.0

    def update(self, run: Run, row: Mapping[str, Any]) -> None:
        """Print a line if one is due."""
        doing, now = (run.state, run.phase), time.monotonic()
        if not run.active or (doing == self._said and now < self._next) or (self._training(run) and not row):
            return
        self._said, self._next = doing, now + self.every
        say(describe_progress(run, row) if self._training(run) else run.phase or run.state)
        sys.stdout.flush()

    @staticmethod
    def _training(run: Run) -> bool:
        return run.state == "running" and run.phase in {"", "training"}


class Bar(AbstractContextManager["Bar"]):
    """A live progress bar on stderr with losses, images per second and the time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[counts]}"),
            TextColumn("{task.fields[losses]}", style="dim"),
            TextColumn("{task.fields[left]}"),
            console=Console(stderr=True),
            transient=True,
            expand=True,
        )
        self._task = self._progress.add_task("starting", total=None, counts="", losses="", left="")

    def __enter__(self) -> Bar:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def update(self, run: Run, row: Mapping[str, Any]) -> None:
        """Move the bar."""
        self._progress.update(
            self._task,
            description=run.phase or run.state,
            total=run.target,
            completed=run.images,
            counts=f"{run.images:,} / {run.target:,}{speed(run, row)}",
            losses=format_losses(row),
            left="" if run.left is None else f"{duration(run.left)} left",
        )


def follow_to_end(lab: Lab, run: Run, as_json: bool) -> None:
    """Show a run until it ends, print how it ended, and leave with the exit code that tells.

    Ctrl-C asks the run to stop with a checkpoint and waits for it; a second Ctrl-C leaves at once.

    Raises:
        typer.Exit: With 0 for a run that ended well, 1 or 2 for one that failed, 130 after Ctrl-C.
    """
    last, interrupted = _watch_or_stop(lab, run, as_json)
    if as_json:
        emit(last.as_json())
    else:
        say(ending(last))
    if interrupted and last.active:
        note(f"The run {last.id} has been asked to stop. `genlab show {last.id}` shows when it has stopped.")
    elif last.state in {"stopped", "paused"}:
        note(f"Continue with: genlab resume {last.id}")
    elif last.state in ENDED_BADLY:
        error = last.error or {"message": f"The worker of {last.id} is gone.", "hint": f"genlab resume {last.id}"}
        complain(error["message"], error.get("hint", ""))
        raise typer.Exit(INTERRUPTED if interrupted else exit_code(error.get("kind", "internal")))
    if interrupted:
        raise typer.Exit(INTERRUPTED)


def _watch_or_stop(lab: Lab, run: Run, as_json: bool) -> tuple[Run, bool]:
    try:
        return _watch(lab, run, as_json), False
    except KeyboardInterrupt:
        note("Stopping with a checkpoint. Press Ctrl-C again to leave without waiting.")
    try:
        with suppress(InputError):
            lab.runs.stop(run)
        return _watch(lab, run, as_json), True
    except KeyboardInterrupt:
        return lab.runs.find(run.id), True


def _watch(lab: Lab, run: Run, as_json: bool) -> Run:
    if not sys.stderr.isatty():
        return _show(lab, run, Silent() if as_json else Lines())
    with Bar() as bar:
        return _show(lab, run, bar)


def _show(lab: Lab, run: Run, display: Display) -> Run:
    """Feed the display until the run ends; the curves are read on from where they were left."""
    directory, offset, row, now = lab.runs.read(run), 0, dict[str, Any](), run
    for now in lab.runs.follow(run):
        rows, offset = directory.metrics(offset)
        row = rows[-1] if rows else row
        display.update(now, row)
    return now


def losses(row: Mapping[str, Any]) -> dict[str, float]:
    """The loss of each player in a row of the curves."""
    return {
        name.removeprefix("loss/"): float(value)
        for name, value in row.items()
        if name.startswith("loss/") and isinstance(value, int | float)
    }


def format_losses(row: Mapping[str, Any]) -> str:
    """The losses in one line, e.g. ``critic 0.6931  generator 0.7102``."""
    return "  ".join(f"{player} {number(value)}" for player, value in losses(row).items())


def speed(run: Run, row: Mapping[str, Any]) -> str:
    """``  312 images/s``, or nothing before it has been measured."""
    value = row.get("images_per_second") or run.images_per_second
    return f"  {value:,.0f} images/s" if value and run.active else ""


def describe_progress(run: Run, row: Mapping[str, Any]) -> str:
    """One line on a run that trains."""
    left = "" if run.left is None else f"  {duration(run.left)} left"
    return f"{run.images:,} / {run.target:,} images{speed(run, row)}  {format_losses(row)}{left}"


def ending(run: Run) -> str:
    """One line on how a run ended, or on where it stands."""
    mean = f" ({run.images_per_second:,.0f} images/s)" if run.images_per_second else ""
    took = f", {run.images:,} images in {duration(run.seconds)}{mean}" if run.images else ""
    return f"{run.id}: {run.state}{took}"
