"""Samples held against data: what real data give is known, and each kind of collapse moves the number it should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from genlab.training.watch._space import COMPONENTS
from genlab.training.watch.reference import SAMPLES, Reference

SIDE = 12


def ring(count: int, seed: int, modes: int = 8, sd: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Points of a ring of Gaussians, float32 [count, 2], and the mode of each."""
    rng = np.random.default_rng(seed)
    mode = rng.integers(modes, size=count)
    angle = 2 * np.pi * mode / modes
    points = np.stack([np.cos(angle), np.sin(angle)], 1) + sd * rng.standard_normal((count, 2))
    return points.astype(np.float32), mode


def blobs(count: int, seed: int, classes: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of one blob each, uint8 [count, 1, 12, 12]; its angle is its class, its place and width vary."""
    rng = np.random.default_rng(seed)
    label = rng.integers(classes, size=count)
    angle = 2 * np.pi * label / classes + rng.normal(0, 0.12, count)
    centre = 5.5 + 3.5 * np.stack([np.cos(angle), np.sin(angle)], 1) + rng.normal(0, 0.25, (count, 2))
    width = rng.uniform(1.5, 4, count)
    y, x = np.mgrid[:SIDE, :SIDE]
    squared = (x - centre[:, :1, None]) ** 2 + (y - centre[:, 1:, None]) ** 2
    pictures = 255 * np.exp(-squared / width[:, None, None])
    return pictures.astype(np.uint8)[:, None], label


@pytest.fixture(scope="module")
def of_ring() -> Reference:
    return Reference.of(*ring(4_000, 0), ring(1_000, 1)[0], kind="points")


@pytest.fixture(scope="module")
def of_blobs() -> Reference:
    return Reference.of(*blobs(4_000, 0), blobs(1_000, 1)[0])


@pytest.fixture(params=["of_ring", "of_blobs"])
def known(request: pytest.FixtureRequest) -> tuple[Reference, np.ndarray, np.ndarray]:
    """A reference with fresh real items as samples, and their modes."""
    draw = {"of_ring": ring, "of_blobs": blobs}[request.param]
    items, mode = draw(3_000, 2)
    return request.getfixturevalue(request.param), items / 255 if items.dtype == np.uint8 else items, mode


def test_fresh_real_items_look_healthy(known):
    reference, items, _ = known
    look = reference.look(items)
    assert look.modes == reference.modes
    assert look.coverage > 0.93
    assert look.near_duplicates < 0.12 and reference.near_duplicates < 0.12
    assert look.shares.sum() == pytest.approx(1)


def test_real_coverage_is_calibrated_over_many_draws(of_ring):
    # Naeem et al. 2020: as many real items cover 1 - 2^-5 of the others, which counts as 1 here.
    found = [of_ring.look(ring(SAMPLES, seed)[0]).coverage for seed in range(10, 40)]
    assert np.mean(found) == pytest.approx(1, abs=0.02)


def test_one_mode_is_one_mode_and_covers_its_share(known):
    reference, items, mode = known
    look = reference.look(items[mode == 3])
    assert look.modes == 1
    assert look.shares.max() > 0.95
    assert look.coverage < 1.6 / reference.modes


def test_half_of_the_modes_is_half_of_them(known):
    reference, items, mode = known
    look = reference.look(items[mode < reference.modes / 2])
    assert look.modes == reference.modes / 2
    assert look.coverage == pytest.approx(0.5, abs=0.12)


def test_copies_are_near_duplicates_of_each_other(known):
    reference, items, _ = known
    look = reference.look(np.concatenate([items[: SAMPLES // 2]] * 2))
    assert look.near_duplicates == 1
    first, second = look.pairs[:, 0] % (SAMPLES // 2), look.pairs[:, 1] % (SAMPLES // 2)
    assert (first == second).all()


def test_the_average_of_all_data_does_not_cover_them(known):
    reference, items, _ = known
    look = reference.look(np.repeat(items.mean(0, keepdims=True), SAMPLES, axis=0))
    assert look.coverage < 0.1
    assert look.near_duplicates == 1


def test_samples_far_from_the_data_cover_nothing(of_ring):
    assert of_ring.look(ring(SAMPLES, 5)[0] * 20).coverage == 0


def test_samples_that_are_not_numbers_are_no_reason_to_fail(of_ring):
    look = of_ring.look(np.full((SAMPLES, 2), np.nan, dtype=np.float32))
    assert look.near_duplicates == 1 and all(np.isfinite(value) for value in look.numbers().values())


def test_no_sample_stands_in_two_pairs(of_ring):
    pairs = of_ring.look(ring(SAMPLES, 6)[0]).distinct_pairs(8)
    assert pairs.shape == (8, 2)
    assert len(set(pairs.ravel().tolist())) == 16


@pytest.mark.parametrize(
    "labels",
    [None, np.random.default_rng(9).integers(6, size=4_000), np.arange(4_000) % 100],
    ids=["none", "that say nothing", "too many"],
)
def test_without_classes_that_tell_cells_are_the_modes(labels):
    reference = Reference.of(blobs(4_000, 0)[0], labels, blobs(1_000, 1)[0])
    assert reference.kind == "cells"
    items, mode = blobs(3_000, 2)
    assert reference.look(items / 255).modes >= reference.modes - 1
    assert reference.look(items[mode == 0] / 255).modes <= 0.35 * reference.modes


def test_a_class_too_rare_for_a_look_is_no_mode_to_hit():
    items, mode = ring(4_000, 0)
    kept = (mode > 0) | (np.arange(4_000) % 100 == 0)
    assert Reference.of(items[kept], mode[kept], ring(1_000, 1)[0], "points").modes == 7


def test_without_held_out_items_training_items_calibrate():
    reference = Reference.of(*ring(1_000, 0), kind="points")
    assert reference.count == SAMPLES and len(reference.items) == 1_000 - SAMPLES
    assert reference.look(ring(SAMPLES, 1)[0]).coverage > 0.9


def test_few_items_are_looked_at_with_few_samples_and_fewer_not_at_all():
    reference = Reference.of(*ring(150, 0), kind="points")
    assert reference.count == 50
    assert reference.look(ring(50, 1)[0]).modes >= reference.modes - 1
    assert Reference.of(*ring(60, 0), kind="points") is None


def test_data_full_of_real_duplicates_do_not_make_everything_one():
    items, mode = ring(4_000, 0)
    held_out = np.repeat(ring(500, 1)[0], 2, axis=0)
    reference = Reference.of(items, mode, held_out, "points")
    assert 0 < reference.near < 0.05


def test_large_colour_images_are_averaged_down_first():
    rng = np.random.default_rng(0)
    items = rng.integers(0, 256, (400, 3, 96, 96), dtype=np.uint8)
    reference = Reference.of(items)
    assert reference.project.mean.shape == (3 * 32 * 32,)
    assert reference.items.shape[1] == COMPONENTS


def test_components_are_those_of_an_exact_decomposition(of_blobs):
    flat = blobs(4_000, 0)[0].reshape(4_000, -1) / 255
    rows = np.sort(np.random.default_rng(0).permutation(4_000)[:2_000])
    centred = flat[rows] - flat[rows].mean(0)
    exact = np.linalg.svd(centred, compute_uv=False)[:COMPONENTS]
    assert np.linalg.norm(of_blobs.items, axis=0) == pytest.approx(exact, rel=0.02)


def test_two_thousand_items_are_compared_with(of_blobs):
    assert len(of_blobs.items) == 2_000


def test_it_is_the_same_every_time(of_blobs):
    again = Reference.of(*blobs(4_000, 0), blobs(1_000, 1)[0])
    assert np.array_equal(again.items, of_blobs.items) and again.near == of_blobs.near
    assert again.facts() == of_blobs.facts()


def shifted(pictures: np.ndarray, by: int) -> np.ndarray:
    """Pictures moved to the right, with black where nothing was."""
    found = np.zeros_like(pictures)
    found[..., by:] = pictures[..., : pictures.shape[-1] - by]
    return found


def clouds(count: int, seed: int) -> np.ndarray:
    """Pictures that are each like no other, uint8 [count, 1, 24, 24]."""
    smooth = gaussian_filter(np.random.default_rng(seed).random((count, 1, 24, 24)), (0, 0, 2, 2))
    return (255 * (smooth - 0.2).clip(0, 0.6) / 0.6).astype(np.uint8)


@pytest.mark.parametrize("moved", [0, 1])
def test_copies_of_training_items_are_told_with_their_originals(moved):
    items, fresh = clouds(1_000, 0), clouds(SAMPLES, 1)
    reference = Reference.of(items, None, clouds(500, 2))
    copied = np.concatenate([shifted(items[:64], moved), fresh[64:]]) / 255
    look = reference.look(copied.astype(np.float32))
    assert 0.2 < look.copies < 0.3
    assert look.numbers()["watch/copies"] == look.copies
    closest = look.originals[:50]
    assert (closest[:, 0] == closest[:, 1]).mean() > 0.9, "samples are the training items of the same positions"


def test_fresh_items_are_no_copies_and_points_are_not_asked(of_blobs, of_ring):
    found = [of_blobs.look(blobs(SAMPLES, seed)[0] / 255).copies for seed in range(20, 40)]
    least = of_blobs.facts()["copies"]
    assert 0.05 <= least < 0.12
    assert np.mean(found) < 0.03 and max(found) < least
    look = of_ring.look(ring(SAMPLES, 9)[0])
    assert (look.copies, len(look.originals), of_ring.facts()["copies"]) == (None, 0, 0)
    assert "watch/copies" not in look.numbers()


def test_without_held_out_items_copies_are_told_by_training_items_that_are_not_compared_with():
    items, labels = blobs(600, 0)
    reference = Reference.of(items, labels)
    assert reference.copying is not None and len(reference.copying.rows) == 600 - 200
    spare = np.setdiff1d(np.arange(600), reference.copying.rows)
    assert reference.look(items[spare] / 255).copies < reference.facts()["copies"]
    assert reference.look(items[reference.copying.rows] / 255).copies == 1
