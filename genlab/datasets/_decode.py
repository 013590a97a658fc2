"""One picture file as pixels: any common format and bit depth becomes 8-bit grey or colour, or is refused by name.

Transparent pictures are put on white, EXIF rotation is applied, 16-bit grey is scaled to 8 bits, CMYK becomes RGB, and
of an animation or a file with several pages the first picture is taken.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from genlab.datasets._archive import BadPictureError, Limits

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
SUFFIXES = {
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".webp", ".tif", ".tiff"),
    *(".heic", ".heif", ".avif", ".svg", ".jp2", ".jxl", ".psd", ".ico", ".tga", ".ppm", ".pgm", ".pnm", ".raw"),
}
"""Endings by which a file is meant to be a picture, whether or not it can be read."""

WHITE = 255
TRANSPARENT = {"RGBA", "LA", "PA", "RGBa", "La"}
GREY = {"1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L", "I;16N"}
ROTATED = {5, 6, 7, 8}
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True)
class Header:
    """What is known of a picture before it is decoded.

    Attributes:
        width: In px, as it will stand.
        height: In px, as it will stand.
        grey: Whether it has no colour by its mode.
        frames: Number of frames or pages.
        transparent: Whether it has an alpha channel or a transparent colour.
    """

    width: int
    height: int
    grey: bool
    frames: int
    transparent: bool


def look(file: BinaryIO, limits: Limits) -> Header | None:
    """Read a picture's header; None when it is not a picture of a known format.

    Raises:
        BadPictureError: When it is damaged or has too many pixels.
    """
    with _opened(file, limits) as image:
        if image is None:
            return None
        width, height = image.size
        if image.getexif().get(EXIF_ORIENTATION) in ROTATED:
            width, height = height, width
        frames = 1 if image.format in {"MPO", "JPEG"} else int(getattr(image, "n_frames", 1))
        return Header(width, height, image.mode in GREY, frames, _transparent(image))


def decode(file: BinaryIO, limits: Limits, at_least: int = 0) -> Image.Image:
    """A picture as an image of mode ``L`` or ``RGB``.

    Args:
        file: A picture of a known format.
        limits: What is refused.
        at_least: Shortest side in px that is needed; large JPEGs are then decoded at a fraction of their size.

    Raises:
        BadPictureError: When it is damaged, has too many pixels, or its values have no known range.
    """
    with _opened(file, limits) as image:
        if image is None:
            raise BadPictureError("is not a PNG, JPEG, GIF, BMP, WebP or TIFF picture")
        if image.format == "PNG":
            image.verify()
            file.seek(0)
            image = Image.open(file, formats=FORMATS)
        if at_least:
            image.draft(None, (2 * at_least, 2 * at_least))
        image.load()
        return _plain(ImageOps.exif_transpose(image))


@contextmanager
def _opened(file: BinaryIO, limits: Limits) -> Iterator[Image.Image | None]:
    """The picture, its pixels not yet decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            try:
                image = Image.open(file, formats=FORMATS)
            except UnidentifiedImageError:
                yield None
                return
            width, height = image.size
            if width * height > limits.pixels:
                raise BadPictureError(f"has {width:,} × {height:,} px, more than {limits.pixels / 1e6:g} megapixels")
            if width * height == 0:
                raise BadPictureError("has no pixels")
            yield image
    except BadPictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPictureError(f"has more than {limits.pixels / 1e6:g} megapixels") from error
    except Exception as error:
        # Pillow's decoders raise errors of many kinds on damaged files (OSError, SyntaxError, struct.error, ...).
        raise BadPictureError("is damaged and cannot be decoded") from error


def _transparent(image: Image.Image) -> bool:
    return image.mode in TRANSPARENT or "transparency" in image.info


def _plain(image: Image.Image) -> Image.Image:
    """Any mode as ``L`` or ``RGB``."""
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(image)
    if _transparent(image):
        grey = image.mode in GREY
        image = image.convert("RGBA")
        canvas = Image.new("RGBA", image.size, (WHITE, WHITE, WHITE, WHITE))
        return Image.alpha_composite(canvas, image).convert("L" if grey else "RGB")
    if image.mode in {"L", "RGB"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _deep_grey(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits: integers span 0..65535, floats 0..1."""
    values = np.asarray(image).astype(np.float64)
    top = 1.0 if image.mode == "F" else 65_535.0
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > top:
        raise BadPictureError(f"has grey values outside 0 to {top:g}")
    return Image.fromarray(np.round(values * (255 / top)).astype(np.uint8))
