"""Items of a person's own on the command line: named files, folders of them, and texts that are typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from genlab.errors import InputError

TextOption = Annotated[
    list[str] | None,
    typer.Option(
        "--text",
        metavar="TEXT",
        help="A text of your own, where the model learned from texts; repeat it.",
        show_default=False,
    ),
]


def own_files(paths: Sequence[Path], texts: Sequence[str] = ()) -> list[tuple[str, bytes | str]]:
    """Name and content of each file that is named or lies in a folder that is named, and of each text, in this order.

    Files of a folder come in the order of their names, without hidden ones.

    Raises:
        InputError: When a file cannot be read, or is too large.
    """
    found: list[tuple[str, bytes | str]] = [(str(file), content_of(file)) for file in _files(paths)]
    return [*found, *(("", text) for text in texts)]


def content_of(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: When it cannot be read, or is too large.
    """
    from genlab.datasets.foreign.single import MOST_BYTES

    file = path.expanduser()
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            words = f"{path} has {size / 2**20:,.0f} MiB; at most {MOST_BYTES >> 20} MiB are read."
            raise InputError(words, "Cut it, or name another file.", kind="too_large")
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name another file.", kind="not_found") from error


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
        found += sorted(file for file in inside if file is path or not file.name.startswith("."))
    return found
