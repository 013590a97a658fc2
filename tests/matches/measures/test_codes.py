"""What codes tell of models whose answers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab.matches.measures import codes
from genlab.matches.measures.subject import CodedItems
from tests.support.subjects import subject


def test_classes_along_one_dimension() -> None:
    made = subject()
    found = codes.alignment(made, codes.class_directions(made))
    assert found["class_directions"].value == pytest.approx(1)
    assert found["class_alignment"].value is not None and found["class_alignment"].value > 0.95


def test_a_turned_latent_space_is_not_aligned() -> None:
    """The same information, in coordinates that have been turned by 45 degrees."""
    made = subject()
    turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    turned = replace(made, train=CodedItems(made.train.items, (made.train.codes @ turn).astype(np.float32)))
    found = codes.alignment(turned, codes.class_directions(turned))
    assert found["class_directions"].value == pytest.approx(1)
    assert found["class_alignment"].value is not None and found["class_alignment"].value < 0.75


def test_directions_that_part_nothing_are_aligned_with_nothing() -> None:
    """Codes that know nothing of classes: their directions are chance, which lies along one of two dimensions often."""
    made = subject()
    codes_of = np.random.default_rng(3).standard_normal(made.train.codes.shape).astype(np.float32)
    found = codes.alignment(made, codes.class_directions(replace(made, train=CodedItems(made.train.items, codes_of))))
    assert found["class_alignment"].value is not None and found["class_alignment"].value < 0.15


def test_random_directions_are_less_aligned_in_more_dimensions() -> None:
    found = [codes.random_alignment(dimensions) for dimensions in (1, 2, 8, 32)]
    assert found[0] == 1 and found == sorted(found, reverse=True)
    assert found[3] == pytest.approx(0.18, abs=0.02)


def test_probes_see_the_classes() -> None:
    found = codes.probes(subject())
    assert found["codes_linear"].value == pytest.approx(1)
    assert found["codes_knn"].value == pytest.approx(1)
    assert found["codes_mig"].value is None and found["codes_mig"].why


def test_errors_and_times_are_passed_on() -> None:
    found = codes.reconstruction(subject())
    assert found["reconstruction_error"].value == pytest.approx(0.02)
    assert found["inversion_error"].value == pytest.approx(0.01)
    assert found["code_seconds"].value == 0.25
