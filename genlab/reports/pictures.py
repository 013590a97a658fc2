"""Pictures as data addresses, small enough together for one file."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable

from PIL import Image

PICTURE_BYTES = 2_200_000
"""Room for all pictures together: with plotly's 4.8 MB the file stays below 8 MB."""

QUALITIES = (92, 80, 60)
"""JPEG qualities tried in turn where lossless pictures take too much room."""


def data_addresses(pictures: Iterable[bytes], room: int = PICTURE_BYTES) -> dict[bytes, str]:
    """Picture (PNG) -> data address; lossless where all together fit into ``room`` bytes, JPEG otherwise."""
    contents = list(dict.fromkeys(png for png in pictures if png))
    kind, coded = "image/png", {content: content for content in contents}
    for quality in QUALITIES:
        if sum(map(len, coded.values())) * 4 / 3 <= room:
            break
        kind, coded = "image/jpeg", {content: _jpeg(content, quality) for content in contents}
    return {content: f"data:{kind};base64,{base64.b64encode(data).decode()}" for content, data in coded.items()}


def _jpeg(content: bytes, quality: int) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
        ground.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
