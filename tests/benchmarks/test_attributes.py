"""What the benchmark of directions takes for a change, on images whose factors are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks.attributes import FACTORS, bars, changes, ends, learn_to_read, read, targets
from genlab.datasets.shapes import ShapesOptions, load


@pytest.fixture(scope="module")
def drawn() -> tuple[torch.Tensor, dict[str, np.ndarray]]:
    from genlab.datasets.base import Source

    chunks = list(load(Source(root=None, downloads=None), ShapesOptions(count=1_500, size=16)).train)  # type: ignore[arg-type]
    images = np.concatenate([chunk.items for chunk in chunks]).transpose(0, 3, 1, 2)
    factors = {name: np.concatenate([chunk.factors[name] for chunk in chunks]).astype(float) for name in FACTORS}
    return torch.as_tensor(images.astype(np.float32) / 255), factors


def test_each_factor_moves_its_own_reading_only(drawn):
    factors = {name: values[:200] for name, values in drawn[1].items()}
    before = targets(factors).double().numpy()
    for name in FACTORS:
        other = dict(factors)
        shift = {"colour": 0.25, "shape": 1, "rotation": 20}.get(name, 0.05)
        other[name] = (factors[name] + shift) % 3 if name == "shape" else factors[name] + shift
        moved = changes(before, targets(other).double().numpy())
        assert moved[name] > 0.1 and max(moved[each] for each in FACTORS if each != name) < 1e-6


def test_the_two_ends_are_apart(drawn):
    for name in FACTORS:
        high, low = ends(drawn[1], name)
        assert high.sum() > 50 and low.sum() > 50 and not (high & low).any()


def test_a_reader_learns_where_things_are(drawn):
    images, factors = drawn
    reader = learn_to_read(images, factors, epochs=6)
    truth = targets(factors).double().numpy()
    wrong, usual = changes(truth, read(reader, images)), changes(truth, np.roll(truth, 1, axis=0))
    assert wrong["x"] < 0.5 * usual["x"] and wrong["colour"] < 0.5 * usual["colour"]


def test_a_direction_that_changes_another_factor_more_misses():
    moved = dict.fromkeys(FACTORS, 0.1)
    good, bad = bars({"x": {**moved, "x": 0.9}, "y": {**moved, "scale": 0.5, "y": 0.4}})
    assert good.met and not bad.met and "scale 0.50" in bad.figure
