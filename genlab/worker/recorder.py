"""What a worker leaves behind while it trains: curves, pictures, checkpoints, heartbeat."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor

from genlab.models.checkpoint import save_checkpoint
from genlab.models.picture import draw, draw_beside
from genlab.store.run_directory import RunDirectory
from genlab.store.shown import packed
from genlab.training.engine import Report, require_finite, require_finite_weights
from genlab.training.state import TrainState, learning_rate_factor
from genlab.training.watch import DivergenceWatch
from genlab.worker.gathered import Gathered
from genlab.worker.lookout import Lookout, look_interval
from genlab.worker.sampling import FixedLatents, WatchedItems, changed, decode, draws_samples, evaluating

HEARTBEAT_SECONDS = 1.0
SMOOTHING = 0.2
"""What the newest row counts in the pace that estimates of the time left are made of."""

FIRST_PICTURE = 128
"""Images after which the second picture is drawn; the following ones come after twice as many each, until they are due
every `watch.sample_every` images."""

POINTS_PER_SAMPLE = 16
"""A picture of points holds this many times as many samples as a grid of images."""


class Recorder:
    """Writes a run directory from inside the loop.

    Args:
        run: Where to.
        state: What is trained.
        seconds: Seconds trained in earlier sessions.
        track: Mirrors a row of the curves.
        lookout: Looks out for collapse; None when that is off, and in all processes but the first.
        watch: Ends the run when it has diverged.
        evaluate: Judges the checkpoint of so many images; None in all processes but the first.
        items: Held-out items, which a model that draws no samples is shown to change.
    """

    def __init__(
        self,
        run: RunDirectory,
        state: TrainState,
        *,
        seconds: float,
        track: Callable[[Mapping[str, float], int], None],
        watch: DivergenceWatch,
        lookout: Lookout | None = None,
        evaluate: Callable[[int], None] | None = None,
        items: WatchedItems | None = None,
    ) -> None:
        self.run, self.state, self.track, self.lookout, self.evaluate = run, state, track, lookout, evaluate
        self.main = state.accelerator.is_main_process
        self.watch = watch
        self._before, self._started = seconds, time.monotonic()
        self._gathered = Gathered()
        self._losses: dict[str, Tensor] = {}
        self._row_images, self._row_time = state.images, self._started
        self._beat = 0.0
        self._speed: float | None = None
        self._saved = state.images if run.checkpoints() else -1
        self._drawn = -1
        each = state.objective.space.spec.pictured
        number = state.config.watch.samples * (1 if each else POINTS_PER_SAMPLE)
        self._number, self._items = number, items
        self._latents = FixedLatents.fixed(state, number, "samples") if draws_samples(state) else None
        self._look_every = look_interval(state)

    @property
    def seconds(self) -> float:
        """Seconds trained in all sessions."""
        return self._before + time.monotonic() - self._started

    def begin(self) -> None:
        """Say that training starts, with the picture of what has not learnt anything yet."""
        if self.state.images == 0:
            self._draw()
        self._heartbeat(force=True)

    def on_step(self, state: TrainState, report: Report) -> None:
        """Gather what a step measured and write what is due."""
        watch, images = state.config.watch, state.images
        self._gathered.add(report.values)
        self._losses = {name: value for name, value in report.values.items() if name.startswith("loss/")}
        step, judge_due = self._step, self.judges_at(images)
        checkpoint_due = judge_due or _crossed(images, step, watch.checkpoint_every)
        look_due = watch.collapse and (images >= state.target or _crossed(images, step, self._look_every))
        if checkpoint_due or look_due or _crossed(images, step, watch.log_every):
            self._write_row(report if look_due else None)
        if _crossed(images, step, watch.sample_every) or _early(images, step, watch.sample_every):
            self._draw()
        if checkpoint_due:
            self._checkpoint()
        if judge_due and images < state.target:  # the end judges the last one
            self.judge(images)
        self._heartbeat()

    def end(self) -> None:
        """Write what is left: the last row, picture, checkpoint and, where there are to be any, evaluation."""
        self._write_row()
        self._draw()
        self._checkpoint()
        if self.lookout is not None:
            self.lookout.end()
        if self.state.images >= self.state.target and self.judges_at(self.state.images):
            self.judge(self.state.images)
        self._heartbeat(force=True)

    def judges_at(self, images: int) -> bool:
        """Whether the checkpoint of so many images is to be evaluated."""
        every = self.state.config.watch.evaluate_every
        return every > 0 and (images >= self.state.target or _crossed(images, self._step, every))

    @property
    def _step(self) -> int:
        """Images that a step takes."""
        return self.state.config.training.batch_size * max(1, *self.state.objective.repeats.values(), 1)

    def judge(self, images: int) -> None:
        """Evaluate the checkpoint of so many images; the time it takes is not training time."""
        if self.evaluate is None:
            return
        started = time.monotonic()
        self.run.update_status(phase="evaluating", images=self.state.images)
        self.evaluate(images)
        spent = time.monotonic() - started
        self._started += spent
        self._row_time += spent

    def _write_row(self, looked_at: Report | None = None) -> None:
        """Write the means since the last row; with what the lookout sees when it is to look at a step."""
        if not self._gathered.steps:
            return
        means, images = self._means(), self.state.images
        scalars = {name: value for name, value in means.items() if isinstance(value, float)}
        require_finite(scalars, images)
        self.watch.look(scalars, images)
        if looked_at is not None and self.lookout is not None:
            scalars |= self.lookout.look(looked_at, means)
        now = time.monotonic()
        speed = (images - self._row_images) / max(1e-9, now - self._row_time)
        self._speed = speed if self._speed is None else self._speed + SMOOTHING * (speed - self._speed)
        self._row_images, self._row_time = images, now
        scalars["lr"] = self.state.config.optimiser.lr * learning_rate_factor(self.state.config, images)
        scalars["images_per_second"] = speed
        if self.main:
            row = {"images": images, "step": self.state.step, "seconds": round(self.seconds, 3), **means, **scalars}
            self.run.append_metrics(row)
            self.track(scalars, images)
            if self.lookout is not None:
                self.lookout.heed(row, self._draw)

    def _means(self) -> dict[str, Any]:
        """Means since the last row of what was measured, over all processes; one transfer from the device."""
        found = self._gathered.means()
        if not found:
            return {}
        flat = torch.cat([value.reshape(-1) for value in found.values()])
        if self.state.accelerator.num_processes > 1:
            reduced = self.state.accelerator.reduce(flat, "mean")
            assert isinstance(reduced, Tensor)
            flat = reduced
        values = flat.tolist()
        means: dict[str, Any] = {}
        for name, value in found.items():
            part, values = values[: value.numel()], values[value.numel() :]
            means[name] = [round(v, 6) for v in part] if name.startswith("vector/") else part[0]
        return means

    def _checkpoint(self) -> None:
        """Save the state, if it is worth going back to."""
        if self._saved == self.state.images:
            return
        # A row is the mean of many steps, and says little of the last one.
        self.watch.look({name: float(value.mean()) for name, value in self._losses.items()}, self.state.images)
        require_finite_weights(self.state)
        self._saved = self.state.images
        if not self.main:
            return
        fill = partial(save_checkpoint, state=self.state, meta={"seconds": self.seconds})
        self.run.write_checkpoint(self.state.images, fill, self.state.config.watch.keep_checkpoints)

    def _draw(self) -> None:
        if not self.main or self._drawn == self.state.images:
            return
        self._drawn = self.state.images
        space, items = self.state.objective.space, b""
        with evaluating(self.state) as assembly:
            if self._latents is not None:
                samples = decode(self.state, assembly, self._latents)
                png, columns, rows = draw(samples, space)
                items = packed(samples.numpy(), space.spec)
            elif self._items is not None:
                png, columns, rows = draw_beside(changed(self.state, assembly, self._items, self._number), space)
            else:
                return
        self.run.write_sample(self.state.images, png, items)
        self.run.update_status(grid={"columns": columns, "rows": rows})

    def _heartbeat(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if not self.main or (not force and now - self._beat < HEARTBEAT_SECONDS):
            return
        self._beat = now
        self.run.update_status(
            phase="training", images=self.state.images, seconds=round(self.seconds, 3), speed=self._speed
        )


def _crossed(images: int, step: int, every: int) -> bool:
    """Whether the last step of ``step`` images passed a multiple of ``every``."""
    return images // every > (images - step) // every


def _early(images: int, step: int, every: int) -> bool:
    """Whether the last step of ``step`` images passed a place of the first pictures, which double until ``every``."""
    place = FIRST_PICTURE
    while place <= images - step:
        place *= 2
    return place < every and place <= images
