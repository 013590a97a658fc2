from __future__ import annotations

import errno
import json
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.config import DataConfig
from genlab.datasets.base import DatasetInfo, Source
from genlab.datasets.foreign.importer import Limits, add, preview, remove
from genlab.datasets.store import Dataset, describe, find_datasets
from genlab.datasets.store._build import locked
from genlab.errors import GenlabError, InputError

Encoded = Callable[..., bytes]
Paint = Callable[..., Image.Image]
Zipped = Callable[..., Path]


def test_a_folder_with_class_folders(
    folder: Path, stores: Path, source: Source, opened: Callable[..., Dataset]
) -> None:
    seen: list[tuple[float, str]] = []
    info = add(folder, "mine", stores, progress=lambda share, what: seen.append((share, what)))
    assert (info.count, info.train, info.test, info.shape, info.classes) == (20, 17, 3, (3, 16, 16), ("cats", "dogs"))
    assert (info.source, info.skipped, info.notes) == ("added", 0, ())
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)
    assert seen[-1][0] == pytest.approx(1, abs=0.02)
    data = opened()
    for split in ("train", "test"):
        labels = data.labels(split)
        assert labels is not None
        for item, label, origin in zip(data.items(split), labels, data.origin(split), strict=True):
            path = folder / ("cats", "dogs")[label] / f"{origin % 10}.png"
            np.testing.assert_array_equal(np.moveaxis(item, 0, -1), np.asarray(Image.open(path)))
    assert info in find_datasets(stores, source).good
    assert DatasetInfo.from_json(info.as_json()) == info


def test_a_zip_gives_the_same_as_its_folder(folder: Path, zipped: Zipped, stores: Path) -> None:
    by_folder = add(folder, "a", stores)
    assert add(zipped(folder), "b", stores).fingerprint == by_folder.fingerprint
    nested = zipped(folder, name="nested.zip", prefix="my pictures/2024/")
    assert add(nested, "c", stores).fingerprint == by_folder.fingerprint


def test_a_flat_folder_has_no_classes(folder: Path, stores: Path, opened: Callable[..., Dataset]) -> None:
    for index, path in enumerate(sorted(folder.rglob("*.png"))):
        path.rename(folder / f"{index}.png")
    for label in ("cats", "dogs"):
        (folder / label).rmdir()
    assert add(folder, "mine", stores).classes is None
    assert opened().labels("train") is None
    with pytest.raises(InputError, match="no classes"):
        opened().space(conditional=True)


def test_numbered_class_folders_are_ordered_as_numbers(tmp_path: Path, paint: Paint, stores: Path) -> None:
    for label in ("10", "9", "1"):
        (tmp_path / "p" / label).mkdir(parents=True)
        for index in range(6):
            paint(index).save(tmp_path / "p" / label / f"{index}.png")
    assert add(tmp_path / "p", "mine", stores).classes == ("1", "9", "10")


def test_train_and_test_folders_are_the_two_parts(folder: Path, stores: Path, opened: Callable[..., Dataset]) -> None:
    root = folder.with_name("parts")
    shutil.copytree(folder, root / "train")
    shutil.copytree(folder, root / "test")
    for path in (root / "test").rglob("[3-9].png"):
        path.unlink()
    info = add(root, "mine", stores)
    assert (info.train, info.test, info.classes) == (20, 6, ("cats", "dogs"))
    assert set(opened().origin("test")) == set(range(20, 26))


def test_pictures_of_all_kinds_in_one_folder(tmp_path: Path, paint: Paint, stores: Path) -> None:
    root = tmp_path / "mixed"
    root.mkdir()
    for index in range(14):
        paint(index, size=(40 + index, 30)).save(root / f"{index}.jpg")
    paint(1).quantize(4).save(root / "palette.png")
    Image.new("RGBA", (30, 30), (9, 9, 9, 0)).save(root / "alpha.webp")
    Image.fromarray(np.full((30, 30), 40_000, np.uint16)).save(root / "deep.png")
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green")]
    frames[0].save(root / "moving.gif", save_all=True, append_images=frames[1:])
    (root / "README.txt").write_text("words")
    (root / ".hidden.png").write_text("no")
    (root / "Thumbs.db").write_text("no")
    (root / "__MACOSX").mkdir()
    (root / "__MACOSX" / "x.png").write_text("no")
    info = add(root, "mine", stores)
    assert (info.count, info.shape) == (18, (3, 28, 28))
    assert info.notes == (
        "1 picture with several frames or pages: the first was taken.",
        "1 picture with transparency: put on white.",
        "1 other file was ignored.",
        "Pictures of 16 different sizes were cut to their centre square and resized to 28 × 28 px "
        "(size chosen automatically).",
    )


