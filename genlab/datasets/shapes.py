"""Shapes: one square, ellipse or triangle per picture, drawn from known factors, so that latents can be judged.

In the manner of dSprites (Matthey et al., 2017), but drawn in code with continuous factors: the signed distance of
each pixel's centre to the shape's outline, in px, gives the share of the pixel that is covered.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.options import Options, setting

COUNT = 24_000
NAMES = ("square", "ellipse", "triangle")
CHUNK = 1_024
SCALES = (0.15, 0.30)
"""Radius of the shape as a share of the picture's side."""
QUARTER = 90.0
"""Degrees; in this range each shape's rotation can be told from the picture."""

TRIANGLE = np.array([(-0.75, -0.65), (0.75, -0.65), (0.0, 1.0)])
HALF_SQUARE = 0.5**0.5
ELLIPSE = (1.0, 0.5)

Array = NDArray[np.float64]


class ShapesOptions(Options):
    """How many pictures, how large, grey or coloured."""

    count: int = setting(COUNT, "pictures, training and test together", ge=100, le=1_000_000)
    size: int = setting(32, "side of a picture", unit="px", ge=8, le=128)
    colour: bool = setting(True, "one colour per shape as a further factor; off draws white on black")
    seed: int = setting(0, "seed of the factors", ge=0, le=2**31 - 1, advanced=True)


def extent(options: ShapesOptions) -> Extent:
    """Shape and counts that these options ask for."""
    test = round(options.count * TEST_SHARE)
    return Extent((3 if options.colour else 1, options.size, options.size), options.count - test, test)


def load(source: Source, options: ShapesOptions) -> RawData:
    """Pictures and their factors; the label is the shape and the store splits them."""
    return RawData(_chunks(options), class_names=NAMES)


def _chunks(options: ShapesOptions) -> Iterator[Raw]:
    rng = np.random.default_rng(options.seed)
    for start in range(0, options.count, CHUNK):
        count = min(CHUNK, options.count - start)
        shape = rng.integers(len(NAMES), size=count)
        scale = rng.uniform(*SCALES, size=count)
        rotation = rng.uniform(0, QUARTER, size=count)
        x, y = (scale + rng.uniform(0, 1, size=count) * (1 - 2 * scale) for _ in range(2))
        hue = rng.uniform(0, 1, size=count)
        factors = {"shape": shape, "scale": scale, "rotation": rotation, "x": x, "y": y}
        if options.colour:
            factors["colour"] = hue
        cover = draw(shape, scale, rotation, x, y, options.size)
        tint = rgb(hue) if options.colour else np.ones((count, 1))
        items = np.round(255 * cover[..., None] * tint[:, None, None, :]).astype(np.uint8)
        yield Raw(items, shape, {name: values.astype(np.float32) for name, values in factors.items()})


def draw(shape: NDArray[np.int64], scale: Array, rotation: Array, x: Array, y: Array, size: int) -> Array:
    """How much of each pixel is covered, 0..1, [N, size, size].

    Args:
        shape: Index into `NAMES`, [N].
        scale: Radius as a share of the side, [N].
        rotation: Degrees anticlockwise, [N].
        x: Centre from the left as a share of the side, [N].
        y: Centre from the top as a share of the side, [N].
        size: Side in px.
    """
    ticks = (np.arange(size) + 0.5) / size
    right = (ticks[None, None, :] - x[:, None, None]) / scale[:, None, None]
    up = (y[:, None, None] - ticks[None, :, None]) / scale[:, None, None]
    cos, sin = (f(np.deg2rad(rotation))[:, None, None] for f in (np.cos, np.sin))
    u, v = cos * right + sin * up, cos * up - sin * right
    distance = np.empty((len(shape), size, size))
    for index, outline in enumerate((_square, _ellipse, _triangle)):
        chosen = shape == index
        distance[chosen] = outline(u[chosen], v[chosen])
    cover: Array = np.clip(0.5 - distance * scale[:, None, None] * size, 0, 1)
    return cover


def rgb(hue: Array) -> Array:
    """Full colours [N, 3] of hues 0..1 (the HSV hexagon with saturation and value 1)."""
    offset = (np.array([0.0, 4.0, 2.0]) + 6 * hue[:, None]) % 6
    colours: Array = np.clip(np.abs(offset - 3) - 1, 0, 1)
    return colours


def _square(u: Array, v: Array) -> Array:
    distance: Array = np.maximum(np.abs(u), np.abs(v)) - HALF_SQUARE
    return distance


def _ellipse(u: Array, v: Array) -> Array:
    """Distance to first order: the implicit function over the length of its gradient."""
    a, b = ELLIPSE
    radius = np.hypot(u / a, v / b)
    distance: Array = radius * (radius - 1) / np.maximum(np.hypot(u / a**2, v / b**2), 1e-9)
    return distance


def _triangle(u: Array, v: Array) -> Array:
    """Largest of the distances to the three sides' lines."""
    start, end = TRIANGLE, np.roll(TRIANGLE, -1, axis=0)
    along = (end - start) / np.linalg.norm(end - start, axis=1, keepdims=True)
    sides = [(u - p[0]) * d[1] - (v - p[1]) * d[0] for p, d in zip(start, along, strict=True)]
    distance: Array = np.maximum.reduce(sides)
    return distance


SPEC = DatasetSpec(
    title="Shapes",
    summary="squares, ellipses and triangles with known shape, scale, rotation, place and colour",
    paper="After Matthey et al., dSprites: disentanglement testing sprites dataset, 2017",
    Options=ShapesOptions,
    kind="images",
    shape=(3, 32, 32),
    count=COUNT,
    class_names=NAMES,
    licence="Generated; free to use",
    load=load,
    extent=extent,
)
