"""Do directions between groups change what they are meant to? ``python -m benchmarks.attributes --workspace DIR``.

A VAE learns `shapes`, whose factors are known. For each factor two groups of images are taken, at its two ends; the
direction leads from the mean code of the one to that of the other. Held-out images are encoded and moved along it, and
a network that has learned to read the factors off real images measures what has changed in the decoded ones: 1 is the
mean difference between two random images. The direction of a factor has to change that factor more than any other.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from benchmarks._runs import Plan, trained
from genlab.lab import Lab
from genlab.latent.directions import DirectionInputs, find
from genlab.models.generative import GenerativeModel
from genlab.worker.inline import InlineLauncher

FACTORS = ("x", "y", "scale", "colour", "shape", "rotation")
ITEMS, MOVED = 10_000, 500
STEP = 1.5
"""Standard deviations of the codes that images are moved to each side."""

Array = NDArray[np.float64]


class Reader(nn.Module):
    """Reads the factors off an image: x, y, scale, hue as an angle, shape as three logits, rotation as two angles."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = [channels, 32, 64, 64]
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Conv2d(before, after, 3, 2, 1), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(256), nn.ReLU(), nn.Linear(256, 12))

    def forward(self, x: Tensor) -> Tensor:
        """[n, 12]."""
        found: Tensor = self.body(x * 2 - 1)
        return found


def targets(factors: Mapping[str, Array]) -> Tensor:
    """What a `Reader` is to say of images with these factors [n, 12]."""
    hue, turn = 2 * np.pi * factors["colour"], np.deg2rad(factors["rotation"])
    # A square looks the same after a quarter of a turn, an ellipse after a half; both angles are asked for.
    angles = [np.sin(hue), np.cos(hue), np.sin(2 * turn), np.cos(2 * turn), np.sin(4 * turn), np.cos(4 * turn)]
    plain = [
        (factors[name] - low) / span for name, low, span in (("x", 0.5, 0.2), ("y", 0.5, 0.2), ("scale", 0.22, 0.05))
    ]
    shape = np.eye(3)[factors["shape"].astype(int)]
    return torch.as_tensor(np.stack([*plain, *angles, *shape.T], axis=1), dtype=torch.float32)


def learn_to_read(images: Tensor, factors: Mapping[str, Array], epochs: int) -> Reader:
    """A `Reader` of real images."""
    torch.manual_seed(0)
    reader, wanted = Reader(images.shape[1]), targets(factors)
    reader(images[:2])
    optimiser = torch.optim.Adam(reader.parameters(), 1e-3)
    steps = epochs * (len(images) // 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    for _ in range(steps):
        rows = torch.randint(len(images), (128,))
        loss = ((reader(images[rows]) - wanted[rows]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return reader.eval()


@torch.no_grad()
def read(reader: Reader, images: Tensor) -> Array:
    """What is read off images [n, 12]."""
    return torch.cat([reader(part) for part in images.split(256)]).double().numpy()


def changes(before: Array, after: Array) -> dict[str, float]:
    """How much each factor differs between two readings [n, 12], on the mean over items."""
    parts = {"x": [0], "y": [1], "scale": [2], "colour": [3, 4], "rotation": [5, 6, 7, 8], "shape": [9, 10, 11]}
    difference = after - before
    return {name: float(np.linalg.norm(difference[:, parts[name]], axis=1).mean()) for name in FACTORS}


def ends(factors: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    """Which images are at the one end of a factor and which at the other, as masks [n]."""
    values = factors[name]
    if name == "colour":
        return np.abs((values + 0.5) % 1 - 0.5) < 0.08, np.abs(values - 0.5) < 0.08
    if name == "shape":
        return values == 1, values == 0
    if name == "rotation":
        return np.abs(values - 60) < 12, np.abs(values - 30) < 12
    low, high = np.quantile(values, (0.25, 0.75))
    return values > high, values < low


def measure(model: GenerativeModel, data: Any, reader: Reader) -> dict[str, dict[str, float]]:
    """Direction of a factor -> change of each factor along it, where 1 is that between two random images."""
    images = torch.as_tensor(np.asarray(data.items("train")[:ITEMS], np.float32) / 255)
    factors = {name: values[:ITEMS].astype(np.float64) for name, values in data.factors("train").items()}
    codes = model.encode(images).mean.numpy()
    held_out = torch.as_tensor(np.asarray(data.items("test")[:MOVED], np.float32) / 255)
    start = model.encode(held_out).mean
    real = read(reader, held_out)
    usual = changes(real, np.roll(real, 1, axis=0))
    found = {}
    for name in FACTORS:
        high, low = ends(factors, name)
        (direction,) = find("groups", DirectionInputs(groups=(codes[high], codes[low]), codes=codes))
        step = torch.as_tensor(STEP * direction.scale * direction.vector)
        moved = changes(read(reader, model.decode(start - step)), read(reader, model.decode(start + step)))
        found[name] = {other: moved[other] / usual[other] for other in FACTORS}
    return found


def bars(found: Mapping[str, Mapping[str, float]]) -> list[Bar]:
    """Each direction changes its own factor most."""
    made = []
    for name, moved in found.items():
        others = {other: value for other, value in moved.items() if other != name}
        most = max(others, key=lambda other: others[other])
        words = f"{moved[name]:.2f}, next {most} {others[most]:.2f}"
        made.append(Bar(f"direction of {name} changes it most", words, "largest", moved[name] > others[most]))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what is missing, measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attributes", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--workspace", type=Path, required=True, help="where the run is kept")
    parser.add_argument("--preset", default="quick", help="preset of the VAE (default quick)")
    parser.add_argument("--epochs", type=int, default=12, help="epochs of the network that reads factors (default 12)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, lab = machine(), Lab(chosen.workspace, launcher=InlineLauncher())
    run = trained(lab, Plan("VAE", "vae", "shapes", chosen.preset), 0, train=True)
    if run is None:
        return 1
    data = lab.data.open("shapes")
    progress("learning to read factors off images")
    images = torch.as_tensor(np.asarray(data.items("train"), np.float32) / 255)
    factors = {name: values.astype(np.float64) for name, values in data.factors("train").items()}
    reader = learn_to_read(images, factors, chosen.epochs)
    test = torch.as_tensor(np.asarray(data.items("test"), np.float32) / 255)
    truth = targets({name: values.astype(np.float64) for name, values in data.factors("test").items()}).double().numpy()
    usual, wrong = changes(truth, np.roll(truth, 1, axis=0)), changes(truth, read(reader, test))
    found = measure(lab.models.load(run), data, reader)
    lines = [(name, *(f"{moved[other]:.2f}" for other in FACTORS)) for name, moved in found.items()]
    lines.append(("(error of reading)", *(f"{wrong[other] / usual[other]:.2f}" for other in FACTORS)))
    command = f"python -m benchmarks.attributes --preset {chosen.preset} --epochs {chosen.epochs} --workspace DIR"
    text = "\n".join(
        [
            describe("Directions between groups on shapes", about, command),
            f"A VAE after {run.images:,} images; {MOVED} held-out images moved {STEP} deviations to each side. "
            "1 is the mean difference between two random images.",
            "",
            table(("direction of", *FACTORS), lines),
        ]
    )
    return write("attributes", chosen.out, {"machine": about, "command": command, "changes": found}, text, bars(found))


if __name__ == "__main__":
    sys.exit(main())
