"""Gradient descent on latents, in small pieces side by side: the engine of inversion and of restoration.

A small decoder spread over cores waits for the slowest of them at every step; pieces that fit into a core's cache, each
on one core, take a fraction of the time, and the result does not depend on the number of cores. On a GPU, which waits
for its orders, as many items as possible take each step together.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from genlab.cores.budget import together
from genlab.cores.gain import paying
from genlab.corruptions.build import Measuring, Untouched
from genlab.models.generative import GenerativeModel

CHUNK = 64
"""Items in one piece on the CPU."""

TOGETHER = 512
"""Items that descend together on a GPU, times `genlab.devices.WIDER`."""

MOST = 16
"""Cores at most."""

MOMENTA = (0.9, 0.99)
TELL_SECONDS = 0.2

Tell = Callable[[float], None]
"""Told the share done, 0 to 1; may raise to cancel."""


@dataclass(frozen=True)
class Target:
    """What pictures are to come near to: whole items, or what has been measured of items.

    Attributes:
        measured: Measurements [n, *seen.shape].
        seen: How they came about.
    """

    measured: Tensor
    seen: Measuring

    @classmethod
    def of(cls, x: Tensor) -> Target:
        """Whole items [n, *shape]."""
        return cls(x, Measuring(Untouched(tuple(x.shape[1:]))))

    def __len__(self) -> int:
        return len(self.measured)

    def as_items(self) -> Tensor:
        """The measurements as encoders see them [n, *shape]: the items themselves where these are whole."""
        return self.seen.as_items(self.measured)

    def errors(self, x: Tensor) -> Tensor:
        """Mean squared errors [n] of candidates ``x`` [n, *shape], in as far as they can be seen."""
        return self.seen.misfit(x, self.measured)

    def errors_of(self, model: GenerativeModel, x: Tensor) -> Tensor:
        """`errors` of candidates on the CPU, computed where the model is."""
        found: Tensor = model.compute(
            lambda index, part: self.rows(index.cpu(), part.device).errors(part), torch.arange(len(self)), x
        )
        return found

    def rows(self, index: Tensor, device: torch.device | str = "cpu") -> Target:
        """The target of the items ``index`` [k] only, which may repeat, on a device."""
        return Target(self.measured[index].to(device), self.seen.rows(index).to(device))


@dataclass(frozen=True)
class Descent:
    """How to descend.

    Attributes:
        steps: Of Adam (Kingma and Ba, 2015); 0 leaves the start as it is.
        rate: Learning rate of the first step; it falls to 0 along a cosine.
        prior: Weight of |z - anchor|² / D, the latent prior, beside the squared error in units of the data's scale.
    """

    steps: int
    rate: float = 0.2
    prior: float = 0.0

    def run(
        self,
        model: GenerativeModel,
        target: Target,
        z: Tensor,
        y: Tensor | None,
        tell: Tell,
        anchor: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Latents [n, D] near ``z`` whose pictures are near the target, and their mean squared errors [n].

        The best of each item's steps is kept, by error and prior together.

        Args:
            model: The model.
            target: What to come near to, on the CPU.
            z: Where to start.
            y: Classes [n] of a conditional model.
            tell: Told how far it is, from this thread.
            anchor: What the prior pulls towards [n, D]; None for its mean, 0.
        """
        anchor = torch.zeros_like(z) if anchor is None else anchor
        if model.device.type != "cpu":
            return self._together(model, target, z, y, anchor, tell)
        stop, steps_done = threading.Event(), [0] * math.ceil(len(target) / CHUNK)

        def piece(index: int) -> tuple[Tensor, Tensor]:
            rows = torch.arange(index * CHUNK, min((index + 1) * CHUNK, len(target)))

            def told(step: int) -> bool:
                steps_done[index] = step
                return stop.is_set()

            return self._piece(model, target.rows(rows), z[rows], None if y is None else y[rows], anchor[rows], told)

        with workers() as pool:
            pending: list[Future[tuple[Tensor, Tensor]]] = [pool.submit(piece, i) for i in range(len(steps_done))]
            waiting = set(pending)
            try:
                while waiting:
                    _, waiting = wait(waiting, timeout=TELL_SECONDS)
                    tell(sum(steps_done) / max(1, len(steps_done) * (self.steps + 1)))
            except BaseException:
                stop.set()
                for future in pending:
                    future.cancel()
                raise
            found = [future.result() for future in pending]
        return torch.cat([latents for latents, _ in found]), torch.cat([errors for _, errors in found])

    def _together(
        self, model: GenerativeModel, target: Target, z: Tensor, y: Tensor | None, anchor: Tensor, tell: Tell
    ) -> tuple[Tensor, Tensor]:
        """The same in large pieces, one after the other, where the model is."""
        done = 0

        def piece(index: Tensor, z_rows: Tensor, y_rows: Tensor | None, anchors: Tensor) -> tuple[Tensor, Tensor]:
            nonlocal done

            def told(step: int) -> bool:
                tell((done + len(index) * step / (self.steps + 1)) / len(target))
                return False

            found = self._piece(model, target.rows(index.cpu(), z_rows.device), z_rows, y_rows, anchors, told)
            done += len(index)
            return found

        found: tuple[Tensor, Tensor] = model.compute(
            piece, torch.arange(len(target)), z, y, anchor, size=TOGETHER, alone=True
        )
        return found

    @torch.enable_grad()
    def _piece(
        self,
        model: GenerativeModel,
        target: Target,
        start: Tensor,
        y: Tensor | None,
        anchor: Tensor,
        told: Callable[[int], bool],
    ) -> tuple[Tensor, Tensor]:
        z = start.detach().clone().requires_grad_()
        scale = model.space.scale**2
        optimiser = torch.optim.Adam([z], self.rate, betas=MOMENTA)
        best, error = start.detach().clone(), torch.full((len(start),), math.inf, device=start.device)
        lowest = error.clone()
        for step in range(self.steps + 1):
            errors = target.errors(model.decode_with_gradient(z, y))
            costs = errors / scale + self.prior * (z - anchor).square().mean(dim=1)
            now, better = costs.detach(), costs.detach() < lowest
            best = torch.where(better[:, None], z.detach(), best)
            error, lowest = torch.where(better, errors.detach(), error), torch.where(better, now, lowest)
            if step == self.steps or told(step + 1):
                break
            for group in optimiser.param_groups:
                group["lr"] = self.rate * (1 + math.cos(math.pi * step / self.steps)) / 2
            optimiser.zero_grad()
            # Items do not touch each other: the gradient of the sum is each one's own.
            costs.sum().backward()
            optimiser.step()
        return best, error


@contextmanager
def side_by_side(device: torch.device) -> Iterator[Callable[..., Iterable[Any]]]:
    """A ``map`` whose calls run on `workers` where ``device`` is the CPU, else one after the other."""
    if device.type != "cpu":
        yield map
        return
    with workers() as pool:
        yield pool.map


@contextmanager
def workers() -> Iterator[ThreadPoolExecutor]:
    """As many threads as there are free cores that pay, each of which computes on one, as does this one meanwhile."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with (
            together(min(MOST, paying())) as cores,
            ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool,
        ):
            yield pool
    finally:
        torch.set_num_threads(before)
