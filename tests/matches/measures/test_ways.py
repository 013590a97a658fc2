"""Ways between codes: straight in a structured space, jumping in a table of pictures, ghosts in the middle."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.matches.measures import ways
from tests.support import straw


def of(name: str, measure: str) -> float:
    return float(straw.scores(name, 0)[measure]["value"])


def test_ways_go_straight_only_where_there_is_structure() -> None:
    assert of("perfect", "path_detour") < 1.6
    assert of("shuffled", "path_detour") > 3 and of("lookup", "path_detour") > 6


def test_middles_are_real_wherever_pictures_are() -> None:
    """So that this alone proves no structure; but a ghost in the middle is seen."""
    for name in ("perfect", "shuffled", "lookup"):
        assert of(name, "midpoint_realism") > 0.95
    assert of("ghosts", "midpoint_realism") < 0.85


def test_a_way_is_measured_by_its_own_ends() -> None:
    line = np.linspace(0, 1, 9)[:, None, None] * np.ones((1, 4, 2))
    assert ways.detour(line).value == pytest.approx(1) == ways.detour(0.01 * line).value
    there = np.concatenate([line, line[::-1], line])
    found = ways.detour(there)
    assert found.value == pytest.approx(3) and found.detail["items"] == pytest.approx([3] * 4)
    same = ways.detour(np.zeros((9, 4, 2)))
    assert same.value is None and same.why.endswith("of all held-out images.")
    line[:, 0] = 0
    some = ways.detour(line)
    assert some.n == 3 and some.detail["items"] is None, "what is left out is no pair with another family's"


def test_middles_are_held_against_their_ends() -> None:
    real = np.random.default_rng(0).normal(size=(200, 2))
    far = np.full((9, 50, 2), 100.0)
    assert ways.realism(far, real).value is None
    near = np.repeat(real[None, :50], 9, axis=0)
    assert ways.realism(near, real).value == 1
    near[4, :25] = 100.0
    found = ways.realism(near, real)
    assert found.value == pytest.approx(0.5) and found.detail["items"].mean() == pytest.approx(0.5)
