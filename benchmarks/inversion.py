"""How near inversion comes to what a GAN can draw at all, and how long it takes.

``python -m benchmarks.inversion --workspace W --run R`` trains the inverter of the run's newest checkpoint, inverts
held-out images, looks for the model's projection floor on some of them, writes ``results/inversion.json`` and ``.md``,
and exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, describe, machine, positive, progress, table, write
from genlab.latent.inverter import IMAGES

TITLE = "Inversion of real images against the model's projection floor, and its seconds."
TIMES_FLOOR, SECONDS, TRAINING_SECONDS = 2.0, 60.0, 40.0
THREADS = 2


def measure(
    workspace: Path, run: str, training: int, images: int, floor_images: int, restarts: int, steps: int
) -> dict[str, Any]:
    """Errors and seconds on the first ``images`` held-out images; the floor on every k-th of them."""
    import torch

    from genlab.lab import Lab

    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        return _measured(Lab(workspace), run, training, images, floor_images, restarts, steps)
    finally:
        torch.set_num_threads(before)


def _measured(
    lab: Any, run: str, training: int, images: int, floor_images: int, restarts: int, steps: int
) -> dict[str, Any]:
    import torch

    from genlab.kinds.base import as_public
    from genlab.latent.invert import floor, invert
    from genlab.latent.inverter import train_inverter

    model = lab.models.load(run)
    data = lab.data.open(lab.runs.read(run).config().data)
    x = torch.as_tensor(as_public(data.items("test")[:images]))
    classes = data.labels("test")
    y = torch.as_tensor(classes[:images]) if model.space.classes and classes is not None else None

    progress("training the inverter")
    inverter, learning = _timed(lambda: train_inverter(model, training))
    progress(f"inverting {len(x)} images")
    encoded = invert(model, x, inverter, 0, y=y)
    found, inverting = _timed(lambda: invert(model, x, inverter, y=y))
    chosen = torch.linspace(0, len(x) - 1, min(floor_images, len(x))).long()
    progress(f"looking for the floor of {len(chosen)} images")
    y_chosen = None if y is None else y[chosen]
    best, searching = _timed(lambda: floor(model, x[chosen], inverter, steps, restarts, y=y_chosen))
    of_same = found.residual[chosen]
    return {
        "model": lab.runs.find(run).family,
        "data": data.info.name,
        "images": len(x),
        "floor_images": len(chosen),
        "latent_dim": model.latent_dim,
        "inverter": inverter.facts,
        "seconds": {"training": learning, "inverting": inverting, "floor": searching},
        "error": {
            "mean image": float((x - x.mean(dim=0)).square().mean()),
            "encoded only": float(encoded.residual.mean()),
            "inverted": float(found.residual.mean()),
            "inverted, the floor's images": float(of_same.mean()),
            "floor": float(best.residual.mean()),
        },
        "times_floor": float(of_same.mean() / best.residual.mean()),
        "worst_times_floor": float((of_same / best.residual).max()),
    }


def _timed(work: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inversion", description=TITLE)
    parser.add_argument("--workspace", type=Path, required=True, help="folder that holds the run")
    parser.add_argument("--run", required=True, help="a trained run without an encoder: a GAN")
    parser.add_argument("--training", type=positive, default=IMAGES, help=f"samples of the inverter (default {IMAGES})")
    parser.add_argument("--images", type=positive, default=500, help="held-out images (default 500)")
    parser.add_argument("--floor-images", type=positive, default=60, help="of these, with a floor (default 60)")
    parser.add_argument("--restarts", type=positive, default=8, help="descents per image for the floor (default 8)")
    parser.add_argument("--steps", type=positive, default=1_000, help="steps of each (default 1000)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    settings = (chosen.training, chosen.images, chosen.floor_images, chosen.restarts, chosen.steps)
    found = measure(chosen.workspace, chosen.run, *settings)
    names = ("--training", "--images", "--floor-images", "--restarts", "--steps")
    options = " ".join(f"{name} {value}" for name, value in zip(names, settings, strict=True))
    command = f"python -m benchmarks.inversion --workspace W --run R {options}"
    seconds = found["seconds"]
    text = "\n".join(
        [
            describe("Inversion", about, command),
            f"A {found['model']} of {found['latent_dim']} latent dimensions on {found['data']}; {THREADS} threads.",
            f"The floor is the best of {chosen.restarts} descents of {chosen.steps:,} steps without regard to the",
            f"prior, on {found['floor_images']} of the {found['images']} held-out images; the worst of these is at",
            f"{found['worst_times_floor']:.1f} times its floor. Errors are mean squared errors of pixels from 0 to 1.",
            f"The inverter is trained once per checkpoint, on {found['inverter']['images']:,} samples of the model.",
            "",
            table(("what", "mean squared error"), [(name, f"{value:.5f}") for name, value in found["error"].items()]),
            "",
            table(("work", "seconds"), [(name, f"{value:.1f}") for name, value in seconds.items()]),
        ]
    )
    ratio = found["times_floor"]
    bars = [
        Bar("error, in floors", f"{ratio:.2f}", f"<= {TIMES_FLOOR:.0f}", ratio <= TIMES_FLOOR),
        _in_time(f"inverting {found['images']} images", seconds["inverting"], SECONDS),
        _in_time("training the inverter", seconds["training"], TRAINING_SECONDS),
    ]
    return write("inversion", chosen.out, {"machine": about, "command": command, "found": found}, text, bars)


def _in_time(name: str, seconds: float, most: float) -> Bar:
    return Bar(name, f"{seconds:.1f} s", f"<= {most:.0f} s", seconds <= most)


if __name__ == "__main__":
    sys.exit(main())
