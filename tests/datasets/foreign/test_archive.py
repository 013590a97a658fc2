from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from genlab.datasets.foreign.importer import Limits, add, remove
from genlab.errors import InputError

Encoded = Callable[..., bytes]
Paint = Callable[..., Image.Image]
Zipped = Callable[..., Path]


def test_links(folder: Path, tmp_path: Path, paint: Paint, stores: Path, refused: Callable[..., InputError]) -> None:
    (folder / "cats" / "again.png").symlink_to(folder / "cats" / "0.png")
    assert add(folder, "inside", stores).count == 21
    remove("inside", stores)
    paint().save(tmp_path / "secret.png")
    (folder / "cats" / "out.png").symlink_to(tmp_path / "secret.png")
    assert refused(folder).message == "cats/out.png is a link that leads out of the folder."
    (folder / "cats" / "out.png").unlink()
    (folder / "loop").symlink_to(folder)
    assert "loop is a link to a folder" in refused(folder).message
    assert add(folder, "skipping", stores, on_bad="skip").count == 21


def test_links_that_lead_in_a_circle_or_nowhere(
    folder: Path, tmp_path: Path, stores: Path, refused: Callable[..., InputError]
) -> None:
    (folder / "cats" / "a.png").symlink_to(folder / "cats" / "b.png")
    (folder / "cats" / "b.png").symlink_to(folder / "cats" / "a.png")
    assert refused(folder).message == "cats/a.png is a link that leads in a circle (1 more like it)."
    (folder / "cats" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    info = add(folder, "mine", stores, on_bad="skip")
    assert (info.count, info.skipped) == (20, 3)


def test_folders_within_folders_without_end(folder: Path, stores: Path) -> None:
    deepest = folder / "cats"
    for _ in range(600):
        deepest = deepest / "d"
    deepest.mkdir(parents=True)
    assert add(folder, "mine", stores).count == 20


def test_too_many_files(folder: Path, refused: Callable[..., InputError]) -> None:
    error = refused(folder, limits=Limits(entries=19))
    assert (error.kind, error.message) == ("too_large", "pictures has more than 19 files; no more are read.")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../up.png", "leads out"),
        ("cats/../../up.png", "leads out"),
        ("..\\up.png", "leads out"),
        ("/etc/up.png", "absolute"),
        ("\\\\server\\up.png", "absolute"),
        ("C:\\up.png", "absolute"),
        ("c:up.png", "absolute"),
    ],
)
@pytest.mark.parametrize("on_bad", ["refuse", "skip"])
def test_zips_that_lead_elsewhere(
    name: str, why: str, on_bad: str, folder: Path, zipped: Zipped, refused: Callable[..., InputError]
) -> None:
    error = refused(zipped(folder, {name: b"x"}), on_bad=on_bad)
    assert error.kind == "unsafe_archive"
    assert why in error.message


def test_zips_with_links_and_devices(folder: Path, zipped: Zipped, refused: Callable[..., InputError]) -> None:
    for mode, why in ((stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is not a plain file")):
        member = zipfile.ZipInfo("cats/link.png")
        member.create_system = 3
        member.external_attr = (mode | 0o777) << 16
        error = refused(zipped(folder, {member: b"/etc/passwd"}))
        assert (error.kind, why in error.message) == ("unsafe_archive", True)


def test_encrypted_zips(folder: Path, zipped: Zipped, refused: Callable[..., InputError]) -> None:
    path = zipped(folder)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(bytes(content))
    error = refused(path)
    assert (error.kind, "is encrypted" in error.message) == ("unsafe_archive", True)


def test_zips_that_unpack_to_too_much(folder: Path, zipped: Zipped, refused: Callable[..., InputError]) -> None:
    path = zipped(folder, {"cats/zeros.bmp": bytes(3_000_000)})
    assert path.stat().st_size < 100_000
    error = refused(path, limits=Limits(unpacked=1_000_000))
    assert error.kind == "too_large"
    assert "unpacks to 2.88 MiB; at most 977 KiB" in error.message
    assert refused(path, limits=Limits(entries=20)).kind == "too_large"
    assert "zeros.bmp is larger than 1.95 MiB" in refused(path, limits=Limits(file=2_048_000)).message


def test_a_member_that_holds_more_than_it_declares_is_damaged(
    folder: Path, zipped: Zipped, refused: Callable[..., InputError]
) -> None:
    zeros = Image.new("RGB", (16, 16))
    zeros.save(folder / "cats" / "lie.bmp")
    path = zipped(folder)
    with zipfile.ZipFile(path) as archive:
        declared = archive.getinfo("cats/lie.bmp").file_size
    content = path.read_bytes()
    at = content.rindex(b"cats/lie.bmp") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    lie = content[: at + 24] + (declared // 2).to_bytes(4, "little") + content[at + 28 :]
    path.write_bytes(lie)
    error = refused(path)
    assert error.kind == "bad_picture"
    assert error.message.startswith("cats/lie.bmp is damaged")
