"""What steps measured, summed until a row of the curves is due: in a few operations a step, however much it is.

A module of its own because it is all that a step pays for its numbers: a mean and a sum of each would take as long as
the averages of the weights. The sums are those that adding up the mean of each value, step by step, gives, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

MOST_TOGETHER = 2**14
"""Samples of a value from which on it is averaged by itself: torch may share out longer ones among threads."""

VECTOR = "vector/"
"""Beginning of the names of what is no mean over samples but a vector."""

Make = tuple[tuple[str, tuple[int, ...], bool], ...]


class Gathered:
    """Sums of values by name, over steps.

    Steps that measured the same things are summed as one tensor; where a step measured others, sums go on by name.
    """

    def __init__(self) -> None:
        self.steps = 0
        self._make: Make = ()
        self._order: list[str] = []
        self._together: list[list[str]] = []
        self._alone: list[str] = []
        self._vectors: list[str] = []
        self._packed: Tensor | None = None
        self._since = 0
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}

    def add(self, values: Mapping[str, Tensor]) -> None:
        """Add what a step measured: scalars, values per sample, and vectors under ``vector/``, all detached."""
        self.steps += 1
        if not values:
            return
        make = tuple((name, tuple(value.shape), value.is_contiguous()) for name, value in values.items())
        if make != self._make:
            self._part()
            self._arrange(make)
        for name in self._vectors:
            self._sums[name] = self._sums[name] + values[name] if name in self._sums else values[name]
            self._counts[name] = self._counts.get(name, 0) + 1
        packed = self._means_of(values)
        if packed is not None:
            self._packed = packed if self._packed is None else self._packed + packed
            self._since += 1

    def means(self) -> dict[str, Tensor]:
        """Name -> mean over the steps that measured it, in order of names; then nothing is left of them."""
        found: dict[str, Tensor] = {}
        if self._packed is not None and self._counts.keys() <= set(self._vectors):
            found = dict(zip(self._order, (self._packed / self._since).unbind(), strict=True))
            self._packed, self._since = None, 0
        self._part()
        found |= {name: value / self._counts[name] for name, value in self._sums.items()}
        self.steps, self._sums, self._counts = 0, {}, {}
        return dict(sorted(found.items()))

    def _arrange(self, make: Make) -> None:
        """Decide what is averaged together, and go on with the sums that there are."""
        by_size: dict[int, list[str]] = {}
        self._make, self._alone, self._vectors = make, [], []
        for name, shape, contiguous in make:
            if name.startswith(VECTOR):
                self._vectors.append(name)
            elif len(shape) == 1 and contiguous and shape[0] < MOST_TOGETHER:
                by_size.setdefault(shape[0], []).append(name)
            else:
                self._alone.append(name)
        self._together = list(by_size.values())
        self._order = [name for names in (*self._together, self._alone) for name in names]
        self._packed, known = None, [self._sums.pop(name, None) for name in self._order]
        if any(value is not None for value in known):
            nothing = next(value for value in known if value is not None).new_zeros(())
            self._packed = torch.stack([nothing if value is None else value for value in known])

    def _part(self) -> None:
        """Keep the sums by name."""
        if self._packed is not None:
            self._sums |= zip(self._order, self._packed.unbind(), strict=True)
        for name in self._order if self._since else ():
            self._counts[name] = self._counts.get(name, 0) + self._since
        self._packed, self._since = None, 0

    def _means_of(self, values: Mapping[str, Tensor]) -> Tensor | None:
        """The mean of each value of a step over its samples, in order [number of values]."""
        parts = [_stacked(values, names).float().mean(1) for names in self._together]
        if self._alone:
            alone = {
                name: values[name] if not values[name].ndim else values[name].float().mean() for name in self._alone
            }
            parts.append(_stacked(alone, self._alone).float())
        return None if not parts else parts[0] if len(parts) == 1 else torch.cat(parts)


def _stacked(values: Mapping[str, Tensor], names: Sequence[str]) -> Tensor:
    return torch.stack([values[name] for name in names])
