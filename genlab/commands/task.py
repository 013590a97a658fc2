"""``genlab task`` and ``genlab tasks``: what models are used for, done by them and by what one would use. No torch."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab import kinds
from genlab.commands.console import CheckpointOption, JsonOption, WorkspaceOption, emit, note, open_lab, say, table
from genlab.commands.own import TextOption, own_files
from genlab.commands.sample import written
from genlab.commands.train import parse_settings
from genlab.commands.waiting import job_progress
from genlab.errors import InputError
from genlab.numbers import interval, short
from genlab.presentation.words import how_many
from genlab.store.atomic import storage_errors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.datasets.foreign.single import FittedItem
    from genlab.kinds.base import KindSpec
    from genlab.lab import Lab
    from genlab.tasks.base import TaskMeasure, TaskSpec


@dataclass(frozen=True)
class TaskDone:
    """What became of a task with one model.

    Attributes:
        kind: The kind of its data, with its symbols.
        baselines: What methods without a model made of it.
        found: What the model made of it.
        inputs: Name and notes of each item of a person's own.
    """

    kind: KindSpec
    baselines: Mapping[str, Any]
    found: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]

    @property
    def answers(self) -> list[Mapping[str, Any]]:
        """Of every method."""
        return [*self.baselines.get("answers", []), *self.found["answers"]]

    def items(self, document: Mapping[str, Any], answer: Mapping[str, Any]) -> NDArray[np.float32] | None:
        """The items [k, *shape] that an answer in ``document`` shows, of several solutions the best."""
        from genlab.store import shown

        if not answer.get("picture") or not document.get("folder"):
            return None
        kept = shown.kept(Path(document["folder"]) / answer["picture"])
        return None if kept is None else kept[: answer["grid"]["columns"]]

    def texts(self, document: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
        """What can be read of them; empty where nothing can."""
        items = None if self.kind.text is None else self.items(document, answer)
        return [] if items is None or self.kind.text is None else [self.kind.text(item) for item in items]


OwnOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--own",
        metavar="FILE",
        help="A file of your own instead (a picture, sound, text or film, as the model's data are), or a folder of "
        "them; repeat it.",
        show_default=False,
    ),
]
OtherOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--other",
        metavar="FILE",
        help="A file or folder of a second set of your own, which the first is to become like; repeat it.",
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
    text: TextOption = None,
    other: OtherOption = None,
    negative: Annotated[
        bool, typer.Option(help="Swap dark and light of your own first, e.g. for ink on paper.")
    ] = False,
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
    sets = {"own": own_files(own or [], text or []), "other": own_files(other or [])}
    for run in runs:
        fitted = {name: _fitted(lab, run, files, negative, as_json) for name, files in sets.items() if files}
        given = {name: tuple(item.text for item in items) for name, items in fitted.items()}
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
        kind = kinds.of(lab.runs.read(run).environment().get("space"))
        inputs = [{"name": item.name, "notes": list(item.notes)} for item in fitted.get("own", ())]
        results.append(TaskDone(kind, lab.tasks.baselines(run, request) or {}, found, inputs))
    if out is not None:
        _copy(results, out)
    if as_json:
        emit({"task": spec.name, "decisive": spec.decisive, "runs": [_plain(result) for result in results]})
        return
    for place, result in enumerate(results):
        _print(spec, result, whole=not place)
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


def _fitted(
    lab: Lab, run: str, files: Sequence[tuple[str, bytes | str]], negative: bool, quiet: bool
) -> tuple[FittedItem, ...]:
    """A person's items as a request takes them; what was done to make them fit is told.

    Raises:
        InputError: When one of them cannot be used.
    """
    found = lab.tasks.fit_all(run, files, invert=negative)
    if found.problems:
        raise InputError(found.problems[0], found.hint, kind="bad_file")
    if found.more:
        note(f"The first {len(found.items):,} are used; {found.more:,} more are left out.")
    for item in () if quiet else found.items:
        if item.notes:
            note(f"{item.name}: {' '.join(item.notes)}")
    return found.items


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


def _plain(result: TaskDone) -> dict[str, Any]:
    found, baselines = result.found, result.baselines
    answers = [_with_texts(result, found, answer) for answer in found["answers"]]
    others = [_with_texts(result, baselines, answer) for answer in baselines.get("answers", [])]
    more = {"baselines": others, "baselines_folder": baselines.get("folder"), "inputs": list(result.inputs)}
    return {**found, "answers": answers, **more}


def _with_texts(result: TaskDone, document: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    texts = result.texts(document, answer)
    return {**answer, "text": texts} if texts else dict(answer)


def _print(spec: TaskSpec, result: TaskDone, whole: bool) -> None:
    """The scores of every method, those without a model where it is ``whole``, and what own texts have become."""
    found, baselines = result.found, result.baselines if whole else {}
    say(f"{spec.title}: {found['run']} after {found['images']:,} images, {how_many(found['items'], 'item')}")
    arrows = {"up": " ↑", "down": " ↓", "": ""}
    measures = [measure for measure in spec.measures if any(a["scores"].get(measure.name) for a in result.answers)]
    heading = ("method", *(f"{m.title}{arrows[m.better]}" for m in measures), "ms an item")
    answers = [*baselines.get("answers", []), *found["answers"]]
    rows = [_row(answer, measures) for answer in answers if answer["scores"]]
    table(heading, rows, right=tuple(range(1, len(heading))))
    for sentence in (*baselines.get("missing", []), *found["missing"]):
        say(sentence)
    if found["own"]:
        _print_texts(result)
    say()


def _print_texts(result: TaskDone) -> None:
    """What every method makes of each own text; nothing where items are not read."""
    documents = (result.baselines, result.found)
    said = [(answer, result.texts(each, answer)) for each in documents for answer in each.get("answers", [])]
    known = [(str(answer["title"]), texts) for answer, texts in said if texts]
    for place in range(max((len(texts) for _, texts in known), default=0)):
        say()
        table(
            (f"{result.kind.one} {place + 1}", ""),
            [(title, texts[place]) for title, texts in known if place < len(texts)],
        )


def _row(answer: Mapping[str, Any], measures: Sequence[TaskMeasure]) -> tuple[str, ...]:
    scores = [answer["scores"].get(measure.name) for measure in measures]
    cells = ["" if score is None or score["value"] is None else interval(score) for score in scores]
    time = answer.get("milliseconds")
    return answer["title"], *cells, "" if time is None else short(time)


def _copy(results: Sequence[TaskDone], out: Path) -> None:
    """Pictures of all answers, and their items as files that are heard, watched or read, where they can be."""
    with storage_errors(out):
        for result in results:
            for document, name in ((result.baselines, "baselines"), (result.found, result.found["run"])):
                target = out / name
                target.mkdir(parents=True, exist_ok=True)
                for answer in document.get("answers", []):
                    if answer["picture"]:
                        shutil.copy(Path(document["folder"]) / answer["picture"], target / answer["picture"])
                        _copy_items(result, document, answer, target / answer["picture"])


def _copy_items(result: TaskDone, document: Mapping[str, Any], answer: Mapping[str, Any], picture: Path) -> None:
    from genlab.kinds._media import media

    items, kind = result.items(document, answer), result.kind
    if items is None or not len(items):
        return
    suffix = media(kind, items[0]).suffix
    for path, content in written(kind, items, picture.with_suffix(suffix)).items():
        path.write_bytes(content)
