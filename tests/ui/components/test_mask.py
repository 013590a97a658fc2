"""The mask: what the browser sends is checked, and becomes a picture of the item's size."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from genlab.ui.components.mask import as_text, hidden_pixels, parse_mask

SIZE = (3, 5)


def sent(*hidden: int, height: int = 3, width: int = 5) -> dict[str, object]:
    bits = np.zeros(15, np.uint8)
    bits[list(hidden)] = 1
    packed = base64.b64encode(np.packbits(bits, bitorder="little").tobytes()).decode()
    return {"bits": packed, "height": height, "width": width}


def test_what_is_drawn_becomes_a_png_of_one_channel_white_where_it_is_hidden():
    text = parse_mask(sent(0, 7, 14), SIZE)
    assert text
    picture = Image.open(io.BytesIO(base64.b64decode(text)))
    assert picture.mode == "L" and picture.size == (5, 3) and picture.format == "PNG"
    assert np.flatnonzero(np.asarray(picture) == 255).tolist() == [0, 7, 14]
    assert parse_mask(sent(0, 7, 14), SIZE) == text, "the same mask is the same request"
    assert parse_mask(sent(), SIZE) == ""


@pytest.mark.parametrize(
    "value",
    [None, "x", {}, sent(1, height=4), sent(1) | {"bits": "?"}, sent(1) | {"bits": "AA=="}, sent(1) | {"bits": None}],
)
def test_what_does_not_fit_counts_as_nothing_drawn(value: object):
    assert parse_mask(value, SIZE) is None


def test_a_mask_is_brought_to_the_size_of_the_items():
    hidden = np.zeros((2, 2), bool)
    hidden[0, 1] = True
    found = hidden_pixels(as_text(hidden), (4, 4))
    assert found is not None and found.sum() == 4 and found[:2, 2:].all()
    same = hidden_pixels(as_text(hidden), (2, 2))
    assert same is not None and (same == hidden).all()


def test_what_is_no_mask_is_none():
    large = as_text(np.ones((1, 1_025), bool))
    for text in ("", "no base64!", base64.b64encode(b"no picture").decode(), large):
        assert hidden_pixels(text, SIZE) is None
