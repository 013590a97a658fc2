"""Moving digits: the films hold the course that their factors tell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets import moving_digits
from genlab.datasets.base import Source
from genlab.datasets.store import Dataset, describe, prepare


def opened(stores: Path, source: Source, **options: object) -> Dataset:
    return prepare(DataConfig(name="moving-digits", options={"count": 200, **options}), stores, source)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Films float [n, T, H, W] in [0, 1] and their factors."""
    folder = tmp_path_factory.mktemp("stores")
    data = opened(folder, Source(folder, folder))
    return data.items("train")[:, 0] / 255, data.factors("train")


def centres(items: np.ndarray) -> np.ndarray:
    """Centre of mass [n, T, 2] across and down, in px."""
    ticks = np.arange(items.shape[-1])
    mass = items.sum(axis=(2, 3))
    across, down = (items.sum(axis=axis) @ ticks / mass for axis in (2, 3))
    return np.stack([across, down], axis=-1)


def test_the_digit_goes_as_fast_and_where_its_factors_say(films: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    items, factors = films
    straight = factors["bounces"] == 0
    assert straight.sum() >= 5
    way = np.diff(centres(items[straight]), axis=1)
    np.testing.assert_allclose(
        np.hypot(way[..., 0], way[..., 1]), factors["speed"][straight][:, None] + 0 * way[..., 0], atol=0.1
    )
    towards = np.rad2deg(np.arctan2(-way[..., 1].mean(axis=1), way[..., 0].mean(axis=1)))
    apart = (towards - factors["direction"][straight] + 180) % 360 - 180
    assert np.abs(apart).max() < 5


def test_it_starts_where_its_factors_say(films: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    items, factors = films
    room = 32 - moving_digits.box(32)
    starts = centres(items)[:, 0]
    for axis, name in enumerate("xy"):
        inside = starts[:, axis] - factors[name] * room
        assert inside.std() < 1.5, "where a digit's mass lies in its box differs, and nothing else"
        assert abs(inside.mean() - (moving_digits.box(32) - 1) / 2) < 1


def test_it_turns_at_walls_and_never_leaves(films: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    items, factors = films
    mass = items.sum(axis=(2, 3))
    np.testing.assert_allclose(mass, mass[:, :1] + 0 * mass, rtol=0.02)
    way = np.diff(centres(items), axis=1)
    turns = (np.sign(way[:, 1:]) * np.sign(way[:, :-1]) < 0) & (
        np.minimum(np.abs(way[:, 1:]), np.abs(way[:, :-1])) > 0.1
    )
    seen, told = turns.sum(axis=(1, 2)) > 0, factors["bounces"] > 0
    assert (seen & ~told).sum() == 0 and (seen & told).sum() > 0.7 * told.sum()


def test_a_course_is_reflected() -> None:
    places, bounces = moving_digits.course(np.array([[8.0, 1.0]]), np.array([[3.0, -2.0]]), 4, 10)
    np.testing.assert_allclose(places[0], [[8, 1], [9, 1], [6, 3], [3, 5]])
    assert bounces.tolist() == [2]


def test_any_size_and_length_the_same_every_time(stores: Path, source: Source) -> None:
    config = DataConfig(name="moving-digits", options={"count": 120, "frames": 9, "size": 40})
    data = prepare(config, stores, source)
    assert data.info.shape == describe(config, stores, source).shape == (1, 9, 40, 40)
    assert (data.info.train, data.info.test) == (100, 20)
    assert np.bincount(data.labels("train")).tolist() == [10] * 10
    other = prepare(DataConfig(name="moving-digits", options={**config.options, "seed": 1}), stores, source)
    assert not np.array_equal(data.items("train"), other.items("train"))
    chunks = [list(moving_digits.load(source, moving_digits.MovingDigitsOptions(count=100)).train) for _ in range(2)]
    np.testing.assert_array_equal(chunks[0][0].items, chunks[1][0].items)
