"""A picture that a run keeps opens, or is told in one sentence: torn, no picture, or far too large."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.store.pictures import load_picture
from tests.support.runs import grid_png


def bomb(side: int) -> bytes:
    """The head of a PNG of ``side`` x ``side`` pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    parts = (chunk, data, b"IEND")
    body = b"".join(struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_whole_picture_is_decoded(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(grid_png())
    assert load_picture(tmp_path / "a.png").size == (224, 224)


@pytest.mark.parametrize(
    "content",
    [b"", b"text", grid_png()[:200], grid_png()[:40], b"GIF89a" + bytes(50), bomb(100_000), bomb(12_000), bomb(64)],
    ids=["empty", "text", "torn", "head", "other", "bomb", "large", "short"],
)
def test_anything_else_is_told(tmp_path: Path, content: bytes):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InputError, match=r"^The picture a\.png in .* is missing or damaged\.$") as caught:
        load_picture(tmp_path / "a.png")
    assert caught.value.kind == "damaged"


def test_a_picture_that_is_gone_is_told(tmp_path: Path):
    with pytest.raises(InputError):
        load_picture(tmp_path / "none.png", "Draw it again.")
