"""Faces: what models of few portraits make, and whether they copy: ``python -m benchmarks.faces --workspace DIR RUN``.

The runs are those of a match, or any others on the same data. Each is evaluated and does the task of synthesis where it
has not; runs that differ in their seed only share a row. The pictures themselves are never kept here.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, BenchmarkError, describe, machine, progress, table, write
from benchmarks._runs import cell
from genlab.lab import Lab
from genlab.plots.theme import family_title
from genlab.store.run import Run
from genlab.verdicts.asked import asked_tasks
from genlab.worker.inline import InlineLauncher

SHOWN = {"frechet": 1, "coverage": 2, "precision": 2, "copies": 3, "authpct": 2, "power_spectrum": 2, "laplacian": 2}
"""Metrics of the table and their digits."""

TASK = "synthesis"
DONE = ("fresh", "copied", "sharp", "near", "repeated", "covered")
"""Measures of the task in the table."""

APART = ("name", "training.seed", "training.threads")
"""Settings in which runs of one row may differ."""


@dataclass(frozen=True)
class Judged:
    """One run and what is known of it.

    Attributes:
        row: Its row.
        run: The run.
        config: Its settings.
        metrics: Lines of its evaluation.
        answers: Name of a method of the task -> what it came to: ``samples`` is the model's.
    """

    row: str
    run: Run
    config: Mapping[str, Any]
    metrics: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Mapping[str, Any]]


def row_of(config: Mapping[str, Any], images: int, family: str) -> str:
    """What a run's row is called: family, augmentation where there is a critic, and how far it has come."""
    augment = config["model"].get("augment")
    how = {None: "", "none": ", not augmented"}.get(augment, f", {augment}")
    whole = config["training"]["images"]
    return f"{family}{how}, {images:,}{'' if images >= whole else f' of {whole:,}'} images"


def judged(lab: Lab, name: str, samples: int) -> Judged:
    """Evaluate a run and let it do the task, where that has not been done.

    Raises:
        BenchmarkError: When its data are not said to be faces.
    """
    run = lab.runs.find(name)
    config = lab.runs.read(run).config()
    if lab.data.describe(config.data).about != "faces":
        raise BenchmarkError(f"{config.data.name} are not said to be photographs of faces.")
    progress(f"judging {run.id}")
    (document,) = lab.evaluations.make([run], lab.evaluations.request(metrics=tuple(SHOWN), samples=samples))
    (asked,) = (one for one in asked_tasks() if one.task == TASK)
    request = lab.tasks.request(TASK, asked.options, items=asked.items)
    found = lab.tasks.carry_out(run, request)["answers"]
    found = [*found, *(lab.tasks.baselines(run, request) or {"answers": []})["answers"]]
    settings = config.model_dump(mode="json")
    return Judged(
        row_of(settings, run.images, family_title(run.family)),
        run,
        settings,
        document["metrics"],
        {answer["name"]: answer for answer in found},
    )


