"""Films that are drawn frame by frame flicker, and those that are drawn whole do not."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.lab import Lab
from genlab.lessons._frames import SHOWN, WAYS, _components, _films, _frames, drawn


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return np.asarray(Lab(tmp_path_factory.mktemp("lab")).data.open("moving-digits").items("train"))[:400]


def test_real_frames_one_by_one_flicker_and_whole_films_do_not(films: np.ndarray) -> None:
    found = drawn(films, learned=200, latents=16, seed=0)
    assert set(found) == set(WAYS)
    assert found["real"]["low"] < 1 < found["real"]["high"]
    assert found["stills"]["low"] > 2 and found["frames"]["low"] > 1.5 and found["films"]["high"] < 1
    for way in WAYS:
        assert found[way]["low"] <= found[way]["flicker"] <= found[way]["high"]
        assert found[way]["shown"].shape == (SHOWN, 1, 32, 32) and found[way]["shown"].dtype == np.uint8


def test_the_frames_of_the_first_film_are_real_ones(films: np.ndarray) -> None:
    shown = drawn(films, learned=100, latents=4, seed=3)["stills"]["shown"]
    known = {frame.tobytes() for frame in np.moveaxis(films, 2, 1).reshape(-1, 32, 32)}
    assert all(frame.tobytes() in known for frame in shown[:, 0])


def test_the_seed_decides_and_few_films_are_enough(films: np.ndarray) -> None:
    one, again, other = (drawn(films[:60], 100, 99, seed)["stills"]["flicker"] for seed in (0, 0, 1))
    assert one == again != other


def test_frames_and_films_are_each_others_way_back() -> None:
    films = np.random.default_rng(0).random((3, 2, 5, 4, 6), dtype=np.float32)
    frames = _frames(films)
    assert frames.shape == (15, 2, 4, 6)
    np.testing.assert_array_equal(frames[6], films[1, :, 1])
    np.testing.assert_array_equal(_films(frames, films.shape), films)


def test_components_are_the_same_from_either_side() -> None:
    rng = np.random.default_rng(0)
    data = (rng.standard_normal((40, 30)) * np.linspace(0.1, 3, 30)).astype(np.float32)
    data -= data.mean(axis=0)
    tall = _components(data, 3)
    wide = _components(np.pad(data, ((0, 0), (0, 30))), 3)[:, :30]
    np.testing.assert_allclose(np.abs(wide), np.abs(tall), atol=1e-3)
    np.testing.assert_allclose(
        np.linalg.norm(tall, axis=1) ** 2, np.linalg.eigvalsh(np.cov(data.T, bias=True))[::-1][:3], rtol=1e-3
    )
