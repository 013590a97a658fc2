"""Speed and flicker of films whose motion is known."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.metrics import speed_distance
from genlab.metrics._motion import speeds, stills, unsteadiness
from genlab.metrics.base import Evidence
from tests.support.evidence import measure, pictures


def sliding(step: int, count: int = 60, frames: int = 6, dark: bool = False) -> np.ndarray:
    """Films [n, 1, T, 12, 40] of a square of 4 px that goes ``step`` px to the right from frame to frame."""
    made = np.zeros((count, 1, frames, 12, 40), np.float32)
    for frame in range(frames):
        made[:, :, frame, 4:8, 3 + step * frame : 7 + step * frame] = 1
    return 1 - made if dark else made


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("step", [0, 1, 5])
def test_the_speed_of_what_stands_out(step: int, dark: bool) -> None:
    np.testing.assert_allclose(speeds(sliding(step, 3, dark=dark)), step, atol=1e-4)


def test_films_in_which_nothing_stands_out_do_not_move() -> None:
    assert speeds(np.full((2, 3, 4, 8, 8), 0.3, np.float32)) == pytest.approx([0, 0], abs=1e-6)


def test_the_centre_of_a_frame_in_which_nothing_stands_out_is_its_middle() -> None:
    film = np.zeros((1, 1, 3, 11, 41), np.float32)
    film[0, 0, 1, 4:7, 18:23] = 1
    assert speeds(film) == pytest.approx([0], abs=1e-4)


def test_speed_distance_shows_the_speeds_that_it_compares() -> None:
    found = measure("speed_distance", Evidence(pictures(sliding(2)), pictures(sliding(5))))
    assert found.detail["real"] == pytest.approx([2] * 60, abs=1e-3)
    assert found.detail["fake"] == pytest.approx([5] * 60, abs=1e-3)


def test_speed_distance_is_the_difference_of_constant_speeds() -> None:
    found = measure("speed_distance", Evidence(pictures(sliding(2)), pictures(sliding(5))))
    assert found.value == pytest.approx(3, abs=1e-3)
    assert speed_distance.wasserstein(np.array([0.0, 4.0]), np.array([1.0, 2.0])) == 1.5


def test_unsteadiness_by_hand() -> None:
    film = np.zeros((1, 1, 3, 8, 8), np.float32)
    film[0, 0, 1] = 0.5
    assert unsteadiness(film) == pytest.approx([0.5])
    film[0, 0, 2] = 1
    assert unsteadiness(film) == pytest.approx([0]), "what changes evenly does not flicker"


def test_flicker_of_films_that_jump_twice_as_far() -> None:
    rng = np.random.default_rng(0)
    still = rng.uniform(size=(60, 1, 6, 8, 8)).astype(np.float32) * 0.1
    assert measure("flicker", Evidence(pictures(still), pictures(2 * still))).value == pytest.approx(2, rel=1e-5)
    seen = measure("flicker", Evidence(pictures(still), pictures(2 * still))).detail
    np.testing.assert_allclose(2 * seen["real"], seen["fake"], rtol=1e-5)
    frozen = np.broadcast_to(still[:, :, :1], still.shape)
    assert measure("flicker", Evidence(pictures(still), pictures(frozen))).value == 0


def test_two_frames_are_too_few_and_nothing_that_moves_is_a_reason() -> None:
    two = pictures(np.zeros((60, 1, 2, 8, 8)))
    assert measure("flicker", Evidence(two, two)).why == "It takes films of at least 3 frames; these have 2."
    still = pictures(np.zeros((60, 1, 4, 8, 8)))
    assert measure("flicker", Evidence(still, still)).why == "Nothing moves in the real films."


def test_frames_of_a_film_count_as_channels_of_an_image() -> None:
    films = np.random.default_rng(0).uniform(size=(50, 3, 4, 12, 12)).astype(np.float32)
    assert stills(films).shape == (50, 12, 12, 12) and stills(films[:, :, 0]).shape == (50, 3, 12, 12)
    whole = measure("laplacian", Evidence(pictures(films), pictures(films * 0.5))).value
    frames = films.transpose(0, 2, 1, 3, 4).reshape(-1, 3, 12, 12)
    assert whole == pytest.approx(
        measure("laplacian", Evidence(pictures(frames), pictures(frames * 0.5))).value, rel=1e-4
    )
