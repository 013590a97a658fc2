from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from genlab.datasets.foreign._archive import BadPictureError, Limits
from genlab.datasets.foreign._decode import decode, look
from genlab.kinds._pixels import pixels

Encoded = Callable[..., bytes]
Paint = Callable[..., Image.Image]


def read(content: bytes, at_least: int = 0) -> np.ndarray:
    return pixels(decode(io.BytesIO(content), Limits(), at_least))


def test_a_large_jpeg_is_decoded_to_no_less_than_twice_the_size_that_is_needed(encoded: Encoded) -> None:
    content = encoded(Image.new("RGB", (1_600, 1_200), (200, 40, 90)), "JPEG")
    assert read(content, 75).shape == (150, 200, 3)
    assert read(content, 76).shape == (300, 400, 3)
    assert read(content).shape == (1_200, 1_600, 3)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "JPEG", "GIF"])
def test_formats_by_content(kind: str, encoded: Encoded) -> None:
    image = Image.new("RGB", (10, 6), (200, 40, 90))
    out = read(encoded(image, kind))
    assert out.shape == (6, 10, 3)
    np.testing.assert_allclose(out[3, 5], (200, 40, 90), atol=4)


def test_palette_is_looked_up(paint: Paint, encoded: Encoded) -> None:
    image = paint().quantize(8)
    np.testing.assert_array_equal(read(encoded(image)), np.asarray(image.convert("RGB")))


def test_transparent_pixels_become_white(encoded: Encoded) -> None:
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 255))
    image.putpixel((0, 0), (255, 0, 0, 0))
    image.putpixel((1, 0), (255, 0, 0, 128))
    out = read(encoded(image))
    assert out[0, 0].tolist() == [255, 255, 255]
    np.testing.assert_allclose(out[0, 1], (255, 127, 127), atol=1)
    assert out[1, 1].tolist() == [255, 0, 0]
    assert look(io.BytesIO(encoded(image)), Limits()).transparent


def test_grey_with_alpha_stays_grey(encoded: Encoded) -> None:
    image = Image.new("LA", (4, 4), (100, 255))
    image.putpixel((0, 0), (100, 0))
    out = read(encoded(image))
    assert out.shape == (4, 4, 1)
    assert out[0, 0, 0] == 255
    assert out[1, 1, 0] == 100


def test_a_transparent_palette_colour_becomes_white(encoded: Encoded) -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.putpixel((2, 2), 1)
    out = read(encoded(image, "GIF", transparency=1))
    assert out[0, 0].tolist() == [10, 20, 30]
    assert out[2, 2].tolist() == [255, 255, 255]


def test_exif_rotation_is_applied(encoded: Encoded) -> None:
    image = Image.new("RGB", (40, 20), (0, 0, 0))
    image.paste((255, 255, 255), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(image, "JPEG", exif=exif, quality=95)
    header = look(io.BytesIO(content), Limits())
    assert (header.width, header.height) == (20, 40)
    out = read(content)
    assert out.shape == (40, 20, 3)
    assert out[:15].min() > 240, "turned clockwise, the white left half is on top"
    assert out[25:].max() < 15


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled(kind: str, encoded: Encoded) -> None:
    values = np.array([[0, 256, 257 * 100], [65_535, 32_768, 257 * 200]], np.uint16)
    out = read(encoded(Image.fromarray(values), kind))
    assert out[..., 0].tolist() == [[0, 1, 100], [255, 128, 200]]


def test_float_grey_spans_zero_to_one_or_its_own_range(encoded: Encoded) -> None:
    out = read(encoded(Image.fromarray(np.array([[0, 0.5, 1.0]], np.float32)), "TIFF"))
    assert out[..., 0].tolist() == [[0, 128, 255]]
    out = read(encoded(Image.fromarray(np.array([[-1, 0, 3]], np.float32)), "TIFF"))
    assert out[..., 0].tolist() == [[0, 64, 255]]
    for value in (np.nan, np.inf):
        with pytest.raises(BadPictureError, match="not numbers"):
            read(encoded(Image.fromarray(np.array([[0, value]], np.float32)), "TIFF"))


def test_cmyk_becomes_rgb(encoded: Encoded) -> None:
    out = read(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "TIFF"))
    np.testing.assert_allclose(out[4, 4], (255, 0, 0), atol=2)


def test_the_first_frame_of_an_animation(encoded: Encoded) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert look(io.BytesIO(content), Limits()).frames == 3
    np.testing.assert_allclose(read(content)[4, 4], (255, 0, 0), atol=2)


