"""Every still format that is on the list is read, by its content, as what was saved."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, features

from genlab.datasets.foreign._archive import BadPictureError, Limits
from genlab.datasets.foreign._decode import decode, look
from genlab.kinds._formats import BY_ENDING, PLAIN, formats_for
from genlab.kinds._pixels import pixels

COLOUR = Image.new("RGB", (20, 12), (200, 40, 90))


def read(content: bytes, name: str) -> np.ndarray:
    assert look(io.BytesIO(content), Limits(), name) is not None
    return pixels(decode(io.BytesIO(content), Limits(), name=name))


@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "GIF", "BMP", "DIB", "WEBP", "TIFF", "PPM", "JPEG2000", "AVIF", "QOI", "ICO", "ICNS"]
)
def test_formats_that_pillow_can_write(kind: str) -> None:
    if kind in {"WEBP", "AVIF"} and not features.check(kind.lower()):
        pytest.skip(f"Pillow here has no {kind}")
    image = COLOUR.resize((64, 64)) if kind in {"ICO", "ICNS"} else COLOUR
    file = io.BytesIO()
    image.save(file, kind)
    out = read(file.getvalue(), f"a.{kind.lower()}")
    np.testing.assert_allclose(out[6, 10], (200, 40, 90), atol=5)


@pytest.mark.parametrize("kind", ["TGA", "PCX", "SGI", "DDS"])
def test_formats_that_are_told_by_their_ending(kind: str) -> None:
    file = io.BytesIO()
    COLOUR.save(file, kind)
    np.testing.assert_array_equal(read(file.getvalue(), f"a.{kind.lower()}")[6, 10], (200, 40, 90))
    if kind != "DDS":
        assert look(io.BytesIO(file.getvalue()), Limits(), "a.bin") is None, "any file might look like that"


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        (b"P5 3 2 255\n", bytes([0, 128, 255, 1, 2, 3]), [[0, 128, 255], [1, 2, 3]]),
        (b"P2 3 2 15\n", b"0 7 15 0 0 15", [[0, 119, 255], [0, 0, 255]]),
        (b"P1 3 2\n", b"1 0 1 0 1 0", [[0, 255, 0], [255, 0, 255]]),
        (b"P4 3 2\n", bytes([0b10100000, 0b01000000]), [[0, 255, 0], [255, 0, 255]]),
        (
            b"P5 3 2 4095\n",
            b"".join(v.to_bytes(2, "big") for v in (0, 4095, 2048, 16, 0, 0)),
            [[0, 255, 128], [1, 0, 0]],
        ),
    ],
)
def test_the_netpbm_family(header: bytes, body: bytes, expected: list[list[int]]) -> None:
    for name in ("a.pgm", "a.pnm", "a"):
        out = read(header + body, name)
        assert out.shape == (2, 3, 1)
        assert np.abs(out[..., 0].astype(int) - expected).max() <= 1


def test_nothing_that_executes_or_opens_other_formats_is_on_the_list() -> None:
    listed = {*PLAIN, *BY_ENDING.values()}
    assert not listed & {"EPS", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "IPTC", "FLI", "MIC", "PDF"}
    Image.init()
    assert listed <= set(Image.OPEN), "names that Pillow does not know would fail every picture"
    assert formats_for("a.tga")[-1] == "TGA"


def test_postscript_is_not_handed_to_ghostscript(monkeypatch: pytest.MonkeyPatch) -> None:
    import PIL.EpsImagePlugin

    def never(*arguments: object, **options: object) -> object:
        raise AssertionError("Ghostscript was asked")

    monkeypatch.setattr(PIL.EpsImagePlugin, "Ghostscript", never)
    content = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"
    for name in ("a.eps", "a.png", "a"):
        with pytest.raises(BadPictureError, match="is PostScript, which genlab does not read"):
            decode(io.BytesIO(content), Limits(), name=name)


def test_the_first_frame_of_what_moves(encoded: Callable[..., bytes]) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        content = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        header = look(io.BytesIO(content), Limits(), f"a.{kind}")
        assert header is not None and header.frames == 2
        np.testing.assert_allclose(read(content, f"a.{kind}")[4, 4], (255, 0, 0), atol=3)
