"""Gradient descent on latents, in small pieces side by side: the engine of inversion.

A small decoder spread over cores waits for the slowest of them at every step; pieces that fit into a core's cache, each
on one core, take a fraction of the time, and the result does not depend on the number of cores.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from genlab.budget import together
from genlab.models.generative import GenerativeModel

CHUNK = 64
"""Items in one piece."""

MOST = 16
"""Cores at most."""

MOMENTA = (0.9, 0.99)
TELL_SECONDS = 0.2

Tell = Callable[[float], None]
"""Told the share done, 0 to 1; may raise to cancel."""


@dataclass(frozen=True)
class Descent:
    """How to descend.

    Attributes:
        steps: Of Adam (Kingma and Ba, 2015); 0 leaves the start as it is.
        rate: Learning rate of the first step; it falls to 0 along a cosine.
        prior: Weight of |z|² / D, the latent prior, beside the squared error in units of the data's scale.
    """

    steps: int
    rate: float = 0.2
    prior: float = 0.0

    def run(self, model: GenerativeModel, x: Tensor, z: Tensor, y: Tensor | None, tell: Tell) -> tuple[Tensor, Tensor]:
        """Latents [n, D] near ``z`` whose pictures are near ``x`` [n, *shape], and their mean squared errors [n].

        The best of each item's steps is kept, by error and prior together.

        Args:
            model: The model.
            x: Data to come near to.
            z: Where to start.
            y: Classes [n] of a conditional model.
            tell: Told how far it is, from this thread.
        """
        stop, steps_done = threading.Event(), [0] * math.ceil(len(x) / CHUNK)

        def piece(index: int) -> tuple[Tensor, Tensor]:
            rows = slice(index * CHUNK, (index + 1) * CHUNK)

            def told(step: int) -> bool:
                steps_done[index] = step
                return stop.is_set()

            return self._piece(model, x[rows], z[rows], None if y is None else y[rows], told)

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

    @torch.enable_grad()
    def _piece(
        self, model: GenerativeModel, x: Tensor, start: Tensor, y: Tensor | None, told: Callable[[int], bool]
    ) -> tuple[Tensor, Tensor]:
        z = start.detach().clone().requires_grad_()
        scale = model.space.scale**2
        optimiser = torch.optim.Adam([z], self.rate, betas=MOMENTA)
        best, error = start.detach().clone(), torch.full((len(x),), math.inf)
        lowest = error.clone()
        for step in range(self.steps + 1):
            errors = (model.decode_with_gradient(z, y) - x).square().flatten(1).mean(dim=1)
            costs = errors / scale + self.prior * z.square().mean(dim=1)
            better = costs.detach() < lowest
            best[better], error[better], lowest[better] = z.detach()[better], errors.detach()[better], costs[better]
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
def workers() -> Iterator[ThreadPoolExecutor]:
    """As many threads as there are free cores, each of which computes on one, as does this one meanwhile."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with (
            together(MOST) as cores,
            ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool,
        ):
            yield pool
    finally:
        torch.set_num_threads(before)
