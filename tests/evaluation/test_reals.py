"""Which real items are taken: never the same ones twice, and fresh ones held out as far as they go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab.datasets.store import Dataset
from genlab.encoders.base import Encoded
from genlab.evaluation.reals import gather_reals
from genlab.kinds.base import as_public
from genlab.lab import Lab


class Counting:
    """An encoder that counts what it is given."""

    identity, portion = "counting", 64

    def __init__(self) -> None:
        self.facts = {"dim": 4}
        self.seen = 0

    def __call__(self, items: np.ndarray) -> Encoded:
        self.seen += len(items)
        return Encoded(items.reshape(len(items), -1)[:, :4].astype(np.float32))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return Lab(tmp_path_factory.mktemp("reals")).data.open("digits")


def test_fresh_items_are_held_out_where_there_are_enough(data: Dataset, tmp_path: Path):
    few = gather_reals(data, Counting(), "counting", 100, 0, tmp_path, lambda share, what: None)
    assert few.fresh_split == "test" and len(few.real) == len(few.fresh) == 100
    assert not set(few.index["real"]) & set(few.index["fresh"])
    many = gather_reals(data, Counting(), "counting", 5_000, 0, tmp_path, lambda share, what: None)
    assert many.fresh_split == "train"
    assert len(many.real) == len(many.fresh) == data.info.test
    assert len(many.train) == data.info.train


def test_items_labels_and_positions_belong_together(data: Dataset, tmp_path: Path):
    found = gather_reals(data, Counting(), "counting", 50, 3, tmp_path, lambda share, what: None)
    stored, labels = data.items("test"), data.labels("test")
    assert labels is not None and found.real.labels is not None
    np.testing.assert_array_equal(found.real.images, as_public(stored[found.index["real"]]))
    np.testing.assert_array_equal(found.real.labels, labels[found.index["real"]])
    assert found.real.images.min() >= 0 and found.real.images.max() <= 1


def test_the_seed_decides_and_features_are_kept(data: Dataset, tmp_path: Path):
    first, again, other = Counting(), Counting(), Counting()
    one = gather_reals(data, first, "counting", 50, 0, tmp_path, lambda share, what: None)
    two = gather_reals(data, again, "counting", 50, 0, tmp_path, lambda share, what: None)
    assert first.seen > 0 and again.seen == 0
    np.testing.assert_array_equal(one.real.features, two.real.features)
    three = gather_reals(data, other, "counting", 50, 1, tmp_path, lambda share, what: None)
    assert set(three.index["real"]) != set(one.index["real"])


def test_damaged_features_are_made_anew(data: Dataset, tmp_path: Path):
    gather_reals(data, Counting(), "counting", 50, 0, tmp_path, lambda share, what: None)
    for path in tmp_path.glob("features-*/features.npz"):
        path.write_bytes(b"not an npz")
    again = Counting()
    gather_reals(data, again, "counting", 50, 0, tmp_path, lambda share, what: None)
    assert again.seen > 0
