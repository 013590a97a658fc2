"""Films of moving digits: ``python -m benchmarks.moving_digits --workspace DIR``.

VAE, GAN and VAE-GAN with the preset `quick`. A classifier that has learned single frames of training films judges
single frames of samples; their speeds and their flicker are compared with those of held-out films, and so are those of
training films, which tells how far real ones are apart. Runs are kept in the workspace and resumed; a run that has not
ended is judged as far as it has come.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks._common import RESULTS, Bar, describe, machine, progress, table, write
from benchmarks._runs import completed, is_same
from genlab.config import RunConfig
from genlab.kinds.base import as_public
from genlab.lab import Lab
from genlab.metrics._motion import speeds, unsteadiness
from genlab.metrics.speed_distance import wasserstein
from genlab.store.run import Run

MODELS = {"VAE": "vae", "GAN": "gan", "VAE-GAN": "vae_gan"}
SURE = 0.85
TWICE = 2.0
FILMS = 800
FRAMES = 4
"""Frames of each film that are judged, evenly apart."""

STEPS, BATCH = 900, 128
Films = NDArray[np.float32]


@dataclass(frozen=True)
class Row:
    """What is found of a set of films.

    Attributes:
        name: What they are.
        images: Films that the model has seen; None for real ones.
        minutes: How long its training took; None for real ones.
        sure: Mean probability of the likeliest digit, over single frames.
        digits: Digits that are the likeliest of at least one frame in a hundred.
        speed: Distance of speeds to those of held-out films, px a frame.
        flicker: Flicker over that of held-out films.
        frechet: Frechet distance of frames in the classifier's features.
    """

    name: str
    images: int | None
    minutes: float | None
    sure: float
    digits: int
    speed: float
    flicker: float
    frechet: float


class FrameClassifier(nn.Module):
    """Digits of single frames [n, 1, H, W] in [0, 1]."""

    def __init__(self, side: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for wide in (24, 48, 96):
            layers += [nn.Conv2d(channels, wide, 3, 2, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU()]
            channels, side = wide, (side + 1) // 2
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side * side, 64), nn.ReLU())
        self.head = nn.Linear(64, 10)

    def forward(self, frames: Tensor) -> Tensor:
        """Logits [n, 10]."""
        out: Tensor = self.head(self.trunk(frames))
        return out


def taught(films: Films, labels: NDArray[np.int64]) -> FrameClassifier:
    """A classifier of single frames of ``films`` [n, 1, T, H, W]."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    network = FrameClassifier(films.shape[-1])
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=STEPS)
    for _ in range(STEPS):
        film, frame = rng.integers(len(films), size=BATCH), rng.integers(films.shape[2], size=BATCH)
        loss = F.cross_entropy(network(torch.from_numpy(films[film, :, frame])), torch.from_numpy(labels[film]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()


@torch.inference_mode()
def frames_of(network: FrameClassifier, films: Films) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities [n·FRAMES, 10] and features [n·FRAMES, 64] of single frames."""
    places = np.linspace(0, films.shape[2] - 1, FRAMES).round().astype(int)
    frames = torch.from_numpy(films[:, :, places].transpose(0, 2, 1, 3, 4).reshape(-1, 1, *films.shape[3:]))
    features = torch.cat([network.trunk(part) for part in frames.split(256)])
    return network.head(features).softmax(dim=1).double().numpy(), features.double().numpy()


def frechet(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The Frechet distance of two sets of features."""
    from scipy.linalg import sqrtm

    mixed = np.real(sqrtm(np.cov(a, rowvar=False) @ np.cov(b, rowvar=False)))
    spread = np.trace(np.cov(a, rowvar=False) + np.cov(b, rowvar=False) - 2 * mixed)
    return float(np.sum((a.mean(0) - b.mean(0)) ** 2) + spread)


def judge(network: FrameClassifier, held_out: Films) -> Callable[..., Row]:
    """``judge(...)(name, films, images, minutes) -> Row``."""
    known, real_speeds = frames_of(network, held_out)[1], speeds(held_out)
    steady = float(unsteadiness(held_out).mean())

    def row(name: str, films: Films, images: int | None = None, minutes: float | None = None) -> Row:
        shares, features = frames_of(network, films)
        counts = np.bincount(shares.argmax(axis=1), minlength=10)
        size = min(len(films), len(held_out))
        return Row(
            name,
            images,
            minutes,
            float(shares.max(axis=1).mean()),
            int((counts >= 0.01 * len(shares)).sum()),
            wasserstein(real_speeds[:size], speeds(films)[:size]),
            float(unsteadiness(films).mean()) / steady,
            frechet(features, known),
        )

    return row


def damaged(films: Films) -> dict[str, Films]:
    """Films whose single frames are real, and which no frame gives away."""
    rng = np.random.default_rng(0)
    count, _, frames = films.shape[:3]
    others = np.stack([rng.permutation(count) for _ in range(frames)], axis=1)
    return {
        "standing still": np.repeat(films[:, :, :1], frames, axis=2),
        "frames shuffled": np.stack([film[:, rng.permutation(frames)] for film in films]),
        "every frame of another film": films[others, :, np.arange(frames)].transpose(0, 2, 1, 3, 4),
    }


def run_of(lab: Lab, config: RunConfig, train: bool) -> Run | None:
    """The run of a configuration, trained if need be; else the longest trained of those that have not ended."""
    run = completed(lab, config, train=train)
    wanted = lab.configs.settled(config)
    begun = [run] if run else [run for run in lab.runs.all() if is_same(lab.runs.read(run).config(), wanted)]
    able = [run for run in begun if lab.runs.read(run).checkpoints()]
    return max(able, key=lambda run: run.images, default=None)


def rows(lab: Lab, train: bool, seed: int, also: Sequence[str] = ()) -> tuple[list[Row], float]:
    """Real films and those of every model, of further runs too, and the classifier's accuracy on held-out frames."""
    data = lab.data.open("moving-digits")
    films, labels = as_public(data.items("train")), data.labels("train")
    held_out, truth = as_public(data.items("test"))[:FILMS], data.labels("test")
    assert labels is not None and truth is not None
    progress("teaching the classifier of frames")
    network = taught(films, labels)
    told = frames_of(network, held_out)[0].argmax(axis=1)
    accuracy = float((told == np.repeat(truth[:FILMS], FRAMES)).mean())
    row = judge(network, held_out)
    found = [row("held-out films", held_out), row("training films", films[:FILMS])]
    found += [row(f"these, {name}", made) for name, made in damaged(films[:FILMS]).items()]
    for name, model in MODELS.items():
        settings = {"training.threads": 1, "training.seed": seed, "name": f"{name} of moving digits"}
        run = run_of(lab, lab.configs.make(model, "moving-digits", "quick", settings), train)
        found += [] if run is None else [sampled(lab, run, name, row)]
    found += [sampled(lab, run, run.name or run.id, row) for run in map(lab.runs.find, also)]
    return found, accuracy


def sampled(lab: Lab, run: Run, name: str, row: Callable[..., Row]) -> Row:
    """What is found of a run's samples."""
    progress(f"sampling the {name}")
    samples = lab.models.load(run).sample(FILMS, seed=0)
    made = np.asarray(samples.numpy() if isinstance(samples, Tensor) else samples, np.float32)
    return row(name, made, lab.runs.read(run).checkpoints()[-1].images, run.seconds / 60)


def bars(found: Sequence[Row]) -> list[Bar]:
    """Frames of the surest family that makes all digits, and the speeds of the best one against real ones'.

    Of blobs a classifier may be surer than of digits, but then they are all the same one to it.
    """
    models, apart = [row for row in found if row.images], found[1].speed
    if not models:
        return [Bar("any model", "not trained yet", "three", None)]
    surest, fastest = max(models, key=lambda row: (row.digits, row.sure)), min(models, key=lambda row: row.speed)
    return [
        Bar(
            f"surety of single frames, {surest.name}",
            f"{surest.sure:.3f}, {surest.digits} digits",
            f">= {SURE}, 10 digits",
            surest.sure >= SURE and surest.digits == 10,
        ),
        Bar(
            f"speed distance, {fastest.name}",
            f"{fastest.speed:.3f}",
            f"<= {TWICE:g} x {apart:.3f}",
            fastest.speed <= TWICE * apart,
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.moving_digits", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--workspace", type=Path, required=True, help="where runs are kept")
    parser.add_argument("--seed", type=int, default=0, help="seed of the runs (default 0)")
    parser.add_argument("--no-train", action="store_true", help="only what has been trained already")
    parser.add_argument("--also", action="append", default=[], metavar="RUN", help="a further run that is there")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    found, accuracy = rows(Lab(chosen.workspace), not chosen.no_train, chosen.seed, chosen.also)
    heading = ("films", "seen", "minutes", "sure", "digits", "speed distance", "flicker", "Frechet of frames")
    lines = [
        (
            row.name,
            "" if row.images is None else f"{row.images:,}",
            "" if row.minutes is None else f"{row.minutes:.1f}",
            f"{row.sure:.3f}",
            str(row.digits),
            f"{row.speed:.3f}",
            f"{row.flicker:.2f}",
            f"{row.frechet:.2f}",
        )
        for row in found
    ]
    text = "\n".join(
        [
            describe("Films of moving digits", about, "python -m benchmarks.moving_digits --workspace DIR"),
            f"{FILMS} films of each, {FRAMES} frames of each film judged; the classifier is right about {accuracy:.1%} "
            "of held-out frames. Minutes are the runs' own, beside whatever else the machine did.",
            "",
            table(heading, lines),
        ]
    )
    document = {"machine": about, "accuracy": accuracy, "rows": [asdict(row) for row in found]}
    return write("moving_digits", chosen.out, document, text, bars(found))


if __name__ == "__main__":
    sys.exit(main())
