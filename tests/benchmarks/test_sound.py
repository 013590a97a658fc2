"""What the benchmark of sounds says of sounds that are known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sound import distance, turned
from benchmarks.sound_sheet import GAP, SCALE, sheet
from genlab.kinds._mel import levels


def test_distance_is_the_mean_over_items_in_decibels() -> None:
    one = np.zeros((2, 1, 32, 16), np.float32)
    other = one.copy()
    other[0] += 0.5
    everywhere = np.ones(one.shape, bool)
    assert distance(one, other, everywhere) == pytest.approx(20), "40 dB and 0 dB"
    nowhere = everywhere.copy()
    nowhere[1] = False
    assert distance(one, other, nowhere) == pytest.approx(40), "items with nothing to compare are left out"


def test_items_come_back_in_order() -> None:
    at = np.arange(8_192) / 8_000
    waves = np.stack([np.sin(2 * np.pi * hertz * at) for hertz in (300, 1_500)]).astype(np.float32)
    items = levels(waves, 64)
    back = turned(items)
    assert back.shape == items.shape
    there = items > 0.7
    assert distance(items, back, there) < 5 < distance(items[::-1], back, there[::-1])


def test_a_sheet_holds_all_items_of_all_rows() -> None:
    drawn = sheet([np.zeros((4, 3, 8, 6), np.float32)] * 2)
    assert drawn.size == (SCALE * 4 * (6 + GAP), SCALE * 2 * (8 + GAP))
    pixels = np.asarray(drawn)
    assert (pixels[-1] == 255).all() and (pixels[0, 0] == 0).all()
