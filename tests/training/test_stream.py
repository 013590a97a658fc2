"""Batches are a function of the position: every item once per epoch, in memory or streamed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.training.stream import BLOCK, PairedStream, Stream, batches_of


def _numbers(count: int) -> np.ndarray:
    """Items float32 [count, 2] that carry their own number."""
    return np.stack([np.arange(count), np.zeros(count)], 1).astype(np.float32)


def _epoch(stream: Stream, size: int, epoch: int = 0) -> list[int]:
    start, got = epoch * stream.count, []
    for offset in range(0, stream.count, size):
        x, _ = stream.batch(start + offset, min(size, stream.count - offset))
        got += x[:, 0].int().tolist()
    return got


SMALL = BLOCK * 2 * 8 * 2
"""Bytes that make the window two blocks of such items."""


@pytest.mark.parametrize("memory", [2**31, SMALL])
def test_every_item_once_per_epoch_in_another_order(memory):
    stream = Stream(_numbers(5 * BLOCK + 17), seed=3, memory=memory)
    first, second = _epoch(stream, 100, 0), _epoch(stream, 100, 1)
    assert sorted(first) == sorted(second) == list(range(5 * BLOCK + 17))
    assert first != second
    assert first != sorted(first)


@pytest.mark.parametrize("memory", [2**31, SMALL])
def test_a_batch_depends_on_its_position_alone(memory):
    count = 3 * BLOCK + 5
    straight = Stream(_numbers(count), seed=1, memory=memory)
    sequence = torch.cat([straight.batch(p, 64)[0] for p in range(0, 3 * count, 64)])
    for position in (0, count - 10, 2 * count - 1, 777):
        jumped, _ = Stream(_numbers(count), seed=1, memory=memory).batch(position, 48)
        assert torch.equal(jumped, sequence[position : position + 48])


def test_another_seed_is_another_order():
    one, two = Stream(_numbers(100), seed=1), Stream(_numbers(100), seed=2)
    assert not torch.equal(one.batch(0, 100)[0], two.batch(0, 100)[0])


def test_streaming_holds_no_more_than_allowed():
    stream = Stream(_numbers(20 * BLOCK), seed=0, memory=SMALL)
    stream.batch(0, 8)
    assert stream._data.nbytes <= SMALL // 2


def test_streaming_mixes_distant_items():
    stream = Stream(_numbers(40 * BLOCK), seed=0, memory=SMALL * 4)
    x, _ = stream.batch(0, 256)
    assert len(set((x[:, 0].int() // BLOCK).tolist())) > 3


def test_images_become_floats_in_the_unit_interval_and_labels_follow():
    items = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1) * 85
    stream = Stream(items, np.arange(4), seed=0)
    x, y = stream.batch(0, 4)
    assert y is not None
    assert x.dtype == torch.float32
    assert torch.allclose(x.flatten(), y.float() * 85 / 255)


def test_a_batch_may_span_epochs():
    x, _ = Stream(_numbers(10), seed=0).batch(5, 20)
    assert len(x) == 20
    assert sorted(x[5:15, 0].int().tolist()) == list(range(10))


def test_a_window_is_read_once_while_batches_come_from_it(monkeypatch: pytest.MonkeyPatch):
    stream = Stream(_numbers(8 * BLOCK), seed=0, memory=SMALL)
    reads: list[int] = []
    read = stream._load
    monkeypatch.setattr(stream, "_load", lambda rows: reads.append(len(rows)) or read(rows))
    for position in range(0, 4 * BLOCK, 64):
        stream.batch(position, 64)
    assert reads == [2 * BLOCK] * 2


def test_two_gigabytes_may_be_held_where_nothing_else_is_said():
    assert Stream(_numbers(4 * BLOCK), seed=0)._all is not None


def _classes(count: int) -> np.ndarray:
    """Every fifth item is of class 1, the others are of 0 and 2 by turns."""
    numbers = np.arange(count)
    return np.where(numbers % 5 == 0, 1, 2 * (numbers % 2))


@pytest.mark.parametrize("memory", [2**31, SMALL])
def test_of_some_rows_it_gives_those_and_no_others(memory):
    rows = np.arange(3, 4_000, 3)
    stream = Stream(_numbers(4_000), rows=rows, seed=1, memory=memory)
    assert stream.count == len(rows)
    first, second = _epoch(stream, 100), _epoch(stream, 100, epoch=1)
    assert sorted(first) == sorted(second) == rows.tolist() and first != second


@pytest.mark.parametrize("memory", [2**31, 2 * SMALL])
def test_a_pair_of_classes_has_equal_shares_whatever_the_data(memory):
    items, labels = _numbers(6_000), _classes(6_000)
    stream = PairedStream(items, labels, (0, 1), seed=1, memory=memory)
    seen: dict[int, list[int]] = {0: [], 1: []}
    for start in range(0, 2_400, 100):
        x, y = stream.batch(start, 100)
        assert y.tolist() == [0] * 50 + [1] * 50
        assert np.array_equal(labels[x[:, 0].int().numpy()], y.numpy())
        for number in seen:
            seen[number] += x[y == number, 0].int().tolist()
    assert sorted(seen[1]) == np.flatnonzero(labels == 1).tolist()
    assert len(set(seen[0])) == 1_200


def test_a_pair_is_a_function_of_the_position():
    stream = PairedStream(_numbers(500), _classes(500), (2, 1), seed=1)
    whole, classes = stream.batch(7, 9)
    parts = [stream.batch(7, 4), stream.batch(11, 5)]
    for number in (2, 1):
        together = torch.cat([x[y == number] for x, y in parts])
        assert torch.equal(whole[classes == number], together)
    assert sorted((classes == 2).sum() for _, classes in parts) == [2, 2]


def test_without_a_pair_items_come_as_they_are_and_without_a_class_not_at_all():
    items, labels = _numbers(100), _classes(100)
    assert isinstance(batches_of(items, labels), Stream)
    assert isinstance(batches_of(items, labels, (0, 1)), PairedStream)
    with pytest.raises(InputError, match="No training item is of class 7"):
        batches_of(items, labels, (0, 7))
