"""VAE, GAN and VAE-GAN beside each other: ``python -m benchmarks.families --workspace DIR [--data mnist]``.

The ``balanced`` preset (or ``--preset quick``), several seeds each, judged with the in-domain encoder. Runs are kept in
the workspace, so the table can be gathered over time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks._common import RESULTS, Bar, describe, machine, table, write
from benchmarks._runs import Entry, Plan, conditions, floor, gather, images, metric, minutes, rows
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.lab import Lab

FAMILIES = {"VAE": "vae", "GAN": "gan", "VAE-GAN": "vae_gan"}
SHOWN = {
    "frechet": 2,
    "kid": 4,
    "precision": 3,
    "recall": 3,
    "density": 3,
    "coverage": 3,
    "confidence": 3,
    "modes": 0,
    "class_kl": 4,
    "near_duplicates": 3,
    "power_spectrum": 3,
    "neighbour_ratio": 3,
    "fitted_frechet": 2,
    "fitted_coverage": 3,
    "fitted_confidence": 3,
}
"""Metrics of the table and their digits."""

NEEDED = {
    ("mnist-5k", "quick"): {
        "VAE": {"modes": (10, "up"), "class_kl": (0.03, "down")},
        "GAN": {"modes": (10, "up"), "class_kl": (0.03, "down"), "coverage": (0.50, "up")},
        "VAE-GAN": {"modes": (10, "up"), "class_kl": (0.03, "down"), "coverage": (0.50, "up")},
    },
    ("mnist-5k", "balanced"): {
        name: {"class_kl": (0.015, "down"), "confidence": (0.92, "up"), "coverage": (0.75, "up")}
        for name in ("GAN", "VAE-GAN")
    },
}
"""(data, preset) -> family -> metric -> what it has to reach."""


def bars(entries: Sequence[Entry], data: str, preset: str) -> list[Bar]:
    """The verdict on the mean over seeds."""
    found = []
    for family, needed in NEEDED.get((data, preset), {}).items():
        ours = [entry for entry in entries if entry.plan.row == family]
        for name, (need, better) in needed.items():
            values = [entry.line(name)["value"] for entry in ours]
            sign, label = (">=", f"{family}: {name}") if better == "up" else ("<=", f"{family}: {name}")
            if not values or None in values:
                found.append(Bar(label, "not trained yet", f"{sign} {need}", None))
                continue
            mean = sum(values) / len(values)
            met = mean >= need if better == "up" else mean <= need
            found.append(Bar(label, f"{mean:.4g} over {len(values)} seeds", f"{sign} {need}", met))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.families", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True, help="where runs are kept")
    parser.add_argument("--data", default="mnist", help="data set (default mnist)")
    parser.add_argument("--preset", default="balanced", help="preset (default balanced)")
    parser.add_argument("--seeds", type=int, default=2, help="seeds of each family (default 2)")
    parser.add_argument("--samples", type=int, default=5_000, help="generated items (default 5000)")
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    plans = [Plan(row, model, chosen.data, chosen.preset, seeds=range(chosen.seeds)) for row, model in FAMILIES.items()]
    request = EvaluationRequest(samples=chosen.samples)
    entries = gather(Lab(chosen.workspace), plans, request, train=not chosen.no_train)
    columns = {name: metric(name, digits) for name, digits in SHOWN.items()}
    lines = rows(entries, {**columns, "images": images, "minutes": minutes})
    if entries:
        floors = tuple(floor(name, digits)([entries[0]]) for name, digits in SHOWN.items())
        lines.append(("real data", chosen.data, "", *floors, "", ""))
    facts = entries[0].document if entries else {"encoder_facts": {}, "real": 0}
    command = f"python -m benchmarks.families --data {chosen.data} --preset {chosen.preset} --seeds {chosen.seeds}"
    text = "\n".join(
        [
            describe(f"Families on {chosen.data}, {chosen.preset}", about, f"{command} --workspace DIR"),
            f"{chosen.samples:,} samples against {facts['real']:,} held-out items, in-domain encoder "
            f"({facts['encoder_facts'].get('accuracy', 0):.1%} of held-out items right). Mean over seeds ± half the "
            "95 % interval; with one seed, the interval over items. The last line is real data. Minutes are the runs' "
            "own, beside whatever else the machine did. " + conditions(entries),
            "",
            table(("family", "data", "seeds", *SHOWN, "images", "minutes"), lines),
        ]
    )
    document = {"machine": about, "command": command, "runs": [entry.as_json() for entry in entries]}
    name = f"families_{chosen.data}_{chosen.preset}".replace("-", "_")
    return write(name, chosen.out, document, text, bars(entries, chosen.data, chosen.preset))


if __name__ == "__main__":
    sys.exit(main())
