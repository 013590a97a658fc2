"""Reach and coverage of straw models: whoever remembers reaches nothing, and whoever collapsed covers little."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.matches.measures import reach
from tests.support import straw
from tests.support.subjects import subject


def of(name: str, measure: str) -> float:
    return float(straw.scores(name, 0)[measure]["value"])


def test_only_who_makes_new_pictures_reaches_them() -> None:
    assert of("perfect", "reach") > 0.9 and of("shuffled", "reach") > 0.9
    assert of("lookup", "reach") == of("holes", "reach") == of("blurred", "reach") == 0
    assert of("collapsed", "reach") < 0.2


@pytest.mark.parametrize("measure", ["coverage_prior", "coverage_fitted", "coverage_prior_pixels"])
def test_only_who_makes_every_kind_covers_the_data(measure: str) -> None:
    assert min(of(name, measure) for name in ("perfect", "shuffled", "lookup", "ghosts")) > 0.95
    assert of("holes", measure) < 0.7 and of("collapsed", measure) < 0.3


def test_an_image_is_reached_below_half_of_its_nearest_training_image() -> None:
    made = subject()
    found = reach.reached(made)["reach"]
    expected = (made.residuals < 0.5 * made.closest).astype(float)
    assert found.value == pytest.approx(expected.mean()) and found.n == len(expected)
    assert np.array_equal(found.detail["items"], expected)


def test_coverage_counts_neighbours() -> None:
    real = np.arange(20.0)[:, None]
    assert reach.covered(real, np.array([[0.0], [19.0]])).sum() == 8, (
        "the fifth neighbour of an inner item is three away"
    )
    assert not reach.covered(real, np.array([[100.0]])).any()


def test_codes_that_are_no_numbers_have_no_prior() -> None:
    made = subject()
    made.train.codes[0, 0] = np.nan
    found = reach.coverage(made)
    assert found["coverage_fitted"].value is None and found["coverage_fitted_pixels"].why.endswith(".")
    assert found["coverage_prior"].value is not None
