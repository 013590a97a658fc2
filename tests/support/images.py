"""Small pictures and archives of them, for tests of what is added."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def picture(seed: int = 0, side: int = 16, grey: bool = False) -> bytes:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 255, (side, side) if grey else (side, side, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pets() -> dict[str, bytes]:
    return {f"{kind}/{index}.png": picture(10 * index + len(kind)) for kind in ("cat", "bird") for index in range(9)}


def foreign_zip(path: Path, names: dict[str, bytes], encoding: str, unicode_path: bool = False) -> Path:
    """A zip as Windows packs it: names in ``encoding``, without a word about which; perhaps with Info-ZIP's field."""
    local, central = io.BytesIO(), io.BytesIO()
    for name, content in names.items():
        raw, at, crc = name.encode(encoding), local.tell(), zlib.crc32(content)
        extra = b""
        if unicode_path:
            said = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
            extra = struct.pack("<HH", 0x7075, len(said)) + said
        sizes = struct.pack("<III", crc, len(content), len(content))
        head = struct.pack("<HHHHH", 20, 0, 0, 0, 33) + sizes + struct.pack("<HH", len(raw), len(extra))
        local.write(b"PK\x03\x04" + head + raw + extra + content)
        central.write(
            b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, at) + raw + extra
        )
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central.getvalue()), local.tell(), 0)
    path.write_bytes(local.getvalue() + central.getvalue() + b"PK\x05\x06" + end)
    return path


def many(side: int = 1_500, number: int = 200) -> bytes:
    """A zip of the same picture under many names: small as a file, and seconds of work for whoever decodes it."""
    buffer, archive = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.zeros((side, side, 3), np.uint8)).save(buffer, "PNG")
    with zipfile.ZipFile(archive, "w") as files:
        for index in range(number):
            files.writestr(f"{('cat', 'bird')[index % 2]}/{index}.png", buffer.getvalue())
    return archive.getvalue()
