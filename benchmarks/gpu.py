"""What a GPU brings, and whether it computes what the CPU does: ``python -m benchmarks.gpu``.

It needs what ``pip install .`` brings and nothing else, ends within eight minutes on one data-centre GPU, and writes
``results/gpu.json`` and ``.md`` after every section, so that what has been measured is kept. Without a GPU it says that
it was not run, and writes nothing. ``--device cpu`` only tries whether the code works.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import _gpu, _gpu_training
from benchmarks._common import RESULTS, Bar, describe, machine, positive, progress, table, write
from benchmarks._gpu import Bench, OutOfTime, Rows
from genlab import devices
from genlab.lab import Lab

TITLE = "The GPU: speed of training, evaluation and inversion, and equality with the CPU."
MINUTES = 8
ENDING = 20.0
"""Seconds kept for the end."""

NOT_RUN = (
    "Not run: there is no CUDA GPU here, so there is nothing to measure. `genlab doctor` says which device is taken."
)


@dataclass(frozen=True)
class Section:
    """One part of the measurements.

    Attributes:
        title: Its heading.
        about: What its figures are.
        measure: Appends its rows.
        share: Of the whole time, at most.
    """

    title: str
    about: str
    measure: Callable[[Bench, Rows], None]
    share: float


SECTIONS = {
    "equality": Section(
        "The same numbers",
        "Largest absolute difference between what one model says on the GPU and on the CPU, in single precision.",
        _gpu.equality,
        0.15,
    ),
    "training": Section(
        "Training",
        "Images a second of the engine (`genlab.training.engine.step`) and of a bare loop around the same networks and "
        "optimisers, whose noise is drawn on the GPU; preset quick, mnist-5k.",
        _gpu_training.training,
        0.2,
    ),
    "inversion": Section("Inversion", "Seconds, and mean squared errors; a GAN.", _gpu.inversions, 0.2),
    "evaluation": Section(
        "Evaluation",
        "Seconds of all metrics of a VAE. Where the extractor is trained on either device, its features differ as two "
        "trainings do, and scores with them.",
        _gpu.evaluations,
        0.3,
    ),
    "samples": Section(
        "Samples and the Playground", "A second; the Playground's networks are tiny.", _gpu.samples, 0.1
    ),
    "processes": Section(
        "Two processes on one GPU",
        "Images a second of each, training a VAE in batches of 64.",
        _gpu_training.two_processes,
        0.15,
    ),
    "compiled": Section(
        "Training, compiled",
        "The same with `torch.compile` of every part but critics, whose penalties take gradients of gradients.",
        _gpu_training.compiled,
        0.4,
    ),
}
"""Key -> section, in the order in which they are measured: what matters most comes first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=TITLE)
    parser.add_argument("--device", choices=("auto", "cpu"), default="auto", help="cpu only tries the code")
    parser.add_argument("--seconds", type=positive, default=3, help="of one measurement of speed (default 3)")
    parser.add_argument("--minutes", type=positive, default=MINUTES, help=f"of all of it (default {MINUTES})")
    parser.add_argument("--only", default="", help=f"one section: {', '.join(SECTIONS)}")
    parser.add_argument("--out", type=Path, default=None, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    if chosen.device == "auto" and devices.best().type != "cuda":
        print(NOT_RUN)
        return 0
    out = chosen.out or (RESULTS if chosen.device == "auto" else None)
    if out is None:
        parser.error("with --device cpu nothing is measured: name a folder for what is written, --out")
    end = time.monotonic() + 60 * chosen.minutes - min(ENDING, 10 * chosen.minutes)
    about = {**machine(), "gpu": devices.described(devices.best())}
    command = f"python -m benchmarks.gpu --seconds {chosen.seconds} --minutes {chosen.minutes}"
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            Lab(Path(folder) / "workspace"), "cuda" if chosen.device == "auto" else "cpu", chosen.seconds, end
        )
        bench.lab.data.open(_gpu.DATA)
        code = measured(bench, chosen.only, 60.0 * chosen.minutes, about, command, out)
    return code


def measured(bench: Bench, only: str, whole: float, about: Mapping[str, Any], command: str, out: Path) -> int:
    """Go through the sections and write after each; returns the exit code."""
    found: dict[str, dict[str, Any]] = {}
    code = 0
    for name, section in SECTIONS.items():
        if only in {"", name}:
            found[name] = _measure(bench, section, whole)
            code = _write(bench, found, about, command, out)
    return code


def _measure(bench: Bench, section: Section, whole: float) -> dict[str, Any]:
    """A section's rows, with why there are not more."""
    rows: Rows = []
    started, why = time.monotonic(), ""
    until = min(bench.until, started + section.share * whole)
    progress(section.title)
    try:
        if time.monotonic() > bench.until:
            raise OutOfTime
        with _gpu.on(bench.device):
            section.measure(replace(bench, until=until), rows)
    except OutOfTime:
        why = "There was no time for more."
    except Exception as error:  # the other sections are to be measured whatever happens here
        traceback.print_exception(error, file=sys.stderr)
        why = f"It failed: {type(error).__name__}: {error}".splitlines()[0]
    return {"rows": rows, "seconds": time.monotonic() - started, "why": why}


def _write(
    bench: Bench, found: Mapping[str, Mapping[str, Any]], about: Mapping[str, Any], command: str, out: Path
) -> int:
    trial = ["", "**Nothing was measured: this was tried on the CPU.**"] if bench.trying else []
    parts = [describe("GPU", about, command), about["gpu"], *trial]
    for name, one in found.items():
        section = SECTIONS[name]
        parts += ["", f"## {section.title}", "", section.about, ""]
        parts += [_table(one["rows"])] if one["rows"] else []
        parts += ["", one["why"]] if one["why"] else []
    document = {"machine": about, "command": command, "tried_on_the_cpu": bench.trying, "found": found}
    return write("gpu", out, document, "\n".join(parts), _bars(found))


def _table(rows: Rows) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return table(columns, [[_cell(row.get(column)) for column in columns] for row in rows])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
    return str(value)


def _bars(found: Mapping[str, Mapping[str, Any]]) -> list[Bar]:
    """Differences within their tolerances, and sections that could be measured."""
    bars = []
    for name, one in found.items():
        failed = [str(row["failed"]) for row in one["rows"] if "failed" in row]
        if one["why"].startswith("It failed"):
            failed.insert(0, one["why"])
        found_words = failed[0] if failed else one["why"] or "measured"
        bars.append(
            Bar(SECTIONS[name].title, found_words, "measured", False if failed else None if one["why"] else True)
        )
    for row in found.get("equality", {}).get("rows", []):
        bars.append(Bar(row["what"], f"{row['largest']:.2g}", f"<= {row['tolerance']:g}", row["same"]))
    return bars


if __name__ == "__main__":
    sys.exit(main())
