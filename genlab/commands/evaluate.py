"""``genlab evaluate`` and ``genlab metrics``: judging trained models, and what can be measured. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from genlab.commands.console import CheckpointOption, JsonOption, WorkspaceOption, emit, open_lab, say, table
from genlab.commands.runs import other_settings
from genlab.commands.waiting import job_progress
from genlab.metrics import alarms, remarks
from genlab.numbers import interval, reference_items, short
from genlab.registry import registry

RunsArgument = Annotated[
    list[str],
    typer.Argument(metavar="RUN…", help="Runs: identifiers, their beginnings, or names.", show_default=False),
]


def evaluate(
    runs: RunsArgument,
    metrics: Annotated[
        str, typer.Option(metavar="A,B", help="Names of metrics; by default all that apply.", show_default=False)
    ] = "",
    encoder: Annotated[
        str,
        typer.Option(
            help="Feature extractor; by default in-domain, trained on this data; for points pixels, their coordinates.",
            show_default=False,
        ),
    ] = "",
    samples: Annotated[int, typer.Option(min=2, max=100_000, help="Generated items.")] = 5_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the latents and of the resampling.")] = 0,
    checkpoint: CheckpointOption = None,
    every: Annotated[
        bool, typer.Option("--every-checkpoint", help="All checkpoints of the runs, oldest first.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge trained models by scores with intervals and a real-data reference."""
    names = tuple(name.strip() for name in metrics.split(",") if name.strip())
    lab = open_lab(workspace)
    request = lab.evaluations.request(metrics=names, encoder=encoder, samples=samples, seed=seed, images=checkpoint)
    with job_progress(quiet=as_json) as tell:
        documents = lab.evaluations.make(runs, request, tell, every=every)
    wanted = set(names)
    from genlab.matches.since import sentence

    results = [_result(document, wanted) for document in documents]
    sets = [] if every else lab.evaluations.over_seeds(runs, request)
    if as_json:
        for result in results:
            result["other_settings"] = other_settings(lab.runs.read(result["run"]), lab)
        emit({"runs": results, "over_seeds": sets})
        return
    for result, document in zip(results, documents, strict=True):
        _print(result, document)
        if told := sentence(lab.runs.read(result["run"]).config(), lab):
            say(told)
    for found in sets:
        _print_seeds(found, wanted)


def metrics(as_json: JsonOption = False) -> None:
    """List what can be measured."""
    specs = list(registry("metrics"))
    if as_json:
        emit({"metrics": [_about(spec) for spec in specs]})
        return
    heading = ("metric", "kind", "better", "at least", "meaning")
    table(heading, [(s.name, s.group, s.better, f"{s.minimum:,}", s.summary) for s in specs], right=(3,))


def _about(spec: Any) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "group": spec.group,
        "better": spec.better,
        "ideal": spec.ideal,
        "minimum": spec.minimum,
        "needs": list(spec.needs),
        "summary": spec.summary,
        "paper": spec.paper,
    }


def _result(document: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    lines = {name: line for name, line in document["metrics"].items() if not wanted or name in wanted}
    chosen = {name: {key: line[key] for key in line if key != "items"} for name, line in lines.items()}
    kept = ("run", "images", "encoder", "encoder_facts", "samples", "real", "floor_from", "seed")
    return {**{name: document[name] for name in kept}, "metrics": chosen}


def _print(result: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    specs = registry("metrics")
    say(
        f"{result['run']} after {result['images']:,} images, {result['encoder']} features, real-data reference "
        f"from {reference_items(document['floor_from'])}"
    )
    rows, missing, withheld = [], [], []
    for name, line in result["metrics"].items():
        spec = specs.get(name)
        if line["value"] is None:
            missing.append((spec.title, line["why"]))
            continue
        if line.get("why"):
            withheld.append((spec.title, line["why"]))
        arrow = {"up": "↑", "down": "↓"}.get(line["better"], "")
        number = f"{line['n']:,}"
        rows.append(
            (
                spec.title + remarks(name, line),
                arrow,
                interval(line),
                short(line["floor"]),
                number,
                line["encoder"] or "",
            )
        )
    table(("metric", "", "value (95 %)", "real data", "n", "features"), rows, right=(2, 3, 4))
    for title, why in missing:
        say(f"no {title}: {why}")
    for title, why in withheld:
        say(f"{title}: {why}")
    for name, words in alarms(result["metrics"]).items():
        say(f"{specs.get(name).title}: {words}")
    say()


def _print_seeds(found: Mapping[str, Any], wanted: set[str]) -> None:
    """Means over the seeds of one configuration, and the standard deviation over seeds."""
    say(f"{len(found['runs'])} runs of one configuration, seeds {', '.join(map(str, found['seeds']))}")
    specs = registry("metrics")
    rows = []
    for name, line in found["metrics"].items():
        if line["value"] is not None and (not wanted or name in wanted):
            arrow = {"up": "↑", "down": "↓"}.get(line["better"], "")
            spread = short(line["spread"]["value"])
            rows.append((specs.get(name).title, arrow, interval(line), spread, short(line["floor"]), str(line["n"])))
    table(("metric", "", "mean (95 % over seeds)", "spread", "real data", "seeds"), rows, right=(2, 3, 4, 5))
    say(f"diverged: {interval(found['divergence_rate'])} of the runs")
    say()
