"""Moving digits: one handwritten digit a film, which runs straight on and bounces off the walls; all factors known.

In the manner of Moving MNIST (Srivastava, Mansimov and Salakhutdinov, 2015), with one digit instead of two and its
course kept. Every digit of MNIST 5k is in one film, so that no digit is in both parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genlab.datasets import mnist_5k
from genlab.datasets._bundled import missing, read_table
from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.options import Options, setting

COUNT = 5_000
CHUNK = 500
INK = 20
"""MNIST's digits fill so many px, of 28, along their longer side."""
SHARE = 0.5
"""Side of the digit's box as a share of the frame's."""

Array = NDArray[np.floating]


class MovingDigitsOptions(Options):
    """How many films, how long and how large, how fast their digits."""

    count: int = setting(COUNT, "films, training and test together; each shows another digit", ge=100, le=COUNT)
    frames: int = setting(16, "frames of a film", ge=8, le=32)
    size: int = setting(32, "side of a frame", unit="px", ge=32, le=64)
    slowest: float = setting(0.5, "smallest speed", unit="px a frame", ge=0, le=8, advanced=True)
    fastest: float = setting(2.5, "largest speed", unit="px a frame", ge=0, le=8)
    seed: int = setting(0, "seed of the courses", ge=0, le=2**31 - 1, advanced=True)


def extent(options: MovingDigitsOptions) -> Extent:
    """Shape and counts that these options ask for."""
    test = round(options.count * TEST_SHARE)
    return Extent((1, options.frames, options.size, options.size), options.count - test, test)


def load(source: Source, options: MovingDigitsOptions) -> RawData:
    """A film of each digit; the label is the digit and the store splits them."""
    values, labels = read_table(*mnist_5k.PLACE, dtype=np.uint8)
    chosen = np.linspace(0, len(labels), options.count, endpoint=False).astype(np.int64)
    digits = values[chosen].reshape(-1, 28, 28).astype(np.uint8)
    return RawData(_chunks(digits, labels[chosen], options), class_names=mnist_5k.DIGITS)


def _chunks(digits: NDArray[np.uint8], labels: NDArray[np.int64], options: MovingDigitsOptions) -> Iterator[Raw]:
    rng = np.random.default_rng(options.seed)
    side = box(options.size)
    room = options.size - side
    slowest, fastest = sorted((options.slowest, options.fastest))
    for start in range(0, len(digits), CHUNK):
        chosen = slice(start, min(start + CHUNK, len(digits)))
        count = chosen.stop - start
        begins = rng.uniform(0, room, size=(count, 2))
        speed = rng.uniform(slowest, fastest, size=count)
        direction = rng.uniform(0, 360, size=count)
        step = speed[:, None] * np.stack([np.cos(np.deg2rad(direction)), -np.sin(np.deg2rad(direction))], axis=1)
        places, bounces = course(begins, step, options.frames, room)
        small = np.stack([shrunk(digit, side) for digit in digits[chosen]])
        factors = {
            "digit": labels[chosen],
            "x": begins[:, 0] / room,
            "y": begins[:, 1] / room,
            "speed": speed,
            "direction": direction,
            "bounces": bounces,
        }
        films = np.rint(placed(small, places, options.size)).astype(np.uint8)[..., None]
        yield Raw(films, labels[chosen], {name: value.astype(np.float32) for name, value in factors.items()})


def box(size: int) -> int:
    """Side in px of the square that a digit is shrunk into, in frames of ``size`` px."""
    return round(size * SHARE)


def course(begins: Array, step: Array, frames: int, room: float) -> tuple[Array, NDArray[np.int64]]:
    """Where the corner of a box is in every frame, and how often it has met a wall by the last.

    Args:
        begins: First place [N, 2], across and down, 0..room.
        step: Way from frame to frame [N, 2] in px; a wall turns its sign.
        frames: Number of frames.
        room: Largest place, in px.

    Returns:
        Places [N, frames, 2], and the number of walls met [N].
    """
    free = begins[:, None, :] + step[:, None, :] * np.arange(frames)[None, :, None]
    turned = np.floor(free / room)
    rest = free - turned * room
    places: Array = np.where(turned % 2 == 0, rest, room - rest)
    return places, np.abs(turned[:, -1]).sum(axis=1).astype(np.int64)


def shrunk(digit: NDArray[np.uint8], side: int) -> Array:
    """A digit uint8 [28, 28] cut to its ink and shrunk to float [side, side], 0..255."""
    digit = np.pad(digit, INK)
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    top, left = ((ends[0] + ends[-1] + 1 - INK) / 2 for ends in (rows, columns))
    image = Image.fromarray(digit).resize((side, side), Image.Resampling.BILINEAR, (left, top, left + INK, top + INK))
    return np.asarray(image, np.float32)


def placed(digits: Array, places: Array, size: int) -> Array:
    """Frames [N, T, size, size] with each digit [N, side, side] at its places [N, T, 2], between pixels linearly."""
    count, side, _ = digits.shape
    frames = places.shape[1]
    whole = np.floor(places).astype(np.int64)
    part = places - whole
    out = np.zeros((count, frames, size + 1, size + 1), np.float32)
    n, t = np.arange(count)[:, None, None, None], np.arange(frames)[None, :, None, None]
    for down in (0, 1):
        for right in (0, 1):
            weight = np.abs(1 - right - part[..., 0]) * np.abs(1 - down - part[..., 1])
            y = whole[..., 1, None, None] + down + np.arange(side)[:, None]
            x = whole[..., 0, None, None] + right + np.arange(side)[None, :]
            out[n, t, y, x] += weight[..., None, None].astype(np.float32) * digits[:, None]
    return out[..., :size, :size]


SPEC = DatasetSpec(
    title="Moving digits",
    summary="films of one digit that runs and bounces, with known digit, start, speed and direction; no network needed",
    paper="After Srivastava, Mansimov and Salakhutdinov, Unsupervised learning of video representations using LSTMs, "
    "2015",
    Options=MovingDigitsOptions,
    kind="film",
    shape=(1, 16, 32, 32),
    count=COUNT,
    class_names=mnist_5k.DIGITS,
    licence="CC BY-SA 3.0",
    load=load,
    available=partial(missing, *mnist_5k.PLACE),
    extent=extent,
)
