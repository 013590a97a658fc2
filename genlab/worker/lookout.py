"""The collapse watch's eyes in a worker: samples and critic scores at intervals, alarms into the run directory."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.datasets.store import Dataset
from genlab.models.picture import draw_grid, pictures_of
from genlab.objectives.base import Assembly
from genlab.store.run_directory import RunDirectory
from genlab.training.engine import Report
from genlab.training.state import TrainState
from genlab.training.stream import public
from genlab.training.watch import Alarm, CollapseWatch, Look, Reference, active_units, separation
from genlab.worker.sampling import FixedLatents, WatchedItems, decode, draws_samples, evaluating

FEWEST_SCORED = 64
PAIRS = 8
"""Pairs of pictures in a proof."""


def look_interval(state: TrainState) -> int:
    """Images between two looks."""
    return max(state.config.watch.sample_every, state.objective.space.spec.watching.least)


class Lookout:
    """Looks at a model in training now and then, and writes down what the collapse watch makes of it.

    Args:
        run: Where alarms go. Its rows so far, after a resume, say what has been seen.
        state: What is trained.
        data: What it is trained on.

    Attributes:
        watch: The judge.
        seconds: Time spent on looking in this session.
    """

    def __init__(self, run: RunDirectory, state: TrainState, data: Dataset) -> None:
        started = time.monotonic()
        self.run, self.state = run, state
        self._reference = (
            Reference.of(data.items("train"), data.labels("train"), data.items("test"), state.objective.space.kind)
            if draws_samples(state)
            else None
        )
        self._latents = FixedLatents.fixed(state, self._reference.count, "watch") if self._reference else None
        self._trained, self._held_out = (WatchedItems.of(data, split, state) for split in ("train", "test"))
        self._samples: Tensor | None = None
        self._seen: Look | None = None
        self._training = data.items("train")
        self._facts = self._reference.facts() if self._reference else {}
        self.watch = CollapseWatch(state.config, self._facts)
        for row in run.metrics()[0]:
            self.watch.look(row)
        self.seconds = time.monotonic() - started
        self.end()
        if run.alarms() or self.watch.alarms:
            self._write()

    def look(self, report: Report, means: Mapping[str, Any]) -> dict[str, float]:
        """Numbers for the curves: what samples, latent code and critic look like now.

        Args:
            report: What the newest step measured.
            means: The rest of the row they go into.
        """
        started = time.monotonic()
        numbers: dict[str, float | None] = {}
        with evaluating(self.state) as assembly:
            if self._reference and self._latents:
                self._samples = decode(self.state, assembly, self._latents)
                self._seen = self._reference.look(self._samples.numpy())
                numbers |= self._seen.numbers()
            numbers["watch/critic_memory"] = self._memory(assembly)
        if "vector/kl" in means:
            numbers["watch/active_units"] = active_units(means["vector/kl"])
        if "score/real" in report.values and "score/fake" in report.values:
            numbers["watch/critic_gap"] = separation(*(_array(report.values[f"score/{k}"]) for k in ("real", "fake")))
        self.seconds += time.monotonic() - started
        return {name: round(value, 6) for name, value in numbers.items() if value is not None}

    def heed(self, row: Mapping[str, Any], draw: Callable[[], None]) -> None:
        """Let the watch judge a row of the curves, and write down what it finds.

        Args:
            row: The row as it was written.
            draw: Draws the samples of this moment, which a new alarm shows.
        """
        started, before = time.monotonic(), self.watch.alarms
        raised = self.watch.look(row)
        if raised:
            draw()
        for alarm in raised:
            self._prove(alarm)
        if self.watch.alarms != before:
            self._write()
        self.seconds += time.monotonic() - started

    def end(self) -> None:
        """Tell readers what real data give, and what looking has cost."""
        self.run.update_status(watch={**self._facts, "seconds": round(self.seconds, 3)})

    def _memory(self, assembly: Assembly) -> float | None:
        """How well the critic tells training items from those it has not been shown."""
        if assembly.critic is None or len(self._held_out.x) < FEWEST_SCORED:
            return None
        number = min(len(self._trained.x), len(self._held_out.x))
        number -= number % int(getattr(assembly.critic, "pack", 1))
        scores = [_array(assembly.critic(*items.first(number))) for items in (self._trained, self._held_out)]
        return separation(*scores)

    def _write(self) -> None:
        pictured = [replace(alarm, pictures=self._pictures(alarm)) for alarm in self.watch.alarms]
        self.run.write_alarms([alarm.as_json() for alarm in pictured])

    def _pictures(self, alarm: Alarm) -> tuple[str, ...]:
        """Those of the alarm's pictures that there are."""
        names = (f"samples/{alarm.images:012d}.png", f"alarms/{_proof(alarm)}")
        return tuple(name for name in names if (self.run.path / name).is_file())

    def _prove(self, alarm: Alarm) -> None:
        """Add the picture that a grid of samples does not show: pairs that are too alike, or poor reconstructions."""
        space = self.state.objective.space
        if not space.spec.pictured:
            return
        rows: tuple[Tensor, Tensor] | None = None
        if alarm.symptom == "mode_collapse" and self._samples is not None and self._seen is not None:
            pairs = torch.from_numpy(self._seen.distinct_pairs(PAIRS))
            rows = self._samples[pairs[:, 0]], self._samples[pairs[:, 1]]
        elif alarm.symptom == "memorisation" and self._samples is not None and self._seen is not None:
            pairs = torch.from_numpy(self._seen.originals[:PAIRS])
            rows = self._samples[pairs[:, 0]], public(torch.from_numpy(np.array(self._training[pairs[:, 1].numpy()])))
        elif alarm.symptom == "posterior_collapse":
            rows = self._reconstructions()
        if rows is not None and len(rows[0]):
            self.run.write_proof(_proof(alarm), draw_grid(pictures_of(torch.cat(rows), space), len(rows[0])))

    def _reconstructions(self) -> tuple[Tensor, Tensor] | None:
        """Data, and what is left of them when they have been encoded and decoded."""
        x, y = self._trained.first(PAIRS)
        with evaluating(self.state) as assembly:
            if assembly.encoder is None:
                return None
            mean, _ = assembly.encoder(x, y)
            return x.cpu(), decode(self.state, assembly, FixedLatents(mean, y))


def _array(scores: Tensor) -> NDArray[np.float32]:
    values: NDArray[np.float32] = scores.detach().float().cpu().numpy()
    return values


def _proof(alarm: Alarm) -> str:
    return f"{alarm.images:012d}-{alarm.symptom}.png"
