"""Texts are drawn as dark letters on white, in lines, all of one size, as dark as the model is sure."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest

from genlab.kinds._lettering import LINE, MARGIN, PALEST, SIZE, draw, letters
from genlab.kinds._symbols import GAP, one_hot

WORDS = (" ", "the", "red", "kite", "lighthouses")


def picture(row: list[int], symbols: tuple[str, ...] = WORDS, share: float = 1.0) -> np.ndarray:
    items = one_hot(np.array([row]), len(symbols)).astype(np.float32) / 255
    drawn: np.ndarray = draw(items * share + (1 - share) / len(symbols), symbols)
    return drawn[0, 0]


def lines(page: np.ndarray) -> list[bool]:
    """Which lines of a picture hold ink."""
    inner = page[MARGIN : len(page) - MARGIN].reshape(-1, LINE, page.shape[1])
    return [bool((line < 0.9).any()) for line in inner]


def test_pictures_are_white_with_dark_letters_and_of_one_size() -> None:
    short, long = picture([1, 0, 0, 0, 0, 0]), picture([1, 2, 3, 1, 2, 3])
    assert short.shape == long.shape == letters(WORDS, 6).shape
    assert short.max() == long.max() == 1 and short.min() < 0.1
    assert 0 < (1 - short).sum() < (1 - long).sum()
    assert picture([0, 0, 0, 0, 0, 0]).min() == 1, "an empty text is a white picture"


def test_what_does_not_fit_a_line_goes_to_the_next_and_what_fits_none_is_cut() -> None:
    assert lines(picture([1, 2, 3, 1, 2, 3]))[:2] == [True, True]
    assert lines(picture([1, 0, 0, 0, 0, 0]))[:2] == [True, False]
    assert all(lines(picture([4] * 6)))


def test_there_is_room_for_as_many_symbols_of_ordinary_width_as_a_text_can_have() -> None:
    """In lines of about 20 characters; what stands between symbols takes room only there."""
    (one,) = letters(("", "W"), 1).inks[1:]
    line = 20 * SIZE / 2
    for length in (4, int(line) // one.shape[1], int(line) // one.shape[1] + 1):
        whole = length * one.shape[1]
        count = ceil(whole / line)
        height, width = letters(("", "W"), length).shape
        assert (height, width) == (count * LINE + 2 * MARGIN, ceil(1.1 * whole / count) + 2 * MARGIN)
    apart = letters((" ", "W"), 4)
    assert apart.gap > 0 and apart.shape[1] == ceil(1.1 * 4 * (one.shape[1] + apart.gap)) + 2 * MARGIN


def test_a_name_stands_in_one_line() -> None:
    alphabet = ("", *"abcdefghijklmnopqrstuvwxyz")
    assert lines(picture([alphabet.index(letter) for letter in "christopher"], alphabet)) == [True]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_less_sure_a_model_is_the_paler_are_its_words(share: float) -> None:
    page, sure = picture([3, 3, 3, 3, 3, 3], share=share), picture([3, 3, 3, 3, 3, 3])
    expected = PALEST + (1 - PALEST) * (share + (1 - share) / len(WORDS))
    if share:
        assert 1 - page.min() == pytest.approx(expected * (1 - sure.min()), rel=0.02)
    else:
        gaps = picture([1] * 6, ("-", GAP))
        assert 1 - page.min() == pytest.approx(expected * (1 - gaps.min()), rel=0.02), "all alike: nothing is known"


def test_parts_are_drawn_as_the_words_that_they_make() -> None:
    """As dark as the model is sure of the least sure part."""
    symbols = (" +", "+", "+ed", "watch", "watched", "saw", "see")
    np.testing.assert_array_equal(picture([3, 2, 0, 0], symbols), picture([4, 1, 0, 0], symbols))
    np.testing.assert_array_equal(picture([6, 2, 5, 0], symbols), picture([5, 1, 5, 1], symbols))
    unsure = one_hot(np.array([[3, 2, 0, 0]]), len(symbols)).astype(np.float32) / 255
    unsure[0, 2, 1], unsure[0, 1, 1] = 0.6, 0.4
    sure = 1 - picture([3, 2, 0, 0], symbols)
    np.testing.assert_allclose(1 - draw(unsure, symbols)[0, 0], (PALEST + (1 - PALEST) * 0.6) * sure, atol=1e-6)


def test_texts_differ_by_what_they_say() -> None:
    assert np.abs(picture([1, 2, 0, 0]) - picture([1, 3, 0, 0])).sum() > 10


def test_characters_the_font_lacks_are_drawn_as_something() -> None:
    page = picture([1, 2, 3, 0], ("", "é", "猫", "🙂"))
    assert (page < 0.9).any()


def test_thousands_are_drawn_from_symbols_drawn_once() -> None:
    letters.cache_clear()
    items = one_hot(np.random.default_rng(0).integers(0, 5, (3_000, 6)), 5)
    draw(items, WORDS)
    draw(items[:10], WORDS)
    assert letters.cache_info().misses == 1
