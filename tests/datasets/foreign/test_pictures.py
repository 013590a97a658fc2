from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.datasets.foreign.importer import add
from genlab.datasets.store import Dataset
from genlab.errors import InputError

Encoded = Callable[..., bytes]
Paint = Callable[..., Image.Image]
Zipped = Callable[..., Path]


def test_names(folder: Path, stores: Path, refused: Callable[..., InputError]) -> None:
    for name in ("", "Mine", "my pictures", "../up", "-x", "a" * 41, "a/b", "ä", "a\n"):
        assert refused(folder, name).kind == "bad_name"
    for name in ("mnist", "mnist_5k", "mnist-5k"):
        assert refused(folder, name).kind == "name_taken"
    add(folder, "mine", stores)
    with pytest.raises(InputError) as caught:
        add(folder, "mine", stores)
    assert caught.value.kind == "name_taken"


def test_nothing_there_and_nothing_that_can_be_read(
    folder: Path, tmp_path: Path, refused: Callable[..., InputError]
) -> None:
    assert refused(tmp_path / "nowhere").kind == "not_found"
    assert refused(folder / "cats" / "0.png").kind == "too_few"
    empty = tmp_path / "empty"
    empty.mkdir()
    error = refused(empty)
    assert (error.kind, error.message) == ("empty", "empty holds no files.")
    for index in range(20):
        (empty / f"{index}.log").write_text("words")
    assert refused(empty).message == "empty holds 20 files, none of them a picture."
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    assert refused(tmp_path / "broken.zip").kind == "bad_archive"


def test_too_few(folder: Path, refused: Callable[..., InputError]) -> None:
    for path in sorted(folder.rglob("*.png"))[:5]:
        path.unlink()
    error = refused(folder)
    assert (error.kind, error.message) == (
        "too_few",
        "pictures holds 15 pictures that can be used; a data set needs at least 16.",
    )


def test_pictures_beside_class_folders(
    folder: Path, paint: Paint, stores: Path, refused: Callable[..., InputError]
) -> None:
    paint().save(folder / "stray.png")
    error = refused(folder)
    assert (error.kind, error.message) == ("mixed_folder", "pictures holds 1 picture beside its class folders.")
    assert error.hint == (
        "Say how to read it: --classes none takes 21 pictures, no classes; --classes 1 takes 20 pictures, 2 classes."
    )
    assert refused(folder, classes="3").message == "pictures has no classes by '3'."
    everything = add(folder, "everything", stores, classes="none")
    assert (everything.count, everything.classes) == (21, None)
    labelled = add(folder, "labelled", stores, classes="1")
    assert (labelled.count, labelled.classes) == (20, ("cats", "dogs"))
    assert labelled.notes == ("1 picture that has no class was left out.",)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("where", ["header", "pixels"])
def test_one_corrupt_picture_among_good_ones(
    where: str,
    packed: bool,
    folder: Path,
    paint: Paint,
    encoded: Encoded,
    zipped: Zipped,
    stores: Path,
    refused: Callable[..., InputError],
) -> None:
    content = encoded(paint(size=(64, 64)), "JPEG")
    (folder / "cats" / "bad.jpg").write_bytes(content[: len(content) // 2] if where == "pixels" else content[2:60])
    path = zipped(folder) if packed else folder
    error = refused(path)
    assert error.kind == "bad_picture"
    assert error.message.startswith("cats/bad.jpg is damaged")
    assert "skip" in error.hint
    info = add(path, "mine", stores, on_bad="skip", size=16)
    assert (info.count, info.skipped) == (20, 1)
    assert "1 file was skipped: cats/bad.jpg." in info.notes


def test_skipping_can_leave_too_few(
    folder: Path, paint: Paint, encoded: Encoded, refused: Callable[..., InputError]
) -> None:
    content = encoded(paint(size=(64, 64)), "JPEG")
    for path in sorted(folder.rglob("*.png"))[:6]:
        path.with_suffix(".jpg").write_bytes(content[: len(content) // 2])
        path.unlink()
    assert refused(folder, on_bad="skip").kind == "too_few"


def test_a_class_of_nothing_but_corrupt_pictures_is_dropped(
    folder: Path, paint: Paint, encoded: Encoded, stores: Path, opened: Callable[..., Dataset]
) -> None:
    content = encoded(paint(size=(64, 64)), "JPEG")
    for label in ("apes", "bees"):
        (folder / label).mkdir()
    (folder / "apes" / "bad.jpg").write_bytes(content[: len(content) // 2])
    paint().save(folder / "bees" / "good.png")
    info = add(folder, "mine", stores, on_bad="skip", size=16)
    assert info.classes == ("bees", "cats", "dogs")
    labels = np.concatenate([opened().labels("train"), opened().labels("test")])
    assert np.bincount(labels).tolist() == [1, 10, 10]


def test_a_huge_picture(
    folder: Path, huge_png: Callable[[int], bytes], stores: Path, refused: Callable[..., InputError]
) -> None:
    (folder / "cats" / "huge.png").write_bytes(huge_png(30_000))
    assert refused(folder).message == "cats/huge.png has more than 50 megapixels."
    assert add(folder, "mine", stores, on_bad="skip").skipped == 1


@pytest.mark.parametrize(
    ("name", "content", "called"),
    [
        ("photo.heic", b"\0\0\0\x18ftypheic", "is HEIC, which genlab does not read"),
        ("photo.jpg", b"\0\0\0\x18ftypmif1", "is HEIC, which"),
        ("drawing", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "is SVG, which"),
        ("figure.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n", "is PostScript, which"),
        ("figure.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is PostScript, which"),
        ("old.wmf", b"\xd7\xcd\xc6\x9a" + bytes(60), "is a Windows metafile, which"),
        ("new.jxl", b"\xff\x0a" + bytes(60), "is JPEG XL, which"),
        ("raw.dng", b"II*\0" + bytes(60), "is a camera's raw format, which"),
        ("scan.dcm", bytes(128) + b"DICM" + bytes(60), "is DICOM, which"),
        ("torn.png", b"\x89PNG\r\n\x1a\nno", "is damaged"),
        ("torn.tif", b"II*\0" + bytes(60), "is damaged, or a kind of TIF that genlab does not read"),
    ],
)
def test_formats_that_are_not_read_are_named(
    name: str, content: bytes, called: str, folder: Path, stores: Path, refused: Callable[..., InputError]
) -> None:
    (folder / "cats" / name).write_bytes(content)
    assert f"cats/{name} {called}" in refused(folder).message
    assert add(folder, "mine", stores, on_bad="skip").skipped == 1


def test_what_only_begins_like_a_picture_is_another_file(folder: Path, stores: Path) -> None:
    for name, content in (
        ("README.txt", b"P2P networks\n" * 40),
        ("notes", b"BM, the magazine\n" * 40),
        ("f.pdf", b"%PDF-1"),
    ):
        (folder / name).write_bytes(content)
    assert add(folder, "mine", stores).notes == ("3 other files were ignored.",)


def test_settings_out_of_range(folder: Path, refused: Callable[..., InputError]) -> None:
    for options in ({"size": 4}, {"size": 600}, {"channels": 2}, {"fit": "stretch"}, {"on_bad": "ignore"}):
        error = refused(folder, **options)
        assert error.kind == "bad_value"
        assert next(iter(options)) in error.message
