"""Modes of Stacked MNIST (1,000): ``python -m benchmarks.stacked_mnist --workspace DIR``.

One GAN without and one with the default regularisation, 26,000 samples, a mode counted when the classifier of each
channel is sure of an item (Srivastava et al., VEEGAN, 2017; Lin et al., PacGAN, 2018). Every checkpoint is counted, so
that the table shows how the number grew. Runs are kept in the workspace and resumed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, describe, machine, table, write
from benchmarks._runs import Entry, Plan, conditions, gather, metric, minutes, rows
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher

SAMPLES = 26_000
NEEDED = 800
WITHOUT, DEFAULT = "non-saturating, no penalty", "relativistic, R1 + R2"
METRICS = ("modes", "class_kl", "confidence")
MOST_MOMENTS = 8
"""Checkpoints that are counted, the last included."""


def plans(images: int) -> list[Plan]:
    """The two rows."""
    length = {"training.images": images, "watch.checkpoint_every": max(1, images // MOST_MOMENTS)}
    return [
        Plan(DEFAULT, "gan", "stacked-mnist", "balanced", length),
        Plan(WITHOUT, "gan", "stacked-mnist", "balanced", {**length, "loss": "non_saturating", "penalty": "none"}),
    ]


def course(lab: Lab, entry: Entry) -> list[dict[str, Any]]:
    """What each checkpoint of a run captures, oldest first."""
    inline = Lab(lab.workspace.path, launcher=InlineLauncher())
    moments = [checkpoint.images for checkpoint in lab.runs.read(entry.run).checkpoints()][-MOST_MOMENTS:]
    found = []
    for images in moments:
        request = EvaluationRequest(metrics=METRICS, samples=SAMPLES, images=images)
        (document,) = inline.evaluations.make([entry.run], request)
        found.append({"images": document["images"], **{name: document["metrics"][name]["value"] for name in METRICS}})
    return found


def bars(entries: Sequence[Entry]) -> list[Bar]:
    """The default captures enough modes, within an hour."""
    ours = [entry for entry in entries if entry.plan.row == DEFAULT]
    if not ours:
        return [Bar(f"modes, {DEFAULT}", "not trained yet", f">= {NEEDED}", None)]
    value, spent = ours[0].line("modes")["value"], ours[0].run.seconds / 60
    return [
        Bar(f"modes, {DEFAULT}", "" if value is None else f"{value:.0f}", f">= {NEEDED}", (value or 0) >= NEEDED),
        Bar("its training", f"{spent:.0f} min", "<= 60 min", spent <= 60),
    ]


def courses(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """How modes, divergence and confidence went, as a table."""
    lines = [
        (row, f"{moment['images']:,}", *(_number(moment[name]) for name in METRICS))
        for row, moments in found.items()
        for moment in moments
    ]
    return table(("model", "images", "modes", "reverse KL", "confidence"), lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stacked_mnist", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--workspace", type=Path, required=True, help="where runs are kept")
    parser.add_argument("--images", type=int, default=1_200_000, help="images each GAN sees (default 1200000)")
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace)
    request = EvaluationRequest(metrics=METRICS, samples=SAMPLES)
    entries = gather(lab, plans(chosen.images), request, train=not chosen.no_train)
    found = {entry.plan.row: course(lab, entry) for entry in entries}
    columns = {"modes": metric("modes", 0), "reverse KL": metric("class_kl", 3), "confidence": metric("confidence")}
    text = "\n".join(
        [
            describe("Modes of Stacked MNIST", about, "python -m benchmarks.stacked_mnist --workspace DIR"),
            f"{SAMPLES:,} samples; a perfect sampler's reverse KL is about (1000 - 1) / (2 × {SAMPLES:,}) = 0.019. "
            f"Minutes are the runs' own, beside whatever else the machine did. {conditions(entries)}",
            "",
            table(("model", "data", "seeds", *columns, "minutes"), rows(entries, {**columns, "minutes": minutes})),
            "",
            courses(found),
        ]
    )
    document = {"machine": about, "samples": SAMPLES, "runs": [entry.as_json() for entry in entries], "course": found}
    return write("stacked_mnist", chosen.out, document, text, bars(entries))


if __name__ == "__main__":
    sys.exit(main())
