"""Telling two kinds of items apart: counted by hand, and the same on every scale."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.training.watch.critic import separation


@pytest.mark.parametrize(
    ("high", "low", "expected"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.0),
        ([0.0, 1.0], [2.0, 3.0], -1.0),
        ([1.0, 1.0], [1.0, 1.0], 0.0),
        ([0.0, 2.0], [1.0], 0.0),
        # Of six pairs four are the right way round, one is wrong and one is a tie.
        ([1.0, 3.0, 5.0], [2.0, 1.0], (4 - 1) / 6),
    ],
)
def test_pairs_are_counted(high, low, expected):
    assert separation(np.array(high), np.array(low)) == pytest.approx(expected)


def test_it_agrees_with_the_area_under_the_curve():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    high, low = rng.normal(0.7, 1, 300).round(1), rng.normal(0, 1, 200).round(1)
    area = roc_auc_score([1] * 300 + [0] * 200, np.concatenate([high, low]))
    assert separation(high, low) == pytest.approx(2 * area - 1)
    assert separation(1e6 * high, 1e6 * low) == pytest.approx(2 * area - 1)


def test_without_scores_there_is_no_number():
    assert separation(np.empty(0), np.ones(3)) is None
    assert separation(np.ones(3), np.empty(0)) is None
    assert separation(np.ones(3), np.array([np.nan])) is None
    assert separation(np.array([1.0, np.inf]), np.ones(3)) is None
