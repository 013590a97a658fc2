"""Puts trained runs and matches into a zoo: what is needed to load, judge and show them, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import BenchmarkError, progress, table
from benchmarks._packing import compact, copy_pictures, copy_weights, slim
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.atomic import read_json, write_json
from genlab.store.checkpoints import CRITIC_LEFT_OUT, DIGESTS, META, WEIGHTS, digests
from genlab.store.run import Run
from genlab.store.run_directory import RunDirectory
from genlab.store.shipped import CATALOGUE, folder_digest

LARGEST, LARGEST_OF_ALL = 5_000_000, 40_000_000
"""Bytes of a file, and of the whole zoo."""

DIRECTIONS = 10
"""Directions of each method that are shipped, besides all dimensions."""

PRIVATE = frozenset({"pid", "process_started", "slot", "phase", "speed", "error"})
"""Of a status: what was true of the process that trained it."""

COLUMNS = {
    "frechet": ("Fréchet distance", 1),
    "coverage": ("coverage", 2),
    "class_kl": ("class KL", 3),
    "near_duplicates": ("near-duplicates", 2),
    "active_units": ("active units", 0),
}


@dataclass(frozen=True)
class Recipe:
    """How a shipped run is made.

    Attributes:
        run: Its identifier in the zoo.
        title: Its name in lists.
        about: What it shows, in one sentence.
        model: Objective.
        data: Data set.
        preset: Preset it starts from.
        settings: Settings laid over it.
        critic: Whether its critic travels too. Only training and the colour "critic's score" of a map need it, and it
            weighs more than all the rest of a GAN.
    """

    run: str
    title: str
    about: str
    model: str
    data: str
    preset: str
    settings: Mapping[str, Any]
    critic: bool = True


def ship(lab: Lab, trained: Run, recipe: Recipe, zoo: Path) -> dict[str, Any]:
    """Write ``zoo/runs/<run>`` and judge the weights that are in it; returns its line of the catalogue.

    Args:
        lab: The workspace in which it was trained; features and data are read from there.
        trained: The run.
        recipe: What it is.
        zoo: The zoo.

    Raises:
        BenchmarkError: When its weights do not fit into 16 bits.
    """
    from genlab.presentation.command_line import command_line

    source, folder = lab.runs.read(trained), zoo / "runs" / recipe.run
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    target = RunDirectory(folder)
    config = source.config().model_copy(update={"name": recipe.title})
    write_json(target.config_file, config.model_dump(mode="json"))
    write_json(folder / "status.json", {key: value for key, value in source.status().items() if key not in PRIVATE})
    write_json(folder / "environment.json", source.environment())
    shutil.copyfile(source.path / "metrics.jsonl", folder / "metrics.jsonl")
    copy_pictures(source, target)
    copy_weights(source, target, critic=recipe.critic)
    judge(lab, target)
    slim(target)
    return {
        "run": recipe.run,
        "title": recipe.title,
        "about": recipe.about,
        "command": command_line(lab, source.config().model_copy(update={"name": ""})),
        "digest": folder_digest(folder),
    }


def judge(lab: Lab, target: RunDirectory) -> None:
    """Work out what is kept for the weights of a shipped run: its evaluation, its portrait, its decoder."""
    from genlab.evaluation.evaluate import evaluate
    from genlab.evaluation.neighbours import add_neighbours

    progress(f"evaluating {target.path.name}")
    evaluate(target, lab.evaluations.request(), lab.workspace, lambda share, what: None)
    add_neighbours(target, target.checkpoints()[-1].images, 0, lab.workspace, lambda share, what: None)
    ship_decoder(lab, target)


def with_scores(lab: Lab, entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Evaluate a shipped run by today's metrics, where its scores are of earlier ones; its line of the catalogue."""
    from genlab.evaluation.evaluate import evaluate
    from genlab.evaluation.evaluation_request import cached

    target, request = RunDirectory(zoo / "runs" / str(entry["run"])), lab.evaluations.request()
    if cached(target, request) is not None:
        return dict(entry)
    progress(f"evaluating {target.path.name}")
    shutil.rmtree(target.path / "evaluations", ignore_errors=True)
    evaluate(target, request, lab.workspace, lambda share, what: None)
    return {**entry, "digest": folder_digest(target.path)}


