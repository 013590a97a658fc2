"""Pictures of more than 8 bits: one factor for the whole set, taken from the header where it says one, and told."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from genlab.datasets.foreign._archive import Limits
from genlab.datasets.foreign._decode import decode, look
from genlab.datasets.foreign._wide import Range, Wide, measured, shrunk
from genlab.datasets.foreign.importer import add, preview
from genlab.datasets.store import Dataset
from genlab.kinds._pixels import pixels

Opened = Callable[..., Dataset]


def png(values: np.ndarray, significant: int | None = None) -> bytes:
    """16-bit values [H, W] or [H, W, C] as PNG; Pillow writes no colour of that depth."""
    height, width = values.shape[:2]
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[values.shape[2] if values.ndim == 3 else 1]

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    says = chunk(b"sBIT", bytes([significant])) if significant else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + says + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff(values: np.ndarray, **tags: Any) -> bytes:
    file = io.BytesIO()
    directory = ImageFileDirectory_v2()
    for tag, value in tags.items():
        directory[int(tag.removeprefix("t"))] = value
    Image.fromarray(values).save(file, "TIFF", tiffinfo=directory)
    return file.getvalue()


def ramps(top: int, count: int = 18) -> list[np.ndarray]:
    """Pictures whose brightest values differ; the last reaches ``top``."""
    return [np.linspace(0, top * (index + 1) / count, 256).astype(np.uint16).reshape(16, 16) for index in range(count)]


def stored(data: Dataset) -> np.ndarray:
    """The items in the order they came in, [N, 16, 16]."""
    items = np.concatenate([data.items("train"), data.items("test")])
    return items[np.argsort(np.concatenate([data.origin("train"), data.origin("test")]))][:, 0]


@pytest.mark.parametrize("save", [tiff, png])
def test_twelve_bits_in_sixteen_are_scaled_by_one_factor_and_told(
    save: Callable[..., bytes], tmp_path: Path, stores: Path, opened: Opened
) -> None:
    root = tmp_path / "deep"
    root.mkdir()
    pictures = ramps(4_095)
    for index, values in enumerate(pictures):
        (root / f"{index:02d}.{'tif' if save is tiff else 'png'}").write_bytes(save(values))
    note = (
        "18 pictures of more than 8 bits whose files do not say what white is: 0 to 4,095, which holds all their "
        "values, became 0 to 255, by the same factor in all of them."
    )
    shown = preview(root)
    assert note in shown.notes
    assert shown.thumbnails.max() == 255
    info = add(root, "mine", stores)
    assert note in info.notes
    expected = np.stack(pictures) * (255 / 4_095)
    assert np.abs(stored(opened()) - expected).max() <= 0.5 + 1e-3


def test_all_sixteen_bits_stay_as_they_were(tmp_path: Path, stores: Path, opened: Opened) -> None:
    root = tmp_path / "deep"
    root.mkdir()
    for index, values in enumerate(ramps(65_535)):
        (root / f"{index:02d}.png").write_bytes(png(values))
    assert add(root, "mine", stores).notes == ()
    assert np.abs(stored(opened()) - np.stack(ramps(65_535)) / 257).max() <= 0.5 + 1e-3


def test_pictures_of_eight_bits_beside_them_are_left_alone(tmp_path: Path, stores: Path, opened: Opened) -> None:
    root = tmp_path / "both"
    root.mkdir()
    for index, values in enumerate(ramps(1_000, 10)):
        (root / f"a{index:02d}.png").write_bytes(png(values))
        Image.fromarray((values // 40).astype(np.uint8)).save(root / f"b{index:02d}.png")
    add(root, "mine", stores)
    out = stored(opened())
    np.testing.assert_array_equal(out[10:], np.stack(ramps(1_000, 10)) // 40)
    assert out[9].max() == round(1_000 * 255 / 1_023)


@pytest.mark.parametrize(
    ("content", "top"),
    [
        (tiff(np.full((4, 4), 1_000, np.uint16), t281=4_095), 4_095),
        (tiff(np.full((4, 4), 1_000, np.uint16), t281=65_535), None),
        (tiff(np.full((4, 4), 1_000, np.uint16)), None),
        (b"P5 2 1 4095\n\x0f\xff\0\0", 65_535),
        (png(np.full((4, 4), 1_000)), None),
    ],
)
def test_the_header_is_believed_where_it_says_what_white_is(content: bytes, top: int | None) -> None:
    header = look(io.BytesIO(content), Limits(), "a")
    assert header is not None and header.wide is not None
    assert header.wide.top == top


def test_the_tag_for_the_largest_sample_is_white(tmp_path: Path, stores: Path, opened: Opened) -> None:
    root = tmp_path / "tagged"
    root.mkdir()
    for index in range(18):
        (root / f"{index}.tif").write_bytes(tiff(np.full((16, 16), 1_000, np.uint16), t281=4_000))
    info = add(root, "mine", stores)
    assert "whose files say that white is 4,000: 0 to 4,000 became 0 to 255." in info.notes[0]
    assert set(np.unique(stored(opened()))) == {round(1_000 * 255 / 4_000)}


def test_twelve_packed_bits_of_a_tiff_are_its_depth() -> None:
    # Two pixels in three bytes: 4095 and 2048.
    strip = bytes([0xFF, 0xF8, 0x00])
    entries = [(256, 4, 2), (257, 4, 1), (258, 3, 12), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (279, 4, 3)]
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    content = b"II*\0" + struct.pack("<I", 12) + strip + b"\0" + struct.pack("<H", len(entries)) + packed + bytes(4)
    assert pixels(decode(io.BytesIO(content), Limits(), name="a.tif"))[..., 0].tolist() == [[255, 128]]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(Wide(), 0, 4_095), (Wide(), 0, 900)], Range(0, 4_095)),
        ([(Wide(), 0, 4_096)], Range(0, 8_191)),
        ([(Wide(), 0, 65_535)], Range(0, 65_535)),
        ([(Wide(), 0, 0)], Range(0, 65_535)),
        ([(Wide(), 0, 70_000)], Range(0, 131_071)),
        ([(Wide(), -5, 250)], Range(-5, 250)),
        ([(Wide(bits=12), 0, 900)], Range(0, 4_095)),
        ([(Wide(bits=12), 0, 65_520)], Range(0, 65_535)),
        ([(Wide(bits=12), 0, 5_000)], Range(0, 65_535)),
    ],
)
def test_the_range_of_whole_numbers(seen: list[tuple[Wide, float, float]], expected: Range) -> None:
    assert measured(seen).whole == expected


def test_the_range_of_real_numbers() -> None:
    assert measured([(Wide(real=True), 0.2, 0.4)]).real == Range(0, 1)
    assert measured([(Wide(real=True), 0.2, 0.4), (Wide(real=True), -1, 3)]).real == Range(-1, 3)
    assert measured([(Wide(real=True), 5, 40)]).real == Range(0, 40)


def test_significant_bits_of_a_png() -> None:
    header = look(io.BytesIO(png(np.full((4, 4), 100), significant=12)), Limits(), "a.png")
    assert header is not None and header.wide == Wide(bits=12)


@pytest.mark.parametrize("channels", [3, 4])
def test_colour_of_sixteen_bits_keeps_its_lower_ones(channels: int) -> None:
    values = np.zeros((6, 5, channels), np.uint16)
    values[..., 0] = np.arange(30).reshape(6, 5) * 141
    values[..., 3:] = 65_535
    out = pixels(decode(io.BytesIO(png(values)), Limits(), name="a.png"))
    assert np.abs(out[..., 0] - values[..., 0] * (255 / 4_095)).max() <= 0.51
    assert (out[..., 1:] == 0).all()


def test_a_turned_picture_of_many_bits_is_turned(encoded: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    values = np.zeros((4, 8), np.uint16)
    values[:, :4] = 4_095
    out = pixels(decode(io.BytesIO(encoded(Image.fromarray(values), "TIFF", exif=exif)), Limits(), name="a.tif"))
    assert out.shape == (8, 4, 1)
    assert (out[:4] == 255).all() and (out[4:] == 0).all()


def test_large_ones_are_averaged_before_they_are_scaled() -> None:
    values = np.arange(600 * 900, dtype=np.float32).reshape(600, 900)
    out = shrunk(values, 16)
    assert min(out.shape) >= 48 and max(out.shape) < 200
    np.testing.assert_allclose(out.mean(), values[: out.shape[0] * 12, : out.shape[1] * 12].mean(), rtol=1e-4)
    assert shrunk(values, 0) is values
