"""Pictures that a run keeps, opened with care: a torn or monstrous file becomes one sentence. No torch."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import Image

from genlab.errors import InputError
from genlab.store.reading import damaged

MOST_PIXELS = 2**26
"""Pixels of the largest picture that is decoded; sample grids have a few hundred thousand."""

BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)
"""What Pillow raises of files that are no pictures, torn ones, and bombs."""


def load_picture(path: Path, hint: str = "Delete the file: what can be drawn again is drawn again.") -> Image.Image:
    """The PNG at ``path``, decoded.

    Args:
        path: The file.
        hint: What to do where it cannot be read.

    Raises:
        InputError: When it is missing, damaged or far too large.
    """
    try:
        _measure(path)
        with Image.open(path, formats=("PNG",)) as picture:
            picture.load()
            return picture
    except BROKEN as error:
        raise _refusal(path, hint) from error


def _measure(path: Path) -> None:
    """Refuse a picture for its size before Pillow makes room for it, or warns."""
    with path.open("rb") as file:
        head = file.read(24)
    if len(head) == 24:
        width, height = struct.unpack(">II", head[16:])
        if width * height > MOST_PIXELS:
            raise ValueError(f"it has {width:,} × {height:,} pixels")


def _refusal(path: Path, hint: str) -> InputError:
    return damaged(f"The picture {path.name} in {path.parent} is missing or damaged", hint)
