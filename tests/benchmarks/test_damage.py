"""The damage of the benchmark is what its names say."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks._common import RESULTS
from benchmarks.damage import DAMAGES, seen
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items
from genlab.ui.views.match_watch import HEADLINES

RNG = np.random.default_rng(0)
IMAGES = RNG.random((600, 1, 8, 8), dtype=np.float32)
LABELS = np.arange(600) % 6
FEATURES = RNG.standard_normal((600, 4)).astype(np.float32)


@pytest.mark.parametrize("name", DAMAGES)
def test_as_many_pictures_as_were_asked_for(name: str):
    made = DAMAGES[name](IMAGES, LABELS, FEATURES, np.random.default_rng(1), 200)
    assert made.shape == (200, 1, 8, 8)


def test_one_class_is_there_three_times_over():
    marked = IMAGES.copy()
    marked[:, 0, 0, 0] = LABELS
    made = DAMAGES["one class three times over"](marked, LABELS, FEATURES, np.random.default_rng(1), 150)
    shares = np.bincount(made[:, 0, 0, 0].astype(int), minlength=6) / 150
    assert shares[0] == pytest.approx(3 / 8, abs=0.1) and shares[1:].max() < 0.2


def test_a_blur_is_seen_and_nothing_is_not():
    real = Items(IMAGES, FEATURES)
    hurt = Evidence(real, Items(DAMAGES["blur of 0.4 px"](IMAGES, LABELS, FEATURES, RNG, 600), FEATURES))
    untouched = Evidence(real, Items(DAMAGES["nothing"](IMAGES, LABELS, FEATURES, RNG, 600), FEATURES))
    spec = REGISTRY.get("power_spectrum")
    assert seen(spec, hurt, untouched) and not seen(spec, untouched, untouched)


def test_a_headline_of_a_match_saw_every_damage_that_was_done():
    (lines,) = json.loads((RESULTS / "damage.json").read_text())["results"].values()
    assert [damage for damage, _ in lines] == [name for name in DAMAGES if name != "nothing"]
    assert all(set(who) & set(HEADLINES) for _, who in lines)
    (double,) = [who for damage, who in lines if damage == "10 % double exposures"]
    assert {"confidence", "neighbour_ratio"} <= set(double) & set(HEADLINES)
