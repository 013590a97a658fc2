"""Small pictures on large sheets: every item where the layout says, large images shrunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.exploration import atlas
from genlab.exploration.atlas import write_atlas


def test_every_item_is_where_the_layout_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(atlas, "SHEET_PIXELS", 24)
    images = np.random.default_rng(0).random((20, 3, 8, 8)).astype(np.float32)
    layout = write_atlas(tmp_path, images)
    assert layout == {"tile": 8, "columns": 3, "rows": 3, "sheets": 3}
    for item in (0, 8, 9, 19):
        sheet, place = divmod(item, 9)
        with Image.open(tmp_path / f"atlas-{sheet}.png") as picture:
            pixels = np.asarray(picture)
        row, column = divmod(place, 3)
        tile = pixels[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
        assert np.array_equal(tile, (images[item] * 255).round().astype(np.uint8).transpose(1, 2, 0))


def test_large_images_are_shrunk_by_a_whole_factor(tmp_path: Path):
    images = np.zeros((2, 1, 128, 128), np.float32)
    images[0, 0, ::2, ::2] = 1
    layout = write_atlas(tmp_path, images, "again")
    assert layout["tile"] == 64
    with Image.open(tmp_path / "again-0.png") as picture:
        assert (np.asarray(picture)[:64, :64] == 64).all()
