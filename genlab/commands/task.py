"""``genlab task`` and ``genlab tasks``: what models are used for, done by them and by what one would use. No torch."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab.commands.console import CheckpointOption, JsonOption, WorkspaceOption, emit, open_lab, say, table
from genlab.commands.train import parse_settings
from genlab.commands.waiting import job_progress
from genlab.errors import InputError
from genlab.numbers import interval, short
from genlab.store.atomic import storage_errors

if TYPE_CHECKING:
    from genlab.lab import Lab
    from genlab.tasks.base import TaskSpec


OwnOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--own",
        metavar="FILE",
        help="A picture of your own instead, or a folder of them; repeat it.",
        show_default=False,
    ),
]
OtherOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--other",
        metavar="FILE",
        help="A picture or folder of a second set of your own, which the first is to become like; repeat it.",
        show_default=False,
    ),
]


def task(
    name: Annotated[str, typer.Argument(metavar="TASK", help="`genlab tasks` lists them.", show_default=False)],
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN…", help="Runs: identifiers, their beginnings, or names.", show_default=False),
    ],
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="An option of the task.", show_default=False),
    ] = None,
    items: Annotated[
        int | None,
        typer.Option(min=1, help="Held-out items; by default as many as the task is measured on.", show_default=False),
    ] = None,
    own: OwnOption = None,
    other: OtherOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the choice of items and of all that is random.")] = 0,
    checkpoint: CheckpointOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Copy pictures there.", show_default=False)
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let models do what they are used for, beside what one would use instead."""
    lab = open_lab(workspace)
    spec = _task(lab, name)
    results = []
    for run in runs:
        sets = {"own": own, "other": other}
        given = {name: _fitted(lab, run, paths) for name, paths in sets.items() if paths}
        request = lab.tasks.request(
            spec.name,
            parse_settings(change or []),
            items=items or spec.usual,
            seed=seed,
            images=checkpoint,
            **given,
        )
        with job_progress(quiet=as_json) as tell:
            found = lab.tasks.carry_out(run, request, tell)
        results.append((lab.tasks.baselines(run, request) or {}, found))
    if out is not None:
        _copy(results, out)
    if as_json:
        emit({"task": spec.name, "decisive": spec.decisive, "runs": [_plain(*result) for result in results]})
        return
    for place, (baselines, found) in enumerate(results):
        _print(spec, baselines if not place else {}, found)
    if out is not None:
        say(f"pictures: {out}")


def tasks(as_json: JsonOption = False) -> None:
    """List what models can be used for."""
    specs = open_lab(None).tasks.all()
    if as_json:
        emit({"tasks": [_about(spec) for spec in specs]})
        return
    heading = ("task", "decided by", "options", "meaning")
    table(heading, [(s.name, s.measure(s.decisive).title, ", ".join(s.Options.model_fields), s.summary) for s in specs])


def _task(lab: Lab, name: str) -> TaskSpec:
    found: TaskSpec = lab.tasks.request(name).spec
    return found


def _fitted(lab: Lab, run: str, paths: list[Path]) -> tuple[str, ...]:
    return tuple(lab.tasks.fit(run, _content(path)) for path in _files(paths))


def _files(own: list[Path]) -> list[Path]:
    """The files that are named, and those of the folders that are, in the order of their names; no hidden ones."""
    found: list[Path] = []
    for path in own:
        inside = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
        found += sorted(file for file in inside if file is path or not file.name.startswith("."))
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a picture.", kind="not_found") from error


def _about(spec: TaskSpec) -> dict[str, Any]:
    measures = [{"name": m.name, "title": m.title, "better": m.better, "unit": m.unit} for m in spec.measures]
    return {
        "name": spec.name,
        "title": spec.title,
        "use": spec.use,
        "summary": spec.summary,
        "decisive": spec.decisive,
        "measures": measures,
        "options": spec.Options.model_json_schema().get("properties", {}),
        "paper": spec.paper,
    }


def _plain(baselines: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    return {**found, "baselines": baselines.get("answers", []), "baselines_folder": baselines.get("folder")}


def _print(spec: TaskSpec, baselines: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    say(f"{spec.title}: {found['run']} after {found['images']:,} images, {found['items']:,} items")
    arrows = {"up": " ↑", "down": " ↓", "": ""}
    heading = ("method", *(f"{m.title}{arrows[m.better]}" for m in spec.measures), "ms an item")
    answers = [*baselines.get("answers", []), *found["answers"]]
    rows = [_row(answer, spec) for answer in answers if answer["scores"]]
    table(heading, rows, right=tuple(range(1, len(heading))))
    for sentence in (*baselines.get("missing", []), *found["missing"]):
        say(sentence)
    say()


def _row(answer: Mapping[str, Any], spec: TaskSpec) -> tuple[str, ...]:
    scores = [answer["scores"].get(measure.name) for measure in spec.measures]
    cells = ["" if score is None or score["value"] is None else interval(score) for score in scores]
    time = answer.get("milliseconds")
    return answer["title"], *cells, "" if time is None else short(time)


def _copy(results: list[tuple[Mapping[str, Any], Mapping[str, Any]]], out: Path) -> None:
    with storage_errors(out):
        for baselines, found in results:
            for document, name in ((baselines, "baselines"), (found, found["run"])):
                target = out / name
                target.mkdir(parents=True, exist_ok=True)
                for answer in document.get("answers", []):
                    if answer["picture"]:
                        shutil.copy(Path(document["folder"]) / answer["picture"], target / answer["picture"])
