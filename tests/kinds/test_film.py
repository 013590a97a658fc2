"""Films: what their shape may be, how they are stored, drawn and played."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import Fitting
from genlab.kinds.film import RATE

FILM = kinds.get("film")


def film(channels: int = 3, frames: int = 4, height: int = 8, width: int = 12) -> np.ndarray:
    """Frames that get brighter, a bright pixel wandering to the right: float32 [C, T, H, W]."""
    made = np.zeros((channels, frames, height, width), np.float32)
    for frame in range(frames):
        made[:, frame] = 0.1 * frame
        made[0, frame, 2, frame] = 1
    return made


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ((1, 1, 32, 32), "2 to 64 frames, not 1"),
        ((1, 65, 32, 32), "2 to 64 frames, not 65"),
        ((2, 16, 32, 32), "1 channel or 3, not 2"),
        ((1, 16, 7, 32), "8 to 128 px, not 7 × 32"),
        ((1, 16, 32, 129), "8 to 128 px, not 32 × 129"),
        ((1, 32, 32), "have 4 axes, not 1 × 32 × 32"),
    ],
)
def test_other_shapes_are_refused_with_the_reason(shape: tuple[int, ...], why: str) -> None:
    with pytest.raises(InputError, match=why):
        FILM.check(shape)


def test_films_are_stored_channels_first_and_come_back() -> None:
    items = np.random.default_rng(0).integers(0, 256, (2, 5, 16, 24, 3), np.uint8)
    stored = FILM.conform(items, Fitting())
    assert stored.shape == (2, 3, 5, 16, 24) and stored.flags.c_contiguous
    np.testing.assert_array_equal(FILM.given(stored), items)


def test_every_frame_is_made_as_large_as_is_asked_for_by_itself() -> None:
    items = np.zeros((2, 3, 16, 16, 3), np.uint8)
    items[1, 2] = 200
    stored = FILM.conform(items, Fitting((8, 8), 1))
    assert stored.shape == (2, 1, 3, 8, 8)
    np.testing.assert_array_equal(stored[1, 0, 2], 200)
    assert not stored[0].any() and not stored[1, 0, :2].any()


def test_another_size_keeps_proportions_and_frames() -> None:
    assert FILM.resized is not None
    assert FILM.resized((1, 16, 32, 48), 24, None) == (1, 16, 16, 24)
    assert FILM.resized((1, 16, 32, 48), None, 3) == (3, 16, 32, 48)


def test_frames_are_blurred_each_by_itself() -> None:
    films = np.zeros((1, 1, 3, 8, 8), np.float32)
    films[0, 0, 1, 4, 4] = 1
    found = FILM.blurred(films, 1.0)
    assert 0.1 < found[0, 0, 1, 4, 4] < 0.2 and found[0, 0, 1].sum() == pytest.approx(1, abs=0.01)
    assert not found[0, 0, [0, 2]].any() and FILM.blurred(films, 0) is films


def test_the_picture_of_a_film_is_a_strip_of_its_frames() -> None:
    made = film()
    strip = FILM.pictures(made[None])[0]
    assert strip.shape == FILM.picture_shape(made.shape) == (3, 8, 48)
    for frame in range(4):
        np.testing.assert_array_equal(strip[:, :, 12 * frame : 12 * (frame + 1)], made[:, frame])
    assert FILM.moving(made.shape) == 4
    assert FILM.picture is not None
    np.testing.assert_array_equal(FILM.picture(torch.from_numpy(made[None])).numpy()[0], strip)


@pytest.mark.parametrize("channels", [1, 3])
def test_it_plays_frame_by_frame_and_begins_again(channels: int) -> None:
    assert FILM.play is not None
    content, mime = FILM.play(film(channels))
    assert mime == "image/webp"
    with Image.open(io.BytesIO(content)) as image:
        assert image.n_frames == 4 and image.info["loop"] == 0
        for frame in range(4):
            image.seek(frame)
            seen = np.asarray(image.convert("RGB"), np.float32).transpose(2, 0, 1) / 255
            np.testing.assert_allclose(seen, film(channels)[:, frame] + np.zeros((3, 1, 1)), atol=0.6 / 255)
            assert image.info["duration"] == 1_000 // RATE


def test_words() -> None:
    assert FILM.words((1, 16, 32, 48)) == "16 frames, 32 × 48 px, grey"
    assert FILM.labelled((3, 8, 32, 32)) == "8 × 32 × 32, colour"
    assert FILM.gives == {"any", "frames", "lattice", "unit"}
