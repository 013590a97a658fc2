"""``genlab latent``: maps, directions and walks of a latent space, and the place of items of one's own in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from genlab import kinds
from genlab.commands.console import (
    CheckpointOption,
    JsonOption,
    RunArgument,
    WorkspaceOption,
    check_target,
    emit,
    note,
    number,
    open_lab,
    pairs,
    say,
    table,
)
from genlab.commands.own import TextOption, own_files
from genlab.commands.waiting import job_progress
from genlab.errors import InputError
from genlab.kinds.base import KindSpec
from genlab.store import atomic

if TYPE_CHECKING:
    from genlab.exploration.explored import Exploration

latent = typer.Typer(name="latent", help="Map, walk and steer a latent space.")

ItemsOption = Annotated[
    int | None, typer.Option(min=0, help="Real images to look at; by default some thousand.", show_default=False)
]
SamplesOption = Annotated[
    int | None, typer.Option(min=0, help="Samples of the prior to look at; by default some.", show_default=False)
]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of the samples and of what is fitted.")]
ENDINGS = (".gif", ".mp4", ".png")


@latent.command("map")
def draw_map(
    run: RunArgument,
    projection: Annotated[Literal["pca", "umap", "tsne"], typer.Option(help="How codes become a map.")] = "pca",
    items: ItemsOption = None,
    samples: SamplesOption = None,
    seed: SeedOption = 0,
    checkpoint: CheckpointOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A .csv of the map.", show_default=False)
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay the codes of real images and samples out in the plane."""
    target = None if out is None else check_target(out, (".csv",))
    lab = open_lab(workspace)
    request = lab.latents.request(**_given(items=items, samples=samples, seed=seed, images=checkpoint))
    with job_progress(quiet=as_json) as tell:
        found = lab.latents.explore(run, request, projection, tell)
    if target is not None:
        atomic.write_bytes(target, _csv(found, projection))
    document = _summary(found) | {"projection": projection, "out": None if target is None else str(target)}
    if as_json:
        emit(document)
        return
    known = [attribute["title"] for attribute in found.document["attributes"]]
    pairs(
        [
            ("model", f"{document['run']} after {document['images']:,} images"),
            ("codes", f"{document['n']:,} of {document['latent_dim']} dimensions ({document['codes']})"),
            ("map", projection),
            ("attributes", ", ".join(known)),
            ("stored in", document["path"]),
        ]
    )


@latent.command()
def directions(
    run: RunArgument,
    method: Annotated[str, typer.Option(help="Only those found by this method, e.g. sefa.", show_default=False)] = "",
    checkpoint: CheckpointOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List directions in which pictures change: dimensions, principal components, SeFa, GANSpace, classes."""
    lab = open_lab(workspace)
    with job_progress(quiet=as_json) as tell:
        found = lab.latents.explore(run, lab.latents.request(images=checkpoint), "pca", tell)
    known = found.directions()
    methods = list(dict.fromkeys(about["method"] for about, _ in known))
    if method and method not in methods:
        raise InputError(
            f"There are no directions by {method!r} here.", f"Try one of: {', '.join(methods)}.", kind="unknown_name"
        )
    chosen = [(about, vector) for about, vector in known if not method or about["method"] == method]
    if as_json:
        listed = [{**about, "vector": [float(value) for value in vector]} for about, vector in chosen]
        emit(_summary(found) | {"directions": listed})
        return
    rows = [(about["name"], about["method"], number(about["strength"]), about["title"]) for about, _ in chosen]
    table(("direction", "method", "strength", "what it is"), rows, right=(2,))


@latent.command()
def walk(
    run: RunArgument,
    points: Annotated[
        list[str],
        typer.Argument(
            metavar="POINT…",
            help="Two to four: the number of an item of the map, sample:SEED, or a JSON file of a saved latent.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="A .gif, .mp4 or .png (strip).")] = Path(
        "walk.gif"
    ),
    steps: Annotated[int, typer.Option(min=2, help="Pictures from one point to the next.")] = 24,
    loop: Annotated[bool, typer.Option(help="Go back to where it began.")] = False,
    label: Annotated[int | None, typer.Option(help="Class (conditional models).", show_default=False)] = None,
    checkpoint: CheckpointOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Walk between points, straight beside spherical, and tell how real the pictures on the way are."""
    target = check_target(out, ENDINGS)
    lab = open_lab(workspace)
    request = lab.latents.request(images=checkpoint)
    corners = tuple(_point(word) for word in points)
    wanted = lab.latents.walk_request(points=corners, steps=steps, loop=loop, label=label)
    with job_progress(quiet=as_json) as tell:
        lab.jobs.wait_for(lab.latents.start_walk(run, wanted, request), tell)
    found = lab.latents.walk(run, wanted, request)
    assert found is not None
    atomic.write_bytes(target, Path(found["files"][target.suffix.lower()[1:]]).read_bytes())
    if as_json:
        emit({**found, "out": str(target)})
        return
    say(f"{len(found['linear']['realism'])} pictures of {found['run']} written to {target}")
    say("distance to the nearest real image, where 1 is what real images have among themselves:")
    rows = [(kind, ", ".join(map(number, found[kind]["midpoints"]))) for kind in found["rows"]]
    table(("way", "in the middle of each leg"), rows)


@latent.command()
def invert(
    run: RunArgument,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE…",
            help="Pictures, sounds, texts or films, as the model's data are, of any common format.",
            show_default=False,
        ),
    ] = None,
    text: TextOption = None,
    negative: Annotated[bool, typer.Option(help="Swap dark and light first, e.g. for ink on paper.")] = False,
    label: Annotated[int | None, typer.Option(help="Class (conditional models).", show_default=False)] = None,
    checkpoint: CheckpointOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the latents of items of one's own, and how far off what the model can make they are."""
    lab = open_lab(workspace)
    request = lab.latents.request(images=checkpoint)
    if not files and not text:
        raise InputError("Nothing is named that is to be placed.", "Name a file, or give --text.", kind="bad_usage")
    directory = lab.runs.read(run)
    kind = kinds.of(directory.environment().get("space"))
    found = []
    for name, content in own_files(files or [], text or []):
        item = lab.latents.fit(run, content, name, invert=negative)
        with job_progress(quiet=as_json) as tell:
            lab.jobs.wait_for(lab.latents.start_placement(run, item.content, label, request), tell)
        place = lab.latents.placement(run, item.content, label, request) or {}
        found.append({**place, "file": name or str(content), "notes": list(item.notes), **_read_again(place, kind)})
    if as_json:
        emit({"images": found})
        return
    _print_places(found, kind)


