"""Seeds and images are crossed: what images add is found, paired, and never divided by the number of seeds."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from genlab.verdicts.samples import Sample, shared
from genlab.verdicts.statistics import welch


def sample(items: NDArray[np.float64]) -> Sample:
    noise = tuple(items.std(axis=1, ddof=1) / items.shape[1] ** 0.5)
    return Sample(tuple(items.mean(axis=1)), noise, items, items.shape[1])


def scored(
    rng: np.random.Generator, n: int, m: int, *, seeds: float, both: float, own: float, rest: float, effect: float = 0.0
) -> tuple[Sample, Sample]:
    """Two families whose scores vary with seeds, with images for both alike or for each, and with the rest."""
    hard = both * rng.standard_normal(m)
    found = [
        hard + own * rng.standard_normal(m) + seeds * rng.standard_normal((n, 1)) + rest * rng.standard_normal((n, m))
        for _ in range(2)
    ]
    return sample(found[0] + effect), sample(found[1])


def test_the_variance_is_that_of_two_way_clusters() -> None:
    """As statsmodels has it, but for its corrections of degrees of freedom: seeds + images - both."""
    import statsmodels.api as sm
    from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

    rng = np.random.default_rng(0)
    items = 0.5 + 0.3 * rng.standard_normal(200) + 0.1 * rng.standard_normal((90, 1)) + rng.standard_normal((90, 200))
    one = sample(items)
    ours = one.variance / one.n + shared(one, None).variance
    n, m = items.shape
    fitted = sm.OLS(items.ravel(), np.ones(n * m)).fit()
    both, of_seeds, _ = cov_cluster_2groups(
        fitted, np.repeat(np.arange(n), m), np.tile(np.arange(m), n), use_correction=False
    )
    assert one.variance / n == pytest.approx(float(of_seeds[0, 0]) * n / (n - 1))
    assert ours == pytest.approx(float(both[0, 0]), rel=0.02)


def test_what_is_hard_for_both_families_cancels() -> None:
    rng = np.random.default_rng(1)
    first, second = scored(rng, 4, 500, seeds=0.0, both=0.5, own=0.05, rest=0.0)
    paired = shared(first, second)
    assert paired.variance == pytest.approx(2 * 0.05**2 / 500, rel=0.2)
    assert (paired.freedom, paired.images) == (499, 500)
    alone = shared(Sample(first.values, first.noise, None, 500), second)
    assert alone.variance == pytest.approx(2 * (0.5**2 + 0.05**2) / 500, rel=0.2)


def test_what_seed_and_image_do_together_is_counted_once() -> None:
    rng = np.random.default_rng(2)
    first, _ = scored(rng, 10, 400, seeds=0.0, both=0.0, own=0.0, rest=1.0)
    assert first.together == pytest.approx(1 / 400, rel=0.05)
    assert shared(first, None).variance < 0.3 / 400


def test_other_images_on_either_side_are_not_paired() -> None:
    rng = np.random.default_rng(3)
    first, _ = scored(rng, 3, 60, seeds=0.0, both=0.3, own=0.1, rest=0.1)
    second, _ = scored(rng, 3, 50, seeds=0.0, both=0.3, own=0.1, rest=0.1)
    told = shared(first, second)
    assert told.variance == pytest.approx(np.mean(np.square(first.noise)) + np.mean(np.square(second.noise)))
    assert told.images == 50


def test_contributions_follow_the_scores() -> None:
    rng = np.random.default_rng(4)
    positive = sample(np.exp(0.2 * rng.standard_normal((3, 80))))
    logs = positive.logs()
    assert logs.items is not None
    assert logs.items.mean(axis=1) == pytest.approx([log(value) for value in positive.values])
    assert logs.items.std(axis=1) == pytest.approx(positive.items.std(axis=1) / np.array(positive.values))
    turned = positive.negated()
    assert turned.items is not None and turned.items.mean(axis=1) == pytest.approx(turned.values)
    away = positive.away_from(1.02)
    assert away.items is not None and away.items.mean(axis=1) == pytest.approx(away.values)
    assert min(away.values) >= 0


@pytest.mark.parametrize("seeds", [3, 8, 20])
def test_errors_at_the_threshold_stay_what_they_should_be_with_more_seeds(seeds: int) -> None:
    """Scored on 150 images that are as uncertain as the seeds; `benchmarks.verdicts` has more of it."""
    rng, wrong, covered, times = np.random.default_rng([5, seeds]), 0, 0, 600
    for _ in range(times):
        first, second = scored(rng, seeds, 150, seeds=0.02, both=0.25, own=0.25, rest=0.25, effect=0.05)
        found = welch(first, second, 0.05)
        assert found is not None
        wrong += found.p_for <= 0.05
        covered += found.low <= 0.05 <= found.high
    # Two standard errors of a simulation of this length.
    assert wrong / times <= 0.06 + 0.018
    assert 0.93 - 0.018 <= covered / times <= 0.97 + 0.018


def test_beyond_what_does_not_vary_images_that_are_hard_for_both_cancel() -> None:
    hard = np.linspace(0, 1, 50)
    scores = sample(np.stack([hard + 0.2, hard + 0.3]))
    fixed = Sample((float(hard.mean()),), (0.04,), hard[None], 50)
    apart = scores.beyond(fixed)
    assert apart.values == pytest.approx((0.2, 0.3)) and apart.images == 50
    assert apart.items is not None and apart.items.std(axis=1) == pytest.approx([0, 0], abs=1e-12)
    told = shared(apart, None)
    assert told.variance == pytest.approx(0, abs=1e-12)
    blind = scores.beyond(Sample((0.5,), (0.04,)))
    assert blind.items is None and blind.noise == pytest.approx([np.hypot(one, 0.04) for one in scores.noise])
