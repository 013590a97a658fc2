"""CelebA: 182,732 aligned faces (official training and test part), read by torchvision, with 40 attributes each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from genlab.datasets._torchvision import RawFiles
from genlab.datasets.base import DatasetSpec, Raw, RawData, Source

LISTS = (
    "list_attr_celeba",
    "identity_CelebA",
    "list_bbox_celeba",
    "list_landmarks_align_celeba",
    "list_eval_partition",
)
FILES = RawFiles(
    "CelebA",
    "celeba/img_align_celeba/ and celeba/*.txt (the aligned and cropped pictures)",
    ("celeba/img_align_celeba", *(f"celeba/{name}.txt" for name in LISTS)),
    "1.4 GB from Google Drive (needs `pip install gdown`)",
)
CHUNK = 256


def load(source: Source, options: Any) -> RawData:
    """Both parts; each attribute is a factor that is 0 or 1."""

    def read(root: Path, download: bool) -> list[Any]:
        from torchvision.datasets import CelebA

        return [CelebA(root, split=split, target_type="attr", download=download) for split in ("train", "test")]

    train, test = FILES.fetch(source, read)
    return RawData(_chunks(train), _chunks(test))


def _chunks(part: Any) -> Iterator[Raw]:
    attributes = part.attr.numpy().astype(np.float32)
    names = [name for name in part.attr_names if name]
    for start in range(0, len(part), CHUNK):
        index = range(start, min(start + CHUNK, len(part)))
        with FILES.reading(Path(part.root)):
            items = np.stack([np.asarray(part[i][0].convert("RGB")) for i in index])
        factors = {name: attributes[index.start : index.stop, column] for column, name in enumerate(names)}
        yield Raw(items, None, factors)


SPEC = DatasetSpec(
    title="CelebA",
    summary="182,732 faces with 40 attributes, colour, the centre square at 64 × 64 (up to 128 × 128)",
    paper="Liu, Luo, Wang and Tang, Deep learning face attributes in the wild, 2015",
    kind="images",
    shape=(3, 64, 64),
    count=182_732,
    test=19_962,
    licence="Non-commercial research only",
    load=load,
    available=FILES.available,
    about="faces",
)