def test_grey_pictures_are_stored_with_one_channel(folder: Path, stores: Path) -> None:
    for path in folder.rglob("*.png"):
        Image.open(path).convert("L").convert("RGB").save(path)
    assert add(folder, "grey", stores).shape == (1, 16, 16)
    assert add(folder, "colour", stores, channels=3).shape == (3, 16, 16)
    Image.new("RGB", (16, 16), (255, 0, 0)).save(folder / "cats" / "0.png")
    assert add(folder, "one-is-red", stores).shape == (3, 16, 16)


@pytest.mark.parametrize(
    ("sizes", "fit", "side"),
    [
        ([(30, 30)], "crop", 30),
        ([(128, 128)], "crop", 128),
        ([(256, 256)], "crop", 64),
        ([(40, 30)], "crop", 28),
        ([(40, 30)], "pad", 40),
        ([(50, 50), (30, 30)], "crop", 28),
        ([(3, 3)], "crop", 8),
        ([(1, 500)], "crop", 8),
    ],
)
def test_the_size_that_is_chosen(
    sizes: list[tuple[int, int]], fit: Any, side: int, tmp_path: Path, paint: Paint, stores: Path
) -> None:
    root = tmp_path / "p"
    root.mkdir()
    for index in range(16):
        paint(index, size=sizes[index % len(sizes)]).save(root / f"{index}.png")
    info = add(root, "mine", stores, fit=fit)
    assert info.shape == (3, side, side)
    assert bool(info.notes) == (sizes != [(side, side)])


def test_another_size_is_derived_from_what_is_stored(
    folder: Path, stores: Path, source: Source, opened: Callable[..., Dataset]
) -> None:
    add(folder, "mine", stores)
    own = opened()
    assert describe(DataConfig(name="mine", size=8, channels=1), stores, source).shape == (1, 8, 8)
    small = opened(size=8, channels=1)
    assert small.items("train").shape == (17, 1, 8, 8)
    np.testing.assert_array_equal(small.labels("train"), own.labels("train"))
    assert describe(DataConfig(name="mine", size=8, channels=1), stores, source) == small.info
    assert opened(size=16, channels=3).path == own.path
    again = opened(split_seed=7)
    assert again.path != own.path
    assert set(again.origin("test")) != set(own.origin("test"))
    by_origin = {}
    for part in ("train", "test"):
        by_origin |= dict(zip(own.origin(part).tolist(), own.items(part), strict=True))
    for at, item in zip(again.origin("test"), again.items("test"), strict=True):
        np.testing.assert_array_equal(item, by_origin[int(at)])


def test_removing_takes_what_was_derived_with_it(folder: Path, stores: Path, opened: Callable[..., Dataset]) -> None:
    add(folder, "mine", stores)
    add(folder, "mine-too", stores)
    opened(size=8)
    opened("mine-too", size=8)
    remove("mine", stores)
    assert {path.name.rpartition("-")[0] for path in stores.glob("mine*")} == {"mine-too"}
    assert opened("mine-too").info.count == 20
    with pytest.raises(InputError, match="no data set called 'mine'"):
        opened()
    with pytest.raises(InputError) as caught:
        remove("mine", stores)
    assert caught.value.hint == "Added are: mine-too."
    with pytest.raises(InputError, match="built in"):
        remove("mnist", stores)
    with pytest.raises(InputError):
        remove("../mine-too", stores)


def test_adding_again_after_deleting_by_hand_uses_the_new_pictures(
    folder: Path, stores: Path, opened: Callable[..., Dataset]
) -> None:
    add(folder, "mine", stores)
    before = opened(size=8).fingerprint
    shutil.rmtree(stores / "added" / "mine")
    Image.new("RGB", (16, 16), (255, 0, 0)).save(folder / "cats" / "0.png")
    add(folder, "mine", stores)
    assert opened(size=8).fingerprint != before


