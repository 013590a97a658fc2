"""Style: what it sees and what not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from genlab.matches.measures.style import Styles, style

WEIGHT, X, Y, WIDE, TALL, SLANT = range(6)


def bar(slant: float = 0.0, thick: float = 1.0, shift: float = 0.0, ground: float = 0.0) -> NDArray[np.float32]:
    """A standing bar [1, 21, 21] that leans by ``slant`` columns per row."""
    rows, columns = np.mgrid[-10:11, -10:11]
    inside = (np.abs(columns - shift - slant * rows) <= thick) & (np.abs(rows) <= 7)
    return np.where(inside, 1.0 - ground, ground).astype(np.float32)[None]


def test_each_number_says_what_it_is_called() -> None:
    plain, moved, leaning, heavy = style(np.stack([bar(), bar(shift=4), bar(slant=0.5), bar(thick=3)]))
    assert plain[X] == pytest.approx(0, abs=1e-6) and moved[X] == pytest.approx(0.4)
    assert plain[SLANT] == pytest.approx(0, abs=1e-6) and leaning[SLANT] > 0.8
    assert heavy[WEIGHT] > 2 * plain[WEIGHT] and heavy[WIDE] > plain[WIDE]
    assert moved[TALL] == pytest.approx(plain[TALL])


def test_dark_on_light_is_as_light_on_dark() -> None:
    light, dark = style(np.stack([bar(slant=0.5, shift=2), bar(slant=0.5, shift=2, ground=1.0)]))
    assert dark[X:] == pytest.approx(light[X:], abs=1e-6)


def test_an_empty_picture_has_a_style() -> None:
    assert np.isfinite(style(np.zeros((2, 3, 8, 8), np.float32))).all()


def test_style_is_that_within_a_class() -> None:
    """The upright ones of a class of leaning bars lean to the left for it."""
    rng = np.random.default_rng(0)
    lean = rng.normal(0, 0.1, 40)
    images = np.stack([bar(slant=value + (0.5 if i % 2 else 0)) for i, value in enumerate(lean)])
    labels = np.arange(40) % 2
    styles = Styles(images, labels)
    found = styles(images, labels)
    assert found[labels == 0, SLANT].mean() == pytest.approx(found[labels == 1, SLANT].mean(), abs=1e-6)
    assert np.corrcoef(found[labels == 1, SLANT], lean[labels == 1])[0, 1] > 0.8
    assert styles(bar()[None], np.array([1]))[0, SLANT] < -1


def test_classes_of_a_few_images_are_left_out() -> None:
    assert Styles(np.stack([bar()] * 8), np.array([0] * 6 + [1] * 2)).classes == (0,)
