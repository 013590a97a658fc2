"""Tests of few seeds against numbers worked out elsewhere, and their edges."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from scipy import stats

from genlab.verdicts import statistics as s
from genlab.verdicts.samples import Sample
from genlab.verdicts.statistics import Test

A, B = Sample((5.1, 4.9, 5.6, 5.2)), Sample((3.9, 4.4, 4.1))
Test.__test__ = False  # type: ignore[attr-defined]


def test_welch_is_that_of_scipy() -> None:
    found = s.welch(A, B, 0.0)
    theirs = stats.ttest_ind(A.values, B.values, equal_var=False, alternative="greater")
    both = stats.ttest_ind(A.values, B.values, equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert found.p_for == pytest.approx(theirs.pvalue)
    assert found.p_for + found.p_against == pytest.approx(1)
    assert (found.low, found.high) == pytest.approx((both.low, both.high))
    assert found.effect == pytest.approx(np.mean(A.values) - np.mean(B.values))


def test_a_threshold_is_what_has_to_be_beaten() -> None:
    plain, shifted = s.welch(A, B, 0.5), s.welch(Sample(tuple(v - 0.5 for v in A.values)), B, 0.0)
    assert plain is not None and shifted is not None
    assert plain.p_for == pytest.approx(shifted.p_for)
    assert plain.effect == pytest.approx(shifted.effect + 0.5)


def test_one_sample_against_nothing() -> None:
    found = s.welch(A, None, 5.0)
    theirs = stats.ttest_1samp(A.values, 5.0, alternative="greater")
    assert found is not None
    assert found.p_for == pytest.approx(theirs.pvalue)


def test_noise_of_images_is_never_undercut() -> None:
    """Seeds that agree by chance do not make a score more certain than its images do, and neither do more seeds."""
    quiet = Sample((1.0, 1.001, 0.999))
    loud = Sample(quiet.values, (0.3, 0.3, 0.3))
    assert quiet.variance == loud.variance == pytest.approx(1e-6)
    for one in (loud, Sample(quiet.values * 5, (0.3,) * 15)):
        found = s.welch(one, None, 0.0)
        assert found is not None and found.high - found.low == pytest.approx(2 * 1.96 * 0.3, rel=1e-3)
    wide, narrow = s.welch(loud, Sample((0.0, 0.0, 0.0), (0.3, 0.3, 0.3)), 0.0), s.welch(quiet, Sample((0.0,) * 3), 0.0)
    assert wide is not None and narrow is not None
    assert wide.high - wide.low > 100 * (narrow.high - narrow.low)


def test_one_seed_is_not_tested() -> None:
    one = Sample((1.0,))
    assert s.welch(one, A, 0.0) is None
    assert s.welch(one, None, 0.0) is None
    assert s.spread_ratio(one, A, 0.0) is None
    assert s.rates((1, 1), (0, 3)) is None
    assert s.mean_interval(one) is None


def test_numbers_that_do_not_vary_are_certain() -> None:
    same = Sample((10.0, 10.0, 10.0))
    for value, expected in ((9.0, (0.0, 1.0)), (10.0, (1.0, 0.0)), (9.5, (0.5, 0.5))):
        found = s.welch(same, Sample((value,) * 3), 0.5)
        assert found is not None
        assert (found.p_for, found.p_against) == expected


def test_no_difference_is_two_one_sided_tests() -> None:
    """Those of statsmodels."""
    from statsmodels.stats.weightstats import ttost_ind

    near = Sample(tuple(value - 1.0 for value in A.values))
    for margin in (0.2, 0.5, 1.0):
        for first, second in ((near, B), (B, near)):
            found = s.welch(first, second, margin)
            theirs, _, _ = ttost_ind(first.values, second.values, -margin, margin, usevar="unequal")
            allowed = s.welch(first, second, -margin)
            assert found is not None and allowed is not None
            assert found.p_equal == pytest.approx(theirs) == allowed.p_equal
    plain = s.welch(near, B, 0.0)
    assert plain is not None and plain.p_equal == 1, "where any difference matters there is no margin"


def test_numbers_that_do_not_vary_differ_or_do_not() -> None:
    same = Sample((10.0, 10.0, 10.0))
    for value, expected in ((9.0, 1.0), (10.0, 0.0), (9.5, 0.5), (10.4, 0.0), (11.0, 1.0)):
        found = s.welch(same, Sample((value,) * 3), 0.5)
        assert found is not None and found.p_equal == expected


def test_logs_make_ratios() -> None:
    found = s.welch(Sample((2.0, 2.2), (0.1, 0.1)).logs(), Sample((1.0, 1.1)).logs(), log(1.25))
    assert found is not None
    assert found.as_ratio().effect == pytest.approx(2.0)
    assert Sample((2.0,), (0.1,)).logs().noise == pytest.approx((0.05,))


def test_spreads_are_compared_by_f() -> None:
    wide, narrow = Sample((0.0, 2.0, 4.0)), Sample((0.0, 0.5, 1.0))
    found = s.spread_ratio(wide, narrow, 0.0)
    assert found is not None
    assert exp(found.effect) == pytest.approx(4)
    assert found.p_for == pytest.approx(float(stats.f.sf(16, 2, 2)))
    assert found.low < found.effect < found.high
    beyond = s.spread_ratio(wide, narrow, log(4))
    assert beyond is not None and beyond.p_for == pytest.approx(0.5)
    assert s.spread_ratio(Sample((1.0, 1.0)), wide, 0.0) is None
    equal = s.spread_ratio(wide, narrow, log(8))
    assert equal is not None and found.p_equal == 1
    assert equal.p_equal == pytest.approx(max(float(stats.f.cdf(16 / 64, 2, 2)), float(stats.f.sf(16 * 64, 2, 2))))


def test_counts_are_exact() -> None:
    sweep, same = s.rates((3, 3), (0, 3)), s.rates((1, 3), (1, 3))
    assert sweep is not None and same is not None
    assert sweep.p_for == pytest.approx(1 / 64)
    assert sweep.p_against == 1
    assert sweep.effect == 1 and sweep.low > 0 and sweep.high == pytest.approx(1)
    assert same.p_for == same.p_against == 1
    assert same.effect == 0 and same.low < 0 < same.high


def test_wilson() -> None:
    low, high = s.wilson(0, 3)
    assert low == 0 and high == pytest.approx(0.5615, abs=1e-3)


def test_all_parts_have_to_hold_and_one_is_enough_against() -> None:
    def part(p: float, equal: float = 1.0) -> Test:
        return Test(0.0, 0.0, 0.0, p, 1 - p, equal)

    assert s.joined([part(0.01), part(0.2)]) == pytest.approx((0.2, 1.0, 1.0))
    assert s.joined([part(0.999, 0.03), part(0.01, 0.01)]) == pytest.approx((0.999, 0.002, 0.03))
    assert s.joined([part(0.01, 0.01), None]) == pytest.approx((1.0, 1.0, 1.0)), "what was not tested supports nothing"
    assert s.joined([part(0.999), None])[1] == pytest.approx(0.002)
    assert s.joined([None]) == (1.0, 1.0, 1.0)


def test_benjamini_and_hochbergs_own_example() -> None:
    """Section 3.2 of the paper: of 15 tests the first 4 are believed at 5 %."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0]  # fmt: skip
    assert s.benjamini_hochberg(values[::-1], 0.05) == [False] * 11 + [True] * 4
    assert s.benjamini_hochberg([]) == []
    assert s.benjamini_hochberg([0.06]) == [False]


def test_the_next_claim_is_believed_below_its_rank() -> None:
    assert s.next_bound([1.0, 1.0, 1.0, 1.0]) == pytest.approx(0.05 / 4)
    assert s.next_bound([0.001, 1.0, 1.0, 1.0]) == pytest.approx(0.05 / 2)
    assert s.next_bound([]) == 0.05
