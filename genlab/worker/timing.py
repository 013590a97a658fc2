"""How much compute an image costs: training steps of several configurations, timed side by side. Loads torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

import torch

from genlab.config import RunConfig
from genlab.datasets.store import Dataset
from genlab.models.factory import build_objective
from genlab.training import engine
from genlab.training.seeding import derive
from genlab.training.state import TrainState
from genlab.training.stream import Stream
from genlab.worker.session import make_accelerator
from genlab.worker.threads import computing

ROUNDS = 7
"""Times that each configuration is timed, in turn with the others, so that what slows the machine slows all."""

STEPS = 8
"""Steps of each time."""


def compute_speeds(
    configs: Mapping[str, RunConfig], data: Dataset, progress: Callable[[float, str], None]
) -> dict[str, float]:
    """Images per second of compute, training steps alone; nothing is kept of what is trained.

    On the CPU a second is one of a processor, with one thread: other work on the machine hardly counts. On a GPU it is
    one of the clock, and counts for as much as the GPU is free.

    Args:
        configs: Name -> configuration of a run.
        data: What all of them learn from.
        progress: Told how far it is; may raise to cancel.

    Returns:
        Name -> images per second, the median of `ROUNDS` times.
    """
    with computing(1), torch.random.fork_rng(devices=[]):
        trainings = {name: _Training(config, data) for name, config in configs.items()}
        seconds: dict[str, list[float]] = {name: [] for name in configs}
        for turn in range(ROUNDS + 1):
            for place, (name, training) in enumerate(trainings.items()):
                progress((turn + place / len(trainings)) / (ROUNDS + 1), "measuring speeds")
                took = training.steps(STEPS)
                # The first time, memory is found and kernels are chosen.
                seconds[name] += [took] if turn else []
    return {name: STEPS * configs[name].training.batch_size / median(took) for name, took in seconds.items()}


class _Training:
    """A training that begins.

    Args:
        config: Its configuration.
        data: What it learns from.
    """

    def __init__(self, config: RunConfig, data: Dataset) -> None:
        accelerator = make_accelerator(config)
        torch.manual_seed(config.training.seed)
        self._state = TrainState.fresh(build_objective(config, data.space(config.conditional)), config, accelerator)
        self._stream = Stream(
            data.items("train"),
            data.labels("train") if config.conditional else None,
            seed=derive(config.training.seed, "data"),
            device=accelerator.device,
            memory=config.training.memory * 2**20,
        )

    def steps(self, count: int) -> float:
        """Train ``count`` steps; the seconds that this took."""
        on_gpu = self._state.accelerator.device.type == "cuda"
        clock = time.perf_counter if on_gpu else time.process_time
        started = clock()
        for _ in range(count):
            engine.step(self._state, self._stream)
        if on_gpu:
            torch.cuda.synchronize()
        return clock() - started
