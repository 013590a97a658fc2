"""MNIST: 70,000 handwritten digits, read by torchvision."""

from __future__ import annotations

from genlab.datasets._torchvision import loader, mnist_like
from genlab.datasets.base import DatasetSpec

DIGITS = tuple("0123456789")
FILES = mnist_like("MNIST", "MNIST", "11 MB")

SPEC = DatasetSpec(
    title="MNIST",
    summary="70,000 handwritten digits, grey, 28 × 28",
    paper="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998",
    kind="images",
    shape=(1, 28, 28),
    count=70_000,
    test=10_000,
    class_names=DIGITS,
    licence="CC BY-SA 3.0",
    load=loader(FILES, "MNIST", DIGITS),
    available=FILES.available,
)
