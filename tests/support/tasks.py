"""A task that only tests know, with all that a task may have, and results of tasks kept by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.options import Options, setting
from genlab.store import atomic
from genlab.store.kept import Kept
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory
from genlab.tasks import REGISTRY
from genlab.tasks.base import TaskMeasure, TaskSpec
from genlab.tasks.task_request import TaskRequest, kept_baselines, kept_task
from tests.support.evaluations import make_checkpoint
from tests.support.runs import make_run

SIDE = 28


class GuessingOptions(Options):
    """Something of every sort."""

    trials: int = setting(3, "how often is guessed", unit="trials", ge=1, le=9)
    wildly: bool = setting(False, "whether anything goes")
    mask: str = setting("", "what is hidden, a PNG in base64", advanced=True)


def nothing(*_: Any) -> Any:
    """No test carries this task out."""
    raise AssertionError("a page carries no task out")


GUESSING = TaskSpec(
    name="guessing",
    title="Guessing",
    summary="Say what is hidden",
    paper="Nobody, 2026",
    use="guessing what is hidden",
    measures=(
        TaskMeasure(name="likeness", title="Likeness", summary="How alike", better="up", unit="dB", limits=(0, None)),
        TaskMeasure(name="error", title="Error", summary="How far off", better="down", limits=(0, None)),
        TaskMeasure(name="size", title="Size", summary="How large", better=""),
    ),
    decisive="error",
    usual=100,
    Options=GuessingOptions,
    baselines=nothing,
    contest=nothing,
)


def pretend_task(monkeypatch: pytest.MonkeyPatch, spec: TaskSpec = GUESSING) -> TaskSpec:
    """Let there be a task beside those that there are."""
    monkeypatch.setattr(REGISTRY, "_entries", {**REGISTRY._load(), spec.name: spec})
    return spec


def score(values: Sequence[float], better: str) -> dict[str, Any]:
    """A line with a value for each item."""
    mean, half = float(np.mean(values)), float(np.std(values)) / len(values) ** 0.5 * 2
    ends = {"low": mean - half, "high": mean + half}
    return {"value": mean, **ends, "n": len(values), "items": list(map(float, values)), "better": better}


def answer(
    name: str, role: str = "model", error: float | None = None, solutions: int = 1, **more: Any
) -> dict[str, Any]:
    """What is kept of a method: its error around ``error``, and a picture with several solutions of eight items."""
    rng = np.random.default_rng(0)
    scores = {}
    if error is not None:
        wobble = rng.normal(0, 0.05, 40)
        wobble -= wobble.mean()
        scores = {"error": score(error + wobble, "down"), "likeness": score(20 - 5 * error + wobble, "up")}
    grid = {"columns": 8, "rows": solutions}
    base = {
        "title": name.capitalize(),
        "layers": [],
        "captions": [],
        "milliseconds": None if error is None else 12.5,
        "note": "",
    }
    return {"name": name, "role": role, "scores": scores, "picture": f"{name}.png", "grid": grid, **base, **more}


def curve(name: str, *y: float) -> dict[str, Any]:
    return {"name": name, "x": list(range(1, len(y) + 1)), "y": list(y), "low": [], "high": []}


def chart(*curves: Mapping[str, Any], name: str = "course") -> dict[str, Any]:
    """A chart as it is kept."""
    about = {"name": name, "title": "Error by trial", "x": "trials", "y": "error", "log_x": False, "step": False}
    return {**about, "curves": list(curves)}


def document(task: str, answers: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """What is kept of a task."""
    base = {"task": task, "options": {}, "run": "", "images": None, "items": 8, "own": False, "encoder": ""}
    return {**base, "answers": list(answers), "missing": [], "charts": [], "details": {}, **more}


def write(place: Kept, found: Mapping[str, Any]) -> None:
    """Keep a document with a picture for each answer."""

    def fill(folder: Path) -> None:
        for one in found["answers"]:
            if one["picture"]:
                grid, buffer = one["grid"], io.BytesIO()
                Image.new("L", (SIDE * grid["columns"], SIDE * grid["rows"]), 90).save(buffer, "PNG")
                atomic.write_bytes(folder / one["picture"], buffer.getvalue())
        atomic.write_json(folder / place.of.file, found)

    place.write_folder(fill)


def models(lab: Lab, *names: str) -> list[RunDirectory]:
    """Trained models of the same data, called by their objective."""
    found = []
    for place, model in enumerate(names):
        run = make_run(lab.workspace.runs, f"run-{model}", model=model, name=f"my {model}", created=2e9 - place)
        make_checkpoint(run, 16_384)
        found.append(run)
    return found


def keep_results(lab: Lab, runs: Sequence[RunReader], request: TaskRequest, errors: Sequence[float]) -> None:
    """What methods without a model (error 0.5) and some models make of a task."""
    task = request.task.name
    of_none = [answer("truth", "truth"), answer("given", "input"), answer("usual", "baseline", 0.5)]
    place = kept_baselines(runs[0], request, lab.workspace.encoders)
    write(place, document(task, of_none, charts=[chart(curve("Usual", 0.5, 0.5))]))
    for run, error in zip(runs, errors, strict=True):
        own = [answer("search", "model", error, solutions=3), answer("limit", "bound", error / 2)]
        more = {"charts": [chart(curve("Search", 0.9, error))], "missing": ["It has no ear: nothing is heard."]}
        write(kept_task(run, request), document(task, own, run=run.path.name, **more))


def know(lab: Lab, errors: Sequence[float] = (0.3, 0.6), **settings: Any) -> None:
    """Let everything be known of the task that only tests know, done by a VAE and a GAN."""
    runs = [lab.runs.read(f"run-{model}") for model in ("vae", "gan")]
    keep_results(lab, runs, lab.tasks.request("guessing", {}, **settings), errors)


def asked_of(lab: Lab, job: str) -> Mapping[str, Any]:
    """The arguments of a job."""
    return JobDirectory(lab.workspace.jobs / job).request()[1]
