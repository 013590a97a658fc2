from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from genlab.reports.pictures import data_addresses


def picture(side: int, seed: int, mode: str = "RGB") -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, len(mode)), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels, mode).save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_that_fit_stay_as_they_are_each_once():
    one, other = picture(8, 0), picture(8, 1)
    found = data_addresses([one, other, one, b""])
    assert list(found) == [one, other]
    kind, _, content = found[one].partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content) == one


def test_pictures_that_are_too_large_together_become_jpegs_that_fit():
    pictures = [picture(128, seed, "RGBA") for seed in range(3)]
    room = sum(map(len, pictures)) // 2
    found = data_addresses(pictures, room)
    assert sum(len(address.partition(",")[2]) for address in found.values()) <= room
    for address in found.values():
        assert address.startswith("data:image/jpeg;base64,")
        with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as image:
            assert image.size == (128, 128)
