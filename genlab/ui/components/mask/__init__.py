"""A mask drawn on a picture with pointer, finger or keys: which pixels are hidden, as a picture of the item's size."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from genlab.ui.components import assets

HTML = '<div class="mask" role="group" aria-label="Mask on the picture"></div>'
Size = tuple[int, int]
"""Height and width of an item in px."""


def mask(key: str, strip: str, items: int, size: Size, begin: str = "") -> str | None:
    """Show an item to paint on.

    Args:
        key: Key of the component in the session.
        strip: Address of a picture with the items side by side.
        items: How many these are; which one is painted on is chosen in the browser, the mask is the same for all.
        size: Height and width of an item in px.
        begin: A mask to begin with, as returned; "" for none. Another one replaces what has been drawn.

    Returns:
        A PNG of one channel in base64, white where pixels are hidden; "" where the mask has been cleared, None as long
        as nothing has been drawn.
    """
    height, width = size
    hidden = hidden_pixels(begin, size)
    data = {
        "module": assets.entry("mask"),
        "strip": strip,
        "items": items,
        "height": height,
        "width": width,
        "begin": "" if hidden is None else _packed(hidden),
    }
    found = assets.component("mask", "The mask", HTML)(key=key, data=data, on_mask_change=_nothing)
    return parse_mask(found.get("mask"), size)


def parse_mask(value: Any, size: Size) -> str | None:
    """What the browser sent, checked: nothing in it is trusted. As `mask` returns it."""
    if not isinstance(value, Mapping) or [value.get("height"), value.get("width")] != list(size):
        return None
    try:
        content = base64.b64decode(str(value.get("bits")), validate=True)
    except (ValueError, binascii.Error):
        return None
    height, width = size
    if len(content) != -(-height * width // 8):
        return None
    bits = np.unpackbits(np.frombuffer(content, np.uint8), count=height * width, bitorder="little")
    return as_text(bits.reshape(size).astype(bool)) if bits.any() else ""


def as_text(hidden: NDArray[np.bool_]) -> str:
    """A PNG in base64 of hidden pixels bool [H, W]."""
    buffer = io.BytesIO()
    Image.fromarray(np.where(hidden, 255, 0).astype(np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def hidden_pixels(text: str, size: Size) -> NDArray[np.bool_] | None:
    """The inverse of `as_text`, bool [H, W], brought to ``size``; None for what is no such picture."""
    if not text:
        return None
    try:
        opened = Image.open(io.BytesIO(base64.b64decode(text, validate=True)))
        if max(opened.size) > MOST_PIXELS:
            return None
        picture = opened.convert("L")
    except (ValueError, binascii.Error, UnidentifiedImageError, OSError):
        return None
    height, width = size
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.NEAREST)
    found: NDArray[np.bool_] = np.asarray(picture) >= 128
    return found


MOST_PIXELS = 1_024
"""Side of a mask at most: one in an address is anybody's."""


def _packed(hidden: NDArray[np.bool_]) -> str:
    return base64.b64encode(np.packbits(hidden.reshape(-1), bitorder="little").tobytes()).decode()


def _nothing() -> None:
    """The browser has told something; the page is drawn again, that is all."""
