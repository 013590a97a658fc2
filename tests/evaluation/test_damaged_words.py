"""Words are dropped, repeated and put in another order in a share of the texts; other data stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.evaluation.damage import DAMAGES, RealSets
from genlab.kinds._symbols import END, numbers, one_hot
from genlab.metrics.base import Damage

ROWS = np.array([[1, 2, 3, END, END], [3, 1, 2, 3, 1], [2, END, END, END, END], [1, 3, 2, 3, END]] * 25)


def sets(kind: str = "texts") -> RealSets:
    items = one_hot(ROWS, 4).astype(np.float32) / 255
    return RealSets(items, items, None, items, None, kind=kind)


def damaged(damage: Damage, strength: float) -> list[list[int]]:
    """The symbols of each text after the damage."""
    items, labels = DAMAGES[damage].apply(sets(), strength, np.random.default_rng(0))
    assert labels is None and items.dtype == np.float32 and set(np.unique(items)) == {0, 1}
    return [[int(number) for number in row if number != END] for row in numbers(items)]


WHOLE = [[int(number) for number in row if number != END] for row in ROWS]


@pytest.mark.parametrize(("damage", "more"), [("dropped_words", -1), ("repeated_words", 1)])
def test_one_word_less_or_more(damage: Damage, more: int) -> None:
    for before, after in zip(WHOLE, damaged(damage, 1.0), strict=True):
        if len(before) == 1:
            assert after == before, "a text of one word stays"
        else:
            assert len(after) == min(5, len(before) + more)
            assert set(after) <= set(before)


def test_the_same_words_in_another_order() -> None:
    found = damaged("shuffled_words", 1.0)
    assert [sorted(row) for row in found] == [sorted(row) for row in WHOLE]
    assert sum(one != other for one, other in zip(found, WHOLE, strict=True)) > 40


@pytest.mark.parametrize("damage", ["dropped_words", "repeated_words", "shuffled_words"])
def test_strength_is_the_share_of_texts(damage: Damage) -> None:
    assert damaged(damage, 0.0) == WHOLE
    assert 20 < sum(one != other for one, other in zip(damaged(damage, 0.5), WHOLE, strict=True)) <= 50


def test_other_data_are_left_alone() -> None:
    points = np.zeros((5, 2), np.float32)
    real = RealSets(points, points, None, points, None, kind="points")
    assert DAMAGES["dropped_words"].apply(real, 1.0, np.random.default_rng(0))[0] is points
