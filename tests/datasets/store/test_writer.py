"""The progress of writing a store: four fifths are reading, and its end is 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.config import DataConfig
from genlab.datasets.base import Source
from genlab.datasets.store import prepare
from genlab.datasets.store._writer import reading


@pytest.mark.parametrize(
    ("done", "total", "share", "words"),
    [
        (0, 2_000, 0.0, "Reading: 0 of 2,000 items"),
        (500, 2_000, 0.2, "Reading: 500 of 2,000 items"),
        (2_000, 2_000, 0.8, "Reading: 2,000 of 2,000 items"),
        (3_000, 2_000, 0.8, "Reading: 3,000 items"),
        (7, 0, 0.8, "Reading: 7 items"),
    ],
)
def test_reading_is_four_fifths(done: int, total: int, share: float, words: str) -> None:
    assert reading(done, total) == (pytest.approx(share), words)


def test_writing_is_the_rest(stores: Path, source: Source) -> None:
    told: list[tuple[float, str]] = []
    config = DataConfig(name="line", options={"count": 5_000})
    prepare(config, stores, source, lambda share, what: told.append((share, what)))
    shares = [share for share, what in told if what == "Writing the store"]
    assert shares == sorted(shares) and shares[0] > 0.8 and shares[-1] == pytest.approx(1, abs=0.01)
