from __future__ import annotations

from math import log

import numpy as np
import pytest

from genlab.playground.measure import CELLS, FLOOR, Ruler, density, hits, relative
from genlab.playground.plane_data import data_of
from genlab.playground.scenario import Scenario
from genlab.playground.stage import Stage


@pytest.fixture(scope="module")
def ruler():
    return Ruler(data_of(Scenario()), 0.0)


def test_real_against_real_is_near_zero_and_has_every_mode(ruler):
    assert ruler.floor["kl"] < 0.02
    assert ruler.floor["js"] < 0.005
    assert ruler.floor["modes"] == 8
    assert ruler.floor["near"] == pytest.approx(0.989, abs=0.01)


def test_half_of_the_modes_are_what_theory_says(ruler):
    points = ruler.data.held_out
    found = ruler.points(points[points[:, 0] + 0.3 * points[:, 1] > 0][:1_500])
    assert found["modes"] == 4
    # p has eight equal modes, q four of them: KL(p || m) = ln(4/3) / 2 and KL(q || m) = ln(4/3).
    assert found["js"] == pytest.approx(0.75 * log(4 / 3), abs=0.02)
    assert found["kl"] > 1


def test_samples_elsewhere_are_as_far_as_can_be(ruler):
    found = ruler.points(np.zeros((2_500, 2), np.float32))
    assert found["modes"] == 0
    assert found["js"] == pytest.approx(log(2), abs=0.03)
    assert found["kl"] > 4


def test_a_density_sums_to_one_and_nothing_falls_out():
    points = np.array([[5.0, 0.0], [-0.2, 0.3]], np.float32)
    found = density(points, 1.0)
    assert found.sum() == pytest.approx(1)
    assert found.min() >= FLOOR / CELLS**2
    assert found[:, -1].sum() > 0.2
    assert relative(found, found) == 0


def test_three_standard_deviations_are_the_limit(ruler):
    mixture = ruler.data.mixture
    inside = mixture.means[:1] + np.array([0.029, 0.0])
    outside = mixture.means[1:2] + np.array([0.031, 0.0])
    assert hits(np.concatenate([inside, outside]).astype(np.float32), mixture) == (1, 0.5)


def test_distributions_without_modes_have_none():
    scenario = Scenario(data="moons", width=8, layers=1)
    data = data_of(scenario)
    found = Ruler(data, 0.0).model(Stage.fresh("vae", scenario, data))
    assert found["modes"] is None and found["near"] is None
    assert found["js"] > 0.1
