"""Training items that are set aside to choose settings by: a part of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets.base import Source
from genlab.datasets.store import describe, prepare
from genlab.errors import InputError

DIGITS = DataConfig(name="digits")


def test_what_is_set_aside_is_neither_learned_from_nor_held_out(stores: Path, source: Source) -> None:
    full = prepare(DIGITS, stores, source)
    config = DataConfig(name="digits", limit=1_000, validation=200)
    part = prepare(config, stores, source)
    view = part.on_validation()
    assert (part.info.train, part.info.test, view.info.train, view.info.test) == (800, 300, 800, 200)
    np.testing.assert_array_equal(part.items("train"), full.items("train")[:800])
    np.testing.assert_array_equal(part.items("test"), full.items("test"))
    np.testing.assert_array_equal(view.items("train"), part.items("train"))
    np.testing.assert_array_equal(view.items("test"), full.items("train")[800:1_000])
    np.testing.assert_array_equal(view.labels("test"), full.labels("train")[800:1_000])
    places = [set(each) for each in (part.origin("train"), view.origin("test"), part.origin("test"))]
    assert sum(map(len, places)) == len(set.union(*places)) == 1_300, "no item stands in two parts"
    np.testing.assert_array_equal(view.origin("test"), full.origin("train")[800:1_000])
    counts = np.bincount(view.labels("test"))
    assert counts.min() >= 18 and counts.max() <= 22, "classes as everywhere"
    assert len({full.fingerprint, part.fingerprint, view.fingerprint}) == 3 and view.whole == part
    same = prepare(DataConfig(name="digits", limit=800), stores, source)
    assert same.fingerprint == part.fingerprint, "it learns from the same and is judged on the same"
    assert describe(config, stores, source) == part.info
    with pytest.raises(InputError, match="Nothing of the data set 'digits' is set aside"):
        full.on_validation()
    for limit in (None, 1_000):
        with pytest.raises(InputError, match="cannot be set aside"):
            describe(DataConfig(name="digits", limit=limit, validation=5_000), stores, source)
