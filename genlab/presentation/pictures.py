"""Pictures for the pages: tiles of a sample grid, contact sheets, point clouds and sparklines.

Pixels are enlarged by whole factors without smoothing, so that an image of 28 x 28 looks like one.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genlab.plots.theme import REAL_COLOUR
from genlab.store.pictures import load_picture

LINES = (128, 128, 128, 255)


def png_bytes(picture: Image.Image) -> bytes:
    """The picture as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def enlarge(picture: Image.Image, factor: int) -> Image.Image:
    """Every pixel becomes ``factor`` x ``factor`` pixels."""
    if factor == 1:
        return picture
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def factor_for(pixels: int, wanted: int) -> int:
    """The whole factor by which ``pixels`` come to at least ``wanted``; at most 32."""
    return max(1, min(32, -(-wanted // max(1, pixels))))


def block(tiles: int, height: int, width: int) -> tuple[int, int]:
    """Columns and rows of about ``tiles`` x ``tiles`` tiles of height x width px that together are nearly a square."""
    shape = math.sqrt(max(1, height) / max(1, width))
    return max(1, round(tiles * shape)), max(1, round(tiles / shape))


def stills(tiles: NDArray[np.uint8], frames: int) -> NDArray[np.uint8]:
    """The first of the ``frames`` frames that stand side by side in each tile uint8 [N, C, H, W]."""
    return tiles[..., : tiles.shape[-1] // max(1, frames)]


def corner(path: Path, columns: int, rows: int, tiles: int, wanted: int, frames: int = 1) -> bytes:
    """The upper left samples of a grid, ``tiles`` x ``tiles`` where they are square, as PNG.

    Args:
        path: The grid, tiles without padding.
        columns: Tiles side by side in it.
        rows: Tiles below one another in it.
        tiles: Tiles wanted in each direction, of square ones; fewer where there are fewer.
        wanted: Least width in px.
        frames: Frames side by side in a tile; of several the first is shown.

    Raises:
        InputError: When the picture is missing or damaged.
    """
    grid = load_picture(path)
    if frames > 1:
        return _first_frames(grid, max(1, columns), max(1, rows), tiles, wanted, frames)
    tile = grid.height // max(1, rows), grid.width // max(1, columns)
    across, down = block(tiles, *tile)
    height, width = tile[0] * min(down, rows), tile[1] * min(across, columns)
    part = grid.crop((0, 0, max(1, width), max(1, height)))
    return png_bytes(enlarge(part, factor_for(width, wanted)))


def _first_frames(grid: Image.Image, columns: int, rows: int, tiles: int, wanted: int, frames: int) -> bytes:
    height, width = grid.height // rows, grid.width // columns
    still = max(1, width // frames)
    across, down = block(tiles, height, still)
    shown = min(across * down, columns * rows)
    across = min(across, shown)
    part = Image.new(grid.mode, (across * still, -(-shown // across) * height))
    for number in range(shown):
        left, top = number % columns * width, number // columns * height
        part.paste(
            grid.crop((left, top, left + still, top + height)), (number % across * still, number // across * height)
        )
    return png_bytes(enlarge(part, factor_for(part.width, wanted)))


def folded(row: Image.Image, columns: int, frames: int) -> Image.Image:
    """Films side by side, each a strip of its frames, as a nearly square sheet of frames each, with a gap between them.

    Args:
        row: The films, tiles without gaps.
        columns: How many there are.
        frames: Frames in each, from left to right.
    """
    width, across = row.width // columns, math.ceil(math.sqrt(frames))
    still, down = max(1, width // frames), -(-frames // across)
    gap = max(1, still // 8)
    whole = Image.new("RGBA", (columns * (across * still + gap), down * row.height))
    for number in range(columns * frames):
        film, frame = divmod(number, frames)
        left = film * width + frame * still
        part = row.crop((left, 0, left + still, row.height)).convert("RGBA")
        whole.paste(part, (film * (across * still + gap) + frame % across * still, frame // across * row.height))
    return whole


def sheet(items: NDArray[np.uint8], columns: int, wanted: int) -> bytes:
    """Images side by side as PNG, enlarged, with thin grey lines between them.

    Args:
        items: uint8 [N, C, H, W] with C in {1, 3}.
        columns: Images in a row.
        wanted: Least width in px.
    """
    number, _, height, width = items.shape
    factor, gap = factor_for(columns * width, wanted), max(3, wanted // 300)
    rows = max(1, -(-number // columns))
    height, width = height * factor, width * factor
    canvas = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    canvas[: number // columns * (height + gap)] = LINES
    for index, item in enumerate(items):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height + gap, left : left + width + gap] = LINES
        large = np.moveaxis(item, 0, -1).repeat(factor, 0).repeat(factor, 1)
        canvas[top : top + height, left : left + width, :3] = large
        canvas[top : top + height, left : left + width, 3] = 255
    return png_bytes(Image.fromarray(canvas))


def native_sheet(items: NDArray[np.uint8], columns: int) -> bytes:
    """Images uint8 [N, C, H, W] side by side as PNG, pixel by pixel and without gaps."""
    number, channels, height, width = items.shape
    rows = max(1, -(-number // columns))
    whole = np.zeros((rows * columns, channels, height, width), np.uint8)
    whole[:number] = items
    tiles = whole.reshape(rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    flat = tiles.reshape(rows * height, columns * width, channels)
    return png_bytes(Image.fromarray(flat[..., 0] if channels == 1 else flat))


def cloud(points: NDArray[Any], side: int = 256) -> bytes:
    """A scatter plot of points float32 [N, 2] as PNG on a transparent ground; darker where there are more."""
    low, high = points.min(0), points.max(0)
    centre, reach = (low + high) / 2, float((high - low).max()) * 0.55 or 1.0
    counts, _, _ = np.histogram2d(
        -points[:, 1],
        points[:, 0],
        bins=side,
        range=[[-centre[1] - reach, -centre[1] + reach], [centre[0] - reach, centre[0] + reach]],
    )
    shade = 1 - np.exp(-counts / max(1e-9, float(np.quantile(counts[counts > 0], 0.8)) * 0.7))
    colour = [int(REAL_COLOUR[at : at + 2], 16) for at in (1, 3, 5)]
    canvas = np.empty((side, side, 4), np.uint8)
    canvas[..., :3] = colour
    canvas[..., 3] = (255 * shade).astype(np.uint8)
    return png_bytes(Image.fromarray(canvas))


def over_data(picture: Image.Image, points: NDArray[Any], reach: float, colour: str) -> Image.Image:
    """Samples in the plane in the colour of their model, over the data in grey; its ground is the page's own.

    Args:
        picture: The samples as a worker draws them: dark dots on white, a square.
        points: Data [n, 2].
        reach: What the picture shows in each direction.
        colour: Of the samples, ``"#RRGGBB"``.
    """
    size = picture.width
    edges = np.linspace(-reach, reach, size + 1)
    inside = np.clip(points, -reach, reach)
    there, _, _ = np.histogram2d(-inside[:, 1], inside[:, 0], bins=(edges, edges))
    layers = ((np.minimum(1.0, there) * 0.55, REAL_COLOUR), (1 - np.asarray(picture.convert("L")) / 255, colour))
    canvas = Image.new("RGBA", picture.size)
    for ink, tint in layers:
        layer = Image.new("RGBA", picture.size, tint)
        layer.putalpha(Image.fromarray((255 * ink).round().astype(np.uint8)))
        canvas = Image.alpha_composite(canvas, layer)
    frame = ImageDraw.Draw(canvas)
    frame.rectangle((0, 0, size - 1, size - 1), outline=f"{REAL_COLOUR}66")
    return canvas


def data_uri(content: bytes, kind: str = "image/png") -> str:
    """``content`` as an address that a page can show without another request."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def sparkline(values: Sequence[float], colour: str, width: int = 220, height: int = 36, dash: str = "") -> str:
    """The course of ``values`` as an SVG address; its range fills the height. Fewer than two give a flat line."""
    points = list(values) if len(values) > 1 else [0.0, 0.0]
    low, high = min(points), max(points)
    span = (high - low) or 1.0
    step = width / (len(points) - 1)
    path = " ".join(f"{i * step:.1f},{height - 2 - (v - low) / span * (height - 4):.1f}" for i, v in enumerate(points))
    dashes = f' stroke-dasharray="{escape(dash)}"' if dash else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<polyline points="{path}" fill="none" stroke="{escape(colour)}" stroke-width="1.5"{dashes}'
        ' vector-effect="non-scaling-stroke" stroke-linejoin="round"/></svg>'
    )
    return data_uri(svg.encode(), "image/svg+xml")


def thinned(values: Sequence[float], most: int = 120) -> list[float]:
    """At most about ``most`` values, each the mean of its stretch."""
    if len(values) <= most:
        return list(values)
    parts = np.array_split(np.asarray(values, float), most)
    return [float(part.mean()) for part in parts]
