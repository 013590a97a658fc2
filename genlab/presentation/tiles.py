"""Sheets of a portrait, cut into tiles and laid out again for a column of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from genlab.errors import InputError
from genlab.presentation.pictures import enlarge, factor_for, png_bytes
from genlab.store.pictures import load_picture

GAP = 1
"""Pixels between pairs, before enlargement."""

WIDE = 4
"""Up to this many models, columns are wide enough for ways of ten pictures from left to right."""


@dataclass(frozen=True)
class Layout:
    """How the tiles of one row of the page are laid out.

    Attributes:
        sheet: Name of the sheet in a portrait.
        title: Heading of the row.
        help: What is seen.
    """

    sheet: str
    title: str
    help: str


ROWS = (
    Layout("samples", "Samples", "The same latents for every model whose latent size is the same."),
    Layout(
        "fitted",
        "Samples from a prior fitted to the codes",
        "Latents from a mixture of Gaussians fitted to the codes of training items instead of from N(0, I): what "
        "improves here was limited by the prior, not by the decoder.",
    ),
    Layout(
        "reconstructions",
        "Reconstructions",
        "The same held-out items: each above its reconstruction.",
    ),
    Layout(
        "neighbours",
        "Nearest training items",
        "Each sample above the training item that is nearest to it in feature space. "
        "A sample that equals its neighbour has been memorised.",
    ),
    Layout("ways", "Latent interpolations", "Steps of equal angle between two latents, the same for every model."),
)
"""The rows of the page."""

SQUARE = frozenset({"samples", "fitted"})
"""Sheets with as many rows as columns."""

NEED_AN_ENCODER = {
    "fitted": "Has no encoder, so there are no codes to fit a prior to",
    "reconstructions": "Has no encoder, so it cannot reconstruct",
}
"""Sheet -> why a model without an encoder has none."""


def arranged(path: Path, grid: Mapping[str, Any], sheet: str, models: int) -> Image.Image:
    """The sheet in native pixels, laid out for one of ``models`` columns.

    Args:
        path: The PNG, tiles without gaps.
        grid: Its ``columns`` and ``rows``.
        sheet: Its name: pairs stay together, ways turn where columns are narrow.
        models: Columns on the page.

    Raises:
        InputError: When the file is gone, damaged, or smaller than its tiles.
    """
    columns, rows = int(grid["columns"]), int(grid["rows"])
    picture = load_picture(path)
    whole = picture.convert("RGB") if picture.mode not in {"L", "RGB"} else picture
    if whole.width < columns or whole.height < rows:
        raise InputError(f"The picture {path.name} is smaller than its tiles.", "Draw it again.", kind="damaged")
    if columns * rows <= 1:
        return whole
    lines = _lines(whole, columns, rows)
    if sheet in SQUARE:
        return _joined([line[:4] for line in lines[:4]] if models >= WIDE else lines, 0)
    if sheet in {"reconstructions", "neighbours"}:
        return _pairs(lines, len(lines[0]) if models <= 2 else 5)
    if sheet == "ways" and models > WIDE:
        return _joined([list(column) for column in zip(*lines, strict=True)], 0)
    return _joined(lines, 0)


def as_png(picture: Image.Image, wanted: int) -> bytes:
    """The picture as PNG, enlarged by a whole factor to at least ``wanted`` px; pixels stay squares."""
    return png_bytes(enlarge(picture, factor_for(picture.width, wanted)))


def _lines(whole: Image.Image, columns: int, rows: int) -> list[list[Image.Image]]:
    width, height = whole.width // columns, whole.height // rows
    return [
        [whole.crop((c * width, r * height, (c + 1) * width, (r + 1) * height)) for c in range(columns)]
        for r in range(rows)
    ]


def _pairs(lines: Sequence[Sequence[Image.Image]], across: int) -> Image.Image:
    """Upper and lower tile of each pair together, ``across`` pairs in a line."""
    upper, lower = lines[0], lines[1]
    parts = range(0, len(upper), across)
    return _joined(
        [row for start in parts for row in (upper[start : start + across], lower[start : start + across])], 2
    )


def _joined(lines: Sequence[Sequence[Image.Image]], every: int) -> Image.Image:
    """Tiles as one picture; after ``every`` lines a transparent gap."""
    tile = lines[0][0]
    gap = max(2, tile.height // 8) * GAP
    breaks = (len(lines) - 1) // every if every else 0
    width = max(len(line) for line in lines) * tile.width
    canvas = Image.new("RGBA", (width, len(lines) * tile.height + breaks * gap))
    for row, line in enumerate(lines):
        top = row * tile.height + (row // every * gap if every else 0)
        for column, piece in enumerate(line):
            canvas.paste(piece.convert("RGBA"), (column * tile.width, top))
    return canvas
