"""What `benchmarks.gpu` measures of trained models, and how it measures at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import progress
from genlab import devices
from genlab.lab import Lab

DATA = "mnist-5k"
FAMILIES = ("vae", "gan", "vae_gan")
IMAGES = 8_192
"""Images that the models see before they are looked at."""

TOLERANCES = {
    "decode": 1e-3,
    "encode": 1e-2,
    "critic_scores": 1e-2,
    "log_likelihood_bound": 1e-1,
    "features": 1e-2,
}
"""Largest difference between the GPU and the CPU that counts as the same, in single precision on both sides: of pixels
from 0 to 1, codes, logits, nats, and features of standard deviation 1."""

Rows = list[dict[str, Any]]


class OutOfTime(Exception):
    """The time of a section is over; what it has measured is kept."""


@dataclass(frozen=True)
class Bench:
    """How and on what is measured.

    Attributes:
        lab: A workspace with the data set.
        device: ``"cuda"``; ``"cpu"`` only tries whether everything works.
        seconds: Of one measurement of speed.
        until: When the section has to end, by `time.monotonic`.
    """

    lab: Lab
    device: str
    seconds: float
    until: float

    @property
    def trying(self) -> bool:
        """Whether this only tries the code."""
        return self.device == "cpu"

    def few(self, number: int) -> int:
        """``number``, or less where this only tries the code."""
        return max(8, number // 32) if self.trying else number

    def check(self, share: float = 0.0, what: str = "") -> None:
        """As progress: end where the time is over.

        Raises:
            OutOfTime: Then.
        """
        if time.monotonic() > self.until:
            raise OutOfTime


@contextmanager
def on(device: str) -> Iterator[None]:
    """Everything computes on ``device`` while the context is open."""
    before = os.environ.get(devices.VARIABLE)
    os.environ[devices.VARIABLE] = device
    try:
        yield
    finally:
        os.environ.pop(devices.VARIABLE, None)
        if before is not None:
            os.environ[devices.VARIABLE] = before


def timed(work: Callable[..., Any], *given: Any, **named: Any) -> tuple[Any, float]:
    """What ``work`` gives for what it is given, and the seconds until all of it is done."""
    import torch

    started = time.perf_counter()
    found = work(*given, **named)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return found, time.perf_counter() - started


# What is computed with trained models


def models(bench: Bench) -> dict[str, str]:
    """A briefly trained model of every family: family -> run."""
    from genlab.worker.inline import InlineLauncher

    lab = Lab(bench.lab.workspace.path, launcher=InlineLauncher())
    made = {run.family: run.id for run in lab.runs.all() if run.state == "completed" and not run.shipped}
    for family in FAMILIES:
        bench.check()
        if family not in made:
            progress(f"training a {family} to look at")
            more = {
                "images": bench.few(IMAGES),
                "batch_size": 64,
                "device": bench.device,
                "watch.checkpoint_every": IMAGES,
            }
            made[family] = lab.runs.submit(lab.configs.make(family, DATA, "quick", more)).id
    return made


def equality(bench: Bench, rows: Rows) -> None:
    """Largest differences between what the same model says on the device and on the CPU."""
    import numpy as np
    import torch

    from genlab.evaluation.reals import open_encoder
    from genlab.kinds.base import as_public

    runs, n = models(bench), bench.few(2_048)
    data = bench.lab.data.open(DATA)
    images = as_public(data.items("test")[:n])
    x = torch.as_tensor(images)
    for family, run in runs.items():
        found = []
        for device in ("cpu", bench.device):
            bench.check()
            model = bench.lab.models.load(run, device=device)
            said: dict[str, Any] = {"decode": model.decode(model.sample_latents(n))}
            if model.can_encode:
                said["encode"] = model.encode(x).mean
            if model.can_score:
                said["critic_scores"] = model.critic_scores(x)
            if model.has_likelihood:
                said["log_likelihood_bound"] = model.log_likelihood_bound(x[:256], 16)
            found.append(said)
        rows += [
            _difference(f"{family}: {what}", what, float((found[1][what] - values).abs().max()))
            for what, values in found[0].items()
        ]
    features = []
    for device in ("cpu", bench.device):
        with on(device):
            encoder = open_encoder(data, "in-domain", bench.lab.workspace.encoders, bench.check)
            features.append(encoder(images).features)
    rows.append(_difference("in-domain features", "features", float(np.abs(features[1] - features[0]).max())))


def _difference(what: str, kind: str, largest: float) -> dict[str, Any]:
    return {"what": what, "largest": largest, "tolerance": TOLERANCES[kind], "same": largest <= TOLERANCES[kind]}


def evaluations(bench: Bench, rows: Rows) -> None:
    """Seconds of an evaluation with all metrics, its feature extractor trained or at hand."""
    from genlab.evaluation.evaluate import evaluate
    from genlab.evaluation.evaluation_request import EvaluationRequest

    run, request = models(bench)["vae"], EvaluationRequest(samples=bench.few(2_000))
    for device in (bench.device, "cpu"):
        with tempfile.TemporaryDirectory() as folder, on(device):
            copied = shutil.copytree(bench.lab.workspace.path, Path(folder) / "workspace")
            lab = Lab(copied)
            shutil.rmtree(lab.workspace.encoders, ignore_errors=True)
            for what, seed in (("with the feature extractor's training", 0), ("extractor at hand", 1)):
                progress(f"evaluating on {device}, {what}")
                asked = request.model_copy(update={"seed": seed})
                found, seconds = timed(evaluate, lab.runs.read(run), asked, lab.workspace, bench.check)
                value = found["metrics"]["frechet"]["value"]
                rows.append({"what": f"evaluation, {what}", "device": device, "seconds": seconds, "frechet": value})


def inversions(bench: Bench, rows: Rows) -> None:
    """Seconds of training an inverter of a GAN and of inverting held-out images with it."""
    import torch

    from genlab.kinds.base import as_public
    from genlab.latent.invert import invert
    from genlab.latent.inverter import train_inverter

    run, data = models(bench)["gan"], bench.lab.data.open(DATA)
    x = torch.as_tensor(as_public(data.items("test")[: bench.few(500)]))
    for device in (bench.device, "cpu"):
        progress(f"inverting on {device}")
        model = bench.lab.models.load(run, device=device)
        inverter, seconds = timed(train_inverter, model, bench.few(16_000), progress=bench.check)
        error = inverter.facts["image_error"]
        rows.append({"what": "training the inverter", "device": device, "seconds": seconds, "error": error})
        found, seconds = timed(invert, model, x, inverter, bench.few(200), progress=bench.check)
        error = float(found.residual.mean())
        rows.append({"what": f"inverting {len(x)} images", "device": device, "seconds": seconds, "error": error})


def samples(bench: Bench, rows: Rows) -> None:
    """Samples a second, and steps a second of the Playground, whose networks are tiny."""
    from genlab.playground import stage
    from genlab.playground.scenario import Scenario
    from genlab.playground.session import PlaygroundSession

    runs = models(bench)
    for device in (bench.device, "cpu"):
        bench.check()
        model, n = bench.lab.models.load(runs["vae"], device=device), bench.few(20_000)
        model.sample(8)
        _, seconds = timed(model.sample, n)
        rows.append({"what": "samples a second", "device": device, "rate": n / seconds})
        with on(device):
            stage.accelerator.cache_clear()
            session = PlaygroundSession(Scenario(models=["vae", "gan", "vae_gan"]))
            session.advance(0.2)
            done, seconds = timed(session.advance, bench.seconds)
            rows.append(
                {"what": "Playground, steps a second of three models", "device": device, "rate": done / seconds}
            )
    stage.accelerator.cache_clear()
