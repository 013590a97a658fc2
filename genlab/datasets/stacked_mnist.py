"""Stacked MNIST: three random digits as red, green and blue, which gives 1,000 modes that can be counted.

Training pictures are stacked from training digits and test pictures from test digits: no digit is in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from genlab.datasets import mnist, mnist_5k
from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.datasets.store._split import split
from genlab.options import Options, setting

COUNT = 128_000
"""Training pictures in PacGAN's experiment."""

TEST_PART = 5
CHUNK = 4_096
NAMES = tuple("".join(digits) for digits in product("0123456789", repeat=3))


class StackedOptions(Options):
    """From which digits, how many."""

    base: Literal["auto", "mnist", "mnist-5k"] = setting(
        "auto", "where the digits come from; auto takes all of MNIST where it is on this machine, else MNIST 5k"
    )
    count: int = setting(COUNT, "training pictures; a fifth as many are made for testing", ge=1_000, le=1_000_000)
    seed: int = setting(0, "seed of the draw", ge=0, le=2**31 - 1, advanced=True)


def extent(options: StackedOptions) -> Extent:
    """Counts that these options ask for."""
    return Extent((3, 28, 28), options.count, options.count // TEST_PART)


def resolve(source: Source, options: StackedOptions) -> StackedOptions:
    """The options with ``auto`` replaced by the digits that are at hand."""
    if options.base != "auto":
        return options
    return options.model_copy(update={"base": "mnist-5k" if mnist.SPEC.available(source) else "mnist"})


def load(source: Source, options: StackedOptions) -> RawData:
    """Pictures of three digits drawn at random, made chunk by chunk; class ``"abc"`` is red a, green b, blue c."""
    options = resolve(source, options)
    base = (mnist if options.base == "mnist" else mnist_5k).SPEC.load(source, None)
    train, train_labels = _digits(base.train)
    if base.test is None:
        kept, held_out = split(train_labels, len(train_labels), TEST_SHARE, options.seed)
        test, test_labels = train[held_out], train_labels[held_out]
        train, train_labels = train[kept], train_labels[kept]
    else:
        test, test_labels = _digits(base.test)
    wanted = extent(options)
    return RawData(
        _stacks(train, train_labels, wanted.train, np.random.default_rng([options.seed, 0])),
        _stacks(test, test_labels, wanted.test, np.random.default_rng([options.seed, 1])),
        NAMES,
    )


def _digits(part: Iterator[Raw]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    chunks = list(part)
    labels = [cast("NDArray[np.int64]", chunk.labels) for chunk in chunks]
    return np.concatenate([chunk.items for chunk in chunks]), np.concatenate(labels)


def _stacks(items: NDArray[np.uint8], labels: NDArray[np.int64], count: int, rng: np.random.Generator) -> Iterator[Raw]:
    for start in range(0, count, CHUNK):
        chosen = rng.integers(len(items), size=(min(CHUNK, count - start), 3))
        stacked = np.moveaxis(items[chosen][..., 0], 1, -1)
        yield Raw(stacked, labels[chosen] @ np.array([100, 10, 1]))


def available(source: Source) -> str | None:
    """It can be made wherever MNIST 5k can."""
    return mnist_5k.SPEC.available(source)


SPEC = DatasetSpec(
    title="Stacked MNIST",
    summary="three random digits as red, green and blue: 1,000 modes that can be counted, 28 × 28",
    paper="Metz et al., Unrolled generative adversarial networks, 2017; counts of Lin et al., PacGAN, 2018",
    Options=StackedOptions,
    kind="images",
    shape=(3, 28, 28),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=NAMES,
    licence="CC BY-SA 3.0",
    load=load,
    available=available,
    extent=extent,
    resolve=resolve,
    channel_classes=10,
)