def test_large_jpegs_are_decoded_at_a_fraction(encoded: Encoded) -> None:
    content = encoded(Image.new("RGB", (800, 600), (50, 100, 150)), "JPEG")
    out = read(content, at_least=32)
    assert min(out.shape[:2]) >= 64
    assert max(out.shape[:2]) < 200
    np.testing.assert_allclose(out[10, 10], (50, 100, 150), atol=3)


def test_large_transparent_pictures_are_averaged_before_they_are_put_on_white(encoded: Encoded) -> None:
    image = Image.new("RGBA", (800, 600), (255, 0, 0, 128))
    image.paste((0, 0, 255, 0), (400, 0, 800, 600))
    out = read(encoded(image), at_least=32)
    assert 96 <= min(out.shape[:2]) < 200
    np.testing.assert_allclose(out[50, 10], (255, 127, 127), atol=1)
    assert (out[:, -10] == 255).all(), "the colour of what cannot be seen does not bleed"


def test_a_header_is_read_without_decoding_the_pixels(paint: Paint, encoded: Encoded) -> None:
    content = bytearray(encoded(paint(size=(64, 64))))
    content[content.index(b"IDAT") + 40] ^= 0xFF
    header = look(io.BytesIO(content), Limits(), "a.png")
    assert header is not None and (header.width, header.height) == (64, 64)
    with pytest.raises(BadPictureError):
        read(bytes(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_a_picture_cut_short_is_damaged(kind: str, paint: Paint, encoded: Encoded) -> None:
    content = encoded(paint(size=(64, 64)), kind)
    with pytest.raises(BadPictureError):
        read(content[: len(content) // 2])


def test_a_wrong_checksum_in_a_png_is_noticed(paint: Paint, encoded: Encoded) -> None:
    content = bytearray(encoded(paint(size=(64, 64))))
    content[content.index(b"IEND") - 5] ^= 0xFF
    with pytest.raises(BadPictureError, match="damaged"):
        read(bytes(content))


@pytest.mark.parametrize("side", [30_000, 12_000, 8_000])
@pytest.mark.parametrize("act", [look, decode])
def test_a_huge_picture_is_refused_by_its_header(
    act: Callable[..., object], side: int, huge_png: Callable[[int], bytes]
) -> None:
    with pytest.raises(BadPictureError, match="50 megapixels"):
        act(io.BytesIO(huge_png(side)), Limits())


def test_pixels_are_counted_from_the_header(paint: Paint, encoded: Encoded) -> None:
    content = encoded(paint(size=(20, 10)))
    assert look(io.BytesIO(content), Limits(pixels=200)).width == 20
    with pytest.raises(BadPictureError, match="20 × 10 px"):
        look(io.BytesIO(content), Limits(pixels=199))


def test_text_is_not_a_picture() -> None:
    assert look(io.BytesIO(b"just some words"), Limits()) is None
    with pytest.raises(BadPictureError, match="is not a picture of a format that is read"):
        decode(io.BytesIO(b"just some words"), Limits())


TURNED: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.T,
    6: lambda stored: stored[::-1].T,
    7: lambda stored: stored[::-1, ::-1].T,
    8: lambda stored: stored[:, ::-1].T,
}
"""Exif 2.32, tag 0x0112: where row 0 and column 0 of what is stored belong -> the picture as it should stand."""


def stored(dtype: type[np.generic]) -> np.ndarray:
    """A picture of 2 rows and 3 columns, no two values alike."""
    return np.array([[10, 50, 90], [130, 170, 210]], dtype)


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_every_orientation_stands_as_exif_says(kind: str, orientation: int, encoded: Encoded) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    content = encoded(Image.fromarray(stored(np.uint8)), kind, exif=exif, **options)
    wanted = TURNED[orientation](stored(np.uint8))
    header = look(io.BytesIO(content), Limits())
    assert (header.height, header.width) == wanted.shape
    assert read(content)[..., 0].tolist() == wanted.tolist()


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_orientation_of_sixteen_bits_does_as_well(kind: str, orientation: int, encoded: Encoded) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(Image.fromarray(stored(np.uint16) * 257), kind, exif=exif)
    wanted = TURNED[orientation](stored(np.uint8))
    header = look(io.BytesIO(content), Limits())
    assert (header.height, header.width) == wanted.shape
    assert read(content)[..., 0].tolist() == wanted.tolist()


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int, encoded: Encoded) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(Image.fromarray(stored(np.uint8)), exif=exif)
    assert look(io.BytesIO(content), Limits()).width == 3
    assert read(content)[..., 0].tolist() == stored(np.uint8).tolist()
