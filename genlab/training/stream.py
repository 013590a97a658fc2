"""Batches from uint8 (or float) arrays by position, so that a resumed run sees what it would have seen."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.errors import InputError
from genlab.training.seeding import generator

BLOCK = 512
"""Neighbouring items that are read together when the data stay on disk."""


def public(stored: Tensor) -> Tensor:
    """Public values of stored ones, as `genlab.kinds.base.as_public` gives them; public values as they are."""
    return stored if stored.is_floating_point() else stored.float().div_(torch.iinfo(stored.dtype).max)


class Batches(Protocol):
    """Items by their position in an endless sequence."""

    def batch(self, position: int, size: int) -> tuple[Tensor, Tensor | None]:
        """Items ``position`` to ``position + size``, public values, and their classes."""
        ...


class Stream:
    """An endless, shuffled sequence of items, one permutation per epoch, addressed by position.

    Data that fit are held on the device as they are stored and converted on the fly. Larger data stay memory-mapped:
    blocks of neighbouring items are read in shuffled order, a window at a time, and shuffled within the window.

    Args:
        items: Items as they are stored [N, *shape].
        labels: Class numbers [N], or None.
        rows: Which of the items it is about; None for all.
        seed: Seed of the order.
        device: Where batches are wanted.
        memory: Bytes that may be held at once.
    """

    def __init__(
        self,
        items: NDArray[Any],
        labels: NDArray[np.int64] | None = None,
        *,
        rows: NDArray[np.int64] | None = None,
        seed: int = 0,
        device: torch.device | str = "cpu",
        memory: int = 2**31,
    ) -> None:
        self.count = len(items) if rows is None else len(rows)
        self._items, self._labels, self._about = items, labels, rows
        self._seed, self._device = seed, device
        self._window_rows = self.count
        each = items.nbytes // max(1, len(items))
        if each * self.count > memory:
            self._window_rows = max(BLOCK, memory // 2 // max(1, each) // BLOCK * BLOCK)
        self._held: tuple[int, int] | None = None
        self._order: tuple[int, NDArray[np.int64], NDArray[np.int64]] | None = None
        self._data = torch.empty(0)
        self._classes: Tensor | None = None
        self._rows = torch.empty(0, dtype=torch.long)
        self._all = self._load(None) if self._window_rows >= self.count else None

    def batch(self, position: int, size: int) -> tuple[Tensor, Tensor | None]:
        """Items ``position`` to ``position + size`` of the sequence, public values, and their classes."""
        parts: list[tuple[Tensor, Tensor | None]] = []
        while size > 0:
            epoch, offset = divmod(position, self.count)
            start, rows = self._window(epoch, offset)
            taken = rows[offset - start : offset - start + size]
            parts.append(self._pick(taken))
            position, size = position + len(taken), size - len(taken)
        if len(parts) == 1:
            return parts[0]
        classes = [y for _, y in parts if y is not None]
        return torch.cat([x for x, _ in parts]), torch.cat(classes) if classes else None

    def _pick(self, rows: Tensor) -> tuple[Tensor, Tensor | None]:
        x = self._data[rows]
        return public(x), self._classes[rows] if self._classes is not None else None

    def _window(self, epoch: int, offset: int) -> tuple[int, Tensor]:
        """Start of the window that holds ``offset`` of ``epoch``, and its rows within the data held, in order."""
        if self._all is not None:
            if self._held != (epoch, 0):
                self._data, self._classes = self._all
                self._rows = self._shuffled(self.count, "order", epoch)
                self._held = (epoch, 0)
            return 0, self._rows
        blocks, starts = self._blocks(epoch)
        window = int(np.searchsorted(starts, offset, side="right")) - 1
        if self._held != (epoch, window):
            per = self._window_rows // BLOCK
            wanted = np.concatenate(
                [
                    np.arange(b * BLOCK, min(self.count, (b + 1) * BLOCK))
                    for b in blocks[window * per : (window + 1) * per]
                ]
            )
            self._data, self._classes = self._load(wanted)
            self._rows = self._shuffled(len(wanted), "window", epoch, window)
            self._held = (epoch, window)
        return int(starts[window]), self._rows

    def _shuffled(self, count: int, *names: object) -> Tensor:
        """A permutation, where the data are: it is drawn on the CPU, so that it does not depend on the device."""
        return torch.randperm(count, generator=generator(self._seed, *names)).to(self._device)

    def _blocks(self, epoch: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if self._order is None or self._order[0] != epoch:
            number = -(-self.count // BLOCK)
            blocks = torch.randperm(number, generator=generator(self._seed, "blocks", epoch)).numpy()
            sizes = np.where(blocks == number - 1, self.count - (number - 1) * BLOCK, BLOCK)
            per = self._window_rows // BLOCK
            starts = np.concatenate([[0], np.cumsum(sizes)])[:-1][::per]
            self._order = (epoch, blocks, starts)
        return self._order[1], self._order[2]

    def _load(self, rows: NDArray[np.int64] | None) -> tuple[Tensor, Tensor | None]:
        if self._about is not None:
            rows = self._about if rows is None else self._about[rows]
        items = np.array(self._items) if rows is None else np.array(self._items[rows])
        data = torch.from_numpy(items).to(self._device)
        if self._labels is None:
            return data, None
        labels = np.asarray(self._labels if rows is None else self._labels[rows], dtype=np.int64)
        return data, torch.from_numpy(labels.copy()).to(self._device)


class PairedStream:
    """As many items of one class as of another, whatever their shares of the data: by turns, each class shuffled.

    Args:
        items: Items as they are stored [N, *shape].
        labels: Class numbers [N].
        pair: The two classes.
        seed: Seed of the orders.
        device: Where batches are wanted.
        memory: Bytes that may be held at once, of both together.

    Raises:
        InputError: When there is no item of a class.
    """

    def __init__(
        self,
        items: NDArray[Any],
        labels: NDArray[np.int64],
        pair: tuple[int, int],
        *,
        seed: int = 0,
        device: torch.device | str = "cpu",
        memory: int = 2**31,
    ) -> None:
        def of_class(number: int) -> Stream:
            rows = np.flatnonzero(np.asarray(labels) == number)
            if not len(rows):
                raise InputError(f"No training item is of class {number}.", "Choose another class.", kind="bad_value")
            return Stream(items, labels, rows=rows, seed=seed, device=device, memory=memory // 2)

        self._streams = [of_class(number) for number in pair]

    def batch(self, position: int, size: int) -> tuple[Tensor, Tensor | None]:
        """Items ``position`` to ``position + size``, those of the first class first; even positions are its own."""
        parts = []
        for stream, early in zip(self._streams, (1, 0), strict=True):
            start, end = (position + early) // 2, (position + size + early) // 2
            if end > start:
                parts.append(stream.batch(start, end - start))
        classes = [y for _, y in parts if y is not None]
        return torch.cat([x for x, _ in parts]), torch.cat(classes)


def batches_of(
    items: NDArray[Any],
    labels: NDArray[np.int64] | None = None,
    pair: tuple[int, int] | None = None,
    *,
    seed: int = 0,
    device: torch.device | str = "cpu",
    memory: int = 2**31,
) -> Batches:
    """Batches as an objective wants them: items as they come, or as many of each of the two classes of ``pair``.

    Raises:
        InputError: When there is no item of such a class.
    """
    if pair is None or labels is None:
        return Stream(items, labels, seed=seed, device=device, memory=memory)
    return PairedStream(items, labels, pair, seed=seed, device=device, memory=memory)
