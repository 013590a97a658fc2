"""Items of symbols are read up to their first end, stored or public."""

from __future__ import annotations

import numpy as np

from genlab.kinds._symbols import END, numbers, one_hot, pieces, spelled, sureness, texts

ROWS = np.array([[1, 2, END, END], [2, 2, 2, 1], [END, 1, 2, 1], [1, END, 2, 2]])


def test_a_text_is_read_up_to_its_first_end() -> None:
    items = one_hot(ROWS, 3)
    assert items.shape == (4, 3, 4) and items.dtype == np.uint8 and set(np.unique(items)) == {0, 255}
    np.testing.assert_array_equal(numbers(items), [[1, 2, 0, 0], [2, 2, 2, 1], [0, 0, 0, 0], [1, 0, 0, 0]])
    assert texts(items, (" ", "red", "kite")) == ["red kite", "kite kite kite red", "", "red"]
    assert texts(items, ("", "a", "b")) == ["ab", "bbba", "", "a"]


def test_a_gap_is_no_end() -> None:
    items = one_hot(ROWS[:1], 3)
    items[:, :, 1] = 0
    assert texts(items, (" ", "red", "kite")) == ["red _"]
    items = one_hot(np.array([[4, 5, 1, 1, 6, 3, 4, 7, 0]]), len(PARTS))
    items[:, :, 4] = 0
    assert texts(items, PARTS) == ["the child _ed the kite"]
    items[:, :, 5] = 7
    assert texts(items, PARTS) == ["the child _ _ the kite"]


def test_distributions_are_read_by_their_likeliest_symbol() -> None:
    shares = np.array([[[0.2, 0.7], [0.5, 0.2], [0.3, 0.1]]], np.float32)
    assert texts(shares, (" ", "x", "y")) == ["x"]
    np.testing.assert_allclose(sureness(shares), [[0.5, 0.7]])
    np.testing.assert_allclose(sureness(one_hot(ROWS, 3)), np.ones((4, 4)))


def test_a_text_without_an_end_takes_all_places() -> None:
    assert spelled(np.array([1, 2, 1]), ("-", "a", "b")) == "a-b-a"


PARTS = (" +", "+", "+s", "+ed", "the", "child", "watch", "kite")


def test_parts_are_read_as_words_with_their_endings() -> None:
    rows = np.array([[4, 5, 2, 1, 6, 3, 4, 7, 0], [4, 5, 1, 1, 6, 2, 4, 7, 0], [1, 2, 5, 0, 2, 2, 2, 2, 2]])
    assert texts(one_hot(rows, len(PARTS)), PARTS) == ["the children watched the kite", "the child watches the kite",
                                                       "s child"]  # fmt: skip
    assert texts(one_hot(np.array([[1, 1, 0]]), len(PARTS)), PARTS) == [""]


def test_a_word_knows_the_places_that_it_is_written_of() -> None:
    assert pieces(np.array([4, 5, 2, 1, 6, 3, 0, 4]), PARTS) == [("the", [0]), ("children", [1, 2, 3]),
                                                                 ("watched", [4, 5])]  # fmt: skip


def test_a_mark_is_an_ordinary_symbol_where_symbols_are_words() -> None:
    assert texts(one_hot(np.array([[1, 2, 0]]), 3), (" ", "one", "+s")) == ["one +s"]
    assert texts(one_hot(np.array([[1, 2, 0]]), 3), ("", "1", "+")) == ["1+"]
