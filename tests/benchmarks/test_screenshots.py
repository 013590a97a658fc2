from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image

from benchmarks import screenshots
from benchmarks.screenshots import LARGEST, LARGEST_FILM, SHOTS, too_large, webp
from tests.support.command import ROOT


def png(noise: bool) -> bytes:
    pixels = (
        np.random.default_rng(0).integers(0, 255, (900, 1440, 3), np.uint8)
        if noise
        else np.zeros((90, 144, 3), np.uint8)
    )
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()


def test_pictures_keep_their_size_in_pixels():
    assert Image.open(io.BytesIO(webp(png(noise=False)))).size == (144, 90)


def test_every_page_is_pictured():
    router = (ROOT / "pages" / "_router.py").read_text()
    pages = set(re.findall(r'st\.Page\("(\w+)\.py"', router))
    assert pages <= {shot.path.partition("?")[0] or "home" for shot in SHOTS}


def test_what_is_too_large_for_documents_is_told(tmp_path):
    (tmp_path / "a.webp").write_bytes(bytes(LARGEST))
    (tmp_path / "walk.webp").write_bytes(bytes(LARGEST_FILM))
    assert too_large(tmp_path) == []
    (tmp_path / "b.webp").write_bytes(bytes(LARGEST + 1))
    (tmp_path / "walk.webp").write_bytes(bytes(LARGEST_FILM + 1))
    assert [line.split()[0] for line in too_large(tmp_path)] == ["b.webp", "walk.webp"]
    for name in range(8):
        (tmp_path / f"{name}.webp").write_bytes(bytes(LARGEST))
    assert too_large(tmp_path)[-1].startswith("All pictures have")


def test_the_pictures_that_documents_show_are_small_enough():
    assert too_large(screenshots.FOLDER) == []
