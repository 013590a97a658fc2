"""What the built-in data sets are: how many items, of what size, which classes, and where the modes of points lie."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.datasets import REGISTRY

DIGITS = tuple("0123456789")
THREAD = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SYLLABLES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")

TENSE_AND_NUMBER = tuple(f"{t} {n}" for t in ("present", "past", "future") for n in ("singular", "plural"))


def numbered(count: int, what: str) -> tuple[str, ...]:
    return tuple(f"{what} {number}" for number in range(1, count + 1))


FACTS: dict[str, tuple[str, tuple[int, ...], int, int, tuple[str, ...] | None]] = {
    "celeba": ("images", (3, 64, 64), 162_770, 19_962, None),
    "checkerboard": ("points", (2,), 100_000, 20_000, numbered(8, "field")),
    "cifar10": ("images", (3, 32, 32), 50_000, 10_000, THINGS),
    "digits": ("images", (1, 8, 8), 1_497, 300, DIGITS),
    "fashion-mnist": ("images", (1, 28, 28), 60_000, 10_000, THREAD),
    "grid": ("points", (2,), 100_000, 20_000, numbered(25, "mode")),
    "kmnist": ("images", (1, 28, 28), 60_000, 10_000, SYLLABLES),
    "line": ("points", (2,), 100_000, 20_000, None),
    "mnist": ("images", (1, 28, 28), 60_000, 10_000, DIGITS),
    "mnist-5k": ("images", (1, 28, 28), 4_167, 833, DIGITS),
    "moons": ("points", (2,), 100_000, 20_000, numbered(2, "moon")),
    "moving-digits": ("film", (1, 16, 32, 32), 4_167, 833, DIGITS),
    "names": ("texts", (53, 11), 4_303, 860, ("female", "male")),
    "ring": ("points", (2,), 100_000, 20_000, numbered(8, "mode")),
    "sentences": ("texts", (70, 10), 10_000, 2_000, TENSE_AND_NUMBER),
    "shapes": ("images", (3, 32, 32), 20_000, 4_000, ("square", "ellipse", "triangle")),
    "spiral": ("points", (2,), 100_000, 20_000, numbered(2, "arm")),
    "stacked-mnist": ("images", (3, 28, 28), 128_000, 25_600, tuple(f"{number:03}" for number in range(1_000))),
    "svhn": ("images", (3, 32, 32), 73_257, 26_032, DIGITS),
    "swiss-roll": ("points", (2,), 100_000, 20_000, None),
    "tones": ("sound", (1, 64, 64), 4_167, 833, ("flute", "clarinet", "strings", "bell", "pluck")),
    "two-gaussians": ("points", (2,), 100_000, 20_000, numbered(2, "mode")),
}
"""Data set -> kind, shape of an item, training and test items with default options, classes."""

COMES_SPLIT = {"celeba", "cifar10", "fashion-mnist", "kmnist", "mnist", "svhn"}
"""Those whose makers say what is the test part."""


@pytest.mark.parametrize("name", FACTS)
def test_what_a_data_set_is(name: str) -> None:
    kind, shape, train, test, classes = FACTS[name]
    spec = REGISTRY.get(name)
    extent = spec.extent_for(spec.Options())
    assert (spec.kind, spec.shape, extent.shape) == (kind, shape, shape)
    assert (extent.train, extent.test, spec.count) == (train, test, train + test)
    assert isinstance(extent.train, int) and isinstance(spec.count, int)
    assert spec.class_names == classes
    if name in COMES_SPLIT:
        assert spec.test == test
    assert spec.channel_classes == (10 if name == "stacked-mnist" else 0)


@pytest.mark.parametrize(
    ("name", "means", "sd"),
    [
        ("ring", [(np.cos(turn), np.sin(turn)) for turn in np.arange(8) * np.pi / 4], 0.01),
        ("grid", [(x, y) for y in (-4, -2, 0, 2, 4) for x in (-4, -2, 0, 2, 4)], 0.05),
        ("two-gaussians", [(-1, 0), (1, 0)], 0.2),
    ],
)
def test_where_modes_lie(name: str, means: list[tuple[float, float]], sd: float) -> None:
    spec = REGISTRY.get(name)
    mixture = spec.mixture(spec.Options())
    np.testing.assert_allclose(mixture.means, means, atol=1e-12)
    assert mixture.sd == sd