def without_critic(lab: Lab, entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Take the critic out of a shipped run and judge it anew; returns its line of the catalogue."""
    from safetensors.torch import load_file, save_file

    target = RunDirectory(zoo / "runs" / str(entry["run"]))
    checkpoint = target.checkpoints()[-1].path
    weights = load_file(checkpoint / WEIGHTS)
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("critic.")}
    if len(kept) == len(weights):
        return dict(entry)
    about = read_json(checkpoint / META) or {}
    save_file(kept, checkpoint / WEIGHTS)
    write_json(checkpoint / META, {**about, CRITIC_LEFT_OUT: True, DIGESTS: digests(checkpoint)})
    for results in ("evaluations", "portraits", "latent"):
        shutil.rmtree(target.path / results, ignore_errors=True)
    judge(lab, target)
    told = {key: value for key, value in entry.items() if key != "weights"}
    return {**told, "digest": folder_digest(target.path)}


def slimmer(entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Do so with a run that the zoo holds; returns its line of the catalogue."""
    target = RunDirectory(zoo / "runs" / str(entry["run"]))
    slim(target)
    return {**entry, "digest": folder_digest(target.path)}


def ship_decoder(lab: Lab, target: RunDirectory) -> None:
    """What the page Latent opens with: the decoder's graph, whose weights are the checkpoint's, and directions.

    Args:
        lab: The workspace whose data are read.
        target: The run in the zoo.

    Raises:
        BenchmarkError: When the graph would hold weights that the checkpoint holds already.
    """
    from genlab.exploration.coded import code_items, open_model
    from genlab.exploration.compass import RealCodes, find_directions
    from genlab.exploration.decoder import prepare_decoder
    from genlab.latent.directions import Direction

    def tell(share: float, what: str) -> None:
        pass

    progress(f"looking for directions of {target.path.name}")
    request = lab.latents.request()
    opened = open_model(target, None, lab.workspace, tell)
    items = code_items(opened, request, tell)
    known = RealCodes(items.codes, items.labels, opened.data.info.classes)
    chosen: list[Direction] = []
    for direction in find_directions(opened.model, known, request.seed):
        if direction.method == "dimension" or sum(each.method == direction.method for each in chosen) < DIRECTIONS:
            chosen.append(direction)
    shutil.rmtree(target.path / "latent", ignore_errors=True)
    document = prepare_decoder(target, None, tell, chosen)
    if document["graph"] is not None and document["weights"] is None:
        raise BenchmarkError(f"The decoder of {target.path.name} does not share the checkpoint's weights.")


def with_decoder(lab: Lab, entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Make the decoder of a shipped run anew; returns its line of the catalogue, with the digest that it has now."""
    folder = zoo / "runs" / str(entry["run"])
    ship_decoder(lab, RunDirectory(folder))
    return {**entry, "digest": folder_digest(folder)}


def with_opening(entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Give a shipped run the film that Home opens with, where it has none; its line of the catalogue."""
    from genlab.exploration.opening import add_opening

    folder = zoo / "runs" / str(entry["run"])
    progress(f"drawing the opening of {folder.name}")
    add_opening(RunDirectory(folder))
    return {**entry, "digest": folder_digest(folder)}


def catalogue(zoo: Path) -> list[dict[str, Any]]:
    """The lines of a zoo's catalogue."""
    return list((read_json(zoo / CATALOGUE) or {}).get("runs", []))


def ship_match(lab: Lab, folder: Path, names: Mapping[str, str], zoo: Path) -> None:
    """Copy what a match found into ``zoo/matches``; runs that are shipped get the names they have there.

    The scores of all its runs go with it, in ``evaluations.json``: most of the runs do not. What was found for single
    items stays behind: its verdicts stand, and whoever judges it again has them worked out anew.

    Args:
        lab: The workspace of the match.
        folder: The match.
        names: Identifier of a run in the workspace -> its identifier in the zoo.
        zoo: The zoo.
    """
    target = zoo / "matches" / folder.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in sorted(folder.glob("*.json")):
        document = read_json(path)
        if document is not None:
            write_json(target / path.name, without_items(renamed(document, names)))
    write_json(target / "evaluations.json", {"runs": without_items(renamed(_scores(lab, folder), names))})
    compact(target)


def _scores(lab: Lab, folder: Path) -> dict[str, Any]:
    """Run -> metric -> line, as the match's own evaluations found them."""
    match = lab.matches.find(folder.name)
    found = {}
    for entry in match.entries:
        request = match.request.evaluation() if entry.role == "seed" else match.request.trial_evaluation()
        document = None
        with suppress(InputError):
            document = lab.evaluations.known(entry.run, request) if entry.run else None
        if entry.run and document is not None:
            found[entry.run] = document["metrics"]
    return found


def renamed(document: Any, names: Mapping[str, str]) -> Any:
    """``document`` with runs under other names, as keys and as values."""
    if isinstance(document, dict):
        return {names.get(key, key): renamed(value, names) for key, value in document.items()}
    if isinstance(document, list):
        return [renamed(value, names) for value in document]
    return names.get(document, document) if isinstance(document, str) else document


def without_items(document: Any) -> Any:
    """``document`` without the lists of numbers of single items (``items``), which make up most of its bytes."""
    if isinstance(document, dict):
        kept = {key: value for key, value in document.items() if key != "items" or not isinstance(value, list)}
        return {key: without_items(value) for key, value in kept.items()}
    return [without_items(value) for value in document] if isinstance(document, list) else document


def finish(
    zoo: Path, lines: Sequence[Mapping[str, Any]], order: Sequence[str], command: str, data: Sequence[str] = ()
) -> None:
    """Write the catalogue and the table; entries that were there before stay.

    Args:
        zoo: The zoo.
        lines: Lines of the catalogue.
        order: Runs in the order of lists.
        command: What makes the zoo.
        data: Data sets in the order in which their matches stand in lists.

    Raises:
        BenchmarkError: When a file or the whole is too large.
    """
    known = {entry["run"]: entry for entry in catalogue(zoo)}
    known |= {line["run"]: dict(line) for line in lines}
    places = {name: place for place, name in enumerate(order)}
    entries = sorted(known.values(), key=lambda entry: (places.get(entry["run"], len(places)), entry["run"]))
    matches = {
        path.parent.name: (read_json(path) or {}).get("data") for path in (zoo / "matches").glob("*/claims.json")
    }
    ranks = {name: place for place, name in enumerate(data)}
    in_order = sorted(matches, key=lambda match: (ranks.get(str(matches[match]), len(ranks)), match))
    write_json(zoo / CATALOGUE, {"schema_version": 1, "runs": entries, "matches": in_order})
    (zoo / "README.md").write_text(_readme(zoo, entries, command))
    sizes = {path: path.stat().st_size for path in zoo.rglob("*") if path.is_file()}
    heavy = [path.relative_to(zoo).as_posix() for path, size in sizes.items() if size >= LARGEST]
    progress(f"{len(entries)} runs, {sum(sizes.values()) / 1e6:.1f} MB in {len(sizes)} files")
    if heavy or sum(sizes.values()) >= LARGEST_OF_ALL:
        raise BenchmarkError(f"The zoo is too large: {sum(sizes.values()):,} bytes; files of 5 MB and more: {heavy}.")


HEAD = """# The zoo

Trained models that come with genlab, so that every page has something real to show before anything has been trained.
They are ordinary run directories (`docs/run-directory.md`) with one checkpoint of half-precision averaged weights and
without optimiser state, most without their critic, which only training needs: they can be explored, compared and
duplicated, but not resumed or changed. What a page works out about one is kept in the workspace, in `shipped/`.

Made by

    {command}

which trains what is missing in the workspace, judges the weights that are shipped, and writes this folder. Another
folder of shipped runs: `GENLAB_ZOO=FOLDER`; none: `GENLAB_ZOO=`. The weights are under genlab's licence; the data they
learned from are described by `genlab data show NAME`. The colour emoji are Google's (Noto, Apache licence 2.0), as the
npm package emoji-datasource-google has them; they do not come with genlab, and neither does a model of the ORL faces
(AT&T Laboratories Cambridge), whose terms speak of research and say nothing of what is made from them.
"""


def _readme(zoo: Path, entries: Sequence[Mapping[str, Any]], command: str) -> str:
    rows = []
    floors: dict[str, dict[str, float]] = {}
    for entry in entries:
        run = RunDirectory(zoo / "runs" / entry["run"])
        (document, *_) = [read_json(path) or {} for path in sorted((run.path / "evaluations").glob("*.json"))]
        now, metrics = run.summary(), document["metrics"]
        cells = [_cell(metrics.get(name), digits) for name, (_, digits) in COLUMNS.items()]
        raised = ", ".join(f"{a['symptom'].replace('_', ' ')} at {a['images']:,}" for a in run.alarms()) or "none"
        rows.append((f"`{entry['run']}`", now.data, f"{now.images:,}", *cells, raised))
        known = {name: line.get("floor") for name, line in metrics.items() if name in COLUMNS}
        floors[now.data] = {name: value for name, value in known.items() if value is not None}
    heading = ("run", "data", "images", *(title for title, _ in COLUMNS.values()), "alarms")
    real = [
        f"- `{data}`: " + ", ".join(f"{COLUMNS[name][0]} {value:.{COLUMNS[name][1]}f}" for name, value in found.items())
        for data, found in floors.items()
    ]
    parts = [
        HEAD.format(command=command),
        "## Scores as shipped\n\nValue and 95 % interval over images: 5,000 samples of the shipped weights, in-domain "
        "encoder. Real images of the same number score:\n",
        "\n".join(real),
        "",
        table(heading, rows),
        "\n## What they are, and how to train them again\n",
        *(f"- `{entry['run']}`: {entry['about']}\n  `{entry['command']}`" for entry in entries),
    ]
    return "\n".join(parts) + "\n"


def _cell(line: Mapping[str, Any] | None, digits: int) -> str:
    if line is None or line["value"] is None:
        return ""
    interval = "" if line.get("low") is None else f" [{line['low']:.{digits}f}, {line['high']:.{digits}f}]"
    return f"{line['value']:.{digits}f}{interval}"


def read_match(folder: Path) -> dict[str, Any]:
    """Request and plan of a match.

    Raises:
        BenchmarkError: When it is none, or not finished.
    """
    documents = {name: read_json(folder / f"{name}.json") for name in ("match", "plan", "claims")}
    missing = [name for name, document in documents.items() if document is None]
    if missing:
        raise BenchmarkError(f"{folder.name} has no {', '.join(missing)}.json: has the match been judged?")
    return documents
