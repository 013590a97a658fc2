"""What the commands share: common options, how results are printed, which exit code an error has. No torch."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab.errors import GenlabError, InputError

if TYPE_CHECKING:
    from genlab.lab import Lab
    from genlab.store.reading import Damaged

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="Folder of runs and data; by default GENLAB_WORKSPACE, or your user data folder.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
CheckpointOption = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="IMAGES", help="Take the checkpoint at or before this many images.", show_default=False
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
RunArgument = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run: its identifier, the beginning of it, or its name.", show_default=False),
]

OURS = frozenset({"error", "internal", "registry", "launch", "diverged", "out_of_memory"})
"""Kinds of error that no other input or place would have avoided for certain: exit code 1 instead of 2."""


def open_lab(workspace: Path | None) -> Lab:
    """The lab of the chosen workspace."""
    from genlab.lab import Lab

    return Lab(workspace)


def exit_code(kind: str) -> int:
    """2 for what the person can put right (input, files, disk), 1 for the rest."""
    return 1 if kind in OURS else 2


def emit(document: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def say(line: str = "") -> None:
    """Print one line, without what could steer the terminal."""
    print(clean(line))


def note(line: str) -> None:
    """Print one line on stderr: for what is not the result."""
    print(clean(line), file=sys.stderr)


def report_error(error: GenlabError, as_json: bool) -> None:
    """One sentence and a hint on stderr; with ``--json`` also the document on stdout."""
    if as_json:
        emit({"error": error.as_dict()})
    complain(error.message, error.hint)


def complain(message: str, hint: str = "") -> None:
    """Print an error and the next step on stderr, one line each."""
    note(f"error: {' '.join(message.split())}")
    if hint:
        note(f"hint: {' '.join(hint.split())}")


def confirm(question: str, yes: bool) -> None:
    """Ask before something is lost.

    Raises:
        InputError: When the answer is no, or nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("This needs a confirmation, and nobody can be asked here.", "Add --yes.", kind="not_confirmed")
    print(f"{clean(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise InputError("Nothing was done.", "Answer y, or add --yes.", kind="not_confirmed")


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print rows under their headings, aligned.

    Args:
        heading: One title per column.
        rows: Cells.
        right: Numbers of the columns that are aligned to the right.
    """
    lines = [list(heading), *([clean(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def say_damaged(found: Sequence[Damaged]) -> None:
    """What cannot be read, a line each, below the list of what can."""
    for thing in found:
        say(f"damaged: {' '.join(f'{thing.id}: {thing.error.message} {thing.error.hint}'.split())}")


def pairs(rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values, the values aligned."""
    known = list(rows)
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        say(f"{name.ljust(width)}  {value}")


def clean(text: str) -> str:
    """``text`` without control characters: a run's name must not move the cursor."""
    return "".join(character if character.isprintable() else " " for character in text)


def duration(seconds: float) -> str:
    """A time a person can read, e.g. ``3 min 12 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def number(value: float) -> str:
    """Four significant digits, e.g. ``0.6931`` or ``1.234e+06``."""
    return f"{value:.4g}"


def check_target(out: Path, endings: Sequence[str]) -> Path:
    """The absolute path of a file that can be written.

    Raises:
        InputError: When its folder is missing, it is a folder itself, or its ending is none of ``endings``.
    """
    target = out.expanduser().absolute()
    if target.suffix.lower() not in endings:
        raise InputError(f"{out} does not end in {' or '.join(endings)}.", "Choose such a name.", kind="bad_value")
    if target.is_dir():
        raise InputError(f"{out} is a folder.", "Name a file.", kind="bad_value")
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent}.", "Make it first, or choose another.", kind="not_found")
    return target