def grouped(every: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Row -> its runs.

    Raises:
        BenchmarkError: When two runs would share a row that differ in more than their seed.
    """
    found: dict[str, list[Judged]] = {}
    for one in every:
        same = found.setdefault(one.row, [])
        if same and _recipe(same[0].config) != _recipe(one.config):
            raise BenchmarkError(f"{one.run.id} and {same[0].run.id} differ in more than their seed.")
        same.append(one)
    return found


def _recipe(config: Mapping[str, Any]) -> dict[str, Any]:
    from genlab.config import leaves

    return {name: value for name, value in leaves(config).items() if name not in APART}


def rows(groups: Mapping[str, Sequence[Judged]]) -> list[tuple[str, ...]]:
    """A line for each row of runs, then what real images and methods without a model come to."""
    lines = []
    for row, group in groups.items():
        of_metrics = [cell([one.metrics[name]["value"] for one in group], digits) for name, digits in SHOWN.items()]
        of_task = [cell([_score(one.answers["samples"], name) for one in group], 2) for name in DONE]
        minutes = f"{statistics.fmean(one.run.seconds for one in group) / 60:.1f}"
        lines.append((row, str(len(group)), *of_metrics, *of_task, minutes))
    first = next(iter(groups.values()))[0]
    floors = [cell([first.metrics[name].get("floor")], digits) for name, digits in SHOWN.items()]
    for name, answer in first.answers.items():
        if name == "samples":
            continue
        scores = [cell([_score(answer, measure)], 2) for measure in DONE]
        lines.append((answer["title"], "", *(floors if answer["role"] == "truth" else [""] * len(SHOWN)), *scores, ""))
    return lines


def _score(answer: Mapping[str, Any], name: str) -> float | None:
    found: float | None = (answer["scores"].get(name) or {"value": None})["value"]
    return found


def bars(groups: Mapping[str, Sequence[Judged]]) -> list[Bar]:
    """Whether any row copies more than held-out items seem to."""
    found = []
    for row, group in groups.items():
        alarms = [one.metrics["copies"]["alarm"] for one in group if one.metrics["copies"].get("alarm")]
        values = cell([one.metrics["copies"]["value"] for one in group])
        found.append(Bar(f"{row}: copies", f"{values}; {len(alarms)} alarms", "no alarm", not alarms))
        ours = [_score(one.answers["samples"], "copied") for one in group]
        truth = _held_out(group[0].answers)["scores"]["copied"]
        known = [value for value in ours if value is not None]
        least = max(truth["high"] or 0.0, truth["value"])
        met = statistics.fmean(known) <= least if known else None
        needed = f"<= {least:.3f}, the upper end for held-out items"
        found.append(Bar(f"{row}: copied in synthesis", cell(ours), needed, met))
    return found


def _held_out(answers: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return next(answer for answer in answers.values() if answer["role"] == "truth")


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faces", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="+", help="runs on one data set of faces")
    parser.add_argument("--workspace", type=Path, required=True, help="where the runs are")
    parser.add_argument("--samples", type=int, default=5_000, help="generated items (default 5000)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace, launcher=InlineLauncher())
    groups = grouped([judged(lab, name, chosen.samples) for name in chosen.runs])
    first = next(iter(groups.values()))[0]
    info = lab.data.describe(lab.runs.read(first.run).config().data)
    heading = ("model", "seeds", *SHOWN, *DONE, "minutes")
    text = "\n".join(
        [
            describe(
                f"Faces: {info.name}",
                about,
                f"python -m benchmarks.faces --samples {chosen.samples} --workspace DIR RUN ...",
            ),
            f"{info.train:,} faces to learn from, {info.test:,} held out, {' × '.join(map(str, info.shape))}. "
            f"{chosen.samples:,} samples in the metrics from frechet to laplacian; from fresh to covered the task of "
            "synthesis, on as many as are held out. Mean over seeds ± half the 95 % interval. Held-out items stand for "
            "real ones in both. Minutes are the runs' own, beside whatever else the machine did.",
            "",
            table(heading, rows(groups)),
        ]
    )
    return write("faces", chosen.out, {"machine": about, "runs": _documents(groups)}, text, bars(groups))


def _documents(groups: Mapping[str, Sequence[Judged]]) -> list[dict[str, Any]]:
    kept: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda line: {  # noqa: E731
        key: line.get(key) for key in ("value", "low", "high", "floor", "n", "alarm", "against")
    }
    return [
        {
            "row": row,
            "seconds": round(one.run.seconds, 1),
            "config": dict(one.config),
            "metrics": {name: kept(line) for name, line in one.metrics.items()},
            "synthesis": {
                name: {measure: kept(score) for measure, score in answer["scores"].items()}
                for name, answer in one.answers.items()
            },
        }
        for row, group in groups.items()
        for one in group
    ]


if __name__ == "__main__":
    sys.exit(main())
