"""``genlab export``: what genlab shows, as files that need no genlab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genlab.commands.console import JsonOption, WorkspaceOption, emit, open_lab, pairs
from genlab.presentation.words import how_many
from genlab.store.holdings import size_words

export = typer.Typer(name="export", help="Write what genlab shows as files that need no genlab.")


@export.callback()
def _root() -> None:
    """One command for each thing that can be written."""


@export.command()
def home(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="A folder that is empty or not there yet.")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the moving front page as plain files that any web server can host."""
    from genlab.presentation.front_page import export_front_page

    folder = out.expanduser().absolute()
    groups = export_front_page(open_lab(workspace), folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    shown = {group.data: [model.run.id for model in group.models] for group in groups}
    if as_json:
        emit({"path": str(folder), "files": len(files), "bytes": size, "shown": shown})
        return
    pairs(
        [
            ("written to", str(folder)),
            ("holds", f"{how_many(len(files), 'file')}, {size_words(size)}"),
            *((data, ", ".join(runs)) for data, runs in shown.items()),
            ("look at it", f"python -m http.server --directory {folder}"),
        ]
    )
