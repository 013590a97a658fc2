from __future__ import annotations

import numpy as np
import pytest

from genlab.lab import Lab
from genlab.presentation.data_facts import class_counts, find_duplicates, megabytes


@pytest.fixture
def lab(workspace):
    return Lab()


def added(lab: Lab, tmp_path, items: np.ndarray, labels: np.ndarray | None):
    path = tmp_path / "set.npz"
    np.savez(path, x=items) if labels is None else np.savez(path, x=items, y=labels)
    lab.data.add(path, "set")
    return lab.data.open("set")


def distinct(number: int) -> np.ndarray:
    items = np.zeros((number, 8, 8), np.uint8)
    items[:, 0, 0] = np.arange(number)
    return items


def test_no_duplicates_among_different_items(lab, tmp_path):
    found = find_duplicates(added(lab, tmp_path, distinct(60), None))
    assert (found.items, found.leaked, found.conflicting, found.by_class) == (0, 0, 0, {})


def test_duplicates_are_counted_by_class(lab, tmp_path):
    items, labels = distinct(60), np.arange(60) % 2
    items[2], items[4], items[5] = items[0], items[0], items[1]
    found = find_duplicates(added(lab, tmp_path, items, labels))
    assert found.items == 3
    assert found.by_class == {0: 2, 1: 1}
    assert found.conflicting == 0


def test_equal_items_with_different_labels_and_leaks_into_the_test_part(lab, tmp_path):
    items, labels = distinct(60), np.arange(60) % 2
    items[:] = items[0]
    dataset = added(lab, tmp_path, items, labels)
    found = find_duplicates(dataset)
    assert found.items == 59
    assert found.leaked == dataset.info.test
    assert found.conflicting == 1


def test_class_counts_add_up(lab):
    dataset = lab.data.open("digits")
    counts = class_counts(dataset)
    assert counts["train"].sum() == 1_497
    assert counts["test"].sum() == 300
    assert len(counts["train"]) == 10
    assert class_counts(lab.data.open("line")) == {}


def test_size(lab):
    assert megabytes(lab.data.open("digits")) == pytest.approx(1_797 * 64 / 1e6)
