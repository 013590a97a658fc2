"""What a data set says of itself before it is decoded, and as it is written down."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from genlab.datasets.base import DatasetInfo, DatasetSpec, Extent
from genlab.errors import InputError

INFO = DatasetInfo(
    name="mine", title="Mine", kind="images", shape=(3, 8, 8), count=10, train=8, test=2, classes=("a", "b"),
    source="added", fingerprint="ab" * 32, skipped=1, notes=("Made smaller.",),
)  # fmt: skip


def spec(**changes: Any) -> DatasetSpec:
    about: dict[str, Any] = {"title": "Made", "summary": "Made up", "kind": "images", "shape": (1, 8, 8), "count": 60}
    return DatasetSpec(**(about | {"load": lambda source, options: None} | changes))


def test_a_sixth_is_for_testing_where_there_is_no_part_for_it():
    assert spec().extent_for(None) == Extent((1, 8, 8), 50, 10)
    assert spec(test=5).extent_for(None) == Extent((1, 8, 8), 55, 5)
    given = Extent((3, 4, 4), 7, 1)
    assert spec(extent=lambda options: given).extent_for(None) is given


def test_a_shape_that_the_kind_does_not_know_is_refused():
    with pytest.raises(InputError):
        spec(shape=(8, 8))
    with pytest.raises(InputError):
        spec(kind="images", shape=(2, 8, 8))


def test_what_is_written_is_read_back():
    document = json.loads(json.dumps(INFO.as_json()))
    assert DatasetInfo.from_json(document) == INFO
    assert DatasetInfo.from_json(document | {"later": 1}) == INFO, "what a newer release writes is left alone"
    assert DatasetInfo.from_json(document | {"shape": [3, 65_535, 1]}).shape == (3, 65_535, 1)
    bare = replace(INFO, classes=None, fingerprint=None, notes=())
    assert DatasetInfo.from_json(json.loads(json.dumps(bare.as_json()))) == bare


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"count": -1}, ValueError),
        ({"skipped": -1}, ValueError),
        ({"shape": [8, 8]}, ValueError),
        ({"shape": [3, 0, 8]}, ValueError),
        ({"shape": [3, 65_536, 8]}, ValueError),
        ({"train": "many"}, ValueError),
        ({"kind": "smells"}, InputError),
    ],
)
def test_what_cannot_be_true_is_refused(changes: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        DatasetInfo.from_json(INFO.as_json() | changes)


def test_what_is_missing_is_refused():
    document = INFO.as_json()
    del document["count"]
    with pytest.raises(ValueError, match="count"):
        DatasetInfo.from_json(document)
