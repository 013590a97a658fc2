from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from genlab.datasets.store._split import held_out, held_out_counts, split, spread

SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


def test_counts_by_largest_remainder() -> None:
    assert held_out_counts(np.array([10, 10, 10]), 0.25).tolist() == [3, 3, 2]
    assert held_out_counts(np.array([7, 1]), 0.25).tolist() == [2, 0]
    assert held_out_counts(np.array([1, 1, 1, 1]), 0.5).tolist() == [0, 0, 0, 0], "each class keeps one for training"
    assert held_out_counts(np.array([500] * 10), 1 / 6).sum() == 833


@given(sizes=SIZES, seed=st.integers(0, 99))
def test_parts_are_disjoint_complete_and_in_proportion(sizes: list[int], seed: int) -> None:
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    train, test = split(labels, len(labels), 1 / 6, seed)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))
    counts = np.bincount(labels[test], minlength=len(sizes))
    number, by_class = held_out(np.array(sizes), 1 / 6)
    assert len(test) == number
    if by_class:
        assert (counts < np.array(sizes)).all()
        assert np.abs(counts - np.array(sizes) / 6).max() <= 1
    if round(len(labels) / 6) > 0:
        assert number > 0
    again = split(labels, len(labels), 1 / 6, seed)
    np.testing.assert_array_equal(np.concatenate(again), np.concatenate([train, test]))


@given(sizes=SIZES, seed=st.integers(0, 99), share=st.floats(0, 1))
def test_every_beginning_is_in_proportion(sizes: list[int], seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    order = spread(np.arange(len(labels)), labels, rng)
    part = labels[order][: round(share * len(labels))]
    expected = np.array(sizes) * len(part) / len(labels)
    bound = 1 + len(sizes) * max(sizes) / len(labels)
    assert np.abs(np.bincount(part, minlength=len(sizes)) - expected).max() <= bound


def test_seeds_differ_and_unlabelled_items_are_shuffled() -> None:
    first, _ = split(None, 100, 0.1, 0)
    other, _ = split(None, 100, 0.1, 1)
    assert len(first) == 90
    assert first.tolist() != other.tolist()
    assert first.tolist() != sorted(first)


def test_classes_of_one_item_do_not_leave_the_test_part_empty() -> None:
    train, test = split(np.arange(18), 18, 1 / 6, 0)
    assert (len(train), len(test)) == (15, 3)
    assert held_out(np.ones(18, np.int64), 1 / 6) == (3, False)
    assert held_out(np.full(9, 2), 1 / 6) == (3, True)


def test_a_class_keeps_an_item_for_training_even_where_all_are_wanted() -> None:
    assert held_out_counts(np.array([1, 3, 0]), 1.0).tolist() == [0, 2, 0]
