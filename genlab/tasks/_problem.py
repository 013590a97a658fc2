"""What an inverse problem is: items of which only a measurement is known. No torch at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from genlab.corruptions.build import Measuring
    from genlab.registry import Choice
    from genlab.space import Random, Space
    from genlab.tasks.inputs import TaskInputs

TRIALS = 16
"""Training items on which the parameter of a classical method is chosen."""

EXACT = 0.02
"""Noise, as a share of the range, up to which what was measured is put back into a restoration."""


@dataclass(frozen=True)
class Damage:
    """What a task does to items.

    Attributes:
        measure: ``measure(space, count, rng) -> Measuring`` for as many items.
        noise: Standard deviation of the noise in it, as a share of the range.
        corruption: The entry of ``corruptions`` that it is, with its options; None for what somebody drew.
    """

    measure: Callable[[Space, int, Random], Measuring]
    noise: float = 0.0
    corruption: Choice | None = None

    @classmethod
    def of(cls, name: str, options: Mapping[str, Any], noise: float = 0.0) -> Damage:
        """That of the entry ``name`` of ``corruptions``."""
        from genlab.registry import Choice, registry

        spec = registry("corruptions").get(name)
        chosen = spec.Options(**options)
        return cls(
            lambda space, count, rng: spec.measuring(space, count, rng, chosen),
            noise,
            Choice(name=name, options=chosen),
        )


@dataclass(frozen=True)
class Problem:
    """Items of which only a measurement is known.

    Attributes:
        space: Kind and shape of the items.
        items: The true items [n, *shape], which no method looks at.
        seen: How they were measured.
        measured: What was measured [n, *seen.shape].
        noise: Standard deviation of the noise in it, in public units.
        damage: What was done.
    """

    space: Space
    items: Tensor
    seen: Measuring
    measured: Tensor
    noise: float
    damage: Damage

    @property
    def given(self) -> Tensor:
        """The measurements as items [n, *shape], not cut to their bounds, so that noise stays what it is."""
        return self.seen.as_items(self.measured)

    @property
    def visible(self) -> NDArray[np.float32]:
        """The same cut to the bounds: what a person sees."""
        return self._public(self.given)

    @property
    def is_exact(self) -> bool:
        """Whether there is so little noise that what was measured is known."""
        return self.noise <= EXACT * self.space.span

    def first(self, count: int) -> Problem:
        """The same of the first ``count`` items."""
        import torch

        rows = torch.arange(min(count, len(self.items)))
        return replace(self, items=self.items[rows], seen=self.seen.rows(rows), measured=self.measured[rows])

    def put_back(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        """``found`` [n, *shape] changed as little as possible, so that it has the measurements that are known."""
        import torch

        x = torch.as_tensor(found)
        wrong = self.measured - self.seen.exact(x)
        # Less what items without a measurement are shown as, such as the grey of a hole.
        return self._public(x + (self.seen.as_items(wrong) - self.seen.as_items(torch.zeros_like(wrong))))

    def consistency(self, found: NDArray[np.float32]) -> NDArray[np.floating]:
        """Root mean squared difference [n] of what is measured of ``found`` from the measurement, in ranges."""
        import torch

        misfit: NDArray[np.floating] = self.seen.misfit(torch.as_tensor(found), self.measured).sqrt().numpy()
        return misfit / self.space.span

    def _public(self, x: Tensor) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self.space.clip(x).numpy()
        return found


def pose(inputs: TaskInputs, damage: Damage, purpose: str = "measurement") -> Problem:
    """The task's items, measured; the same for every method and model.

    Args:
        inputs: The task's inputs.
        damage: What is done to them.
        purpose: ``"trial"`` for some training items instead.
    """
    import torch

    from genlab.training.seeding import SharedRandom

    space = inputs.data.space()
    items = torch.as_tensor(inputs.training(TRIALS)[0] if purpose == "trial" else inputs.items)
    seen = damage.measure(space, len(items), SharedRandom(inputs.seed, purpose))
    return Problem(space, items, seen, seen(items), damage.noise * space.span, damage)
