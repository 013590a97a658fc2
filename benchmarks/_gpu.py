"""What `benchmarks.gpu` measures; ``python -m benchmarks._gpu TASK FILE`` measures one thing in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import ROOT, progress
from genlab import devices
from genlab.config import RunConfig
from genlab.lab import Lab

DATA = "mnist-5k"
FAMILIES = ("vae", "gan", "vae_gan")
BATCHES = (64, 512)
WARM_STEPS = 5
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


# Training


def config_of(lab: Lab, family: str, batch: int, device: str) -> RunConfig:
    """The quick preset."""
    return lab.configure(family, DATA, "quick", {"batch_size": batch, "device": device, "images": 10**9})


def speeds(lab: Lab, family: str, batch: int, device: str, seconds: float, compiled: bool) -> dict[str, float]:
    """Images per second of the engine, of a bare loop around the same networks, and their ratio."""
    import torch

    from genlab.models.factory import build_objective
    from genlab.training import engine
    from genlab.training.state import TrainState
    from genlab.training.stream import Stream
    from genlab.worker.session import make_accelerator

    config = config_of(lab, family, batch, device)
    data, accelerator = lab.dataset(config.data), make_accelerator(config)
    state = TrainState.fresh(build_objective(config, data.space()), config, accelerator)
    if compiled:
        for name, module in state.objective.players.items():
            # Gradients of gradients, which a critic's penalty takes, cannot be compiled.
            if name != "critic":
                module.compile()
    stream = Stream(data.items("train"), seed=0, device=accelerator.device)
    x = torch.from_numpy(data.items("train")[:]).to(accelerator.device).float() / 255
    ours = rate(lambda: engine.step(state, stream), batch, seconds)
    theirs = rate(lambda: bare_step(state, x), batch, seconds)
    return {"engine": ours, "bare": theirs, "ratio": ours / theirs}


def rate(step: Callable[[], Any], batch: int, seconds: float) -> float:
    """Images per second of ``step``, after some that warm up."""
    for _ in range(WARM_STEPS):
        step()
    _, done = timed(lambda: None)
    count, done = 0, 0.0
    while done < seconds:
        _, spent = timed(lambda: [step() for _ in range(10)])
        count, done = count + 10, done + spent
    return batch * count / done


def bare_step(state: Any, x: Any) -> None:
    """The same turns with the same networks and optimisers, and nothing else: noise is drawn on the device."""
    import torch

    from genlab.objectives.base import Batch

    size, device = state.local_batch, x.device
    rows = torch.randint(len(x), (size,), device=device)
    batch = Batch(x[rows], None, 0.0)
    for player in state.objective.players:
        for name, parameters in state.parameters.items():
            for parameter in parameters:
                parameter.requires_grad_(name == player)
        for _ in range(state.objective.repeats.get(player, 1)):
            with state.accelerator.autocast():
                loss = state.objective.terms(player, batch, DeviceRandom(device)).loss
            loss.float().mean().backward()
            state.optimisers[player].step()
            state.optimisers[player].zero_grad(set_to_none=True)


class DeviceRandom:
    """Noise straight from the device."""

    def __init__(self, device: Any) -> None:
        self.device = device

    def normal(self, *shape: int) -> Any:
        """Standard normal noise."""
        import torch

        return torch.randn(shape, device=self.device)

    def uniform(self, *shape: int) -> Any:
        """Uniform noise in [0, 1)."""
        import torch

        return torch.rand(shape, device=self.device)


def training(bench: Bench, rows: Rows) -> None:
    """Speeds without compilation."""
    for family in FAMILIES:
        for batch in BATCHES:
            bench.check()
            progress(f"training {family}, batch {batch}")
            found = speeds(bench.lab, family, batch, bench.device, bench.seconds, compiled=False)
            rows.append({"model": family, "batch": batch, **found})


def compiled(bench: Bench, rows: Rows) -> None:
    """Speeds with compilation; each family in a process of its own, which can be ended."""
    for family in FAMILIES:
        bench.check()
        progress(f"training {family}, compiled")
        (task,) = [task_of(bench, family, BATCHES, compiled=True)]
        rows += together(bench, [task])[0]


# Processes of their own


def task_of(bench: Bench, family: str, batches: tuple[int, ...], compiled: bool) -> dict[str, Any]:
    """What a process is to measure."""
    return {
        "workspace": str(bench.lab.workspace.path),
        "family": family,
        "batches": list(batches),
        "device": bench.device,
        "seconds": bench.seconds,
        "compiled": compiled,
    }


def together(bench: Bench, tasks: list[dict[str, Any]]) -> list[Rows]:
    """What processes that measure at the same time find; they end when the section does."""
    with tempfile.TemporaryDirectory() as folder:
        started = []
        for index, task in enumerate(tasks):
            out = Path(folder) / f"{index}.json"
            whole = {**task, "meet": folder, "number": len(tasks)}
            words = [sys.executable, "-W", "ignore", "-m", "benchmarks._gpu", json.dumps(whole), str(out)]
            with out.with_suffix(".log").open("wb") as log:
                started.append((subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log), out))
        for process, _ in started:
            try:
                process.wait(max(0.0, bench.until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return [_answer(out) for _, out in started]


def _answer(out: Path) -> Rows:
    """What a process has written, or the last line of what it said."""
    if out.is_file():
        found: Rows = json.loads(out.read_text())
        return found
    said = out.with_suffix(".log").read_text(errors="replace").strip().splitlines()
    return [{"failed": said[-1][:200] if said else "it did not end in time"}]


def main(task: Mapping[str, Any], out: Path) -> None:
    """Measure what the task says; the answer grows with every figure."""
    from genlab.errors import GenlabError

    rows: Rows = []
    lab, device, seconds = Lab(task["workspace"]), task["device"], task["seconds"]
    for batch in task["batches"]:
        about = {"model": task["family"], "batch": batch}
        if task["number"] > 1:
            speeds(lab, task["family"], batch, device, 0.1, compiled=False)
            _meet(Path(task["meet"]), task["number"])
        try:
            rows.append({**about, **speeds(lab, task["family"], batch, device, seconds, task["compiled"])})
        except (RuntimeError, GenlabError, ImportError, OSError) as error:
            rows.append({**about, "failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]})
        staging = out.with_suffix(".new")
        staging.write_text(json.dumps(rows))
        staging.replace(out)


def _meet(folder: Path, number: int, patience: float = 60.0) -> None:
    """Wait until so many processes are ready to begin."""
    (folder / f"ready-{os.getpid()}").touch()
    end = time.monotonic() + patience
    while len(list(folder.glob("ready-*"))) < number and time.monotonic() < end:
        time.sleep(0.01)


def two_processes(bench: Bench, rows: Rows) -> None:
    """The speed of one process, and of each of two that train at the same time."""
    progress("two processes")
    task = task_of(bench, "vae", (BATCHES[0],), compiled=False)
    (alone,) = together(bench, [task])
    rows += [{"processes": 1, **row} for row in alone]
    bench.check()
    for found in together(bench, [task, task]):
        rows += [{"processes": 2, **row} for row in found]


# What is computed with trained models


def models(bench: Bench) -> dict[str, str]:
    """A briefly trained model of every family: family -> run."""
    from genlab.jobs.launcher import InlineLauncher

    lab = Lab(bench.lab.workspace.path, launcher=InlineLauncher())
    made = {run.family: run.id for run in lab.runs() if run.state == "completed" and not run.shipped}
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
            made[family] = lab.submit(lab.configure(family, DATA, "quick", more)).id
    return made


def equality(bench: Bench, rows: Rows) -> None:
    """Largest differences between what the same model says on the device and on the CPU."""
    import numpy as np
    import torch

    from genlab.evaluation.reals import as_floats, open_encoder

    runs, n = models(bench), bench.few(2_048)
    data = bench.lab.dataset(DATA)
    images = as_floats(data.items("test")[:n])
    x = torch.as_tensor(images)
    for family, run in runs.items():
        found = []
        for device in ("cpu", bench.device):
            bench.check()
            model = bench.lab.load_model(run, device=device)
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
    from genlab.evaluation.request import EvaluationRequest

    run, request = models(bench)["vae"], EvaluationRequest(samples=bench.few(2_000))
    for device in (bench.device, "cpu"):
        with tempfile.TemporaryDirectory() as folder, on(device):
            copied = shutil.copytree(bench.lab.workspace.path, Path(folder) / "workspace")
            lab = Lab(copied)
            shutil.rmtree(lab.workspace.encoders, ignore_errors=True)
            for what, seed in (("with the feature extractor's training", 0), ("extractor at hand", 1)):
                progress(f"evaluating on {device}, {what}")
                asked = request.model_copy(update={"seed": seed})
                found, seconds = timed(evaluate, lab.directory(run), asked, lab.workspace, bench.check)
                value = found["metrics"]["frechet"]["value"]
                rows.append({"what": f"evaluation, {what}", "device": device, "seconds": seconds, "frechet": value})


def inversions(bench: Bench, rows: Rows) -> None:
    """Seconds of training an inverter of a GAN and of inverting held-out images with it."""
    import torch

    from genlab.evaluation.reals import as_floats
    from genlab.latent.invert import invert
    from genlab.latent.inverter import train_inverter

    run, data = models(bench)["gan"], bench.lab.dataset(DATA)
    x = torch.as_tensor(as_floats(data.items("test")[: bench.few(500)]))
    for device in (bench.device, "cpu"):
        progress(f"inverting on {device}")
        model = bench.lab.load_model(run, device=device)
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
    from genlab.playground.session import Session

    runs = models(bench)
    for device in (bench.device, "cpu"):
        bench.check()
        model, n = bench.lab.load_model(runs["vae"], device=device), bench.few(20_000)
        model.sample(8)
        _, seconds = timed(model.sample, n)
        rows.append({"what": "samples a second", "device": device, "rate": n / seconds})
        with on(device):
            stage.accelerator.cache_clear()
            session = Session(Scenario(models=["vae", "gan", "vae_gan"]))
            session.advance(0.2)
            done, seconds = timed(session.advance, bench.seconds)
            rows.append(
                {"what": "Playground, steps a second of three models", "device": device, "rate": done / seconds}
            )
    stage.accelerator.cache_clear()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]))
