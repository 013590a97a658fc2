"""Tables of trained models, gathered over time: runs that are there are used, those that are not are trained."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._common import BenchmarkError, progress
from genlab.config import RunConfig
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.lab import Lab
from genlab.store.run import RESUMABLE, Run
from genlab.worker.inline import InlineLauncher

TRAINED_WITH = ("device", "precision", "processes", "threads", "versions")
"""Facts of a run's environment that its scores and its minutes depend on."""


@dataclass(frozen=True)
class Plan:
    """One row of a table: a configuration, and the seeds it is trained with.

    Attributes:
        row: Its name in the table.
        model: Objective.
        data: Data set.
        preset: Preset it starts from.
        settings: Settings laid over it.
        seeds: Seeds.
    """

    row: str
    model: str
    data: str
    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: Sequence[int] = (0,)

    def name(self, seed: int) -> str:
        """The name of the run of one seed."""
        return f"{self.row}, {self.data}, seed {seed}"


@dataclass(frozen=True)
class Entry:
    """One trained and evaluated seed of a row.

    Attributes:
        plan: The row.
        seed: The seed.
        run: The run.
        document: Its evaluation.
        environment: What it was trained with.
        config: Its whole configuration, so that it can be trained again after a preset has changed.
    """

    plan: Plan
    seed: int
    run: Run
    document: Mapping[str, Any]
    environment: Mapping[str, Any]
    config: RunConfig

    def line(self, metric: str) -> Mapping[str, Any]:
        """What the evaluation says of a metric."""
        found: Mapping[str, Any] = self.document["metrics"][metric]
        return found

    def as_json(self) -> dict[str, Any]:
        """Everything of it, for the results file."""
        return {
            "row": self.plan.row,
            "data": self.plan.data,
            "seed": self.seed,
            "model": self.plan.model,
            "preset": self.plan.preset,
            "settings": dict(self.plan.settings),
            "images": self.run.images,
            "seconds": round(self.run.seconds, 1),
            "state": self.run.state,
            "config": self.config.model_dump(mode="json"),
            "trained_with": {name: self.environment.get(name) for name in TRAINED_WITH},
            "encoder": self.document["encoder"],
            "encoder_facts": self.document["encoder_facts"],
            "samples": self.document["samples"],
            "real": self.document["real"],
            "metrics": self.document["metrics"],
        }


def gather(lab: Lab, plans: Iterable[Plan], request: EvaluationRequest, *, train: bool = True) -> list[Entry]:
    """Train and evaluate what is missing, in this process, and return everything there is.

    Args:
        lab: The workspace that keeps the runs; interrupted ones are resumed.
        plans: The rows.
        request: The evaluation.
        train: Whether to train what is missing; else it is left out.
    """
    inline = Lab(lab.workspace.path, launcher=InlineLauncher())
    entries = []
    for plan in plans:
        for seed in plan.seeds:
            run = trained(inline, plan, seed, train=train)
            if run is None:
                continue
            (document,) = inline.evaluations.make([run], request)
            directory = lab.runs.read(run)
            entries.append(Entry(plan, seed, run, document, directory.environment(), directory.config()))
    return entries


def trained(lab: Lab, plan: Plan, seed: int, *, train: bool = True) -> Run | None:
    """The completed run of one seed of a row; see `completed`."""
    settings = {**plan.settings, "training.seed": seed, "name": plan.name(seed)}
    return completed(lab, lab.configs.make(plan.model, plan.data, plan.preset, settings), train=train)


def completed(lab: Lab, config: RunConfig, *, train: bool = True) -> Run | None:
    """The completed run of a configuration: one that is there, an interrupted one resumed, or a new one.

    Args:
        lab: The workspace, whose launcher trains inline.
        config: The configuration; a run of another name is as good.
        train: Whether to train what is missing; None is returned when it is and may not be, or does not complete.

    Raises:
        BenchmarkError: When somebody stops it: nothing else is begun then.
    """
    own = [run for run in lab.runs.all() if not run.shipped]
    wanted = lab.configs.settled(config)
    same = [run for run in own if is_same(lab.runs.read(run).config(), wanted)]
    done = [run for run in same if run.state == "completed"]
    if done or not train:
        return done[0] if done else None
    progress(f"training {config.name}")
    begun = [run for run in same if run.state in RESUMABLE]
    run = lab.runs.resume(begun[0]) if begun else lab.runs.submit(config)
    if run.state == "stopped":
        raise BenchmarkError(f"{config.name} was stopped after {run.images:,} images; the same command goes on there.")
    if run.state != "completed":
        progress(f"{config.name}: {run.state} {run.error or ''}")
        return None
    return run


def is_same(one: RunConfig, other: RunConfig) -> bool:
    """Whether they differ in name and threads at most; both are as runs keep them, with all options of their data."""
    apart = {"name": True, "training": {"threads"}}
    documents = [config.model_dump(mode="json", exclude=apart) for config in (one, other)]
    return documents[0] == documents[1]


def conditions(entries: Iterable[Entry]) -> str:
    """In what precision and on how many threads the runs were trained, as a sentence."""
    found = {(str(e.environment.get("precision")), int(e.environment.get("threads") or 0)) for e in entries}
    ways = [f"{precision} on {threads} thread{'s' if threads != 1 else ''}" for precision, threads in sorted(found)]
    return f"Each run was trained in {' or '.join(ways)}." if ways else ""


def over_seeds(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean, and half the width of its 95 % t-interval; None for one value."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return mean, None
    from scipy import stats

    spread = statistics.stdev(values) / len(values) ** 0.5
    return mean, float(stats.t.ppf(0.975, len(values) - 1)) * spread


def cell(values: Sequence[float | None], digits: int = 3) -> str:
    """A mean over seeds with its interval, as text."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    mean, half = over_seeds(known)
    return f"{mean:.{digits}f}" if half is None else f"{mean:.{digits}f} ± {half:.{digits}f}"


def rows(entries: Iterable[Entry], columns: Mapping[str, Callable[[list[Entry]], str]]) -> list[tuple[str, ...]]:
    """One line per row and data set: its name, its data, its seeds, then the columns."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.plan.row, entry.plan.data), []).append(entry)
    return [
        (row, data, str(len(group)), *(column(group) for column in columns.values()))
        for (row, data), group in groups.items()
    ]


def metric(name: str, digits: int = 3) -> Callable[[list[Entry]], str]:
    """A column: a metric over seeds, with the interval over items where there is one seed."""

    def column(group: list[Entry]) -> str:
        lines = [entry.line(name) for entry in group]
        if len(lines) == 1 and lines[0]["value"] is not None and lines[0]["low"] is not None:
            line = lines[0]
            return f"{line['value']:.{digits}f} [{line['low']:.{digits}f}, {line['high']:.{digits}f}]"
        return cell([line["value"] for line in lines], digits)

    return column


def floor(name: str, digits: int = 3) -> Callable[[list[Entry]], str]:
    """A column: the real-data floor of a metric."""

    def column(group: list[Entry]) -> str:
        value = group[0].line(name)["floor"]
        return "" if value is None else f"{value:.{digits}f}"

    return column


def minutes(group: list[Entry]) -> str:
    """A column: mean minutes of training."""
    return f"{statistics.fmean(entry.run.seconds for entry in group) / 60:.1f}"


def images(group: list[Entry]) -> str:
    """A column: images of training."""
    return f"{group[0].run.images:,}"
