"""Digits: 1,797 handwritten digits of 8 × 8, from the wheel of scikit-learn."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from genlab.datasets._bundled import missing, one_chunk, read_table
from genlab.datasets.base import DatasetSpec, RawData, Source

DIGITS = tuple("0123456789")
PLACE = ("sklearn", "datasets/data/digits.csv.gz")
BRIGHTEST = 16


def load(source: Source, options: Any) -> RawData:
    """All digits, their 17 grey values spread over 0..255; the store splits them."""
    values, labels = read_table(*PLACE)
    items = np.round(values.reshape(-1, 8, 8, 1) * (255 / BRIGHTEST)).astype(np.uint8)
    return RawData(one_chunk(items, labels), class_names=DIGITS)


SPEC = DatasetSpec(
    title="Digits",
    summary="1,797 handwritten digits, grey, 8 × 8; built in, trains in seconds",
    paper="Alpaydin and Kaynak, Optical recognition of handwritten digits, UCI repository, 1998",
    kind="images",
    shape=(1, 8, 8),
    count=1_797,
    class_names=DIGITS,
    licence="CC BY 4.0",
    load=load,
    available=partial(missing, *PLACE),
)
