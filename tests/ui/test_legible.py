"""Sample grids in narrow columns: texts that can be read, films by their first frames, images as they are."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.store.run_files import Grid
from genlab.ui.views._shared import legible


@dataclass
class Sheet:
    """As much of a run as its sample grid takes."""

    name: str
    shape: tuple[int, ...]
    columns: int
    rows: int

    def environment(self) -> dict[str, Any]:
        return {"space": {"kind": self.name, "shape": list(self.shape), "symbols": ["the", "cat"]}}

    def grid(self) -> Grid:
        return Grid(columns=self.columns, rows=self.rows)


@pytest.mark.parametrize(
    ("sheet", "tile", "ratio"),
    [
        (Sheet("images", (1, 8, 8), 8, 8), (8, 8), 1.0),
        (Sheet("film", (1, 16, 8, 8), 4, 16), (8, 128), 1.0),
        (Sheet("texts", (8,), 8, 8), (24, 104), 104 / (6 * 24)),
    ],
    ids=lambda given: getattr(given, "name", None),
)
def test_what_is_shown_of_a_sheet_is_no_strip(tmp_path: Path, sheet: Sheet, tile: tuple[int, int], ratio: float):
    path = tmp_path / "000000000064.png"
    Image.fromarray(np.zeros((tile[0] * sheet.rows, tile[1] * sheet.columns), np.uint8)).save(path)
    content = legible(sheet, path)  # type: ignore[arg-type]
    assert content is not None
    shown = Image.open(io.BytesIO(content))
    assert shown.width / shown.height == pytest.approx(ratio, rel=0.01)


def test_a_sheet_that_is_gone_is_nothing(tmp_path: Path):
    for sheet in (Sheet("images", (1, 8, 8), 8, 8), Sheet("film", (1, 16, 8, 8), 4, 16)):
        assert legible(sheet, tmp_path / "none.png") is None  # type: ignore[arg-type]
