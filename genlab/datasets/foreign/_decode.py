"""One picture file as pixels: any still format and bit depth becomes 8-bit grey or colour, or is refused by name.

Transparent pictures are put on white, EXIF rotation is applied, wide values are scaled (`_wide`), CMYK becomes RGB, and
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

from genlab.datasets.foreign._archive import BadPictureError, Limits
from genlab.datasets.foreign._wide import Ranges, Wide, measured, shrunk, to_bytes, values, wide_of
from genlab.kinds._formats import HEAD, READ, SUFFIXES, ending, formats_for, unread

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
        wide: What is said of its values where they have more than 8 bits.
        scalable: Whether it can be decoded at a fraction of its size.
    """

    width: int
    height: int
    grey: bool
    frames: int
    transparent: bool
    wide: Wide | None = None
    scalable: bool = False


def look(file: BinaryIO, limits: Limits, name: str = "") -> Header | None:
    """Read a picture's header; None when it is not meant to be a picture.

    Args:
        file: Any file.
        limits: What is refused.
        name: Its name, whose ending may say what it is meant to be.

    Raises:
        BadPictureError: When it is damaged, has too many pixels, or is a picture of a format that is not read.
    """
    with _opened(file, limits, name) as image:
        if image is None:
            return None
        width, height = image.size
        # Pillow tells a TIFF's size as it will stand, and decodes a whole PNG to look for EXIF behind its pixels:
        # hundreds of megapixels for next to nothing.
        if image.format != "TIFF" and (image.format != "PNG" or "exif" in image.info):
            turned = image.getexif().get(EXIF_ORIENTATION) in ROTATED
            width, height = (height, width) if turned else (width, height)
        frames = 1 if image.format in {"MPO", "JPEG"} else int(getattr(image, "n_frames", 1))
        scalable = image.format in {"MPO", "JPEG"}
        wide = wide_of(image, file)
        return Header(width, height, image.mode in GREY, frames, _transparent(image), wide, scalable)


def decode(
    file: BinaryIO, limits: Limits, at_least: int = 0, name: str = "", ranges: Ranges | None = None
) -> Image.Image:
    """A picture as an image of mode ``L`` or ``RGB``.

    Args:
        file: A picture of a format that is read.
        limits: What is refused.
        at_least: Shortest side in px that is needed; large pictures are then decoded, or averaged, to less than theirs.
        name: The file's name.
        ranges: What wide values span in the set that it belongs to; by default its own values'.

    Raises:
        BadPictureError: When it is damaged, has too many pixels, or is of a format that is not read.
    """
    with _opened(file, limits, name) as image:
        if image is None:
            raise BadPictureError(f"is not a picture of a format that is read ({READ})")
        wide = wide_of(image, file)
        if image.format == "PNG":
            image.verify()
            file.seek(0)
            image = Image.open(file, formats=("PNG",))
        if wide is not None:
            return _narrowed(image, file, wide, ranges or Ranges(), at_least)
        if at_least:
            image.draft(None, (2 * at_least, 2 * at_least))
        image.load()
        return _plain(ImageOps.exif_transpose(image), at_least)


def extent(file: BinaryIO, limits: Limits, name: str, wide: Wide) -> tuple[float, float]:
    """The least and the largest value of a picture whose values are wide.

    Raises:
        BadPictureError: When it is damaged.
    """
    with _opened(file, limits, name) as image:
        if image is None:
            raise BadPictureError("is damaged and cannot be decoded")
        found = values(image, file, wide)
        if found.ndim == 3:
            found = found[..., :3]
        return float(found.min()), float(found.max())


@contextmanager
def _opened(file: BinaryIO, limits: Limits, name: str) -> Iterator[Image.Image | None]:
    """The picture, its pixels not yet decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = _identified(file, name)
            if image is None:
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


def _identified(file: BinaryIO, name: str) -> Image.Image | None:
    """The picture, open; None when nothing says that the file is meant to be one.

    Raises:
        BadPictureError: When it is meant to be one and cannot be read, with the reason.
    """
    head = file.read(HEAD)
    file.seek(0)
    called = unread(name, head)
    if called:
        raise BadPictureError(f"is {called}, which genlab does not read")
    try:
        return Image.open(file, formats=formats_for(name))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise
    except Exception as error:
        if ending(name) not in SUFFIXES:
            return None
        kind = ending(name).removeprefix(".").upper()
        why = f", or a kind of {kind} that genlab does not read" if isinstance(error, UnidentifiedImageError) else ""
        raise BadPictureError(f"is damaged{why}") from error


def _transparent(image: Image.Image) -> bool:
    return image.mode in TRANSPARENT or "transparency" in image.info


def _plain(image: Image.Image, at_least: int) -> Image.Image:
    """Any mode of 8 bits as ``L`` or ``RGB``."""
    if _transparent(image):
        grey = image.mode in GREY
        return _on_white(image.convert("RGBA"), at_least).convert("L" if grey else "RGB")
    if image.mode in {"L", "RGB"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image, at_least: int) -> Image.Image:
    """A picture of mode ``RGBA`` on white, averaged first where it is much larger than needed."""
    factor = min(image.size) // (3 * at_least) if at_least else 1
    if factor > 1:
        image = image.convert("RGBa").reduce(factor).convert("RGBA")
    canvas = Image.new("RGBA", image.size, (WHITE, WHITE, WHITE, WHITE))
    return Image.alpha_composite(canvas, image)


def _narrowed(image: Image.Image, file: BinaryIO, wide: Wide, ranges: Ranges, at_least: int) -> Image.Image:
    """A picture of wide values as ``L`` or ``RGB``, scaled as the set it belongs to is."""
    turned = image.getexif().get(EXIF_ORIENTATION)
    found = values(image, file, wide)
    if not wide.colour:
        turned = image.getexif().get(EXIF_ORIENTATION)  # Pillow turns a TIFF by itself while it loads it
    span = ranges.of(wide)
    if span is None:
        colours = found[..., :3] if found.ndim == 3 else found
        own = measured([(wide, float(colours.min()), float(colours.max()))])
        span = own.of(wide)
    assert span is not None
    found = shrunk(found, at_least)
    if found.ndim == 3 and found.shape[2] == 4:
        alpha = np.round(found[..., 3:].astype(np.float32) * (255 / 65_535)).astype(np.uint8)
        narrow = _on_white(Image.fromarray(np.concatenate([to_bytes(found[..., :3], span), alpha], axis=2)), 0)
        narrow = narrow.convert("RGB")
    else:
        narrow = Image.fromarray(to_bytes(found, span))
    if turned:
        narrow.getexif()[EXIF_ORIENTATION] = turned
        narrow = ImageOps.exif_transpose(narrow)
    return narrow
