"""Small pictures and archives of them, for tests of what is added."""

from __future__ import annotations

import io
import zipfile

import numpy as np
from PIL import Image


def picture(seed: int = 0, side: int = 16, grey: bool = False) -> bytes:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 255, (side, side) if grey else (side, side, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pets() -> dict[str, bytes]:
    return {f"{kind}/{index}.png": picture(10 * index + len(kind)) for kind in ("cat", "bird") for index in range(9)}
