"""What models are used for, measured: every family beside what one would use instead, and the bars.

``python -m benchmarks.tasks --workspace W`` does the tasks of all tables, or of those that ``--table`` names, with the
models that come with genlab, and with those from image to image (restorers, CycleGAN) that it trains in the workspace
where they are not there; what has been done is only read. It writes ``results/tasks.json`` and ``.md``, where other
tables stay as they are, and exits with 1 when a bar is missed. A table is a function in `TABLES`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, BenchmarkError, bars_table, machine, positive, progress, table
from benchmarks._restorers import passes, quick, unbeaten

TITLE = "Tasks of every family beside the methods that one would use instead."
MODELS = ("vae", "gan", "vae-gan")
ITEMS = 300
RESTORERS = {"restorer, no critic": 0.0, "restorer, with critic": 0.01}
"""Restorers of one corruption: name -> weight of the critic."""

RESTORER_IMAGES = 64_000
"""Images that they see."""

PAIR = ("sneaker", "ankle boot")
"""Classes of Fashion-MNIST between which CycleGAN translates."""

REACHED = 0.7
HALF = 0.5
"""Of the distance of two items that have nothing in common: what a round trip may be off."""

LEARNED = ("linear",)
"""Methods without a generator that learn from the training items; the others see nothing but the item."""


@dataclass(frozen=True)
class Table:
    """One table of the results.

    Attributes:
        title: Its heading.
        about: What was measured, in a paragraph.
        heading: Titles of the columns.
        rows: Its cells.
        bars: What is asked of it.
        found: Every answer, with the values of the items.
    """

    title: str
    about: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    found: Mapping[str, Any]


def denoising(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """Fashion-MNIST with normal noise of 0.3."""
    corruption = {"name": "noise", "sigma": 0.3}
    return _restoration(
        lab, "denoising", {"sigma": 0.3}, items, "Denoising, Fashion-MNIST, noise 0.3", corruption, models
    )


def super_resolution(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """Fashion-MNIST from means of 2 × 2 pixels."""
    corruption = {"name": "low_resolution", "factor": 2}
    title = "Super-resolution × 2, Fashion-MNIST"
    return _restoration(lab, "super-resolution", {"factor": 2}, items, title, corruption, models)


def compressed_sensing_50(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """MNIST from 50 sums."""
    return _sensing(lab, 50, items, models)


def compressed_sensing_100(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """MNIST from 100 sums."""
    return _sensing(lab, 100, items, models)


def compressed_sensing_curve(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """MNIST from 10 to 750 sums, on a part of the images."""
    from genlab.tasks.compressed_sensing import CURVED

    runs = [f"mnist-5k-{model}-balanced" for model in models]
    request = lab.tasks.request("compressed-sensing", {"curve": True}, items=items)
    curves: list[tuple[str, Any]] = []
    for run in runs:
        progress(f"compressed-sensing, curve: {run}")
        found = lab.tasks.carry_out(run, request)
        if not curves:
            curves += [("–", curve) for curve in _curves(lab.tasks.baselines(run, request))]
        curves += [(run, curve) for curve in _curves(found)]
    title = "Compressed sensing, MNIST, error against the number of measurements"
    about = f"Mean squared error of a pixel on the first {min(items, CURVED)} of {items} test images."
    heading = ("model", "method", *(f"{int(count)}" for count in curves[0][1]["x"]))
    rows = tuple((run, curve["name"], *(f"{value:.4f}" for value in curve["y"])) for run, curve in curves)
    return Table(title, about, heading, rows, (), {"curves": curves})


def translation(lab: Any, items: int, models: Sequence[str] = MODELS) -> Table:
    """Fashion-MNIST, sneakers into ankle boots and back."""
    runs = [f"fashion-mnist-{model}-balanced" for model in models]
    settings = {"from_class": PAIR[0], "to_class": PAIR[1]}
    cycle = _from_image_to_image(lab, "cycle_gan", "CycleGAN", settings)
    cells: list[tuple[str, ...]] = []
    bars: list[Bar] = []
    found: dict[str, Any] = {}
    heading: tuple[str, ...] = ()
    for source, style in (PAIR, PAIR[::-1]):
        options, way = {"source": source, "style": style}, f"{source} to {style}"
        baselines, answers = done(lab, "translation", options, [*runs, cycle], items)
        answers = {("CycleGAN" if run == cycle else run): one for run, one in answers.items()}
        made = _table(lab, "translation", "", "", baselines, answers, ())
        heading = ("way", *made.heading)
        cells += [(way, *row) for row in made.rows]
        apart = _apart(lab, source, items)
        cells.append((way, "–", f"Two items, both {source}", *_beside(made.heading, apart)))
        bars += _translated(way, answers["CycleGAN"][0]["scores"])
        found[way] = {**dict(made.found), "apart": apart}
    about = (
        f"{items} test images of each way. CycleGAN has seen {lab.runs.find(cycle).images:,} images (preset quick); "
        "the others are models that come with genlab and were not told classes. Of distances in features and of round "
        "trips 1 is that of two training items of any class."
    )
    title = "Translation, Fashion-MNIST, sneaker and ankle boot"
    return Table(title, about, heading, tuple(cells), tuple(bars), found)


def _translated(way: str, scores: Mapping[str, Any]) -> list[Bar]:
    """Whether the class is reached and the round trip leads back."""
    reached, back = (scores[name]["value"] for name in ("success", "cycle"))
    return [
        Bar(f"CycleGAN, {way}: target reached", f"{reached:.3f}", f">= {REACHED}", reached >= REACHED),
        Bar(f"CycleGAN, {way}: distance after a round trip", f"{back:.3f}", f"<= {HALF}", back <= HALF),
    ]


def _apart(lab: Any, source: str, items: int) -> float:
    """Mean distance in features of two test items of one class, in the unit of round trips."""
    import numpy as np

    from genlab import kinds
    from genlab.evaluation.inputs import StagedProgress
    from genlab.tasks._fidelity import unit
    from genlab.tasks.inputs import TaskInputs

    data = lab.data.open("fashion-mnist")
    inputs = TaskInputs(
        data=data,
        options=None,
        count=items,
        own=(),
        extractor=kinds.get(data.info.kind).encoder,
        folder=lab.workspace.encoders,
        seed=0,
        progress=StagedProgress(lambda share, what: None),
        classes=((data.info.classes or ()).index(source),),
    )
    features = inputs.encoded.features.astype(np.float64)
    half = len(features) // 2
    return float(np.linalg.norm(features[:half] - features[half : 2 * half], axis=1).mean() / unit(inputs))


def _beside(heading: Sequence[str], apart: float) -> list[str]:
    """Cells after the method's: a distance where that is what the column holds."""
    distances = ("Feature distance", "Distance after a round trip")
    return [f"{apart:.3f}" if name in distances else "" for name in heading[2:]]


