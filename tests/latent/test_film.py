"""Films: frames that can be read again, sizes, loops, and rows beside each other."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
import torch
from PIL import Image

from genlab.errors import InputError
from genlab.latent.film import GAP, gif, mp4, strip


def walk(steps: int = 6, channels: int = 1, side: int = 7) -> torch.Tensor:
    """Frames from black to white."""
    return torch.linspace(0, 1, steps)[:, None, None, None].expand(steps, channels, side, side).clone()


def test_a_gif_loops_through_all_frames_pixel_by_pixel():
    frames = walk()
    frames[:, 0, 0, 0] = 1.0
    film = Image.open(io.BytesIO(gif([frames], fps=20, side=64)))
    assert film.format == "GIF" and film.n_frames == 6 and film.info["loop"] == 0
    assert film.size == (70, 70) and film.info["duration"] == 50
    for index in range(6):
        film.seek(index)
        pixels = np.asarray(film.convert("RGB"))
        assert (pixels[:10, :10] == 255).all()
        assert (pixels[10:, 10:] == round(255 * index / 5)).all()


def test_two_walks_are_shown_one_above_the_other():
    film = Image.open(io.BytesIO(gif([walk(), 1 - walk()], side=7)))
    assert film.size == (7, 14 + GAP)
    pixels = np.asarray(film.convert("L"))
    assert (pixels[:7] == 0).all() and (pixels[-7:] == 255).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_an_mp4_has_every_frame_and_even_sides(channels):
    data = mp4([walk(9, channels, 7)], fps=12, side=49)
    with av.open(io.BytesIO(data)) as film:
        stream = film.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert stream.average_rate == 12
        assert stream.codec_context.name in ("h264", "mpeg4")
    assert len(frames) == 9 and frames[0].shape == (50, 50, 3)
    for index, frame in enumerate(frames):
        assert frame.mean() == pytest.approx(255 * index / 8, abs=6)


def test_a_strip_shows_frames_from_end_to_end():
    picture = Image.open(io.BytesIO(strip([walk(9), walk(9)], columns=3)))
    assert picture.format == "PNG" and picture.size == (21, 14 + GAP)
    pixels = np.asarray(picture.convert("L"))
    assert [int(pixels[0, x]) for x in (0, 7, 14)] == [0, 128, 255]
    assert Image.open(io.BytesIO(strip([walk(4)], side=14))).size == (4 * 14, 14)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: gif([]), "no pictures"),
        (lambda: gif([torch.zeros(0, 1, 4, 4)]), "no pictures"),
        (lambda: gif([torch.zeros(5, 2)]), "no pictures"),
        (lambda: mp4([walk(4), walk(5)]), "equally long"),
        (lambda: gif([walk(2_001, side=1)]), "too long"),
        (lambda: gif([walk()], fps=0), "cannot be played"),
        (lambda: mp4([walk()], fps=1_000), "cannot be played"),
        (lambda: strip([walk()], columns=0), "shows nothing"),
    ],
)
def test_what_is_no_film_is_refused(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        wrong()
