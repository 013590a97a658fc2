"""Real-data references: the numbers of the model's score on both sides, several draws, each real item only once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genlab.datasets.store import Split
from genlab.evaluation.floors import DRAWS, Floors, way_of
from genlab.evaluation.reals import Halves
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec

CLASSES = 10


def drawn(n: int, seed: int) -> Items:
    """Items of ten classes that a classifier knows; the first feature is unique."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(CLASSES, size=n)
    features = rng.standard_normal((n, 8)) + 3 * np.eye(CLASSES)[labels][:, :8]
    features[:, 0] = seed * 100_000 + np.arange(n)
    probabilities = 0.9 * np.eye(CLASSES)[labels] + 0.1 / CLASSES
    return Items(
        np.zeros((n, 1, 1, 1), np.float32),
        features.astype(np.float64),
        probabilities.astype(np.float32),
        labels,  # type: ignore[arg-type]
    )


def material(folder: Path, held_out: int, train: int, samples: int, fresh: int = 0) -> Any:
    """``fresh`` more are held out; else fresh items come from the training ones."""
    real, training = drawn(held_out, 1), drawn(train, 2)
    other = drawn(fresh, 3) if fresh else training.take(slice(0, held_out))
    reals = SimpleNamespace(real=real, fresh=other, train=training, fresh_split="test" if fresh else "train")
    everything = drawn(held_out + train, 4)
    half = len(everything) // 2
    return SimpleNamespace(
        workspace=SimpleNamespace(encoders=folder),
        data=SimpleNamespace(fingerprint="f" * 64),
        encoder=SimpleNamespace(identity="in-domain:1"),
        request=SimpleNamespace(samples=samples, seed=0),
        reals=reals,
        halves=Halves(everything.take(slice(0, half)), everything.take(slice(half, 2 * half))),
        base=Evidence(real, other, training, classes=CLASSES),
        progress=lambda share, what: None,
    )


