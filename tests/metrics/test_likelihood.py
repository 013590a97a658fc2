"""Likelihood by hand: means of bounds, and the bits of a density that is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from genlab.metrics.base import Evidence
from tests.support.evidence import measure, pictures, points

REAL = pictures(np.zeros((20, 3, 4, 4)))
DIMENSIONS = 48


def bounded(**bounds: np.ndarray) -> Evidence:
    return Evidence(REAL, REAL, bounds=bounds)


@pytest.mark.parametrize("name", ["elbo", "iwae"])
def test_the_mean_of_the_bounds_asked_for(name: str) -> None:
    values = np.arange(20.0) - 100
    found = measure(name, bounded(**{name: values, "other": values + 1}))
    assert found.value == -90.5
    assert found.n == 20
    assert found.low is not None
    assert found.high is not None
    assert found.low == pytest.approx(-90.5 - 1.96 * values.std() / np.sqrt(20), abs=0.5)
    assert found.high == pytest.approx(-90.5 + 1.96 * values.std() / np.sqrt(20), abs=0.5)
    assert measure(name, bounded(other=values)).why == "This bound was not computed."


@pytest.mark.parametrize("name", ["elbo", "iwae", "bits_per_dim"])
def test_bounds_that_are_not_finite_are_no_number(name: str) -> None:
    values = np.zeros(20)
    values[3:5] = -np.inf
    values[6] = np.nan
    found = measure(name, bounded(elbo=values, iwae=values))
    assert found.value is None
    assert found.why == "3 of 20 items have no finite bound."


def test_the_uniform_density_takes_8_bits() -> None:
    found = measure("bits_per_dim", bounded(elbo=np.zeros(20)))
    assert (found.value, found.low, found.high) == (8, 8, 8)
    assert found.detail["bound"] == "elbo"


def test_a_density_on_a_quarter_of_each_range_takes_6_bits() -> None:
    found = measure("bits_per_dim", bounded(elbo=np.full(20, -1e9), iwae=np.full(20, DIMENSIONS * math.log(4))))
    assert found.value == pytest.approx(6)
    assert found.detail["bound"] == "iwae"


def test_binary_pixels_and_points_have_no_bits_per_dimension() -> None:
    found = measure("bits_per_dim", replace(bounded(elbo=np.full(20, -90.0)), discrete=True))
    assert found.value is None
    assert "binary pixels" in found.why
    flat = points(np.zeros((20, 2)))
    found = measure("bits_per_dim", Evidence(flat, flat, bounds={"elbo": np.zeros(20)}))
    assert found.why == "It is for images, which these are not."


@pytest.mark.parametrize("discrete", [True, False])
def test_what_the_nats_are_of_is_said(discrete: bool) -> None:
    found = measure("elbo", replace(bounded(elbo=np.full(20, -90.0)), discrete=discrete))
    assert found.detail["discrete"] is discrete