def test_the_preview_tells_what_adding_will_give(folder: Path, zipped: Zipped, stores: Path) -> None:
    (folder / "dogs" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    for path in (folder, zipped(folder)):
        shown = preview(path)
        assert (shown.count, shown.size, shown.channels) == (20, (16, 16), 3)
        assert shown.classes == {"cats": 10, "dogs": 10}
        assert shown.thumbnails.shape == (20, 16, 16, 3)
        assert shown.labels is not None
        assert shown.labels[:4] == ("cats", "dogs", "cats", "dogs")
        assert len(shown.problems) == 1
        assert shown.problems[0].startswith("dogs/broken.png is damaged")
    assert not stores.exists()


def test_the_preview_of_arrays(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.random.default_rng(0).random((30, 12, 12)), y=np.repeat(["a", "b"], 15))
    shown = preview(path)
    assert (shown.count, shown.size, shown.channels, shown.classes) == (30, (12, 12), 1, {"a": 15, "b": 15})
    assert shown.thumbnails.shape == (24, 12, 12, 1)
    assert shown.labels == ("a",) * 15 + ("b",) * 9
    assert shown.sure and shown.encoding is None and not shown.guessed


class FullError(OSError):
    """What a disk with no room left says."""


def test_a_full_disk_leaves_nothing_behind(folder: Path, stores: Path) -> None:
    def fill_up(share: float, what: str) -> None:
        if what == "Writing the store":
            raise FullError(errno.ENOSPC, "No space left on device")

    with pytest.raises(GenlabError) as caught:
        add(folder, "mine", stores, progress=fill_up)
    assert (caught.value.kind, caught.value.exit_code) == ("disk_full", 1)
    assert list((stores / "added").iterdir()) == []
    assert add(folder, "mine", stores).count == 20


def test_a_real_archive_end_to_end(stores: Path, opened: Callable[..., Dataset]) -> None:
    path = Path(os.environ.get("GENLAB_DATA", "")) / "emoji64.zip"
    if not path.is_file():
        pytest.skip("GENLAB_DATA names no folder with emoji64.zip")
    info = add(path, "emoji", stores)
    assert (info.count, info.shape, info.skipped, info.notes) == (1_911, (3, 64, 64), 0, ())
    assert info.classes is not None
    labels = np.concatenate([opened("emoji").labels("train"), opened("emoji").labels("test")])
    counts = dict(zip(info.classes, np.bincount(labels).tolist(), strict=True))
    with zipfile.ZipFile(path) as archive:
        expected = Counter(name.split("/")[0] for name in archive.namelist() if not name.endswith("/"))
    assert counts == expected
    assert opened("emoji", size=32, channels=1).items("test").shape == (318, 1, 32, 32)


def test_faces_in_pgm_end_to_end(stores: Path, opened: Callable[..., Dataset]) -> None:
    path = Path(os.environ.get("GENLAB_DATA", "")) / "orl-faces.zip"
    if not path.is_file():
        pytest.skip("GENLAB_DATA names no folder with orl-faces.zip")
    with zipfile.ZipFile(path) as archive:
        faces = Counter(name.split("/")[1] for name in archive.namelist() if name.endswith((".pgm", ".jpg")))
        assert sum(name.endswith(".pgm") for name in archive.namelist()) == 400
    shown = preview(path)
    assert (shown.channels, shown.sure, shown.classes) == (1, True, faces)
    info = add(path, "faces", stores)
    assert (info.count, info.shape, info.skipped) == (faces.total(), (1, 64, 64), 0)
    assert info.classes == tuple(f"s{number}" for number in range(1, 41))
    assert [note[:55] for note in info.notes] == ["Pictures of 92 × 112 px were cut to their centre square"]
    labels = np.concatenate([opened("faces").labels("train"), opened("faces").labels("test")])
    assert np.bincount(labels).tolist() == [faces[name] for name in info.classes]


def test_one_picture_per_class_leaves_no_empty_test_part(tmp_path: Path, paint: Paint, stores: Path) -> None:
    for index in range(18):
        (tmp_path / "p" / f"{index}").mkdir(parents=True)
        paint(index).save(tmp_path / "p" / f"{index}" / "only.png")
    note = "so the test part was chosen by chance: some classes have no picture in the training part."
    shown = preview(tmp_path / "p")
    assert (shown.choice.train, shown.choice.test) == (15, 3)
    assert any(note in text for text in shown.notes)
    info = add(tmp_path / "p", "mine", stores)
    assert (info.train, info.test, len(info.classes or ())) == (15, 3, 18)
    assert any(note in text for text in info.notes)


def test_a_given_part_that_cannot_be_read_is_not_left_empty(
    folder: Path, tmp_path: Path, paint: Paint, encoded: Encoded, refused: Callable[..., InputError]
) -> None:
    root = tmp_path / "parts"
    shutil.copytree(folder, root / "train")
    (root / "test" / "cats").mkdir(parents=True)
    content = encoded(paint(size=(64, 64)), "JPEG")
    for index in range(3):
        (root / "test" / "cats" / f"{index}.jpg").write_bytes(content[: len(content) // 2])
    assert refused(root, on_bad="skip").message == "None of the pictures for testing can be read."


@pytest.mark.parametrize("own", ["", "0a1b2c3d-"], ids=["of an older release", "of this one"])
def test_what_a_killed_import_left_is_swept_by_the_next(own: str, folder: Path, stores: Path) -> None:
    left = stores / "added" / f".staging-4711-{own}other"
    left.mkdir(parents=True)
    (left / "items.part").write_bytes(b"half")
    busy = stores / "added" / f".staging-4712-{own}busy"
    busy.mkdir()
    with locked(stores, "busy", lambda share, what: None):
        busy.mkdir(exist_ok=True)
        add(folder, "mine", stores)
        assert not left.exists()
        assert busy.exists(), "another process is making it"
    add(folder, "again", stores)
    assert not busy.exists()


def test_too_much_to_decode_is_refused(folder: Path, refused: Callable[..., InputError]) -> None:
    error = refused(folder, limits=Limits(decoded=20 * 16 * 16 - 1))
    assert error.kind == "too_large"
    assert "at most 0 are decoded" in error.message
    with pytest.raises(InputError, match="megapixels to decode"):
        preview(folder, limits=Limits(decoded=20 * 16 * 16 - 1))


def test_a_jpeg_counts_at_the_size_it_is_decoded_at(tmp_path: Path, stores: Path) -> None:
    root = tmp_path / "p"
    root.mkdir()
    for index in range(16):
        Image.new("RGB", (1_024, 1_024), (index, 0, 0)).save(root / f"{index}.jpg")
    assert add(root, "mine", stores, limits=Limits(decoded=16 * 128 * 128)).count == 16
    for index in range(16):
        Image.new("RGB", (1_000, 2_000), (index, 0, 0)).save(root / f"{index}.jpg")
    at_a_seventh = 16 * (1_000 * 2_000 // 7**2)
    assert preview(root, limits=Limits(decoded=at_a_seventh)).count == 16
    with pytest.raises(InputError, match="megapixels to decode"):
        preview(root, limits=Limits(decoded=at_a_seventh - 1))


def test_a_set_that_was_stored_without_a_test_part_can_be_split_anew(
    folder: Path, stores: Path, source: Source, opened: Callable[..., Dataset]
) -> None:
    add(folder, "mine", stores)
    meta = json.loads((stores / "added" / "mine" / "meta.json").read_text())
    meta["info"] |= {"train": 20, "test": 0}
    (stores / "added" / "mine" / "meta.json").write_text(json.dumps(meta))
    split = np.load(stores / "added" / "mine" / "split.npz")
    both = np.concatenate([split["train"], split["test"]])
    np.savez(stores / "added" / "mine" / "split.npz", train=both, test=both[:0])
    assert describe("mine", stores, source).test == 0
    told = describe(DataConfig(name="mine", split_seed=1), stores, source)
    assert (told.train, told.test) == (17, 3)
    made = opened(split_seed=1).info
    assert (made.train, made.test) == (17, 3)
