"""All directions of a latent space that nobody has to ask for."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.exploration.compass import MOST, QUICK, RealCodes, find_directions
from genlab.latent.directions import DIRECTION_METHODS
from tests.latent.toys import linear

WEIGHT = torch.zeros(6, 3)
WEIGHT[:3, 0], WEIGHT[3:, 1], WEIGHT[:, 2] = 1.0, 0.5, 0.1


def known(n: int = 200, classes: bool = True) -> RealCodes:
    """Codes that vary most along latent 1; classes lie on both sides of latent 2."""
    rng = np.random.default_rng(0)
    codes = (rng.standard_normal((n, 3)) * [0.5, 3.0, 1.0]).astype(np.float32)
    return RealCodes(
        codes, (codes[:, 2] > 0).astype(np.int64) if classes else None, ("low", "high") if classes else None
    )


def test_every_method_that_needs_no_choice_is_tried_dimensions_first():
    found = find_directions(linear(WEIGHT), known(), 0)
    methods = list(dict.fromkeys(direction.method for direction in found))
    expected = [name for name, about in DIRECTION_METHODS.items() if "groups" not in about.needs]
    assert methods == expected and methods[0] == "dimension"
    assert len({direction.name for direction in found}) == len(found)
    assert all(np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-5) for direction in found)


def test_what_they_say_is_true_of_a_linear_model():
    found = {direction.name: direction for direction in find_directions(linear(WEIGHT), known(), 0, QUICK)}
    first = next(direction for direction in found.values() if direction.method == "dimension")
    assert np.abs(first.vector).argmax() == 0, "the dimension that changes pixels most"
    assert np.abs(found["pca-0"].vector).argmax() == 1, "where codes vary most"
    classes = [direction for direction in found.values() if direction.method == "class"]
    assert classes and all(np.abs(direction.vector).argmax() == 2 for direction in classes)
    assert {direction.method for direction in found.values()} <= set(QUICK)


def test_methods_without_their_material_are_left_out_and_told(capfd: pytest.CaptureFixture[str]):
    found = find_directions(linear(WEIGHT), known(classes=False), 0, QUICK)
    assert {direction.method for direction in found} == {"dimension", "pca"}
    assert "no directions by" in capfd.readouterr().err
    one = find_directions(linear(WEIGHT), known(n=1), 0, QUICK)
    assert {direction.method for direction in one} == {"dimension"}, "one code has no components"


def test_there_are_only_so_many_of_each():
    wide = linear(torch.eye(80))
    found = find_directions(wide, RealCodes(np.zeros((0, 80), np.float32), None, None), 0, ("dimension",))
    assert len(found) == MOST
