"""What grows how: time and memory of lists, curves, matches and maps against their size, four sizes each.

``python -m benchmarks.scale`` prints tables, writes ``results/scale.json`` and ``.md``, and exits with 1 when a bar is
missed; with ``--maps`` they are called ``scale_maps``. Seconds are a processor's, which other work on the machine
disturbs little, and each size has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._common import (
    RESULTS,
    Bar,
    describe,
    in_fresh_process,
    load_support,
    machine,
    positive,
    progress,
    table,
    write,
)
from benchmarks._scale_task import WITH_ITEMS

TITLE = "Time and memory of lists, curves, matches and maps against their size."
SIZES: Mapping[str, tuple[int, ...]] = {
    "runs": (100, 1_000, 3_000, 10_000),
    "curves": (1_000, 10_000, 100_000, 1_000_000),
    "matches": (3, 8, 13, 20),
    "maps": (1_000, 3_000, 10_000, 30_000),
}
COUNTED = {"runs": "runs", "curves": "rows", "matches": "seeds of each family", "maps": "codes"}

OPENS = {
    "runs": ("list, first", "Home, first", "Compare, first"),
    "curves": ("read", "plot", "words"),
    "matches": ("measures read", "found", "claims for pages"),
}
"""Steps that somebody waits for who opens a page on what is there."""

OPEN_BAR = 2.0
SLACK = 1.5
"""Times what n log n allows between two sizes before a step counts as worse: caches, and rounding of short times."""

LEAST = 0.1
"""Seconds below which a step's growth tells nothing."""

ITEMS = 1_000
"""Held-out items of a match."""


@dataclass(frozen=True)
class Curve:
    """What was measured of one thing.

    Attributes:
        what: Key of `SIZES`.
        sizes: The sizes.
        steps: Step -> seconds of the processor at each size, the median of repeats.
        peaks: MiB that the process had at most, at each size.
    """

    what: str
    sizes: tuple[int, ...]
    steps: dict[str, list[float]]
    peaks: list[float]

    def growth(self, step: str) -> float | None:
        """The power of n with which a step grows, between the two largest sizes; None where it is too short to tell."""
        seconds = self.steps[step]
        if len(seconds) < 2 or seconds[-1] < LEAST:
            return None
        return log(seconds[-1] / seconds[-2]) / log(self.sizes[-1] / self.sizes[-2])

    def is_worse(self, step: str) -> bool:
        """Whether a step takes more, at some size, than n log n allows after the size before."""
        for (n, before), (m, after) in pairwise(zip(self.sizes, self.steps[step], strict=True)):
            if after >= LEAST and after > SLACK * max(before, LEAST / 2) * (m * log(m)) / (n * log(n)):
                return True
        return False

    def bars(self) -> Iterator[Bar]:
        """How every step grows, and whether what somebody waits for is there in time at the largest size."""
        worse = [step for step in self.steps if self.is_worse(step)]
        yield Bar(f"{self.what}: steps worse than n log n", ", ".join(worse) or "none", "none", not worse)
        for step in OPENS.get(self.what, ()):
            late = [size for size, seconds in zip(self.sizes, self.steps[step], strict=True) if seconds > OPEN_BAR]
            found = f"{self.steps[step][-1]:.2f} s at {self.sizes[-1]:,}"
            found += f"; later from {late[0]:,} on" if late else ""
            yield Bar(f"{self.what}: {step}", found, f"<= {OPEN_BAR:.0f} s", not late)

    def table(self) -> str:
        """Steps down, sizes across."""
        rows = []
        for step, seconds in self.steps.items():
            growth = self.growth(step)
            cells = [f"{one:.3f}" if one < 1 else f"{one:.2f}" for one in seconds]
            rows.append((step, *cells, "" if growth is None else f"n^{growth:.2f}"))
        rows.append(("memory of the process at most, MiB", *(f"{peak:,.0f}" for peak in self.peaks), ""))
        return table((f"{COUNTED[self.what]}:", *(f"{size:,}" for size in self.sizes), "growth"), rows)


def measured(what: str, tasks: Mapping[int, Mapping[str, Any]], repeats: int) -> Curve:
    """Have each size measured in a process of its own, several times."""
    answers = {}
    for size, task in tasks.items():
        answers[size] = [in_fresh_process("benchmarks._scale_task", {"what": what, **task}) for _ in range(repeats)]
        progress(f"{what} {size:,}: {sum(answers[size][0]['steps'].values()):.1f} s")
    steps = {
        step: [median(one["steps"][step] for one in found) for found in answers.values()]
        for step in next(iter(answers.values()))[0]["steps"]
    }
    return Curve(what, tuple(tasks), steps, [median(one["peak"] for one in found) for found in answers.values()])


