"""Ten runs that collapse and ten that do not: what the collapse watch says of each, and what looking costs.

``python -m benchmarks.collapse_watch`` prints a table, writes ``results/collapse_watch.json`` and ``.md``, and exits
with 1 when a bar is missed. With ``--workspace DIR`` runs are kept, so that the table can be gathered over time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, BenchmarkError, describe, machine, positive, table, write
from benchmarks._runs import Plan, trained
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher

TITLE = "What the collapse watch says of runs that collapse and of runs that do not."
MISSED, FALSE = 0, 1
"""Alarms that may be missed, and runs that may have a false one."""

COST = 0.03
"""Largest share of a run's time that looking may take, over all runs."""


@dataclass(frozen=True)
class Case:
    """One run.

    Attributes:
        preset: The preset it is trained with.
        model: Objective.
        data: Data set.
        images: Its length; shorter than the preset's.
        seed: Its seed.
        symptom: What has to be raised; "" for a healthy run, which has to stay silent.
    """

    preset: str
    model: str
    data: str
    images: int
    seed: int
    symptom: str = ""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.preset}, {self.model} on {self.data}, seed {self.seed}"

    @property
    def plan(self) -> Plan:
        """How it is trained."""
        return Plan(f"{self.preset}, {self.model}", self.model, self.data, self.preset, {"images": self.images})


SICK = (
    Case("collapsing-gan", "gan", "mnist-5k", 40_000, 0, "mode_collapse"),
    Case("collapsing-gan", "gan", "mnist-5k", 40_000, 1, "mode_collapse"),
    Case("collapsing-gan", "gan", "ring", 150_000, 2, "mode_collapse"),
    Case("collapsing-gan", "gan", "grid", 150_000, 3, "mode_collapse"),
    Case("posterior-collapse", "vae", "mnist-5k", 40_000, 4, "posterior_collapse"),
    Case("posterior-collapse", "vae", "mnist-5k", 40_000, 5, "posterior_collapse"),
    Case("posterior-collapse", "vae", "ring", 150_000, 6, "posterior_collapse"),
    Case("critic-too-strong", "gan", "mnist-5k", 40_000, 7, "critic_overpowering"),
    Case("critic-too-strong", "gan", "mnist-5k", 40_000, 8, "critic_overpowering"),
    Case("critic-too-strong", "gan", "ring", 150_000, 9, "critic_overpowering"),
)
HEALTHY = (
    Case("quick", "vae", "mnist-5k", 60_000, 0),
    Case("quick", "vae", "mnist-5k", 60_000, 1),
    Case("quick", "gan", "mnist-5k", 60_000, 2),
    Case("quick", "gan", "mnist-5k", 60_000, 3),
    Case("quick", "vae_gan", "mnist-5k", 60_000, 4),
    Case("quick", "gan", "digits", 60_000, 5),
    Case("quick", "vae", "ring", 500_000, 6),
    Case("quick", "gan", "ring", 300_000, 7),
    Case("quick", "vae_gan", "ring", 150_000, 8),
    Case("quick", "gan", "grid", 300_000, 9),
)


@dataclass(frozen=True)
class Verdict:
    """What was raised in one run.

    Attributes:
        case: The run.
        raised: Symptom -> images seen when it was raised.
        images: Images seen in all.
        seconds: Time of training.
        looking: Seconds of it that the watch took.
    """

    case: Case
    raised: Mapping[str, int]
    images: int
    seconds: float
    looking: float

    @property
    def right(self) -> bool:
        """Whether what had to be raised was, or nothing was where nothing should be."""
        return self.case.symptom in self.raised if self.case.symptom else not self.raised

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        words = ", ".join(f"{symptom} at {images:,}" for symptom, images in self.raised.items())
        cost = f"{self.looking / self.seconds:.1%}"
        return self.case.name, f"{self.images:,}", self.case.symptom or "silence", words or "silence", cost


def judged(lab: Lab, case: Case) -> Verdict:
    """Train one run, unless it is there, and read what was raised.

    Raises:
        BenchmarkError: When it does not complete.
    """
    run = trained(lab, case.plan, case.seed)
    if run is None:
        raise BenchmarkError(f"{case.name} was not trained to its end.")
    directory = lab.runs.read(run)
    raised = {alarm["symptom"]: alarm["images"] for alarm in directory.alarms()}
    return Verdict(case, raised, run.images, run.seconds, directory.status()["watch"]["seconds"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collapse_watch", description=TITLE)
    parser.add_argument("--only", default="", help="part of the name of a run: train only those")
    parser.add_argument("--most", type=positive, default=20, help="train at most so many runs")
    parser.add_argument("--workspace", type=Path, help="where runs are kept (default: nowhere)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(chosen.workspace or Path(folder) / "workspace", launcher=InlineLauncher())
        cases = [case for case in (*SICK, *HEALTHY) if chosen.only in case.name][: chosen.most]
        verdicts = [judged(lab, case) for case in cases]
    return report(verdicts, about, chosen.out)


def report(verdicts: Sequence[Verdict], about: Mapping[str, Any], out: Path) -> int:
    """Print and write the table and the bars; returns the exit code."""
    missed = [v for v in verdicts if v.case.symptom and not v.right]
    false = [v for v in verdicts if not v.case.symptom and not v.right]
    seconds = sum(v.seconds for v in verdicts)
    cost = sum(v.looking for v in verdicts) / seconds if seconds else 0.0
    sick = sum(bool(v.case.symptom) for v in verdicts)
    bars = [
        Bar("alarms missed", f"{len(missed)} of {sick}", f"<= {MISSED}", len(missed) <= MISSED),
        Bar("false alarms", f"{len(false)} of {len(verdicts) - sick}", f"<= {FALSE}", len(false) <= FALSE),
        Bar("share of the time spent on looking", f"{cost:.1%}", f"< {COST:.0%}", cost < COST),
    ]
    heading = ("run", "images", "expected", "raised", "looking")
    text = describe(TITLE, about, "python -m benchmarks.collapse_watch")
    text += "\n" + table(heading, [v.row() for v in verdicts])
    document = {"machine": dict(about), "runs": [as_json(v) for v in verdicts]}
    return write("collapse_watch", out, document, text, bars)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """One run for the results file."""
    case = verdict.case
    return {
        "preset": case.preset,
        "model": case.model,
        "data": case.data,
        "seed": case.seed,
        "images": verdict.images,
        "expected": case.symptom,
        "raised": dict(verdict.raised),
        "right": verdict.right,
        "seconds": round(verdict.seconds, 2),
        "looking": round(verdict.looking, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
