"""Items of symbols are read up to their first end, stored or public."""

from __future__ import annotations

import numpy as np

from genlab.kinds._symbols import END, numbers, one_hot, spelled, sureness, texts

ROWS = np.array([[1, 2, END, END], [2, 2, 2, 1], [END, 1, 2, 1], [1, END, 2, 2]])


def test_a_text_is_read_up_to_its_first_end() -> None:
    items = one_hot(ROWS, 3)
    assert items.shape == (4, 3, 4) and items.dtype == np.uint8 and set(np.unique(items)) == {0, 255}
    np.testing.assert_array_equal(numbers(items), [[1, 2, 0, 0], [2, 2, 2, 1], [0, 0, 0, 0], [1, 0, 0, 0]])
    assert texts(items, (" ", "red", "kite")) == ["red kite", "kite kite kite red", "", "red"]
    assert texts(items, ("", "a", "b")) == ["ab", "bbba", "", "a"]


def test_distributions_are_read_by_their_likeliest_symbol() -> None:
    shares = np.array([[[0.2, 0.7], [0.5, 0.2], [0.3, 0.1]]], np.float32)
    assert texts(shares, (" ", "x", "y")) == ["x"]
    np.testing.assert_allclose(sureness(shares), [[0.5, 0.7]])
    np.testing.assert_allclose(sureness(one_hot(ROWS, 3)), np.ones((4, 4)))


def test_a_text_without_an_end_takes_all_places() -> None:
    assert spelled(np.array([1, 2, 1]), ("-", "a", "b")) == "a-b-a"