def runs(folder: Path, sizes: Sequence[int], repeats: int) -> Curve:
    """Many run directories, more and more of them in one workspace."""
    many, made = folder / "made", load_support("runs")
    made.make_many(many, max(sizes))
    made.make_many(folder / "few" / "runs", 3)
    names, there = sorted(path.name for path in many.iterdir()), folder / "workspace" / "runs"
    there.mkdir(parents=True)
    begun, found = 0, []
    for size in sizes:
        for name in names[begun:size]:
            (many / name).rename(there / name)
        begun, task = size, {"workspace": str(there.parent), "few": str(folder / "few")}
        found.append(measured("runs", {size: task}, repeats))
    steps = {step: [one.steps[step][0] for one in found] for step in found[0].steps}
    return Curve("runs", tuple(sizes), steps, [one.peaks[0] for one in found])


def curves(folder: Path, sizes: Sequence[int], repeats: int) -> Curve:
    """Run directories with longer and longer curves."""
    made, tasks = load_support("runs"), {}
    short = made.make_run(folder, "short", images=64 * 20, every=64, samples=()).path
    for size in sizes:
        run = made.make_run(folder, f"{size}", images=64, every=64, samples=())
        with (run.path / "metrics.jsonl").open("w") as file:
            for row in range(1, size + 1):
                file.write(json.dumps(made.metrics_row("vae", 64 * row)) + "\n")
        tasks[size] = {"run": str(run.path), "short": str(short)}
    return measured("curves", tasks, repeats)


def matches(folder: Path, sizes: Sequence[int], repeats: int) -> Curve:
    """Matches of more and more seeds of three families, every score with what each held-out item adds to it."""
    tasks = {size: {"seeds": size, "items": ITEMS, "workspace": str(folder / f"{size}")} for size in sizes}
    return measured("matches", tasks, repeats)


def maps(folder: Path, sizes: Sequence[int], repeats: int) -> Curve:
    """Maps of more and more codes of 32 dimensions in ten clusters."""
    return measured("maps", {size: {"codes": size} for size in sizes}, repeats)


MEASURES: Mapping[str, Callable[[Path, Sequence[int], int], Curve]] = {
    "runs": runs,
    "curves": curves,
    "matches": matches,
    "maps": maps,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=TITLE)
    parser.add_argument("--share", type=positive, default=1, help="divide all sizes by this (default 1)")
    parser.add_argument("--repeats", type=positive, default=1, help="processes for each size (default 1)")
    usual = [what for what in SIZES if what != "maps"]
    parser.add_argument("--only", nargs="+", choices=usual, default=usual, help="what to measure")
    parser.add_argument("--maps", action="store_true", help="measure maps instead: that takes many minutes")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, found, only = machine(), [], ["maps"] if chosen.maps else chosen.only
    for what in only:
        # Each larger than the one before, however small their share is.
        sizes = [max(2 + place, size // chosen.share) for place, size in enumerate(SIZES[what])]
        with tempfile.TemporaryDirectory() as folder:
            progress(f"making {what}")
            found.append(MEASURES[what](Path(folder), sizes, chosen.repeats))
    about["load_at_end"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    more = " --maps" if chosen.maps else "" if only == usual else f" --only {' '.join(only)}"
    command = f"python -m benchmarks.scale --repeats {chosen.repeats}{more}"
    text = "\n".join(
        [
            describe("Scale", about, command),
            "Seconds of a processor, each size in a process of its own with all imports done before; the load average "
            f"was {about['load_at_start']} at the start and {about['load_at_end']} at the end. Growth is the power of "
            f"n between the two largest sizes, of steps that take {LEAST} s or more. A page that is drawn again is "
            f"drawn for another visitor. {WITH_ITEMS} scores of every run of a match tell what each of {ITEMS:,} items "
            "adds to them.",
            *(line for curve in found for line in ("", f"## {curve.what.capitalize()}", "", curve.table())),
        ]
    )
    document = {"machine": about, "command": command, "found": [asdict(curve) for curve in found]}
    return write(
        "scale_maps" if chosen.maps else "scale",
        chosen.out,
        document,
        text,
        [bar for curve in found for bar in curve.bars()],
    )


if __name__ == "__main__":
    sys.exit(main())
