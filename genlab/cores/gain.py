"""How many workers of one thread pay on this machine: measured once, in seconds, and kept. No torch at import.

A second worker on the second thread of one core, or a ninth that waits for the same memory, adds little. What more of
them add is found by letting 1, 2, 4, … compute the convolutions of a small network side by side, and stands beside the
locks of the machine's cores. Only how fast work goes depends on it, never what comes out.
"""

from __future__ import annotations

import json
import math
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from genlab import cores
from genlab.cores import budget
from genlab.errors import GenlabError

NAME = "gain.json"
"""In the folder of the locks of cores."""

PAYS = 1.05
"""So many times what the next smaller number of workers does together must a number of workers do."""

ROUNDS, SECONDS = 9, 0.15
"""Each number of workers is tried so often, for so long. On a machine that others share, one core alone does twice as
much at one moment as at the next: so numbers are compared within a round, and the median of the rounds counts."""

LASTS = 30 * 24 * 3600
"""Seconds after which it is measured again."""

BATCH, CHANNELS, SIDE = 64, 32, 14
"""Items, channels and pixels of a side: a layer in the middle of the usual network on small pictures."""


@dataclass(frozen=True)
class Gain:
    """What was measured.

    Attributes:
        rates: Number of workers -> how many times as much as one of them all do together.
    """

    rates: Mapping[int, float]

    @property
    def paying(self) -> int:
        """The largest number of workers up to which each larger number that was tried did `PAYS` as much at least."""
        counts = sorted(self.rates)
        for less, more in pairwise(counts):
            if self.rates[more] < PAYS * self.rates[less]:
                return less
        return counts[-1]

    @property
    def times(self) -> float:
        """How many times what one worker does so many do together."""
        return self.rates[self.paying]


def paying() -> int:
    """Workers of one thread that pay here: what was measured, or where nothing was, as many as there are cores."""
    there = budget.total()
    found = None if cores.slots() else known()
    return there if found is None else min(there, found.paying)


def known() -> Gain | None:
    """What was measured on this machine, as it is now; None where nothing was."""
    file = _file()
    if file is None:
        return None
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, changed, machine()) if time.time() - changed / 1e9 < LASTS else None


@lru_cache(maxsize=8)
def _read(file: Path, changed: int, here: str) -> Gain | None:
    """What is in ``file``; None where it is of another machine, or damaged."""
    try:
        document = json.loads(file.read_bytes())
        found = {int(count): float(rate) for count, rate in document["rates"].items()}
        is_here = document["machine"] == here
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_sound = 1 in found and all(count > 0 and 0 < rate < math.inf for count, rate in found.items())
    return Gain(found) if is_here and is_sound else None


def machine() -> str:
    """What the figures hold for: the processor, the cores that this process may use, and torch."""
    return f"{_processor()}, {cores.available()} cores, torch {_torch()}"


def ensure(tell: Callable[[str], None] = lambda what: None) -> Gain | None:
    """What is known, measured now where nothing is; None where other work of genlab's has a core, or one cannot tell.

    Args:
        tell: Told what is done, if it is.
    """
    there = budget.total()
    if known() is not None or cores.slots() or there < 2:
        return known()
    with budget.borrowed(there, "measuring this machine") as free:
        # One may be this process's own already.
        if free < there - 1:
            return None
        tell("measuring how many workers pay on this machine, once")
        found = measure(counts(there))
    keep(found)
    return found


def counts(most: int) -> list[int]:
    """Numbers of workers that are tried: 1, 2, 4, … and ``most``."""
    return sorted({2**power for power in range(most.bit_length()) if 2**power <= most} | {most})


def measure(
    numbers: Sequence[int], work: Callable[[], Any] | None = None, rounds: int = ROUNDS, seconds: float = SECONDS
) -> Gain:
    """How much workers do side by side.

    Args:
        numbers: How many of them, 1 among them.
        work: One pass; by default a small network's convolution, on one thread.
        rounds: How often each number is tried, in turn.
        seconds: How long each time.
    """
    work = work or _convolution()
    work()
    found: dict[int, list[float]] = {number: [] for number in numbers}
    for _ in range(rounds):
        rates = {number: _rate(work, number, seconds) for number in numbers}
        for number, rate in rates.items():
            found[number].append(rate / rates[1])
    return Gain({number: median(ratios) for number, ratios in found.items()})


def keep(found: Gain) -> None:
    """Note what was measured, where that is possible."""
    file = _file()
    if file is not None:
        document = {"machine": machine(), "rates": {str(count): rate for count, rate in found.rates.items()}}
        staging = file.with_name(f"{NAME}.{os.getpid()}")
        with suppress(OSError):
            staging.write_text(json.dumps(document), encoding="utf-8")
            staging.replace(file)


def _rate(work: Callable[[], Any], number: int, seconds: float) -> float:
    """Passes a second of ``number`` workers together."""
    with ThreadPoolExecutor(number, initializer=_one_thread) as pool:
        started = time.perf_counter()
        until = started + seconds
        passes = sum(pool.map(lambda _: _passes(work, until), range(number)))
        return passes / (time.perf_counter() - started)


def _passes(work: Callable[[], Any], until: float) -> int:
    done = 0
    while not done or time.perf_counter() < until:
        work()
        done += 1
    return done


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _convolution() -> Callable[[], Any]:
    import torch

    drawn = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, CHANNELS, SIDE, SIDE, generator=drawn)
    weight = torch.randn(CHANNELS, CHANNELS, 3, 3, generator=drawn)

    @torch.inference_mode()
    def work() -> Any:
        return torch.nn.functional.conv2d(x, weight, padding=1)

    return work


def _file() -> Path | None:
    with suppress(GenlabError):
        folder = budget.folder()
        return None if folder is None else folder / NAME
    return None


@lru_cache(maxsize=1)
def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@lru_cache(maxsize=1)
def _torch() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return "none"
