"""CIFAR-10: 60,000 small photographs, read by torchvision.

torchvision unpickles these files, but only after each has been found to have the published checksum: no other file
in their place is ever opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genlab.datasets._torchvision import RawFiles, chunks
from genlab.datasets.base import DatasetSpec, RawData, Source

FOLDER = "cifar-10-batches-py"
NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PARTS = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")
FILES = RawFiles("CIFAR-10", f"{FOLDER}/ (the Python version)", tuple(f"{FOLDER}/{part}" for part in PARTS), "170 MB")


def load(source: Source, options: Any) -> RawData:
    """Both parts, with the ten classes."""
    import numpy as np

    def read(root: Path, download: bool) -> list[tuple[Any, Any]]:
        from torchvision.datasets import CIFAR10

        sets = [CIFAR10(root, train=train, download=download) for train in (True, False)]
        return [(part.data, np.asarray(part.targets, np.int64)) for part in sets]

    train, test = FILES.fetch(source, read)
    return RawData(chunks(*train), chunks(*test), NAMES)


SPEC = DatasetSpec(
    title="CIFAR-10",
    summary="60,000 photographs in ten classes, colour, 32 × 32",
    paper="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
    kind="images",
    shape=(3, 32, 32),
    count=60_000,
    test=10_000,
    class_names=NAMES,
    licence="No licence stated; for research, with citation",
    load=load,
    available=FILES.available,
)
