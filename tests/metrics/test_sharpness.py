"""Sharpness by hand: waves of known frequency, noise of known power, ramps and points under the Laplacian."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, laplace

from genlab.metrics.base import Evidence, Items
from genlab.metrics.laplacian import variances
from genlab.metrics.power_spectrum import ROUNDING, radial_power
from tests.support.evidence import measure, pictures


def noise(n: int = 60, side: int = 32, spread: float = 0.1, seed: int = 0, channels: int = 1) -> Items:
    rng = np.random.default_rng(seed)
    return pictures(0.5 + spread * rng.standard_normal((n, channels, side, side)))


def test_a_wave_has_its_power_at_its_frequency() -> None:
    wave = 0.5 + 0.25 * np.sin(2 * np.pi * 8 * np.arange(32) / 32)
    frequencies, power = radial_power(np.broadcast_to(wave, (2, 3, 32, 32)).astype(np.float32))
    assert frequencies[0] == 1 / 32
    assert frequencies[-1] == pytest.approx(np.sqrt(0.5), abs=0.02)
    assert frequencies[power[0].argmax()] == 0.25
    assert (power[:, np.abs(frequencies - 0.25) > 0.1] < 1e-3 * power.max()).all()
    np.testing.assert_allclose(power[0], power[1])


@pytest.mark.parametrize("side", [8, 15, 32])
def test_white_noise_is_flat_at_its_variance(side: int) -> None:
    _, power = radial_power(noise(3000, side, 0.1).images)
    # The lowest rings lose what goes with the mean.
    assert power.mean(axis=0)[2:] == pytest.approx(0.01 + ROUNDING, rel=0.05)


def test_a_constant_image_has_the_power_of_rounding() -> None:
    _, power = radial_power(np.full((2, 1, 16, 12), 0.7, np.float32))
    np.testing.assert_allclose(power, 1 / 255**2 / 12)


def test_the_spectrum_of_half_the_contrast_is_off_by_log10_of_4() -> None:
    real, fake = noise(spread=0.2, channels=3), noise(spread=0.1, channels=3)
    found = measure("power_spectrum", Evidence(real, fake))
    assert found.value == pytest.approx(np.log10(4), rel=1e-3)
    assert found.detail["excess"] == pytest.approx(-np.log10(4), rel=1e-3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.05


def test_only_the_upper_half_of_frequencies_counts() -> None:
    real = noise(spread=0.05)
    wave = 0.3 * np.sin(2 * np.pi * 3 * np.arange(32) / 32)
    found = measure("power_spectrum", Evidence(real, pictures(real.images + wave)))
    assert found.value == pytest.approx(0, abs=1e-3)
    assert np.log10(found.detail["fake"][2] / found.detail["real"][2]) > 1


@pytest.mark.parametrize(("damage", "sign"), [("blur", -1), ("noise", 1), ("checkerboard", 1)])
def test_the_sign_tells_blur_from_noise(damage: str, sign: int) -> None:
    real = noise()
    images = {
        "blur": gaussian_filter(real.images, (0, 0, 1, 1)),
        "noise": real.images + noise(seed=1).images - 0.5,
        "checkerboard": real.images + 0.2 * (np.indices((32, 32)).sum(axis=0) % 2),
    }[damage]
    found = measure("power_spectrum", Evidence(real, pictures(images)))
    assert np.sign(found.detail["excess"]) == sign
    assert found.value is not None
    assert found.value > 0.1


def test_tiny_pictures_are_refused() -> None:
    for name, side, word in [("power_spectrum", 7, "8 × 8"), ("laplacian", 2, "3 × 3")]:
        found = measure(name, Evidence(noise(side=side), noise(side=side)))
        assert found.value is None
        assert word in found.why


def test_the_laplacian_is_that_of_scipy() -> None:
    images = np.random.default_rng(0).random((5, 2, 9, 7)).astype(np.float32)
    expected = [np.mean([laplace(channel.astype(float))[1:-1, 1:-1].var() for channel in image]) for image in images]
    np.testing.assert_allclose(variances(images), expected, rtol=1e-12)


def test_ramps_have_no_edges_and_a_point_has_a_known_one() -> None:
    ramp = np.broadcast_to(np.linspace(0, 1, 8), (1, 1, 8, 8)).astype(np.float64)
    assert variances(ramp) == pytest.approx(0, abs=1e-15)
    point = np.zeros((1, 1, 7, 7), np.float32)
    point[0, 0, 3, 3] = 1
    # Inside the border there are 25 values: -4 once, 1 four times, 0 else; their mean is 0.
    assert variances(point) == pytest.approx((16 + 4) / 25)


def test_half_the_contrast_is_a_quarter_of_the_variance() -> None:
    real = noise(spread=0.2)
    found = measure("laplacian", Evidence(real, noise(spread=0.1)))
    assert found.value == pytest.approx(0.25, rel=1e-5)
    assert measure("laplacian", Evidence(real, real)).value == 1
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.25 < found.high


def test_constant_images_give_a_number_or_a_reason() -> None:
    real, flat = noise(), pictures(np.full((60, 1, 32, 32), 0.5))
    assert measure("laplacian", Evidence(real, flat)).value == 0
    assert measure("laplacian", Evidence(flat, real)).why == "The real images have no edges."
    assert measure("power_spectrum", Evidence(flat, flat)).value == 0
    assert (measure("power_spectrum", Evidence(real, flat)).value or 0) > 1
    assert (measure("power_spectrum", Evidence(flat, real)).value or 0) > 1
