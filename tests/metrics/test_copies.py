"""Copies of training items: exact, moved or flipped ones are found, fresh and blurred items are not, and how surely."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import nhypergeom

from genlab.metrics import alarms, copies
from genlab.metrics._originals import BESIDE, Originals, in_features, in_pixels
from genlab.metrics.base import Evidence, Items
from genlab.metrics.copies import ALARMING, SHARE, Compared
from tests.support.evidence import Bench, digits, measure, pictures, points

Images = NDArray[np.float32]
N, SEEDS = 1_000, 200


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return digits(tmp_path_factory.mktemp("copies") / "workspace")


def noise(n: int, side: int = 12, seed: int = 0) -> Images:
    return np.random.default_rng(seed).random((n, 1, side, side), dtype=np.float32)


def smooth(n: int) -> Images:
    """Pictures whose neighbouring pixels are alike, as those of the world are."""
    wide = gaussian_filter(noise(n, 28), (0, 0, 2, 2))
    return (wide - wide.min()) / (wide.max() - wide.min())


def moved(images: Images, down: int, across: int) -> Images:
    """Moved, with black where nothing was."""
    found = np.zeros_like(images)
    height, width = images.shape[2:]
    to = [slice(max(0, step), size + min(0, step)) for step, size in ((down, height), (across, width))]
    of = [slice(max(0, -step), size + min(0, -step)) for step, size in ((down, height), (across, width))]
    found[:, :, to[0], to[1]] = images[:, :, of[0], of[1]]
    return found


@pytest.mark.parametrize(("down", "across"), [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1)])
@pytest.mark.parametrize("flip", [False, True])
def test_a_copy_is_at_distance_0_wherever_it_was_moved(down: int, across: int, flip: bool) -> None:
    train, some = smooth(200), np.arange(5, 25)
    copied = moved(train[some], down, across)
    near = Originals(train).nearest(copied[..., ::-1] if flip else copied)
    np.testing.assert_array_equal(near.position, some)
    np.testing.assert_allclose(near.ratio, 0, atol=1e-6)


def test_a_copy_moved_by_two_pixels_is_not_looked_for() -> None:
    train = smooth(200)
    assert Originals(train).nearest(moved(train[:20], 2, 0)).ratio.min() > 0.5


def test_the_ratio_is_to_the_tenth_nearest() -> None:
    places = np.arange(1, 40, dtype=np.float64)[:, None]
    near = in_features(np.array([[0.0], [100.0]]), places)
    np.testing.assert_allclose(near.ratio, [1 / BESIDE, (100 - 39) / (100 - 30)])
    np.testing.assert_array_equal(near.position, [0, 38])


def test_where_all_pixels_are_compared_the_nearest_is_the_nearest_of_all_shifts_and_flips() -> None:
    train, items = noise(20), noise(30, seed=1)
    inner = items[:, :, 1:-1, 1:-1]
    every = [
        [
            min(
                np.linalg.norm(view - one[:, 1 + down : 11 + down, 1 + across : 11 + across])
                for view in (item, other)
                for down in (-1, 0, 1)
                for across in (-1, 0, 1)
            )
            for one in train
        ]
        for item, other in zip(inner, inner[..., ::-1], strict=True)
    ]
    ordered = np.sort(every, axis=1)
    near = Originals(train).nearest(items)
    np.testing.assert_array_equal(near.position, np.argmin(every, axis=1))
    np.testing.assert_allclose(near.ratio, ordered[:, 0] / ordered[:, BESIDE - 1], rtol=1e-5)


def test_stored_and_public_pictures_are_the_same_and_large_ones_are_averaged() -> None:
    stored = np.random.default_rng(0).integers(256, size=(30, 3, 64, 64), dtype=np.uint8)
    public = (stored / np.float32(255)).astype(np.float32)
    near = Originals(stored).nearest(public[:7])
    np.testing.assert_array_equal(near.position, np.arange(7))
    np.testing.assert_allclose(near.ratio, 0, atol=1e-5)


def test_answers_are_remembered_by_array() -> None:
    train, items = noise(40), noise(20, seed=1)
    assert in_pixels(items, train) is in_pixels(items, train)
    assert in_pixels(items.copy(), train) is not in_pixels(items, train)


def test_the_probability_is_that_of_a_random_order() -> None:
    rng = np.random.default_rng(0)
    held_out = np.sort(rng.random(300))
    one = Compared(np.concatenate([np.zeros(20), held_out[3:100] + 1e-9]), held_out)
    assert (one.threshold, one.share) == (held_out[2], 20 / 117)
    assert one.probability == pytest.approx(nhypergeom.sf(19, 417, 117, 4))
    # By simulation: 20 or more of 117 before the fourth of 300.
    orders = np.array([rng.permutation(417) for _ in range(4_000)]) < 300
    places = orders.cumsum(axis=1)
    before = (places < 4).sum(axis=1) - 3
    assert one.probability == pytest.approx((before >= 20).mean(), abs=0.002)


def test_duplicates_of_training_items_among_the_held_out_excuse_as_many_generated_ones() -> None:
    rng = np.random.default_rng(0)
    held_out = np.sort(np.concatenate([np.zeros(150), rng.random(350)]))
    usual = Compared(np.concatenate([np.zeros(300), rng.random(700)]), held_out)
    assert usual.share > 0.25 and usual.probability > 0.1
    assert Compared(np.concatenate([np.zeros(500), rng.random(500)]), held_out).probability < 1e-6
    assert Compared(np.zeros(500), np.zeros(500)).probability == 1


def with_fake(bench: Bench, images: Images) -> Evidence:
    return replace(bench.evidence, fake=bench.encode(images, None))


def test_fresh_and_blurred_items_raise_no_alarm_and_copies_do(bench: Bench) -> None:
    fresh = bench.sets.fresh
    assert measure("copies", with_fake(bench, fresh)).alarm == ""
    assert measure("copies", with_fake(bench, gaussian_filter(fresh, (0, 0, 1.5, 1.5)))).alarm == ""
    half = fresh.copy()
    half[:500] = bench.sets.train[:500]
    found = measure("copies", with_fake(bench, half))
    assert found.value == pytest.approx(0.505, abs=0.01)
    assert found.low is not None and 0.45 < found.low < found.value
    assert "copies" in found.alarm and "50 %" in found.alarm
    pairs = found.detail["pairs"]
    np.testing.assert_array_equal(half[pairs[:, 0]], bench.sets.train[pairs[:, 1]])


def test_flipped_copies_are_told_in_pixels(bench: Bench) -> None:
    images = bench.sets.fresh.copy()
    images[:200] = bench.sets.train[:200, ..., ::-1]
    found = measure("copies", with_fake(bench, images))
    assert "in pixels (moved by up to a pixel, or flipped)" in found.alarm
    assert found.detail["features_share"] < ALARMING < 0.19 < found.detail["pixels_share"]


def test_points_are_compared_as_they_are() -> None:
    rng = np.random.default_rng(0)
    real, fresh, train = (rng.standard_normal((N, 2)) for _ in range(3))
    fresh[:100] = train[:100]
    found = measure("copies", Evidence(points(real), points(fresh), points(train)))
    assert found.value == pytest.approx(0.11, abs=0.015) and "in features, than" in found.alarm
    assert "pixels_share" not in found.detail


def test_it_takes_training_items_to_compare_with() -> None:
    one = pictures(noise(2))
    assert "three training items" in measure("copies", Evidence(pictures(noise(100)), pictures(noise(100)), one)).why


def test_alarms_are_told_by_metric() -> None:
    assert alarms({"copies": {"value": 0.2, "alarm": "Some."}, "coverage": {"value": 0.9}}) == {"copies": "Some."}


class Drawn:
    """Evidence for the alarm, drawn again and again from items whose nearness has been told once."""

    def __init__(self, bench: Bench) -> None:
        train: Items = bench.evidence.train  # type: ignore[assignment]
        others = np.concatenate([bench.sets.reference, bench.sets.fresh])
        self.spaces = (
            (lambda x: in_pixels(x, train.images)),
            (lambda x: in_features(bench.encode(x, None).features, train.features)),
        )
        self.fresh = [near(others).ratio for near in self.spaces]
        chosen = train.images[np.random.default_rng(1).permutation(len(train))[:400]]
        self.exact = [near(chosen).ratio for near in self.spaces]
        steps = np.random.default_rng(2).integers(4, size=len(chosen))
        shifted = np.stack(
            [moved(x[None], *[(1, 0), (-1, 0), (0, 1), (0, -1)][s])[0] for x, s in zip(chosen, steps, strict=True)]
        )
        self.shifted = [near(shifted).ratio for near in self.spaces]

    def alarmed(self, seed: int, copied: list[NDArray[np.float64]] | None = None, share: float = 0.0) -> bool:
        rng = np.random.default_rng(seed)
        order, count = rng.permutation(2 * N), round(share * N)
        places = rng.permutation(400)[:count]
        compared = {}
        for name, fresh, other in zip(("pixels", "features"), self.fresh, copied or self.exact, strict=True):
            fake = np.concatenate([other[places], fresh[order[count:N]]])
            compared[name] = Compared(fake, np.sort(fresh[order[N:]]))
        name = max(compared, key=lambda space: compared[space].share)
        return bool(copies._alarm(name, compared))


def test_the_alarm_at_n_1000_over_200_seeds(bench: Bench) -> None:
    drawn = Drawn(bench)
    false = np.mean([drawn.alarmed(seed) for seed in range(SEEDS)])
    exact = np.mean([drawn.alarmed(seed, drawn.exact, 0.05) for seed in range(SEEDS)])
    shifted = np.mean([drawn.alarmed(seed, drawn.shifted, 0.20) for seed in range(SEEDS)])
    assert false <= 0.05
    assert (exact, shifted) == (1.0, 1.0)


def test_intervals_of_fresh_items_cover_one_in_a_hundred() -> None:
    covered = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        low, high = Compared(rng.random(N), np.sort(rng.random(N))).interval(rng)
        covered.append(low <= SHARE <= high)
    assert 0.92 <= np.mean(covered) <= 0.99
