"""Names from outside: encodings of zips, ill-formed bytes, composed and decomposed letters."""

from __future__ import annotations

import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from genlab.datasets.foreign._archive import Limits, _refused
from genlab.datasets.foreign._names import short, shown, zip_names
from genlab.datasets.foreign.importer import add, preview
from genlab.errors import InputError
from tests.support.images import foreign_zip

Paint = Callable[..., Image.Image]


@pytest.fixture
def packed(tmp_path: Path, paint: Paint, encoded: Callable[..., bytes]) -> Callable[..., Path]:
    """Two classes of nine pictures, their folders' names in some encoding."""

    def act(classes: tuple[str, str], encoding: str, **options: bool) -> Path:
        files = {f"{label}/{i}.png": encoded(paint(i)) for label in classes for i in range(9)}
        return foreign_zip(tmp_path / "foreign.zip", files, encoding, **options)

    return act


@pytest.mark.parametrize(
    ("classes", "encoding"),
    [
        (("猫", "狗"), "gbk"),
        (("动物照片", "植物"), "gbk"),
        (("ネコ", "イヌ"), "shift_jis"),
        (("ソファ", "表"), "shift_jis"),
        (("кошки", "собаки"), "cp866"),
        (("Köpfe", "Bäume"), "cp437"),
        (("고양이", "강아지"), "cp949"),
        (("苹果", "香蕉"), "gbk"),
        (("正常", "异常"), "gbk"),
        (("да", "нет"), "cp1251"),
        (("niño", "niña"), "cp437"),
        (("貓", "狗"), "big5"),
        (("猫", "狗"), "utf-8"),
    ],
)
def test_names_that_do_not_say_their_encoding(
    classes: tuple[str, str], encoding: str, packed: Callable[..., Path], stores: Path
) -> None:
    path = packed(classes, encoding)
    shown = preview(path)
    assert set(shown.classes or ()) == set(classes)
    assert shown.guessed == (encoding != "utf-8")
    info = add(path, "mine", stores)
    assert set(info.classes or ()) == set(classes)
    assert any("which is a guess" in note for note in info.notes) == (encoding != "utf-8")


def test_a_guess_can_be_overruled(
    packed: Callable[..., Path], stores: Path, refused: Callable[..., InputError]
) -> None:
    path = packed(("猫", "狗"), "gbk")
    assert "'klingon' is not the name of an encoding" in refused(path, encoding="klingon").message
    assert "is not the name of an encoding" in refused(path, encoding="zlib").message
    assert "is not utf-8" in refused(path, encoding="utf-8").message
    info = add(path, "mine", stores, encoding="big5")
    assert info.classes is not None and "猫" not in info.classes
    assert not any("guess" in note for note in info.notes)


def test_the_field_for_unicode_names_wins(packed: Callable[..., Path], stores: Path) -> None:
    path = packed(("猫", "狗"), "gbk", unicode_path=True)
    assert not preview(path).guessed
    assert set(add(path, "mine", stores, encoding="cp437").classes or ()) == {"猫", "狗"}


def test_a_field_that_belongs_to_another_name_is_ignored(tmp_path: Path) -> None:
    path = foreign_zip(tmp_path / "a.zip", {"猫.png": b"x"}, "gbk", unicode_path=True)
    content = path.read_bytes().replace(struct.pack("<I", zlib.crc32("猫.png".encode("gbk"))), b"\1\2\3\4")
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        assert zip_names(archive, "gbk").names == ("猫.png",)


def test_composed_and_decomposed_letters_are_one_class(tmp_path: Path, paint: Paint, stores: Path) -> None:
    root = tmp_path / "p"
    for form in ("NFC", "NFD"):
        folder = root / unicodedata.normalize(form, "café")
        folder.mkdir(parents=True)
        for index in range(6):
            paint(index).save(folder / f"{form}{index}.png")
    (root / "thé").mkdir()
    for index in range(6):
        paint(index).save(root / "thé" / f"{index}.png")
    assert preview(root).classes == {"café": 12, "thé": 6}
    assert add(root, "mine", stores).classes == ("café", "thé")


def test_names_that_are_no_utf_8_are_shown(tmp_path: Path, paint: Paint, stores: Path) -> None:
    root = tmp_path / "p"
    for label in (b"bad\xff", b"bad\xfe"):
        folder = root / os.fsdecode(label)
        folder.mkdir(parents=True)
        for index in range(9):
            paint(index).save(folder / f"{index}.png")
    (folder / os.fsdecode(b"torn\xff.png")).write_bytes(b"\x89PNG\r\n\x1a\nno")
    info = add(root, "mine", stores, on_bad="skip")
    assert info.classes is not None and len(info.classes) == 2
    for text in (*info.classes, *info.notes):
        text.encode("utf-8")
    with pytest.raises(InputError) as caught:
        add(root, "again", stores)
    caught.value.message.encode("utf-8")


def test_text_that_can_be_shown() -> None:
    assert shown("plain name") == "plain name"
    assert shown("cafe\u0301") == "café"
    assert shown("a\nb\x00") == "a\\x0ab\\x00"
    assert shown("👩\u200d🔬") == "👩\u200d🔬"
    assert shown("right\u202eleft") == "right\\u202eleft"
    assert shown("a\u00a0b") == "a b"
    assert shown("\udcff") != shown("\udcfe")
    assert short("x" * 100, 20) == "x" * 10 + "…" + "x" * 9


def test_names_that_are_too_long(
    tmp_path: Path, encoded: Callable[..., bytes], paint: Paint, refused: Callable[..., InputError]
) -> None:
    path = tmp_path / "long.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for label in ("a", "b" * 30_000):
            for index in range(9):
                archive.writestr(f"{label}/{index}.png", encoded(paint(index)))
    error = refused(path)
    assert "has a name of 30,000 characters, more than 255" in error.message
    assert len(error.message) < 250


def test_the_longest_names_and_the_largest_files_that_are_read() -> None:
    limits = Limits(file=2**20)
    assert _refused(f"a/{'b' * 255}", 2**20, limits) == ""
    assert _refused(f"a/{'b' * 256}/c", 9, limits) == "has a name of 256 characters, more than 255"
    assert _refused("a", 2**20 + 1, limits) == "is larger than 1 MiB"
