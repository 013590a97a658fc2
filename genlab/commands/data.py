"""``genlab data``: list, show, add and remove data sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from genlab.commands.console import JsonOption, WorkspaceOption, emit, open_lab, pairs, say, say_damaged, table
from genlab.commands.train import parse_settings
from genlab.commands.waiting import job_progress

if TYPE_CHECKING:
    from genlab.datasets.base import DatasetInfo
    from genlab.jobs.importing import Import
    from genlab.lab import Lab

data = typer.Typer(name="data", help="List, show, add and remove data sets.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The data set.", show_default=False)]

EncodingOption = Annotated[
    str | None,
    typer.Option(help="Encoding of the names in a zip, e.g. gbk; by default it is found.", show_default=False),
]

KindOption = Annotated[
    str,
    typer.Option(
        metavar="KIND",
        help="What the files are read as, e.g. where a GIF is a film; by default the kind that most of them are.",
        show_default=False,
    ),
]

ChoicesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="What can be chosen of files of that kind; a name that is wrong lists those there are.",
        show_default=False,
    ),
]


@data.command("list")
def list_all(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List all data sets, built-in and added."""
    lab = open_lab(workspace)
    every, imports = lab.data.found(), lab.imports.all()
    found = every.good
    if as_json:
        known = [*(info.as_json() for info in found), *(one.as_json() for one in every.damaged)]
        emit({"datasets": known, "imports": [_import_document(one) for one in imports]})
        return
    rows = [(i.name, _shape(i), f"{i.count:,}", _classes(i), i.source, "yes" if i.available else "no") for i in found]
    table(("name", "shape", "items", "classes", "source", "available"), rows, right=(2, 3))
    say_damaged(every.damaged)
    for one in imports:
        say(_import_words(one))
    if not all(info.available for info in found):
        say()
        say("`genlab data show NAME` tells how to get one that is not available yet.")


@data.command()
def show(name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show what is known of a data set."""
    lab = open_lab(workspace)
    info = lab.data.describe(name)
    emit(info.as_json()) if as_json else pairs(_details(lab, info))


@data.command()
def add(
    path: Annotated[
        Path, typer.Argument(help="A folder of files, a zip of one, or an npz of images.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="What to call it.", show_default=False)],
    size: Annotated[
        int | None, typer.Option(help="Side in pixels, 8 to 512; by default what suits the images.", show_default=False)
    ] = None,
    channels: Annotated[
        int | None, typer.Option(help="1 for grey, 3 for colour; by default what the images are.", show_default=False)
    ] = None,
    fit: Annotated[
        Literal["crop", "pad", "keep"], typer.Option(help="How an image becomes square; keep leaves it as it is.")
    ] = "crop",
    on_bad: Annotated[
        Literal["refuse", "skip"], typer.Option(help="What to do when a file cannot be read.")
    ] = "refuse",
    classes: Annotated[
        str,
        typer.Option(
            metavar="auto|none|LEVEL|last|name:PART|FILE[:COLUMN]",
            help="Where classes come from: a level of folders (1 is the top), the folder right above each image, "
            "a part of the files' names (name:1 is the first), or a label file beside the images.",
        ),
    ] = "auto",
    encoding: EncodingOption = None,
    kind: KindOption = "",
    choices: ChoicesOption = None,
    faces: Annotated[
        bool, typer.Option("--faces", help="These are photographs of faces; claims on faces are judged on such only.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add your own images, or files of another kind: a folder, a zip of one, or an npz.

    Sub-folders are classes, unless --classes says otherwise. Folders called train, val or test are the parts and are
    kept as they are. An npz has images x and, if there are any, labels y.
    """
    lab = open_lab(workspace)
    options: dict[str, Any] = {"size": size, "channels": channels, "fit": fit, "on_bad": on_bad, "classes": classes}
    options |= {"encoding": encoding, "kind": kind, "options": parse_settings(choices or [])}
    options["about"] = "faces" if faces else ""
    with job_progress(quiet=as_json) as tell:
        info = lab.data.add(path, name, tell, **options)
    if as_json:
        emit(info.as_json())
        return
    pairs(_details(lab, info))
    say()
    say(f"Train on it: genlab train --data {info.name} --model vae")


@data.command()
def mark(
    name: NameArgument,
    faces: Annotated[
        bool, typer.Option("--faces/--no-faces", help="Whether these are photographs of faces.", show_default=False)
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say of images that you added whether they are photographs of faces: claims on faces are judged on such only."""
    info = open_lab(workspace).data.mark(name, "faces" if faces else "")
    said = "photographs of faces" if info.about else "not said to be photographs of faces"
    emit(info.as_json()) if as_json else say(f"{info.name}: {said}")


@data.command()
def remove(name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Remove a data set that was added, or give up its import. Its files, and runs trained on it, stay."""
    lab = open_lab(workspace)
    begun = lab.imports.known(name)
    if begun is not None and not any(info.name == name for info in lab.data.all()):
        lab.imports.discard(begun.job.id, wait=True)
    else:
        lab.data.remove(name)
    emit({"removed": name}) if as_json else say(f"{name}: removed")


def _import_words(one: Import) -> str:
    """One that has not become a data set, e.g. ``pets: being added, 40 %``."""
    if one.job.active:
        return f"{one.request.name}: being added, {one.job.share:.0%}"
    error = one.job.error or {}
    why = error.get("message") or "the process that did this is gone."
    return f"{one.request.name}: not added: {why} Page Data tries it again; `genlab data remove` gives it up."


def _import_document(one: Import) -> dict[str, Any]:
    return {"name": one.request.name, "state": one.job.state, "share": one.job.share, "error": one.job.error}


def _details(lab: Lab, info: DatasetInfo) -> list[tuple[str, str]]:
    known = [
        ("name", info.name),
        ("title", info.title),
        ("about", info.summary),
        ("shape", _shape(info)),
        ("items", f"{info.count:,} ({info.train:,} for training, {info.test:,} for testing)"),
        ("classes", ", ".join(info.classes) if info.classes else "none"),
        ("available", info.why or "yes"),
        ("source", info.source),
        ("licence", info.licence),
        ("fingerprint", info.fingerprint or ""),
        ("faces", "said to be photographs of faces" if info.about == "faces" else ""),
        ("skipped", f"{info.skipped:,} files that could not be read" if info.skipped else ""),
        *(("note", text) for text in info.notes),
        *(("metrics", text) for text in lab.data.measurable(info).sentences()),
    ]
    return [(key, value) for key, value in known if value]


def _shape(info: DatasetInfo) -> str:
    kind = info.spec
    return " × ".join(map(str, info.shape)) if kind.pictured else kind.holding


def _classes(info: DatasetInfo) -> str:
    return str(len(info.classes)) if info.classes else ""
