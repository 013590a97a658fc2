"""Seconds of ``genlab runs`` over 1,000 run directories and of Home over 200.

``python -m benchmarks.cli_and_pages`` prints a table, writes ``results/cli_and_pages.json`` and ``.md``, and exits with
1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks._common import (
    RESULTS,
    ROOT,
    Bar,
    BenchmarkError,
    Spread,
    describe,
    in_fresh_process,
    load_support,
    machine,
    positive,
    progress,
    table,
    write,
)

TITLE = "Seconds of `genlab runs` over many run directories and of Home over some."
RUNS_BAR = 1.5
HOME_BAR = 2.0


def runs_seconds(workspace: Path, expected: int) -> float:
    """Seconds of one ``genlab runs --json``, from the start of the process to its end; runs that ship are listed too.

    Raises:
        BenchmarkError: When it fails or does not list all runs.
    """
    command = [sys.executable, "-m", "genlab", "runs", "--json", "--workspace", str(workspace)]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise BenchmarkError(f"genlab runs failed:\n{done.stderr[-2_000:]}")
    listed = sum(not run["shipped"] for run in json.loads(done.stdout)["runs"])
    if listed != expected:
        raise BenchmarkError(f"genlab runs listed {listed} of {expected} runs.")
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cli_and_pages", description=TITLE)
    parser.add_argument("--runs", type=positive, default=1_000, help="run directories for the list (default 1000)")
    parser.add_argument("--cards", type=positive, default=200, help="run directories for Home (default 200)")
    parser.add_argument("--repeats", type=positive, default=5, help="measurements of each kind (default 5)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        many, some = Path(folder) / "many", Path(folder) / "some"
        progress(f"making {chosen.runs + chosen.cards:,} run directories")
        load_support("runs").make_many(many / "runs", chosen.runs, samples=False)
        load_support("runs").make_many(some / "runs", chosen.cards)
        progress("genlab runs")
        listing = [runs_seconds(many, chosen.runs) for _ in range(chosen.repeats)]
        progress("Home")
        visits = [
            in_fresh_process("benchmarks._home_task", {"what": "home", "workspace": str(some)})
            for _ in range(chosen.repeats)
        ]
    figures = {
        f"genlab runs --json over {chosen.runs:,} runs, whole process": (listing, RUNS_BAR),
        f"Home over {chosen.cards:,} runs, first visit to a fresh server": ([v["first"] for v in visits], HOME_BAR),
        f"Home over {chosen.cards:,} runs, next visit": ([v["next"] for v in visits], HOME_BAR),
    }
    command = (
        f"python -m benchmarks.cli_and_pages --runs {chosen.runs} --cards {chosen.cards} --repeats {chosen.repeats}"
    )
    spreads = {name: Spread.of(values) for name, (values, _) in figures.items()}
    text = "\n".join(
        [
            describe("Command line and pages", about, command),
            f"Median (range) of {chosen.repeats}. Home is timed in the server, without the browser's own work.",
            "",
            table(("what", "seconds"), [(name, spread.text(2)) for name, spread in spreads.items()]),
        ]
    )
    bars = [
        Bar(name, f"{spreads[name].median:.2f} s", f"<= {limit:.1f} s", spreads[name].median <= limit)
        for name, (_, limit) in figures.items()
    ]
    document = {
        "machine": about,
        "command": command,
        "seconds": {name: values for name, (values, _) in figures.items()},
    }
    return write("cli_and_pages", chosen.out, document, text, bars)


if __name__ == "__main__":
    sys.exit(main())
