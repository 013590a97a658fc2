"""What `benchmarks.gpu` measures of training; ``python -m benchmarks._gpu_training TASK FILE`` is one process of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks._common import ROOT, progress
from benchmarks._gpu import DATA, FAMILIES, Bench, Rows, timed
from genlab.config import RunConfig
from genlab.lab import Lab

BATCHES = (64, 512)
WARM_STEPS = 5


def config_of(lab: Lab, family: str, batch: int, device: str) -> RunConfig:
    """The quick preset."""
    return lab.configs.make(family, DATA, "quick", {"batch_size": batch, "device": device, "images": 10**9})


def speeds(lab: Lab, family: str, batch: int, device: str, seconds: float, compiled: bool) -> dict[str, float]:
    """Images per second of the engine, of a bare loop around the same networks, and their ratio."""
    import numpy as np
    import torch

    from genlab.models.factory import build_objective
    from genlab.training import engine
    from genlab.training.state import TrainState
    from genlab.training.stream import Stream
    from genlab.worker.session import make_accelerator

    config = config_of(lab, family, batch, device)
    data, accelerator = lab.data.open(config.data), make_accelerator(config)
    state = TrainState.fresh(build_objective(config, data.space()), config, accelerator)
    if compiled:
        for name, module in state.objective.players.items():
            # Gradients of gradients, which a critic's penalty takes, cannot be compiled.
            if name != "critic":
                module.compile()
    stream = Stream(data.items("train"), seed=0, device=accelerator.device)
    x = torch.from_numpy(np.array(data.items("train"))).to(accelerator.device).float() / 255
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
            words = [sys.executable, "-W", "ignore", "-m", "benchmarks._gpu_training", json.dumps(whole), str(out)]
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


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]))
