"""The exported front page: complete, and refused where it would overwrite or show nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.presentation.front_page import ENTRY, export_front_page, modules_of
from tests.presentation.test_front import zoo

__all__ = ["zoo"]


def test_every_file_that_the_page_names_is_there(workspace: Path, zoo: Path, tmp_path: Path):
    folder = tmp_path / "page"
    (group,) = export_front_page(Lab(workspace), folder)
    page = (folder / "index.html").read_text()
    for address in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert address == "data:," or (folder / address).is_file(), address
    (document,) = json.loads((folder / "models.json").read_text())
    assert [model["run"] for model in document["models"]] == [model.run.id for model in group.models]
    for model in document["models"]:
        for address in (*model["source"].values(), model["opening"]["src"]):
            assert (folder / address).stat().st_size > 1_000
    assert (folder / "vendor" / "ort-wasm-simd-threaded.wasm").read_bytes()[:4] == b"\0asm"
    assert "://" not in page


def test_modules_are_found_by_their_imports():
    found = modules_of(ENTRY)
    assert found[0] == ENTRY
    assert {"front/front.js", "front/model.js", "decoder.js", "maths.js", "dom.js"} <= set(found)
    assert not any(name.startswith(("explorer/", "playground/")) for name in found)


def test_a_folder_with_something_in_it_is_left_alone(workspace: Path, zoo: Path, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is not an empty folder"):
        export_front_page(Lab(workspace), tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_nothing_that_moves_is_refused(workspace: Path, tmp_path: Path):
    with pytest.raises(InputError, match="No shipped model"):
        export_front_page(Lab(workspace), tmp_path / "page")
    assert not (tmp_path / "page").exists()
