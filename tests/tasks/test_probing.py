"""Probes against answers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.tasks._probing import Classes, Represented, curve, few, scores
from genlab.tasks.base import TaskScore


def items(classes: int = 10, train: int = 1_200, held_out: int = 200) -> Classes:
    rng = np.random.default_rng(0)
    return Classes(rng.integers(classes, size=train), rng.integers(classes, size=held_out))


def one_hot(of: Classes) -> Represented:
    eye = np.eye(10)
    return Represented(eye[of.train], eye[of.held_out], eye[:3])


def test_codes_that_are_the_class_need_one_label_of_each():
    classes = items()
    found = scores(one_hot(classes).scaled(), classes, seed=0)
    assert set(found) == {"labels-10", "labels-100", "labels-1000", "neighbours", "linear"}
    for name, score in found.items():
        value = score.value if isinstance(score, TaskScore) else score.mean()
        assert value == 1, name
    assert curve("one-hot", found).y == (1, 1, 1)


def test_codes_that_know_nothing_guess():
    classes = items(held_out=1_000)
    rng = np.random.default_rng(1)
    noise = Represented(*(rng.normal(size=(n, 5)) for n in (1_200, 1_000, 3)))
    found = scores(noise.scaled(), classes, seed=0, most=100)
    assert set(found) == {"labels-10", "labels-100", "neighbours"}
    hundred = found["labels-100"]
    assert isinstance(hundred, TaskScore) and hundred.value == pytest.approx(0.1, abs=0.03)


def test_labels_are_spread_over_the_classes_and_differ_from_draw_to_draw():
    classes = items()
    rows = classes.labelled(30, np.random.default_rng(0))
    assert len(set(rows)) == 30 and (np.bincount(classes.train[rows], minlength=10) == 3).all()
    odd = np.bincount(classes.train[classes.labelled(34, np.random.default_rng(0))], minlength=10)
    assert odd.sum() == 34 and set(odd) == {3, 4}
    assert set(rows) != set(classes.labelled(30, np.random.default_rng(1)))


def test_too_few_labels_or_items_have_no_accuracy():
    many = items(classes=12)
    codes = Represented(np.eye(12)[many.train], np.eye(12)[many.held_out], np.eye(12)[:1])
    assert "fewer than the 12 classes" in few(codes, many, 10, 0).why
    small = items(train=60)
    assert "only 60" in few(one_hot(small), small, 100, 0).why
    assert curve("x", {"labels-10": TaskScore(None, why="none")}).y == ()


def test_neither_scale_nor_place_of_codes_matters():
    classes = items()
    codes = one_hot(classes)
    moved = Represented(*(100 * part + 7 for part in (codes.train, codes.held_out, codes.queries)))
    np.testing.assert_allclose(moved.scaled().held_out, codes.scaled().held_out, atol=1e-9)
    assert np.square(codes.scaled().train).sum(axis=1).mean() == pytest.approx(32)
