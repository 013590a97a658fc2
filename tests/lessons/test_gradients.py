"""Both estimates are right on average, and their noise is what the closed form says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genlab.lessons._gradients import estimates, linear_decoder


def images(number: int = 400) -> np.ndarray:
    """Pictures of 6 x 6 with three directions of variation and a little noise."""
    rng = np.random.default_rng(1)
    ways = rng.standard_normal((3, 36)) * np.array([[40.0], [25.0], [15.0]])
    data = 128 + rng.standard_normal((number, 3)) @ ways + 4 * rng.standard_normal((number, 36))
    return data.clip(0, 255).astype(np.uint8).reshape(number, 1, 6, 6)


@pytest.mark.parametrize("latents", [1, 3, 8])
def test_all_estimates_are_unbiased(latents):
    found = estimates(images(), latents, 20_000, 0)
    for name in ("trick", "plain", "baseline"):
        assert found[name]["bias"] < 4 * found[name]["bias_error"], name


def test_the_noise_of_the_trick_is_that_of_the_closed_form():
    """The estimate is exact - W W' noise / variance: its spread is the Frobenius norm of W W' over the variance."""
    items = images()
    data = items.reshape(len(items), -1) / 255
    _, components, variance = linear_decoder(data, 3)
    found = estimates(items, 3, 20_000, 0)
    expected = np.linalg.norm(components @ components.T) / variance / found["exact"]
    assert found["trick"]["noise"] == pytest.approx(expected, rel=0.03)


def test_the_trick_is_less_noisy_and_the_more_so_the_more_latents():
    few, many = (estimates(images(), latents, 4_000, 0) for latents in (1, 16))
    ratios = [found["baseline"]["noise"] / found["trick"]["noise"] for found in (few, many)]
    assert 1 < ratios[0] < ratios[1]


def test_the_same_seed_gives_the_same_numbers_and_they_can_be_kept():
    first, again = (estimates(images(), 2, 100, 3) for _ in range(2))
    assert json.loads(json.dumps(first)) == again
    assert estimates(images(), 2, 100, 4)["first"] != first["first"]
