"""The sabotage contract on sounds: what feature metrics notice of images they notice of spectrograms as well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab import kinds
from genlab.evaluation.damage import DAMAGES
from genlab.metrics.base import Damage, MetricSpec
from genlab.registry import registry
from tests.contracts.test_metrics import badness
from tests.support.evidence import Bench, sounds

FOUND_OF_SOUNDS = {"features", "probabilities", "labels", "train"}
SPECS: list[MetricSpec] = [
    spec for spec in registry("metrics") if spec.floored and set(spec.needs) and set(spec.needs) <= FOUND_OF_SOUNDS
]
CASES = [(spec.name, damage) for spec in SPECS for damage in spec.notices if damage in kinds.get("sound").damages]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return sounds()


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_it_notices(bench: Bench, name: str, damage: Damage) -> None:
    spec: MetricSpec = registry("metrics").get(name)
    fresh, hurt = (bench.measured(name, which) for which in ("fresh", damage))
    assert fresh.value is not None, fresh.why
    assert hurt.value is not None, hurt.why
    ends = [end for end in (fresh.low, fresh.value, fresh.high) if end is not None]
    assert badness(spec, hurt.value) > max(badness(spec, end) for end in ends), (fresh, hurt)


@pytest.mark.parametrize("damage", ["silenced", "raised"])
def test_damage_to_sounds_leaves_images_alone(bench: Bench, damage: Damage) -> None:
    rng = np.random.default_rng(0)
    hurt, labels = DAMAGES[damage].apply(bench.sets, 1.0, rng)
    assert hurt.shape == bench.sets.fresh.shape and not np.array_equal(hurt, bench.sets.fresh)
    assert labels is bench.sets.fresh_labels
    as_images = replace(bench.sets, kind="images")
    assert DAMAGES[damage].apply(as_images, 1.0, rng)[0] is bench.sets.fresh
    assert np.array_equal(DAMAGES[damage].apply(bench.sets, 0.0, rng)[0], bench.sets.fresh)
