"""Texts: at most 64 of at most 512 symbols; with their symbols they are read, drawn and described."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds._symbols import one_hot

TEXTS = kinds.get("texts")
ROWS = np.array([[1, 2, 0], [2, 2, 1]])


@pytest.mark.parametrize("shape", [(2, 1), (127, 8), (512, 64)])
def test_shapes_that_texts_have(shape: tuple[int, ...]) -> None:
    TEXTS.check(shape)


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ((513, 8), "2 to 512 different symbols, not 513"),
        ((1, 8), "2 to 512 different symbols, not 1"),
        ((20, 65), "at most 64 symbols, not 65"),
        ((20,), "have 2 axes, not 20"),
    ],
)
def test_other_shapes_are_refused_with_the_reason(shape: tuple[int, ...], why: str) -> None:
    with pytest.raises(InputError, match=why):
        TEXTS.check(shape)


def test_words_stand_apart_and_characters_do_not() -> None:
    item = one_hot(ROWS, 3)[0].astype(np.float32) / 255
    words, characters = kinds.get("texts", (" ", "red", "kite")), kinds.get("texts", ("", "a", "b"))
    assert words.text is not None and words.text(item) == "red kite"
    assert characters.text is not None and characters.text(item) == "ab"
    assert TEXTS.text is None
    parts = kinds.get("texts", (" +", "watch", "+ed"))
    assert parts.text is not None and parts.text(item) == "watched"
    assert (
        parts.words((3, 3)) == "up to 3 parts of words of 2 different ones"
        and parts.labelled((3, 3)) == "3 parts of words"
    )
    assert words.words((3, 3)) == "up to 3 words of 2 different ones" and words.labelled((3, 3)) == "3 words"
    assert characters.words((3, 3)) == "up to 3 characters of 2 different ones"
    assert TEXTS.words((3, 3)) == "up to 3 symbols of 2 different ones"


def test_without_their_symbols_they_are_drawn_as_numbers() -> None:
    items = one_hot(ROWS, 3)
    told = kinds.get("texts", (" ", "1", "2"))
    np.testing.assert_array_equal(TEXTS.tiles(items), told.tiles(items))
    assert (told.tiles(items)[0] != told.tiles(items)[1]).any()


def test_a_decoder_gives_a_distribution_at_each_place() -> None:
    made = TEXTS.activate(torch.randn(4, 7, 5), 1.0)
    torch.testing.assert_close(made.sum(dim=1), torch.ones(4, 5))


def test_what_entries_find_in_it() -> None:
    assert TEXTS.gives == {"any", "sequence", "lattice", "unit", "symbols"}
