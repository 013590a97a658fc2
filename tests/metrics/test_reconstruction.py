"""Reconstruction by hand: errors of known size, SSIM of scikit-image, distances that can be seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

from genlab.metrics.base import Evidence, Items
from genlab.metrics.feature_distance import mean_distances
from genlab.metrics.psnr import CEILING
from tests.support.evidence import measure, pictures, points

NAMES = ["psnr", "ssim", "feature_distance"]


def random(n: int = 12, side: int = 28, channels: int = 1, seed: int = 0) -> Items:
    return pictures(0.2 + 0.6 * np.random.default_rng(seed).random((n, channels, side, side)))


def again(real: Items, reconstructions: Items) -> Evidence:
    return Evidence(real, real, reconstructions=reconstructions)


def test_an_error_of_a_tenth_is_20_decibels() -> None:
    real = random(channels=3)
    assert measure("psnr", again(real, pictures(real.images + 0.1))).value == pytest.approx(20, abs=1e-4)
    shifts = np.repeat([0.1, 0.01], 6)[:, None, None, None]
    found = measure("psnr", again(real, pictures(real.images + shifts)))
    assert found.value == pytest.approx(30, abs=1e-3)
    np.testing.assert_allclose(found.detail["decibels"], np.repeat([20, 40], 6), atol=1e-2)
    assert set(found.detail["worst"][:6]) == set(range(6))
    assert found.n == 12


def test_a_perfect_reconstruction_has_the_decibels_of_rounding() -> None:
    real = random()
    found = measure("psnr", again(real, real))
    assert pytest.approx(10 * np.log10(12 * 255**2), abs=0.01) == CEILING
    assert (found.value, found.low, found.high) == pytest.approx((CEILING, CEILING, CEILING))


@pytest.mark.parametrize(("side", "channels"), [(40, 1), (28, 1), (32, 3), (24, 1)])
def test_ssim_is_that_of_scikit_image(side: int, channels: int) -> None:
    real = random(side=side, channels=channels)
    blurred = gaussian_filter(real.images, (0, 0, 1, 1))
    found = measure("ssim", again(real, pictures(blurred)))
    expected = [
        structural_similarity(
            a.astype(float), b.astype(float), gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
            data_range=1.0, channel_axis=0,
        )
        for a, b in zip(real.images, blurred, strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(found.detail["similarities"], expected, rtol=1e-9)
    assert measure("ssim", again(real, real)).value == pytest.approx(1, abs=1e-12)


def test_two_constant_images_differ_in_light_only() -> None:
    a, b = (pictures(np.full((10, 1, 28, 28), value)) for value in (0.5, 0.25))
    c1 = 0.01**2
    expected = (2 * 0.5 * 0.25 + c1) / (0.5**2 + 0.25**2 + c1)
    assert measure("ssim", again(a, b)).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("side", [4, 6, 8, 16, 23])
def test_small_pictures_have_a_small_window(side: int) -> None:
    real = random(side=side)
    found = measure("ssim", again(real, pictures(1 - real.images)))
    assert found.detail["sigma"] == pytest.approx(1.5 * side / 24)
    assert found.value is not None
    assert found.value < 0.7
    assert measure("ssim", again(real, real)).value == pytest.approx(1, abs=1e-6)


def test_no_window_fits_into_3_pixels() -> None:
    assert "4 × 4" in measure("ssim", again(random(side=3), random(side=3))).why


def test_feature_distance_is_in_distances_of_two_real_items() -> None:
    real = points(np.array([[0.0, 0], [3, 4]] * 10))
    # Of 190 pairs 100 are 5 apart, the rest 0.
    unit = 5 * 100 / 190
    assert mean_distances(real.features).mean() == pytest.approx(unit)
    found = measure("feature_distance", again(real, points(real.images + np.array([0, 2]))))
    assert found.value == pytest.approx(2 / unit)
    assert measure("feature_distance", again(real, real)).value == 0


def test_a_random_other_item_is_at_distance_1() -> None:
    rng = np.random.default_rng(0)
    real = points(rng.standard_normal((1000, 16)))
    other = points(rng.permutation(real.images))
    assert measure("feature_distance", again(real, other)).value == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_worse_reconstructions_are_worse(name: str) -> None:
    real = pictures(gaussian_filter(random(30).images, (0, 0, 1, 1)))
    values = []
    for sigma in (0.3, 0.6, 1.2, 2.4):
        found = measure(name, again(real, pictures(gaussian_filter(real.images, (0, 0, sigma, sigma)))))
        assert found.value is not None
        values.append(found.value)
    assert values == sorted(values, reverse=name != "feature_distance")
    assert len(set(values)) == 4


@pytest.mark.parametrize("name", NAMES)
def test_fewer_reconstructions_than_items_are_those_of_the_first(name: str) -> None:
    real = random(30)
    some = real.take(slice(0, 11))
    darker = pictures(0.9 * some.images)
    found = measure(name, again(real, darker))
    assert found.n == 11
    if name != "feature_distance":
        assert found.value == measure(name, again(some, darker)).value
    else:
        assert found.value == pytest.approx(measure(name, again(some, darker)).value, rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_constant_images_give_a_number_or_a_reason(name: str) -> None:
    flat = pictures(np.full((20, 1, 28, 28), 0.5))
    for pair in (again(flat, flat), again(flat, random(20)), again(random(20), flat)):
        found = measure(name, pair)
        assert found.why if found.value is None else np.isfinite([found.value, found.low, found.high]).all()
    assert measure("feature_distance", again(flat, flat)).why == "All real items have the same features."


def test_the_items_that_came_back_worst_are_named_worst_first_within_an_interval_of_the_mean() -> None:
    real = points(np.random.default_rng(2).standard_normal((40, 6)))
    off = np.linspace(1, 0, 40)[:, None] * np.ones(6)
    found = measure("feature_distance", again(real, points(real.images + off)))
    assert list(found.detail["worst"]) == list(range(12))
    assert found.low < found.value < found.high
