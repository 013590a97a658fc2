"""What claims say of straw models: ``python -m benchmarks.straw`` prints a verdict for every claim and pair.

Straw models are generators whose behaviour is known beforehand (`tests/support/straw.py`); what is true of them is in
`tests/verdicts/test_straw_models.py`. Here are the verdicts themselves, and the measures that they rest on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, describe, load_support, machine, positive, progress, table, write
from genlab.verdicts.findings import Judged
from genlab.verdicts.judge import claims, verdicts

TITLE = "Verdicts of claims on straw models."
ASKED = ("sharpness", "diversity", "structure", "interpretability", "control")
"""Claims that can be tried on generators alone: the others are about training, time, likelihood or faces."""

MEASURED = (
    *("laplacian", "frechet", "precision", "copies", "reach", "coverage_prior", "coverage_fitted", "codes_linear"),
    *("midpoint_realism", "path_detour", "dimension_consistency", "class_alignment", "edit_success", "edit_identity"),
)
SIGNS = {"supported": "✓", "not_supported": "✗", "no_difference": "≈", "not_enough_evidence": "?"}


def measure(seeds: int) -> dict[str, Any]:
    """Scores of every straw model, and a sign for every claim and pair; ``c`` where copies held a verdict back."""
    straw = load_support("straw")
    specs, names = [spec for spec in claims() if spec.name in ASKED], list(straw.STRAWS)
    signs: dict[str, dict[str, dict[str, str]]] = {name: {first: {} for first in names} for name in ASKED}
    for first in names:
        progress(first)
        for second in names:
            for judged in verdicts(specs, straw.meeting(first, second, seeds)):
                signs[judged.claim][first][second] = _sign(judged)
    values = {name: {of: straw.scores(name, 0)[of]["value"] for of in MEASURED} for name in names}
    sizes = {"held_out": straw.HELD_OUT, "train": straw.TRAIN, "seeds": seeds}
    return {"sizes": sizes, "values": values, "verdicts": signs}


def _sign(judged: Judged) -> str:
    return "c" if judged.copied else SIGNS[judged.verdict]


def report(found: Mapping[str, Any], about: Mapping[str, Any], command: str) -> str:
    """The tables."""
    names, sizes = list(found["values"]), found["sizes"]
    values = table(
        ("straw model", *MEASURED),
        [(name, *(_short(found["values"][name][of]) for of in MEASURED)) for name in names],
    )
    parts = [
        f"## {claim}\n\n" + table(("VAE \\ GAN", *names), [(first, *signs[first].values()) for first in names])
        for claim, signs in found["verdicts"].items()
    ]
    return (
        f"{describe('Straw models', about, command)}\n"
        f"{sizes['held_out']} held-out and {sizes['train']} training pictures, {sizes['seeds']} seeds of each. A row "
        f"stands for the VAE, a column for the GAN. ✓ supported, ✗ not supported, ≈ no difference that matters, ? not "
        f"enough evidence, c: held back, because who would be favoured copies.\n\n## Measures\n\n{values}\n\n"
        + "\n\n".join(parts)
        + "\n"
    )


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.straw", description=TITLE)
    parser.add_argument("--seeds", type=positive, default=3, help="runs of each straw model (default 3)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args(arguments)
    about, found = machine(), measure(options.seeds)
    command = f"python -m benchmarks.straw --seeds {options.seeds}"
    return write("straw", options.out, {"machine": about, **found}, report(found, about, command), [])


if __name__ == "__main__":
    sys.exit(main())
