"""Modes of the 2-D ring and grid by PacGAN's protocol: ``python -m benchmarks.modes_2d --workspace DIR``.

100,000 training points, 2,500 samples, high quality within 3 standard deviations of the nearest mode, reverse KL over
the high-quality samples (Lin et al., PacGAN, 2018; Srivastava et al., VEEGAN, 2017). Runs are kept in the workspace, so
the table can be gathered over time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks._common import RESULTS, Bar, describe, machine, table, write
from benchmarks._runs import Entry, Plan, conditions, gather, images, metric, minutes, rows
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.lab import Lab

SAMPLES = 2_500
DEFAULT = "relativistic, R1 + R2"
NON_SATURATING = {"loss": "non_saturating", "penalty": "none", "penalty_left": 1.0}
DATA = {"ring": 8, "grid": 25}
HIGH_QUALITY = {"ring": 0.90, "grid": 0.92}
LARGEST_KL = 0.02


def plans(seeds: int, others: int) -> list[Plan]:
    """The rows of the table, the default first."""
    found = []
    for data in DATA:
        found += [
            Plan(DEFAULT, "gan", data, "balanced", seeds=range(seeds)),
            Plan("non-saturating", "gan", data, "balanced", NON_SATURATING, range(others)),
            Plan("packing 2", "gan", data, "balanced", {**NON_SATURATING, "pack": 2}, range(others)),
            Plan(
                "WGAN-GP",
                "gan",
                data,
                "balanced",
                {"loss": "wasserstein", "penalty": "gradient_penalty", "penalty_left": 1.0, "critic_repeats": 5},
                range(others),
            ),
            Plan("VAE", "vae", data, "balanced", seeds=range(others)),
        ]
    return found


def bars(entries: Sequence[Entry]) -> list[Bar]:
    """What the default has to reach on each data set, by every seed."""
    found = []
    for data, modes in DATA.items():
        ours = [entry for entry in entries if entry.plan.row == DEFAULT and entry.plan.data == data]
        if not ours:
            found.append(Bar(f"{data}: {DEFAULT}", "not trained yet", "", None))
            continue
        counts, quality, kl = (
            [entry.line(name)["value"] for entry in ours] for name in ("modes", "high_quality", "class_kl")
        )
        seeds = f"of {len(ours)} seeds"
        found += [
            Bar(f"{data}: modes captured", f"least {min(counts):.0f} {seeds}", f"{modes}", min(counts) == modes),
            Bar(
                f"{data}: high-quality share",
                f"mean {sum(quality) / len(quality):.3f}, least {min(quality):.3f} {seeds}",
                f">= {HIGH_QUALITY[data]}",
                sum(quality) / len(quality) >= HIGH_QUALITY[data],
            ),
            Bar(
                f"{data}: reverse KL",
                f"mean {sum(kl) / len(kl):.4f}, most {max(kl):.4f} {seeds}",
                f"<= {LARGEST_KL}",
                sum(kl) / len(kl) <= LARGEST_KL,
            ),
        ]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.modes_2d", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True, help="where runs are kept")
    parser.add_argument("--seeds", type=int, default=5, help="seeds of the default (default 5)")
    parser.add_argument("--others", type=int, default=3, help="seeds of the other rows (default 3)")
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    request = EvaluationRequest(metrics=("modes", "high_quality", "class_kl", "coverage"), samples=SAMPLES)
    wanted = plans(chosen.seeds, chosen.others)
    entries = gather(Lab(chosen.workspace), wanted, request, train=not chosen.no_train)
    columns = {
        "modes": metric("modes", 1),
        "high quality": metric("high_quality"),
        "reverse KL": metric("class_kl", 4),
        "coverage": metric("coverage"),
        "images": images,
        "minutes": minutes,
    }
    text = "\n".join(
        [
            describe("Modes of ring and grid", about, "python -m benchmarks.modes_2d --workspace DIR"),
            "Mean over seeds ± half the 95 % interval. Networks, optimiser and length are the default's for all GANs: "
            "the others were not tuned. A perfect sampler of round Gaussians has a high-quality share "
            "of 0.989. A VAE's samples are its likelihood's means, without its noise. " + conditions(entries),
            "",
            table(("model", "data", "seeds", *columns), rows(entries, columns)),
        ]
    )
    document = {"machine": about, "samples": SAMPLES, "runs": [entry.as_json() for entry in entries]}
    return write("modes_2d", chosen.out, document, text, bars(entries))


if __name__ == "__main__":
    sys.exit(main())
