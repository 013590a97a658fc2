"""Seconds and memory of all fidelity, diversity and mode metrics together, on 10,000 against 10,000 items.

``python -m benchmarks.metrics`` prints a table, writes ``results/metrics.json`` and ``.md``, and exits with 1 when a
bar is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import (
    RESULTS,
    Bar,
    BenchmarkError,
    Spread,
    describe,
    in_fresh_process,
    machine,
    positive,
    progress,
    table,
    write,
)

TITLE = "Seconds and memory of all fidelity, diversity and mode metrics together."
SECONDS_BAR = 25.0
GIGABYTES_BAR = 2.0
ITEMS, DIM = 10_000, 128


def measure(items: int, dim: int) -> dict[str, Any]:
    """One run of all metrics in a fresh process.

    Raises:
        BenchmarkError: When a metric gives no number: not computing is no way to be quick.
    """
    answer = in_fresh_process("benchmarks._metrics_task", {"what": "metrics", "items": items, "dim": dim})
    silent = {name: found["why"] for name, found in answer["metrics"].items() if found["value"] is None}
    if silent:
        raise BenchmarkError(f"No number from {silent}.")
    return answer


def rows(answers: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Name, value and seconds of each metric."""
    names = answers[0]["metrics"]
    return [
        (
            name,
            f"{answers[0]['metrics'][name]['value']:.5g}",
            Spread.of(answer["metrics"][name]["seconds"] for answer in answers).text(2),
        )
        for name in names
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.metrics", description=TITLE)
    parser.add_argument("--items", type=positive, default=ITEMS, help=f"items of each kind (default {ITEMS})")
    parser.add_argument("--dim", type=positive, default=DIM, help=f"features of each (default {DIM})")
    parser.add_argument("--repeats", type=positive, default=3, help="measurements (default 3)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, answers = machine(), []
    for repeat in range(chosen.repeats):
        progress(f"all metrics, {repeat + 1} of {chosen.repeats}")
        answers.append(measure(chosen.items, chosen.dim))
    seconds = Spread.of(answer["seconds"] for answer in answers)
    work = Spread.of(answer["cpu_seconds"] for answer in answers)
    peak = Spread.of(answer["peak"] / 1e9 for answer in answers)
    command = f"python -m benchmarks.metrics --items {chosen.items} --dim {chosen.dim} --repeats {chosen.repeats}"
    text = "\n".join(
        [
            describe("Metrics", about, command),
            f"{chosen.items:,} generated, real and training items each, {chosen.dim} features, ten classes; two cores.",
            f"Median (range) of {chosen.repeats} fresh processes; intervals are included, floors are not. What metrics",
            "share, such as neighbours, is paid for by the first that asks. Processor seconds of all together: "
            f"{work.text(1)}.",
            "",
            table(("metric", "value", "seconds"), rows(answers)),
        ]
    )
    bars = [
        Bar("all together", f"{seconds.text(1)} s", f"<= {SECONDS_BAR:.0f} s", seconds.median <= SECONDS_BAR),
        Bar(
            "peak memory of the process", f"{peak.text(2)} GB", f"<= {GIGABYTES_BAR:.0f} GB", peak.high <= GIGABYTES_BAR
        ),
    ]
    return write("metrics", chosen.out, {"machine": about, "command": command, "runs": answers}, text, bars)


if __name__ == "__main__":
    sys.exit(main())
