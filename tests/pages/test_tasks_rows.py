"""Pictures of methods: one solution of every item to a row, cut from the sheet in native pixels."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from genlab.presentation.tasks import Method
from genlab.ui.views import tasks_rows
from genlab.ui.views.tasks_rows import _pictures, pixels_of, short_name
from tests.support.tasks import GUESSING, answer


def test_each_solution_is_a_row_of_the_sheet(tmp_path: Path):
    sheet = Image.new("L", (16, 6))
    sheet.paste(200, (0, 2, 16, 4))
    sheet.save(tmp_path / "search.png")
    method = Method(answer("search", solutions=3), tmp_path)
    found = [Image.open(io.BytesIO(pixels_of(method, row) or b"")).convert("L") for row in range(3)]
    assert [one.size for one in found] == [(16, 2)] * 3
    assert [one.getpixel((3, 1)) for one in found] == [0, 200, 0]


def test_films_are_sheets_of_their_frames(tmp_path: Path):
    """Eight films of four frames of 3 × 5 px: two frames below two, and a gap behind each film."""
    sheet = Image.new("L", (8 * 4 * 3, 5))
    for place in range(32):
        sheet.paste(10 + 5 * place, (3 * place, 0, 3 * place + 3, 5))
    sheet.save(tmp_path / "search.png")
    found = Image.open(io.BytesIO(pixels_of(Method(answer("search"), tmp_path), 0, frames=4) or b""))
    assert found.size == (8 * (2 * 3 + 1), 2 * 5)
    shades = [[found.getpixel((7 * film + x, y))[0] for x, y in ((0, 0), (5, 0), (0, 9), (5, 9))] for film in range(8)]
    assert shades == [[10 + 5 * (4 * film + frame) for frame in range(4)] for film in range(8)]
    assert found.getpixel((6, 4))[3] == 0, "between two films nothing is drawn"


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


def test_ones_own_items_are_called_as_their_files_are_unless_there_is_more_to_say(tmp_path: Path):
    Image.new("L", (16, 4)).save(tmp_path / "search.png")
    said = _pictures(Method(answer("search"), tmp_path), names=("a/<b>.png", "c.png"))
    assert ">&lt;b&gt;.png</span>" in said and ">c.png</span>" in said
    assert "c.png" not in _pictures(Method(answer("search", captions=["the class"]), tmp_path), names=("c.png",))
    assert [short_name(name) for name in ("a/b.png", "a\\b.png", "b.png", "")] == ["b.png", "b.png", "b.png", ""]


def test_names_stand_below_the_items_as_they_came_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Image.new("L", (16, 4)).save(tmp_path / "search.png")
    written: list[str] = []
    monkeypatch.setattr(tasks_rows.st, "html", written.append)
    truth, found = (Method({**answer("search"), "role": role}, tmp_path) for role in ("truth", "model"))
    tasks_rows.rows(GUESSING, [truth, found], names=("a.png",))
    assert written[-1].count(">a.png</span>") == 1
    assert written[-1].index("a.png") < written[-1].rindex("<img")
    tasks_rows.rows(GUESSING, [found, truth], names=("a.png",))
    assert "a.png" not in written[-1], "a model's picture may show them in another order"
