"""KMNIST: 70,000 cursive Japanese characters, read by torchvision."""

from __future__ import annotations

from genlab.datasets._torchvision import loader, mnist_like
from genlab.datasets.base import DatasetSpec

NAMES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
FILES = mnist_like("KMNIST", "KMNIST", "21 MB")

SPEC = DatasetSpec(
    title="KMNIST",
    summary="70,000 cursive Japanese characters in ten classes, grey, 28 × 28",
    paper="Clanuwat et al., Deep learning for classical Japanese literature, 2018",
    kind="images",
    shape=(1, 28, 28),
    count=70_000,
    test=10_000,
    class_names=NAMES,
    licence="CC BY-SA 4.0",
    load=loader(FILES, "KMNIST", NAMES),
    available=FILES.available,
)
