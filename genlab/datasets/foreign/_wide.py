"""Pictures of more than 8 bits: the range that their values span in a whole set, and 8 bits by one factor for all.

A 12-bit camera's pictures come in 16-bit files that do not say so. Taken at the file's word they would be nearly black,
and each scaled by itself would lose what tells them apart in brightness. So the range is measured over the set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from genlab.datasets.foreign._archive import BadPictureError

MAX_SAMPLE_VALUE, BITS_PER_SAMPLE = 281, 258
SAYS_ITS_RANGE = {"PPM", "JPEG2000"}
"""Formats whose files say what white is, and are scaled to 16 bits by it when they are decoded."""
PNG_START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Wide:
    """What the header of such a picture says.

    Attributes:
        real: Whether its values are real numbers, not whole ones.
        top: The value that is white, where the header says so.
        bits: How many bits its values have, where the header hints at it (PNG's sBIT).
        colour: Whether it has more than one channel.
    """

    real: bool = False
    top: float | None = None
    bits: int | None = None
    colour: bool = False


@dataclass(frozen=True)
class Range:
    """The values that become 0 and 255."""

    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Ranges:
    """The ranges of one set, measured over all its pictures whose headers do not say theirs.

    Attributes:
        whole: Of whole numbers; None where there were none.
        real: Of real numbers; None where there were none.
    """

    whole: Range | None = None
    real: Range | None = None

    def of(self, wide: Wide) -> Range | None:
        """The range of a picture; None when it has to be measured."""
        return Range(0.0, wide.top) if wide.top is not None else self.real if wide.real else self.whole


def wide_of(image: Image.Image, file: BinaryIO) -> Wide | None:
    """What an open picture's header says of its values; None when they have 8 bits or fewer."""
    colour = _is_wide_colour(image)
    if not colour and not image.mode.startswith("I") and image.mode != "F":
        return None
    wide = Wide(real=image.mode == "F", colour=colour)
    if image.format in SAYS_ITS_RANGE and not wide.real:
        return replace(wide, top=65_535.0)
    if image.format == "TIFF" and not wide.real:
        return replace(wide, top=_tiff_top(image))
    return replace(wide, bits=_significant_bits(file)) if image.format == "PNG" else wide


def values(image: Image.Image, file: BinaryIO, wide: Wide) -> NDArray[Any]:
    """The picture's values, [H, W] or [H, W, C] with C = 3 or 4.

    Raises:
        BadPictureError: When values are not numbers.
    """
    found = _wide_colour(image, file) if wide.colour else np.asarray(image)
    if wide.real and not np.isfinite(found).all():
        raise BadPictureError("has values that are not numbers")
    return found


def measured(seen: Iterable[tuple[Wide, float, float]]) -> Ranges:
    """The ranges of a set.

    Whole numbers from 0 on span the fewest bits that hold them all, real ones from 0 to 1 span that; anything else
    spans what there is.

    Args:
        seen: Of each picture whose header does not say its range: the header, its least and its largest value.
    """
    whole: list[tuple[Wide, float, float]] = []
    real: list[tuple[Wide, float, float]] = []
    for one in seen:
        (real if one[0].real else whole).append(one)
    return Ranges(_whole_range(whole) if whole else None, _real_range(real) if real else None)


def to_bytes(found: NDArray[Any], span: Range) -> NDArray[np.uint8]:
    """Values as uint8 of the same shape, those outside the range clipped."""
    factor = 255 / ((span.high - span.low) or 1.0)
    scaled = (found.astype(np.float32) - np.float32(span.low)) * np.float32(factor)
    return np.clip(np.round(scaled), 0, 255).astype(np.uint8)


def shrunk(found: NDArray[Any], at_least: int) -> NDArray[Any]:
    """Values averaged over blocks, so that the shorter side stays at least three times ``at_least`` px; 0 keeps all."""
    factor = min(found.shape[:2]) // (3 * at_least) if at_least else 1
    if factor < 2:
        return found
    height, width = (side // factor for side in found.shape[:2])
    total = np.zeros((height, width, *found.shape[2:]), np.float32)
    for row in range(factor):
        for column in range(factor):
            total += found[row : height * factor : factor, column : width * factor : factor]
    return total / factor**2


def _whole_range(seen: list[tuple[Wide, float, float]]) -> Range:
    low, high = min(low for _, low, _ in seen), max(high for _, _, high in seen)
    if low < 0:
        return Range(low, high)
    bits = max(1, int(high).bit_length())
    hinted = max((wide.bits or 0 for wide, _, _ in seen), default=0)
    # Files that hint at fewer bits than their values need have been scaled up to the full depth, as PNG asks for.
    if hinted and bits > hinted:
        bits = max(bits, 16)
    return Range(0.0, 2.0 ** max(bits if high else 16, hinted) - 1)


def _real_range(seen: list[tuple[Wide, float, float]]) -> Range:
    low, high = min(low for _, low, _ in seen), max(high for _, _, high in seen)
    return Range(0.0, 1.0) if low >= 0 and high <= 1 else Range(min(0.0, low), high)


def _is_wide_colour(image: Image.Image) -> bool:
    """Whether Pillow would keep only the upper 8 bits of each channel."""
    if (
        image.mode not in {"RGB", "RGBA", "LA", "RGBX"}
        or image.format not in {"PNG", "TIFF"}
        or not isinstance(image, ImageFile)
    ):
        return False
    args = image.tile[0].args if image.tile else None
    raw = args if isinstance(args, str) else args[0] if isinstance(args, tuple) and args else ""
    return isinstance(raw, str) and ";16" in raw


def _wide_colour(image: Image.Image, file: BinaryIO) -> NDArray[Any]:
    """All 16 bits of a colour picture, uint16 [H, W, C]; Pillow's upper 8 bits where FFmpeg cannot read it."""
    import av

    names = {"rgb48be": "rgb48le", "rgb48le": "rgb48le", "rgba64be": "rgba64le", "rgba64le": "rgba64le"}
    file.seek(0)
    try:
        with av.open(file, "r", format="png_pipe" if image.format == "PNG" else "tiff_pipe") as opened:
            frame = next(iter(opened.decode(video=0)))
            found: NDArray[Any] = frame.to_ndarray(format=names[frame.format.name])
    except (av.error.FFmpegError, StopIteration, KeyError, ValueError):
        file.seek(0)
        return np.asarray(image.convert("RGBA" if "A" in image.mode else "RGB")).astype(np.uint16) * 257
    if found.shape[:2] != (image.height, image.width):
        raise BadPictureError("is damaged and cannot be decoded")
    return found


def _tiff_top(image: Image.Image) -> float | None:
    tags = getattr(image, "tag_v2", {})
    bits = _largest(tags.get(BITS_PER_SAMPLE)) or 0
    if 8 < bits < 16:
        return 2.0**bits - 1
    top = _largest(tags.get(MAX_SAMPLE_VALUE))
    return float(top) if top is not None and 0 < top < 2**bits - 1 else None


def _largest(value: Any) -> int | None:
    numbers = value if isinstance(value, tuple) else (value,)
    return max((number for number in numbers if isinstance(number, int)), default=None)


def _significant_bits(file: BinaryIO) -> int | None:
    """The largest number in a PNG's sBIT chunk, which stands before the pixels."""
    file.seek(0)
    head = file.read(64 * 1024)
    file.seek(0)
    at = len(PNG_START)
    while head.startswith(PNG_START) and at + 8 <= len(head):
        length, kind = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        if kind == b"sBIT" and 0 < length <= 4:
            return max(head[at + 8 : at + 8 + length]) or None
        if kind in {b"IDAT", b"PLTE"}:
            return None
        at += 12 + length
    return None
