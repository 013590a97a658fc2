"""Pictures of methods: one solution of every item to a row, cut from the sheet in native pixels."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from genlab.presentation.tasks import Method
from genlab.ui.views.tasks_rows import _pictures, pixels_of
from tests.support.tasks import answer


def test_each_solution_is_a_row_of_the_sheet(tmp_path: Path):
    sheet = Image.new("L", (16, 6))
    sheet.paste(200, (0, 2, 16, 4))
    sheet.save(tmp_path / "search.png")
    method = Method(answer("search", solutions=3), tmp_path)
    found = [Image.open(io.BytesIO(pixels_of(method, row) or b"")).convert("L") for row in range(3)]
    assert [one.size for one in found] == [(16, 2)] * 3
    assert [one.getpixel((3, 1)) for one in found] == [0, 200, 0]


def test_a_picture_that_is_gone_or_was_never_drawn_is_none(tmp_path: Path):
    assert pixels_of(Method(answer("search"), tmp_path), 0) is None
    assert pixels_of(Method(answer("search", picture=None), tmp_path), 0) is None
    outside = tmp_path / "outside.png"
    Image.new("L", (8, 1)).save(outside)
    (tmp_path / "inner").mkdir()
    assert pixels_of(Method(answer("search", picture="../outside.png"), tmp_path / "inner"), 0) is None


def test_solutions_are_folded_and_layers_shown_together(tmp_path: Path):
    Image.new("L", (16, 4)).save(tmp_path / "search.png")
    several = Method(answer("search", solutions=2), tmp_path)
    together = Method(answer("search", solutions=2, layers=["item", "heat-map"], captions=["a <b>"]), tmp_path)
    assert "<details>" in _pictures(several) and "solution 2" in _pictures(several)
    html = _pictures(together)
    assert "<details>" not in html and "heat-map" in html and html.count("<img") == 2 and "a &lt;b&gt;" in html
