"""Films of a walk: GIF, MP4 and a PNG strip, as bytes; pixels stay sharp squares."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from genlab.errors import InputError

FPS = 20
SIDE = 256
"""Pixels that a frame has at least, on its longer side; small pictures are enlarged by a whole number."""

GAP = 2
"""Pixels of the picture (before enlarging) between rows that are shown together."""

MOST_FRAMES = 2_000
GREY = 128
PAPER = 255


def gif(rows: Sequence[Tensor], fps: float = FPS, side: int = SIDE) -> bytes:
    """A looped GIF.

    Args:
        rows: One walk, or several of equal length to be shown together (linear and spherical), each [n, C, H, W] in
            [0, 1] with C of 1 or 3.
        fps: Frames per second, at most 50: viewers slow down what is faster.
        side: See `SIDE`.

    Raises:
        InputError: When there is nothing to show, or more than can be.
    """
    pixels, fps = _frames(rows, side), _rate(fps, 50)
    # 256 greys are a palette of their own; colours are reduced to the best 256 of each frame.
    grey = rows[0].shape[1] == 1
    frames = [Image.fromarray(frame[..., 0] if grey else frame) for frame in pixels]
    buffer = io.BytesIO()
    # Time in a GIF is counted in hundredths of a second.
    duration = 10 * max(2, round(100 / fps))
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=duration, loop=0, disposal=1, optimize=False
    )
    return buffer.getvalue()


def mp4(rows: Sequence[Tensor], fps: float = FPS, side: int = SIDE) -> bytes:
    """An MP4: H.264 where this installation has an encoder for it, else MPEG-4; see `gif` for the arguments.

    Raises:
        InputError: When there is nothing to show, or no encoder.
    """
    import av

    frames = _frames(rows, side)
    frames = np.pad(frames, [(0, 0), (0, frames.shape[1] % 2), (0, frames.shape[2] % 2), (0, 0)], mode="edge")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream: Any = container.add_stream(_codec(), rate=Fraction(_rate(fps, 120)).limit_denominator(1000))
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        if stream.codec_context.codec.name == "libx264":
            stream.options = {"crf": "16", "preset": "fast", "tune": "animation"}
        else:
            stream.bit_rate = 4_000_000
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def strip(rows: Sequence[Tensor], columns: int | None = None, side: int = 0) -> bytes:
    """All frames of each walk beside each other, one walk below the other, as PNG.

    Args:
        rows: See `gif`.
        columns: Frames to show, spread evenly over the walk with both ends; all by default.
        side: See `SIDE`, for one frame; 0 leaves pixels as they are.

    Raises:
        InputError: When there is nothing to show.
    """
    pictures = [_bytes(row) for row in _checked(rows)]
    count = len(pictures[0])
    if columns is not None and columns < 1:
        raise InputError(f"A strip of {columns} pictures shows nothing.", "Ask for at least 1.")
    chosen = np.linspace(0, count - 1, min(columns or count, count)).round().astype(np.int64)
    lines = [np.concatenate(list(row[chosen]), axis=1) for row in pictures]
    gap = np.full((GAP, *lines[0].shape[1:]), PAPER, np.uint8)
    whole = np.concatenate([part for line in lines for part in (gap, line)][1:])
    sheet = _enlarged(whole[None], _factor(pictures[0].shape[1:3], side))[0]
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def _frames(rows: Sequence[Tensor], side: int) -> NDArray[np.uint8]:
    """Frames [n, H, W, 3] with all rows in each, one below the other, enlarged."""
    pictures = [_bytes(row) for row in _checked(rows)]
    if len(pictures[0]) > MOST_FRAMES:
        raise InputError(
            f"A film of {len(pictures[0]):,} frames is too long.", f"Take fewer steps: up to {MOST_FRAMES:,} frames."
        )
    count, _, width, _ = pictures[0].shape
    gap = np.full((count, GAP, width, 3), GREY, np.uint8)
    whole = np.concatenate([part for picture in pictures for part in (gap, picture)][1:], axis=1)
    return _enlarged(whole, _factor(pictures[0].shape[1:3], side))


def _checked(rows: Sequence[Tensor]) -> Sequence[Tensor]:
    if not rows or any(row.ndim != 4 or row.shape[1] not in (1, 3) or not len(row) for row in rows):
        raise InputError("There are no pictures to make a film of.", "Films are made of images, one or more.")
    if len({tuple(row.shape) for row in rows}) > 1:
        raise InputError("Walks that are shown together must be equally long.", "Take as many steps for each.")
    return rows


def _bytes(images: Tensor) -> NDArray[np.uint8]:
    """Images [n, C, H, W] in [0, 1] -> [n, H, W, 3]."""
    pixels: NDArray[np.uint8] = (images.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return np.repeat(pixels, 3, axis=3) if pixels.shape[3] == 1 else pixels


def _factor(size: Sequence[int], side: int) -> int:
    return max(1, -(-side // max(size)))


def _enlarged(images: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Each pixel as a square of ``factor`` pixels."""
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def _rate(fps: float, most: float) -> float:
    if not 0 < fps <= most:
        raise InputError(f"{fps:g} frames per second cannot be played.", f"Choose more than 0 and up to {most:g}.")
    return fps


def _codec() -> str:
    import av

    for name in ("libx264", "libopenh264", "mpeg4"):
        if name in av.codecs_available:
            return name
    raise InputError("No video encoder is installed.", "Take the GIF; it needs none.", kind="no_encoder")
