from __future__ import annotations

import math

import numpy as np
import pytest

from genlab.plots.series import Series, band, names_in, pick, pick_vectors, smooth, thin

ROWS = [
    {"images": 64, "step": 1, "seconds": 0.5, "loss/vae": 3.0, "vector/kl": [1.0, 2.0]},
    {"images": 128, "step": 2, "seconds": 1.0, "loss/vae": None, "elbo": -7},
    {"images": 192, "step": 3, "seconds": 1.5, "loss/vae": 1.0, "vector/kl": [3.0, 4.0], "flag": True},
]


def line(*values: float) -> Series:
    return Series(np.arange(len(values), dtype=float), np.asarray(values, float))


def test_names_come_in_order_and_without_the_axes():
    assert names_in(ROWS) == ["loss/vae", "vector/kl", "elbo", "flag"]


@pytest.mark.parametrize(("axis", "x"), [("images", [64, 192]), ("steps", [1, 3]), ("seconds", [0.5, 1.5])])
def test_a_line_leaves_out_rows_without_the_value(axis, x):
    found = pick(ROWS, "loss/vae", axis)
    assert found.x.tolist() == x
    assert found.y.tolist() == [3.0, 1.0]


def test_what_is_not_a_finite_number_is_not_drawn():
    assert len(pick(ROWS, "flag")) == 0
    assert len(pick(ROWS, "vector/kl")) == 0
    assert pick([{"images": 1, "a": math.nan}, {"images": 2, "a": 5}], "a").y.tolist() == [5]
    assert len(pick([], "a")) == 0


def test_vectors_keep_those_as_long_as_the_last():
    x, vectors = pick_vectors([{"images": 0, "vector/kl": [9.0]}, *ROWS], "vector/kl")
    assert x.tolist() == [64, 192]
    assert vectors.tolist() == [[1, 2], [3, 4]]
    assert pick_vectors(ROWS, "vector/none")[1].size == 0


def test_thinning_keeps_the_mean_and_the_range():
    long = line(*range(10_000))
    short = thin(long, 600)
    assert len(short) == 600
    assert np.average(short.y) == pytest.approx(np.mean(long.y), rel=1e-3)
    assert short.y.min() >= 0 and short.y.max() <= 9_999
    assert np.all(np.diff(short.x) > 0)
    assert thin(line(1, 2, 3), 3).y.tolist() == [1, 2, 3]


def test_thinning_averages_neighbours():
    assert thin(line(1, 3, 10, 20), 2).y.tolist() == [2, 15]


def test_smoothing_by_hand():
    # average: 0.5*4 = 2, /(1-0.5) = 4; then 0.5*2+0.5*8 = 5, /(1-0.25) = 20/3
    assert smooth(line(4, 8), 0.5).y == pytest.approx([4, 20 / 3])
    assert smooth(line(4, 8), 0).y.tolist() == [4, 8]
    assert smooth(line(5, 5, 5), 0.9).y == pytest.approx([5, 5, 5])


def test_a_band_covers_what_all_lines_have():
    early = Series(np.array([0.0, 10, 20]), np.array([0.0, 10, 20]))
    late = Series(np.array([10.0, 20, 30]), np.array([30.0, 40, 50]))
    found = band([early, late])
    assert found is not None
    assert found.x.tolist() == [10, 20]
    assert found.low.tolist() == [10, 20]
    assert found.high.tolist() == [30, 40]
    assert found.mean.tolist() == [20, 30]


def test_no_band_where_nothing_overlaps():
    assert band([line(1, 2), Series(np.array([9.0]), np.array([1.0]))]) is None
    assert band([Series(np.empty(0), np.empty(0))]) is None


def test_a_band_is_as_short_as_asked():
    found = band([line(*range(2_000)), line(*range(2_000))], limit=50)
    assert found is not None and len(found.x) == 50
