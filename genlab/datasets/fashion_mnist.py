"""Fashion-MNIST: 70,000 pieces of clothing, read by torchvision."""

from __future__ import annotations

from genlab.datasets._torchvision import loader, mnist_like
from genlab.datasets.base import DatasetSpec

NAMES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
FILES = mnist_like("FashionMNIST", "Fashion-MNIST", "31 MB")

SPEC = DatasetSpec(
    title="Fashion-MNIST",
    summary="70,000 pieces of clothing in ten classes, grey, 28 × 28",
    paper="Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking, 2017",
    kind="images",
    shape=(1, 28, 28),
    count=70_000,
    test=10_000,
    class_names=NAMES,
    licence="MIT",
    load=loader(FILES, "FashionMNIST", NAMES),
    available=FILES.available,
)