def _from_image_to_image(lab: Any, model: str, row: str, settings: Mapping[str, Any]) -> str:
    """The run of a model that does not come with genlab; trained in the workspace where it is not there.

    Raises:
        BenchmarkError: When its training does not end well.
    """
    from benchmarks._runs import Plan, trained

    run = trained(lab, Plan(row, model, "fashion-mnist", "quick", settings), 0)
    if run is None:
        raise BenchmarkError(f"{row} could not be trained.")
    return str(run.id)


def _curves(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [curve for chart in document["charts"] if chart["name"] == "measurements" for curve in chart["curves"]]


TABLES: Mapping[str, Callable[[Any, int, Sequence[str]], Table]] = {
    "denoising": denoising,
    "super-resolution": super_resolution,
    "compressed-sensing-50": compressed_sensing_50,
    "compressed-sensing-100": compressed_sensing_100,
    "compressed-sensing-curve": compressed_sensing_curve,
    "translation": translation,
}


def done(
    lab: Any, task: str, options: Mapping[str, Any], runs: Sequence[str], items: int
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Answers of the methods without a model, and of each run."""
    request, found = lab.tasks.request(task, options, items=items), {}
    for run in runs:
        progress(f"{task} {dict(options)}: {run}")
        found[run] = list(lab.tasks.carry_out(run, request)["answers"])
    return list(lab.tasks.baselines(runs[0], request)["answers"]), found


def _restoration(
    lab: Any,
    task: str,
    options: Mapping[str, Any],
    items: int,
    title: str,
    corruption: Mapping[str, Any],
    models: Sequence[str],
) -> Table:
    runs = {f"fashion-mnist-{model}-balanced": f"fashion-mnist-{model}-balanced" for model in models}
    for name, weight in RESTORERS.items():
        settings = {
            "corruption": corruption,
            "adversarial": weight,
            "training.images": RESTORER_IMAGES,
            "training.threads": 1,
        }
        runs[_from_image_to_image(lab, "restorer", f"{task}, {name}", settings)] = name
    baselines, every = done(lab, task, options, list(runs), items)
    answers = {runs[run]: found for run, found in every.items()}
    filters = [answer for answer in baselines if answer["name"] not in LEARNED]
    bars = [
        _against(title, measure, against, who, answers)
        for measure in ("features", "ssim")
        for against, who in ((filters, "classical"), (baselines, "of all baselines"))
    ]
    bars += [quick(title, name, passes(lab, run)) for run, name in runs.items() if name in RESTORERS]
    about = (
        f"{items} test images, models that come with genlab, and restorers that have seen {RESTORER_IMAGES:,} images "
        "(preset quick); intervals are 95 % of the mean over images. Perception against distortion: nothing is better "
        f"in both PSNR and feature distance than {'; '.join(unbeaten(baselines, answers))}."
    )
    return _table(lab, task, title, about, baselines, answers, bars)


def _sensing(lab: Any, measurements: int, items: int, models: Sequence[str]) -> Table:
    runs = [f"mnist-5k-{model}-balanced" for model in models]
    title = f"Compressed sensing, MNIST, {measurements} measurements"
    options = {"measurements": measurements, "curve": False}
    baselines, answers = done(lab, "compressed-sensing", options, runs, items)
    sparse = [answer for answer in baselines if answer["name"].startswith("lasso")]
    bars = [_against(title, measure, sparse, "Lasso", answers) for measure in ("psnr", "features")]
    about = f"{items} test images of MNIST 5k, models that come with genlab; noise of 0.01 on each of the sums."
    return _table(lab, "compressed-sensing", title, about, baselines, answers, bars)


def _against(
    title: str,
    measure: str,
    baselines: Sequence[Mapping[str, Any]],
    who: str,
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Bar:
    """Whether the best answer of any model beats the best baseline, by the paired difference over images."""
    import numpy as np

    from genlab.metrics._resample import of_mean

    sign = -1.0 if measure == "features" else 1.0

    def value(answer: Mapping[str, Any]) -> float:
        return sign * float(answer["scores"][measure]["value"])

    theirs = max((a for a in baselines if a["role"] == "baseline" and measure in a["scores"]), key=value)
    run, ours = max(
        ((run, a) for run, found in answers.items() for a in found if a["role"] == "model" and measure in a["scores"]),
        key=lambda pair: value(pair[1]),
    )
    apart = np.subtract(*(np.asarray(a["scores"][measure]["items"]) for a in (ours, theirs)))
    low, high = of_mean(apart)
    figure = (
        f"{run}, {ours['title']}: {ours['scores'][measure]['value']:.3f}; {theirs['title']}: "
        f"{theirs['scores'][measure]['value']:.3f}; difference {apart.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
    )
    return Bar(f"{title}: {measure} against the best {who}", figure, "better", sign * float(apart.mean()) > 0)


def _table(
    lab: Any,
    task: str,
    title: str,
    about: str,
    baselines: Sequence[Mapping[str, Any]],
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
    bars: Sequence[Bar],
) -> Table:
    from genlab.numbers import interval, short

    every = [*baselines, *(answer for found in answers.values() for answer in found)]
    known = {name for answer in every for name, score in answer["scores"].items() if score["value"] is not None}
    measures = [measure for measure in lab.tasks.request(task).spec.measures if measure.name in known]

    def row(who: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
        scores = [answer["scores"].get(measure.name) for measure in measures]
        cells = ["" if score is None or score["value"] is None else interval(score) for score in scores]
        time = answer["milliseconds"]
        return who, answer["title"], *cells, "" if time is None else short(time)

    rows = [row("–", answer) for answer in baselines if answer["scores"]]
    rows += [row(run, answer) for run, found in answers.items() for answer in found]
    heading = ("model", "method", *(f"{m.title}{f' ({m.unit})' if m.unit else ''}" for m in measures), "ms an item")
    return Table(title, about, heading, tuple(rows), tuple(bars), {"baselines": baselines, "models": answers})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks", description=TITLE)
    parser.add_argument("--workspace", type=Path, required=True, help="folder where results are kept")
    parser.add_argument("--table", action="append", choices=sorted(TABLES), help="a table; repeat it (default all)")
    parser.add_argument(
        "--models", nargs="*", default=list(MODELS), choices=MODELS, help="models that come with genlab (default all)"
    )
    parser.add_argument("--items", type=positive, default=ITEMS, help=f"images of each (default {ITEMS})")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    from genlab.lab import Lab
    from genlab.worker.inline import InlineLauncher

    lab, file = Lab(chosen.workspace, launcher=InlineLauncher()), chosen.out / "tasks.json"
    known: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    missed = False
    for name in chosen.table or TABLES:
        about = machine()
        made = TABLES[name](lab, chosen.items, chosen.models)
        command = f"python -m benchmarks.tasks --workspace W --table {name} --items {chosen.items}"
        command += "" if tuple(chosen.models) == MODELS else f" --models {' '.join(chosen.models)}".rstrip()
        known[name] = {"machine": about, "command": command, **asdict(made)}
        missed |= any(bar.met is False for bar in made.bars)
        chosen.out.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(known, indent=1) + "\n")
        (chosen.out / "tasks.md").write_text(document(known))
        print(section(known[name]))
    return int(missed)


def document(known: Mapping[str, Any]) -> str:
    """All tables that have been measured, in the order of `TABLES`."""
    return "\n".join(["# Tasks\n", *(section(known[name]) for name in TABLES if name in known)])


def section(one: Mapping[str, Any]) -> str:
    """One table with its command, machine and bars."""
    about = one["machine"]
    lines = [
        f"## {one['title']}\n",
        f"{about['date']}, {about['cpu']}, {about['cores']} cores; load average at first {about['load_at_start']}.\n",
        f"    {one['command']}\n",
        f"{one['about']}\n",
        table(one["heading"], one["rows"]),
        "",
        bars_table([Bar(**bar) for bar in one["bars"]]),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