def _read_again(place: Mapping[str, Any], kind: KindSpec) -> dict[str, str]:
    """What can be read of the item and of its reconstruction; nothing of a kind that is not read."""
    from genlab.store import shown

    items = shown.kept(Path(place["picture"])) if kind.text is not None else None
    if items is None or kind.text is None:
        return {}
    return {name: kind.text(item) for name, item in zip(("text", "reconstruction"), items, strict=False)}


def _print_places(found: Sequence[Mapping[str, Any]], kind: KindSpec) -> None:
    read = any("text" in place for place in found)
    rows = [
        (
            str(place["file"]),
            *((place.get("reconstruction", ""),) if read else ()),
            number(place["residual"]),
            f"{place['percentile']:.0%}",
            ", ".join(map(str, place["neighbours"][:5])),
        )
        for place in found
    ]
    heading = (
        *(kind.one, *(("reconstruction",) if read else ())),
        *("residual", f"held-out {kind.many} that fit better", f"nearest training {kind.many}"),
    )
    table(heading, rows, right=(len(heading) - 3, len(heading) - 2))
    for place in found:
        if place["notes"]:
            note(f"{place['file']}: {' '.join(place['notes'])}")


def _summary(found: Exploration) -> dict[str, Any]:
    kept = ("run", "name", "family", "images", "data", "latent_dim", "codes", "n", "parts", "projections")
    attributes = [about["name"] for about in found.document["attributes"]]
    return {**{name: found.document[name] for name in kept}, "attributes": attributes, "path": str(found.folder)}


def _given(**settings: Any) -> dict[str, Any]:
    """Those settings that were given: the others keep their defaults."""
    return {name: value for name, value in settings.items() if value is not None}


def _csv(found: Exploration, projection: str) -> bytes:
    """A line per item: its part, place, and all that is known of it."""
    attributes = {about["name"]: about for about in found.document["attributes"]}
    values = {name: found.attribute(name) for name in attributes}
    places, part = found.map(projection), found.part("data")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["item", "part", "x", "y", *attributes])
    for item, (x, y) in enumerate(places):
        cells = [_cell(about, values[name][item]) for name, about in attributes.items()]
        writer.writerow([item, "data" if part.start <= item < part.stop else "sample", f"{x:.6g}", f"{y:.6g}", *cells])
    return text.getvalue().encode()


def _cell(about: Mapping[str, Any], value: float) -> str:
    if value != value:
        return ""
    return about["categories"][int(value)] if about["kind"] == "category" else f"{value:.6g}"


def _point(word: str) -> dict[str, Any]:
    """The point that a word names.

    Raises:
        InputError: When it names none.
    """
    kind, _, rest = word.partition(":")
    if word.isdecimal():
        return {"item": int(word)}
    if kind in {"item", "sample"} and rest.isdecimal():
        return {kind: int(rest)}
    document = atomic.read_json(Path(word)) if word.endswith(".json") else None
    if document is not None and isinstance(document.get("z"), list):
        return {"z": document["z"]}
    raise InputError(
        f"{word!r} is no point.",
        "Give an item's number, sample:SEED, or the JSON file of a saved latent.",
        kind="bad_value",
    )
