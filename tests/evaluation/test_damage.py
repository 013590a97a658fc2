"""Damage does what its summary says, and nothing at strength 0."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.evaluation.damage import DAMAGES, RealSets

N = 40
STRENGTHS = (0.0, 0.25, 0.5, 1.0)


def images(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.random((n, 1, 28, 28), dtype=np.float32)


def classes(n: int) -> np.ndarray:
    return np.arange(n) % 4


def real_sets(kind: str = "images", labelled: bool = True, spare: bool = True) -> RealSets:
    rng = np.random.default_rng(0)
    sizes = {"reference": N, "fresh": N, "train": 2 * N, "spare": 2 * N}
    sets = {
        name: images(rng, n) if kind == "images" else rng.standard_normal((n, 2), dtype=np.float32)
        for name, n in sizes.items()
    }
    labels = {f"{name}_labels": classes(sizes[name]) if labelled else None for name in ("fresh", "train", "spare")}
    if not spare:
        sets.pop("spare"), labels.pop("spare_labels")
    return RealSets(**sets, **labels, kind=kind)


def rows(items: np.ndarray) -> set[bytes]:
    return {item.tobytes() for item in items}


def share_in(items: np.ndarray, others: np.ndarray) -> float:
    known = rows(others)
    return float(np.mean([item.tobytes() in known for item in items]))


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("kind", ["images", "points"])
@pytest.mark.parametrize("name", list(DAMAGES))
def test_shapes_types_and_ranges_stay(name: str, kind: str, strength: float) -> None:
    given = real_sets(kind)
    before = given.fresh.copy()
    items, labels = DAMAGES[name].apply(given, strength, np.random.default_rng(1))
    assert (items.shape, items.dtype) == (given.fresh.shape, np.float32)
    assert np.isfinite(items).all()
    assert kind == "points" or (items.min() >= 0 and items.max() <= 1)
    assert labels is None or labels.shape == (N,)
    np.testing.assert_array_equal(given.fresh, before)
    np.testing.assert_array_equal(given.fresh_labels, classes(N))


@pytest.mark.parametrize("kind", ["images", "points"])
@pytest.mark.parametrize("name", list(DAMAGES))
def test_no_strength_is_no_damage_and_the_same_seed_the_same_damage(name: str, kind: str) -> None:
    given = real_sets(kind)
    items, labels = DAMAGES[name].apply(given, 0.0, np.random.default_rng(1))
    np.testing.assert_array_equal(items, given.fresh)
    assert labels is None or (labels == given.fresh_labels).all()
    once, again = (DAMAGES[name].apply(given, 0.7, np.random.default_rng(2)) for _ in range(2))
    np.testing.assert_array_equal(once[0], again[0])
    np.testing.assert_array_equal(once[1], again[1])


@pytest.mark.parametrize("name", [name for name, kind in DAMAGES.items() if not kind.labelled])
def test_what_needs_no_classes_works_without(name: str) -> None:
    given = real_sets(labelled=False)
    items, labels = DAMAGES[name].apply(given, 1.0, np.random.default_rng(1))
    assert items.shape == given.fresh.shape
    assert labels is None


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(("name", "source"), [("identical", "reference"), ("memorised", "train")])
def test_a_share_of_copies(name: str, source: str, strength: float) -> None:
    given = real_sets()
    items, _ = DAMAGES[name].apply(given, strength, np.random.default_rng(1))
    assert share_in(items, getattr(given, source)) == strength
    assert len(rows(items)) == N


def test_the_identical_set_is_the_set_and_memorised_items_keep_their_classes() -> None:
    given = real_sets()
    items, _ = DAMAGES["identical"].apply(given, 1.0, np.random.default_rng(1))
    assert rows(items) == rows(given.reference)
    items, labels = DAMAGES["memorised"].apply(given, 1.0, np.random.default_rng(1))
    of = {item.tobytes(): label for item, label in zip(given.train, given.train_labels, strict=True)}
    assert [of[item.tobytes()] for item in items] == list(labels)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_one_image_stands_everywhere(strength: float) -> None:
    given = real_sets()
    items, labels = DAMAGES["one_image"].apply(given, strength, np.random.default_rng(1))
    copies = (items == given.fresh[0]).all(axis=(1, 2, 3))
    assert copies.sum() in {round(strength * N), round(strength * N) + 1}
    assert (labels[copies] == given.fresh_labels[0]).all()


@pytest.mark.parametrize("spare", [True, False])
def test_one_class_is_drawn_from_items_that_no_metric_sees(spare: bool) -> None:
    given = real_sets(spare=spare)
    items, labels = DAMAGES["one_class"].apply(given, 1.0, np.random.default_rng(1))
    assert set(labels) == {0}
    pool = given.spare if spare else given.train
    assert share_in(items, pool[classes(len(pool)) == 0]) == 1
    assert share_in(items, given.train) == (0 if spare else 1)


@pytest.mark.parametrize(("strength", "kept"), [(0.25, 4), (0.5, 3), (0.9, 3), (1.0, 2)])
def test_at_most_half_the_classes_are_dropped(strength: float, kept: int) -> None:
    given = real_sets()
    items, labels = DAMAGES["half_classes"].apply(given, strength, np.random.default_rng(1))
    assert set(labels) == set(range(4 - kept, 4))
    untouched = given.fresh_labels >= 4 - kept
    np.testing.assert_array_equal(items[untouched], given.fresh[untouched])
    assert rows(items[~untouched]) <= rows(given.spare)


def test_of_three_classes_one_is_dropped() -> None:
    given = real_sets()
    three = {name: np.minimum(getattr(given, name), 2) for name in ("fresh_labels", "train_labels", "spare_labels")}
    given = RealSets(given.reference, given.fresh, train=given.train, spare=given.spare, **three)
    _, labels = DAMAGES["half_classes"].apply(given, 1.0, np.random.default_rng(1))
    assert set(labels) == {1, 2}


def test_blur_smooths_each_picture_by_itself_and_leaves_points_alone() -> None:
    given = real_sets()
    items, labels = DAMAGES["blurred"].apply(given, 0.5, np.random.default_rng(1))
    roughness = [np.abs(np.diff(x, axis=-1)).mean(axis=(1, 2, 3)) for x in (items, given.fresh)]
    assert (roughness[0] < 0.5 * roughness[1]).all()
    # Where nothing is lost over the border the mean stays; random pictures keep theirs within a little.
    assert np.abs(items.mean(axis=(1, 2, 3)) - given.fresh.mean(axis=(1, 2, 3))).max() < 0.02
    np.testing.assert_array_equal(labels, given.fresh_labels)
    flat = real_sets("points")
    np.testing.assert_array_equal(DAMAGES["blurred"].apply(flat, 1.0, np.random.default_rng(1))[0], flat.fresh)


@pytest.mark.parametrize("kind", ["images", "points"])
def test_noise_is_as_strong_as_it_says(kind: str) -> None:
    given = real_sets(kind)
    weak, strong = (DAMAGES["noisy"].apply(given, s, np.random.default_rng(1))[0] - given.fresh for s in (0.1, 1.0))
    assert weak.std() < 0.2 * strong.std()
    expected = 0.05 if kind == "images" else 0.1 * given.fresh.std()
    assert weak.std() == pytest.approx(expected, rel=0.2)


def test_shuffled_classes_are_the_same_classes_elsewhere() -> None:
    given = real_sets()
    items, labels = DAMAGES["shuffled_labels"].apply(given, 1.0, np.random.default_rng(1))
    np.testing.assert_array_equal(items, given.fresh)
    np.testing.assert_array_equal(np.sort(labels), np.sort(given.fresh_labels))
    assert 0.1 < (labels == given.fresh_labels).mean() < 0.5
