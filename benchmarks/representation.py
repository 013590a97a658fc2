"""What codes are worth where labels are few: ``python -m benchmarks.representation --workspace DIR [--runs RUN …]``.

The task of that name for models that are there, by default those of MNIST that come with genlab: accuracy of linear
probes with 10, 100 and 1,000 labels, five draws of the labels each, of codes beside pixels, as many principal
components and an encoder with random weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from genlab.lab import Lab
from genlab.numbers import interval
from genlab.worker.inline import InlineLauncher

RUNS = ("mnist-5k-vae-balanced", "mnist-5k-gan-balanced", "mnist-5k-vae-gan-balanced")
NEEDED = 0.03
"""How far the best codes are above as many principal components with 100 labels."""

Row = tuple[str, Mapping[str, Any]]
"""Name of a run, "" for what needs none, and one of its answers."""


def gathered(lab: Lab, runs: Sequence[str], items: int) -> list[Row]:
    """The answers of all runs; what does not depend on the run once."""
    found: list[Row] = []
    for name in runs:
        progress(f"probing {name}")
        request = lab.tasks.request("representation", items=items, encoder="pixels")
        document = lab.tasks.carry_out(name, request)
        plain = lab.tasks.baselines(name, request)
        assert plain is not None
        known = {answer["title"] for run, answer in found if not run}
        answers = [("" if answer["role"] == "baseline" else name, answer) for answer in plain["answers"]]
        answers += [("" if answer["name"] == "pca" else name, answer) for answer in document["answers"]]
        found += [(run, answer) for run, answer in answers if answer["scores"] and answer["title"] not in known]
    return found


def bar(found: Sequence[Row]) -> Bar:
    """Whether the best codes are far enough above principal components."""
    values = {(run, answer["name"]): answer["scores"]["labels-100"]["value"] for run, answer in found}
    pca = max(value for (_, name), value in values.items() if name == "pca")
    codes = {run: value for (run, name), value in values.items() if name == "codes"}
    best = max(codes, key=lambda run: codes[run])
    figure = f"{codes[best]:.3f} ({best}) against {pca:.3f}"
    title = "codes above as many principal components, 100 labels"
    return Bar(title, figure, f">= {NEEDED} more", codes[best] - pca >= NEEDED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Probe, print and write; returns the exit code."""
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.representation", description=summary)
    parser.add_argument("--workspace", type=Path, required=True, help="where runs and scores are kept")
    parser.add_argument("--runs", nargs="+", default=list(RUNS), help="models (default those that come with genlab)")
    parser.add_argument("--items", type=int, default=2_000, help="held-out items at most (default 2000)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace, launcher=InlineLauncher())
    found = gathered(lab, chosen.runs, chosen.items)
    measures = lab.tasks.request("representation").spec.measures
    lines = [(run or "any", answer["title"], *(_cell(answer, one.name) for one in measures)) for run, answer in found]
    command = (
        f"python -m benchmarks.representation --items {chosen.items} --runs {' '.join(chosen.runs)} --workspace DIR"
    )
    text = "\n".join(
        [
            describe("What codes are worth where labels are few", about, command),
            "Accuracy on held-out items, with 95 % intervals: over five draws of the labels, in the last two columns "
            "over items.",
            "",
            table(("model", "representation", *(measure.title for measure in measures)), lines),
        ]
    )
    document = {"machine": about, "command": command, "answers": [_described(*row) for row in found]}
    return write("representation", chosen.out, document, text, [bar(found)])


def _described(run: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without the scores of single items."""
    kept = ("value", "low", "high", "n")
    scores = {name: {key: line[key] for key in kept} for name, line in answer["scores"].items()}
    return {"run": run, **{key: answer[key] for key in ("name", "title", "note")}, "scores": scores}


def _cell(answer: Mapping[str, Any], name: str) -> str:
    line = answer["scores"].get(name)
    return "" if line is None or line["value"] is None else interval(line)


if __name__ == "__main__":
    sys.exit(main())
