"""What the benchmarks share: fresh processes, medians, bars, the machine's description, and the files of results."""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"


class BenchmarkError(Exception):
    """A measurement could not be made."""


@dataclass(frozen=True)
class Spread:
    """Median and range of repeated measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Of one or more values."""
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int = 0) -> str:
        """``median (low - high)``."""
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f} - {self.high:,.{digits}f})"


@dataclass(frozen=True)
class Bar:
    """One line of the verdict.

    Attributes:
        name: What is compared.
        figure: What was found, as text.
        need: What it has to be, as text.
        met: Whether it is; None when this run cannot tell.
    """

    name: str
    figure: str
    need: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """One or two words."""
        return {True: "met", False: "MISSED", None: "not tested"}[self.met]


def in_fresh_process(module: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What ``module`` answers in a new Python process, so that no state leaks from one measurement to the next.

    Args:
        module: A script that reads its task, as JSON, from its first argument and writes its answer, as JSON, to the
            file named by its second. What it prints is shown only when it fails.
        task: The task.

    Raises:
        BenchmarkError: With the end of what it printed, when it fails.
    """
    environment = {key: value for key, value in os.environ.items() if key not in {"OMP_NUM_THREADS", "MKL_NUM_THREADS"}}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer.json"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, json.dumps(task), str(out)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not out.exists():
            tail = "\n".join((done.stderr or "").splitlines()[-15:])
            raise BenchmarkError(f"{module} {task.get('what', '')} failed:\n{tail}")
        answer: dict[str, Any] = json.loads(out.read_text())
        return answer


def machine() -> dict[str, Any]:
    """What was measured on: no names of hosts or folders."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in ("torch", "torchvision", "accelerate", "pythae", "streamlit")},
        "load_at_start": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "date": datetime.now(UTC).date().isoformat(),
    }


def paired_ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ratios of measurements made next to each other, so that a machine that slows down slows both."""
    return Spread.of(a / b for a, b in zip(ours, theirs, strict=True))


def no_loss(ours: Sequence[float], theirs: Sequence[float], *, better: str) -> tuple[bool | None, str]:
    """Whether scores over seeds are no worse than the peer's, and the difference as text.

    Our mean must be at least as good, or the 95 % Welch interval of the difference of means must hold zero.

    Args:
        ours: Our scores, one per seed.
        theirs: The peer's.
        better: ``"up"`` or ``"down"``.

    Returns:
        None instead of a verdict when there is only one seed.
    """
    sign = 1 if better == "up" else -1
    difference = statistics.fmean(ours) - statistics.fmean(theirs)
    if min(len(ours), len(theirs)) < 2:
        return None, f"difference {difference:+.2f}, one seed"
    from scipy import stats

    interval = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    low, high = (float(interval.low), float(interval.high))
    if math.isnan(low) or math.isnan(high):
        low = high = difference
    text = f"difference {difference:+.2f} [{low:+.2f}, {high:+.2f}] over {len(ours)} seeds"
    return sign * difference >= 0 or low <= 0 <= high, text


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns are aligned, so that it reads as plain text too."""
    cells = [list(heading), *[list(row) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heading))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in cells]
    lines = [f"| {' | '.join(row)} |" for row in padded]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def bars_table(bars: Iterable[Bar]) -> str:
    """The verdict."""
    return table(("bar", "found", "needed", "verdict"), [(b.name, b.figure, b.need, b.verdict) for b in bars])


def write(name: str, folder: Path, document: Mapping[str, Any], text: str, bars: Sequence[Bar]) -> int:
    """Print and write ``name.json`` and ``name.md``; returns the exit code: 1 when a bar is missed."""
    folder.mkdir(parents=True, exist_ok=True)
    complete = {**document, "bars": [asdict(bar) for bar in bars]}
    (folder / f"{name}.json").write_text(json.dumps(complete, indent=2) + "\n")
    whole = f"{text}\n\n{bars_table(bars)}\n"
    (folder / f"{name}.md").write_text(whole)
    print(whole)
    return 1 if any(bar.met is False for bar in bars) else 0


def describe(title: str, about: Mapping[str, Any], command: str) -> str:
    """The head of a results file."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items() if number)
    return (
        f"# {title}\n\n{about['date']}, {about['cpu']}, {about['cores']} cores, {about['system']}, "
        f"Python {about['python']}, {versions}; load average at the start {about['load_at_start']}.\n\n"
        f"    {command}\n"
    )


def progress(text: str) -> None:
    """Say what is being done, on stderr."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def load_support(name: str) -> Any:
    """A module of ``tests/support``, e.g. one that makes run directories.

    It is loaded by its path: a library in the environment may bring a package ``tests`` of its own.
    """
    known = f"genlab_tests_support_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, ROOT / "tests" / "support" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]


def positive(text: str) -> int:
    """A whole number above zero, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