class Seen:
    """A measure that notes what it was given."""

    def __init__(self) -> None:
        self.given: list[Evidence] = []

    def __call__(self, spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
        self.given.append(evidence)
        value = float(len(self.given))
        return Measured(value, value - 0.5, value + 1, n=1)


def names(items: Items) -> set[float]:
    return set(items.features[:, 0].tolist())


SIDES = [
    # metric, held out, training, samples, more held out -> numbers in the places of real, generated, training items
    ("frechet", 800, 4_000, 5_000, 0, (800, 4_000, 4_000)),
    ("frechet", 800, 4_000, 2_000, 0, (800, 2_000, 4_000)),
    ("coverage", 800, 4_000, 5_000, 0, (800, 4_000, 4_000)),
    ("frechet", 1_000, 4_000, 1_000, 1_000, (1_000, 1_000, 4_000)),
    ("jsd", 800, 4_000, 5_000, 0, (800, 2_400, 2_400)),
    ("jsd", 800, 4_000, 1_500, 0, (800, 1_500, 3_300)),
    ("jsd", 1_000, 4_000, 1_000, 1_000, (1_000, 1_000, 4_000)),
    ("copies", 800, 4_000, 5_000, 0, (400, 400, 4_000)),
    ("copies", 1_000, 4_000, 1_000, 1_000, (1_000, 1_000, 4_000)),
]


@pytest.mark.parametrize(("name", "held_out", "train", "samples", "fresh", "numbers"), SIDES)
def test_each_real_item_stands_in_one_place(
    tmp_path: Path, name: str, held_out: int, train: int, samples: int, fresh: int, numbers: tuple[int, int, int]
):
    seen, given = Seen(), material(tmp_path, held_out, train, samples, fresh)
    floor = Floors(given, seen).of(REGISTRY.get(name))
    assert len(seen.given) == DRAWS
    for evidence in seen.given:
        assert evidence.train is not None
        assert (len(evidence.real), len(evidence.fake), len(evidence.train)) == numbers
        assert len(names(evidence.fake)) == numbers[1] and not names(evidence.fake) & names(evidence.real)
        if way_of(REGISTRY.get(name), "test") in {"binned", "memorised"}:
            assert not names(evidence.fake) & names(evidence.train)
        assert evidence.fitted is evidence.fake
    first, second = seen.given[:2]
    assert names(first.fake) != names(second.fake) or names(first.real) != names(second.real)
    assert (floor["value"], floor["low"], floor["high"]) == (3.0, 2.5, 4.0)
    assert (floor["spread"], floor["draws"]) == (pytest.approx(np.std([1, 2, 3, 4, 5], ddof=1)), 5)
    assert (floor["real"], floor["fake"]) == numbers[:2]


@pytest.mark.parametrize(("name", "held_out", "train", "samples", "fresh", "numbers"), SIDES)
def test_a_model_is_given_as_many_where_it_matters(
    tmp_path: Path, name: str, held_out: int, train: int, samples: int, fresh: int, numbers: tuple[int, int, int]
):
    given, spec = material(tmp_path, held_out, train, samples, fresh), REGISTRY.get(name)
    model = replace(given.base, fake=drawn(samples, 9), fitted=drawn(samples, 10))
    limited = Floors(given, Seen()).limited(spec, model)
    if not spec.sized:
        assert limited is model
        return
    assert limited.train is not None and limited.fitted is not None
    assert (len(limited.real), len(limited.fake), len(limited.train)) == numbers
    assert len(limited.fitted) == len(limited.fake)


def test_which_metrics_depend_on_numbers():
    sized = {"class_kl", "fitted_frechet", "frechet", "inception_score", "jsd", "modes", "ndb", "power_spectrum"}
    sized |= {"ngram_jsd", "self_bleu", "speed_distance", "unique"}
    assert {spec.name for spec in REGISTRY if spec.sized} == sized


@pytest.mark.parametrize("name", ["frechet", "jsd"])
def test_a_perfect_model_scores_as_the_reference_says(tmp_path: Path, name: str):
    """833 of 5,000 are held out, as in mnist-5k; at 833 on both sides the Fréchet distance would be twice as large."""
    given, spec = material(tmp_path, 833, 4_167, 5_000), REGISTRY.get(name)

    def measure(spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
        plain = {
            part: replace(getattr(evidence, part), features=getattr(evidence, part).features[:, 1:].astype(np.float32))
            for part in ("real", "fake", "train")
        }
        return spec.measure(replace(evidence, **plain), spec.Options(), np.random.default_rng(seed))

    floors = Floors(given, measure)
    floor = floors.of(spec)
    perfect = []
    for seed in range(20, 28):
        model = floors.limited(spec, replace(given.base, real=drawn(833, 100 + seed), fake=drawn(5_000, seed)))
        perfect.append(measure(spec, model, 0).value)
    assert np.mean(perfect) == pytest.approx(floor["value"], rel=0.25)
    assert floor["low"] < np.mean(perfect) < floor["high"]


def test_few_items_are_halved_and_every_metric_that_can_be_had_has_a_reference(tmp_path: Path):
    seen, given = Seen(), material(tmp_path, 50, 250, 1_000)
    floors = Floors(given, seen)
    floors.of(REGISTRY.get("frechet"), "train")
    assert [(len(e.real), len(e.fake)) for e in seen.given] == [(150, 150)] * DRAWS
    assert all(len(names(e.real) | names(e.fake)) == 300 for e in seen.given)
    model = replace(given.base, fake=drawn(1_000, 9))
    assert len(floors.limited(REGISTRY.get("frechet"), model, "train").fake) == 150


def test_what_is_wanted_is_worked_out_once_and_kept(tmp_path: Path):
    seen, given = Seen(), material(tmp_path, 200, 800, 500)
    wanted: list[tuple[MetricSpec, Split]] = [(REGISTRY.get(name), "test") for name in ("coverage", "frechet")]
    floors = Floors(given, seen, wanted)
    floors.prepare()
    assert len(seen.given) == 2 * DRAWS
    assert seen.given[0] is seen.given[1], "metrics of one draw share it"
    again = Floors(given, Seen(), wanted)
    again.prepare()
    assert again.of(wanted[0][0]) == floors.of(wanted[0][0])
    newer = replace(wanted[0][0], version=2)
    assert again.of(newer)["draws"] == DRAWS and len(again._measure.given) == DRAWS  # type: ignore[attr-defined]


def test_a_reference_that_fails_is_told_when_it_is_asked_for(tmp_path: Path):
    def measure(spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
        if spec.name == "coverage":
            raise ZeroDivisionError
        return Measured(1.0, n=1) if spec.name == "frechet" else Measured(None, why="No.")

    specs = [REGISTRY.get(name) for name in ("coverage", "frechet", "jsd")]
    floors = Floors(material(tmp_path, 200, 800, 500), measure, [(spec, "test") for spec in specs])
    floors.prepare()
    with pytest.raises(ZeroDivisionError):
        floors.of(specs[0])
    assert (floors.of(specs[1])["value"], floors.of(specs[1])["low"]) == (1.0, None)
    assert floors.of(specs[2])["value"] is None
