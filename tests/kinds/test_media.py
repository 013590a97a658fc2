"""Items as files that can be heard, watched or read."""

from __future__ import annotations

import io
import wave
from dataclasses import replace

import numpy as np
from PIL import Image

from genlab.kinds import get
from genlab.kinds._media import joined, media, speaks
from genlab.kinds.base import KindSpec

RATE = 1_000


def tone(item: np.ndarray) -> tuple[bytes, str]:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.full(RATE, item.flat[0] * 10_000, "<i2").tobytes())
    return buffer.getvalue(), "audio/wav"


def film(item: np.ndarray) -> tuple[bytes, str]:
    frames = [Image.new("L", (4, 4), int(255 * shade)) for shade in item.flat[:2]]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue(), "image/gif"


def kind(**more: object) -> KindSpec:
    return replace(get("images"), **more)


def items(*values: float) -> np.ndarray:
    return np.stack([np.full((1, 8, 8), value, np.float32) for value in values])


def heard(content: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(content)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_images_say_no_more_than_their_picture() -> None:
    assert not speaks(kind(), (1, 8, 8))
    found = media(kind(), items(0.5)[0])
    assert (found.mime, found.suffix) == ("image/png", ".png") and found.content.startswith(b"\x89PNG")


def test_sounds_become_one_that_fades_from_each_to_the_next() -> None:
    sounding = kind(play=tone)
    assert speaks(sounding, (1, 8, 8)) and media(sounding, items(1)[0]).suffix == ".wav"
    whole = heard(joined(sounding, items(0.0, 1.0)).content)
    overlap = int(0.15 * RATE)
    assert len(whole) == 2 * RATE - overlap
    assert whole[RATE - overlap - 1] == 0 and whole[RATE] == 10_000
    fade = whole[RATE - overlap : RATE].astype(int)
    assert (np.diff(fade) >= 0).all() and fade[len(fade) // 2] in range(4_500, 5_600)


def test_sounds_of_two_channels_keep_their_sides() -> None:
    """A fade of an odd number of values would exchange left and right."""

    def both(item: np.ndarray) -> tuple[bytes, str]:
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setparams((2, 2, RATE, 0, "NONE", ""))
            file.writeframes(np.tile(np.array([0, 9_000], "<i2"), 105).tobytes())
        return buffer.getvalue(), "audio/wav"

    whole = heard(joined(kind(play=both), items(0, 0)).content).reshape(-1, 2)
    assert len(whole) == 2 * 105 - 15
    assert not whole[:, 0].any() and (whole[:, 1] == 9_000).all()


def test_texts_become_lines_and_films_one_film() -> None:
    reading = kind(text=lambda item: f"{item.flat[0]:.1f}")
    assert joined(reading, items(0.1, 0.2)).content == b"0.1\n0.2\n" and media(reading, items(0.1)[0]).suffix == ".txt"
    moving = joined(kind(play=film), np.stack([items(0.1, 0.9)[:, 0], items(0.5, 0.2)[:, 0]]))
    assert moving.mime == "image/gif"
    picture = Image.open(io.BytesIO(moving.content))
    assert getattr(picture, "n_frames", 1) >= 2
    assert speaks(kind(moving=lambda shape: 4), (1, 8, 8))
