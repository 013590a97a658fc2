"""The data's own features after a tenth of the training, for tests that do not look at how good they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def features_at_once(fewest: int = 4_000) -> Iterator[None]:
    """Train feature extractors on so few items, once through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("genlab.encoders._in_domain.FEWEST", fewest)
        patch.setattr("genlab.encoders._in_domain.PASSES", 1)
        yield


@pytest.fixture(scope="module", autouse=True)
def hasty_features() -> Iterator[None]:
    """`features_at_once` for all tests of a file that imports this."""
    with features_at_once():
        yield
