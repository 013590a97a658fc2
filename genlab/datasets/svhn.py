"""SVHN: 99,289 house numbers (training and test part, without the extra part), read by torchvision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genlab.datasets._torchvision import RawFiles, chunks
from genlab.datasets.base import DatasetSpec, RawData, Source

DIGITS = tuple("0123456789")
PARTS = ("train_32x32.mat", "test_32x32.mat")
FILES = RawFiles("SVHN", " and ".join(PARTS), PARTS, "246 MB")


def load(source: Source, options: Any) -> RawData:
    """Both parts, labelled with the digit in the middle."""

    def read(root: Path, download: bool) -> list[tuple[Any, Any]]:
        from torchvision.datasets import SVHN

        sets = [SVHN(root, split=split, download=download) for split in ("train", "test")]
        return [(part.data.transpose(0, 2, 3, 1), part.labels) for part in sets]

    train, test = FILES.fetch(source, read)
    return RawData(chunks(*train), chunks(*test), DIGITS)


SPEC = DatasetSpec(
    title="SVHN",
    summary="99,289 house numbers from street photographs, colour, 32 × 32",
    paper="Netzer et al., Reading digits in natural images with unsupervised feature learning, 2011",
    kind="images",
    shape=(3, 32, 32),
    count=99_289,
    test=26_032,
    class_names=DIGITS,
    licence="Non-commercial use only",
    load=load,
    available=FILES.available,
)
