from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets.base import Source
from genlab.datasets.foreign import _arrays
from genlab.datasets.foreign._arrays import arrays
from genlab.datasets.foreign.importer import Limits, add, preview
from genlab.datasets.store import Dataset, prepare
from genlab.errors import InputError

RNG = np.random.default_rng(0)
COLOUR = RNG.integers(0, 256, (20, 12, 12, 3), dtype=np.uint8)

Import = Callable[..., Dataset]


@pytest.fixture
def imported(tmp_path: Path, stores: Path, source: Source) -> Import:
    """Saves arrays and adds them."""

    def act(limits: Limits | None = None, compressed: bool = False, **arrays: Any) -> Dataset:
        path = tmp_path / "mine.npz"
        (np.savez_compressed if compressed else np.savez)(path, **arrays)
        add(path, "mine", stores, limits=limits)
        return prepare(DataConfig(name="mine"), stores, source)

    return act


def in_order(data: Dataset) -> np.ndarray:
    """Items as they were saved, [N, H, W, C]."""
    items = np.concatenate([data.items("train"), data.items("test")])
    origin = np.concatenate([data.origin("train"), data.origin("test")])
    return np.moveaxis(items[np.argsort(origin)], 1, -1)


@pytest.mark.parametrize("key", ["x", "images", "arr_0"])
@pytest.mark.parametrize("compressed", [False, True])
def test_colour_as_it_is_saved(key: str, compressed: bool, imported: Import) -> None:
    data = imported(compressed=compressed, **{key: COLOUR})
    np.testing.assert_array_equal(in_order(data), COLOUR)
    assert data.info.classes is None


def test_channels_first_and_grey(imported: Import) -> None:
    np.testing.assert_array_equal(in_order(imported(x=np.ascontiguousarray(np.moveaxis(COLOUR, -1, 1)))), COLOUR)


@pytest.mark.parametrize("shape", [(20, 12, 12), (20, 12, 12, 1), (20, 1, 12, 12)])
def test_grey(shape: tuple[int, ...], imported: Import) -> None:
    grey = COLOUR[..., 0]
    np.testing.assert_array_equal(in_order(imported(x=grey.reshape(shape)))[..., 0], grey)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", ">f4"])
def test_floats_from_zero_to_one(dtype: str, imported: Import) -> None:
    np.testing.assert_array_equal(in_order(imported(x=(COLOUR / 255).astype(dtype))), COLOUR)


@pytest.mark.parametrize("dtype", ["int64", "uint16", ">i4"])
def test_whole_numbers_of_eight_bits_in_a_wider_type_stay_as_they_are(dtype: str, imported: Import) -> None:
    data = imported(x=COLOUR.astype(dtype))
    np.testing.assert_array_equal(in_order(data), COLOUR)
    assert not any("became 0 to 255" in note for note in data.info.notes)


def test_masks_are_black_and_white(imported: Import) -> None:
    np.testing.assert_array_equal(in_order(imported(x=COLOUR > 127)), (COLOUR > 127) * np.uint8(255))


def test_twelve_bits_are_scaled_by_one_factor_and_told(
    imported: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dark picture stays darker than a bright one, in whichever chunk it comes."""
    monkeypatch.setattr(_arrays, "CHUNK", 3 * 144 * 2)
    ramp = np.linspace(0, 4_000, 20 * 144).astype(np.uint16).reshape(20, 12, 12)
    data = imported(x=ramp)
    expected = np.round(ramp.astype(np.float32) * np.float32(255 / 4_095)).astype(np.uint8)
    np.testing.assert_array_equal(in_order(data)[..., 0], expected)
    said = "Values are of type uint16: 0 to 4,095, which holds all of them, became 0 to 255."
    assert said in data.info.notes and said in preview(tmp_path / "mine.npz").notes


def test_floats_of_another_range_are_scaled_by_it_and_told(imported: Import) -> None:
    data = imported(x=COLOUR.astype(np.float32) / 127.5 - 1)
    assert np.abs(in_order(data).astype(int) - COLOUR).max() <= 1
    assert any("float32: -1 to 1" in note for note in data.info.notes)


def test_alpha_is_put_on_white(imported: Import) -> None:
    alpha = np.full((20, 12, 12, 1), 255, np.uint8)
    alpha[:, 0] = 0
    out = in_order(imported(x=np.concatenate([COLOUR, alpha], axis=-1)))
    assert (out[:, 0] == 255).all()
    np.testing.assert_array_equal(out[:, 1:], COLOUR[:, 1:])


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (np.repeat([3, 7], 10), ("3", "7")),
        (np.repeat([0.0, 1.0], 10), ("0", "1")),
        (np.repeat(["cat", "dog"], 10), ("cat", "dog")),
        (np.repeat(["cat", "dog"], 10).astype(">U5"), ("cat", "dog")),
        (np.repeat(["cafe\u0301", "caf\u00e9", "the"], [5, 5, 10]), ("café", "the")),
        (np.repeat([False, True], 10), ("False", "True")),
        (np.repeat(["cat", "dog"], 10).astype("<U4080"), ("cat", "dog")),
        (np.repeat(["cat", "d" * 255], 10), ("cat", "d" * 255)),
    ],
)
def test_labels(labels: np.ndarray, names: tuple[str, ...], imported: Import) -> None:
    data = imported(x=COLOUR, y=labels)
    assert data.info.classes == names
    for split in ("train", "test"):
        written = np.array([unicodedata.normalize("NFC", str(label)) for label in labels])
        expected = np.unique(written, return_inverse=True)[1][data.origin(split)]
        np.testing.assert_array_equal(data.labels(split), expected)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": COLOUR, "y": np.arange(19)}, "holds 20 pictures but 19 labels"),
        ({"x": COLOUR, "y": np.zeros((20, 2))}, r"the shape \[20, 2\]"),
        ({"x": COLOUR, "y": np.full(20, 0.5)}, "neither numbers nor names"),
        ({"x": COLOUR, "y": np.full(20, 1j)}, "neither numbers nor names"),
        ({"x": COLOUR, "y": np.full(20, np.inf)}, "neither numbers nor names"),
        ({"x": COLOUR, "y": np.full(20, np.nan)}, "neither numbers nor names"),
        ({"x": COLOUR, "y": np.full(20, 1e300)}, r"holds the label 1e\+300"),
        ({"x": COLOUR, "y": np.full(20, "n" * 300)}, "a label of 300 characters; at most 255"),
        ({"x": COLOUR, "y": np.full(20, "n" * 100_000)}, "a label of 100,000 characters; at most 255"),
        ({"x": COLOUR, "y": np.array([None] * 20)}, "holds Python objects"),
        ({"x": np.array([COLOUR[0], "a"], dtype=object)}, "holds Python objects"),
        ({"pictures": COLOUR}, "no array called x, images or arr_0"),
        ({"x": COLOUR.astype(np.complex64)}, "of type complex64"),
        ({"x": COLOUR.astype("m8[s]")}, "of type timedelta64"),
        ({"x": np.full((20, 8, 8), np.nan)}, "values that are not numbers"),
        ({"x": COLOUR[..., :2]}, r"the shape \[20, 12, 12, 2\]"),
        ({"x": COLOUR[:, 0, 0]}, r"the shape \[20, 3\]"),
        ({"x": np.zeros((20, 0, 8), np.uint8)}, r"the shape \[20, 0, 8\]"),
        ({"x": np.asfortranarray(COLOUR)}, "column by column"),
        ({"x": COLOUR[:15]}, "holds 15 pictures"),
        ({"x": COLOUR[:0]}, "holds 0 pictures"),
    ],
)
def test_arrays_that_are_refused(arrays: dict[str, Any], says: str, imported: Import, stores: Path) -> None:
    with pytest.raises(InputError, match=says) as caught:
        imported(**arrays)
    assert caught.value.hint
    assert [path for path in stores.rglob("*") if path.is_file() and path.suffix != ".lock"] == []


def test_an_npz_that_unpacks_to_too_much(imported: Import, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"unpacks to 10 MiB; at most 1 MiB") as caught:
        imported(limits=Limits(unpacked=2**20), compressed=True, x=np.zeros((20, 512, 1024), np.uint8))
    assert caught.value.kind == "too_large"
    assert (tmp_path / "mine.npz").stat().st_size < 50_000


@pytest.mark.parametrize("shape", [(2**40, 8, 8), (20, 2**30, 2**30), (40, 12, 12), (-20, 12, 12), (20, -12, 12)])
def test_a_header_that_promises_more_than_there_is(shape: tuple[int, ...], tmp_path: Path, stores: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": "|u1", "fortran_order": False, "shape": shape})
    path = tmp_path / "lie.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", member.getvalue() + bytes(20 * 12 * 12))
    with pytest.raises(InputError, match="is damaged"), arrays(path, Limits()):
        pytest.fail("it is noticed before any pixel is read")
    with pytest.raises(InputError, match="is damaged"):
        add(path, "mine", stores)


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04"])
def test_a_file_that_is_no_npz(content: bytes, tmp_path: Path, stores: Path) -> None:
    path = tmp_path / "no.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"no\.npz is damaged"):
        add(path, "mine", stores)


def test_a_member_that_is_no_array(tmp_path: Path, stores: Path) -> None:
    path = tmp_path / "no.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(InputError, match="damaged, or holds something else"):
        add(path, "mine", stores)


def test_labels_can_be_left_out_and_nothing_else_is_a_class(tmp_path: Path, stores: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, x=COLOUR, labels=np.repeat(["a", "b"], 10))
    assert [choice.key for choice in preview(path).choices] == ["none", "labels"]
    assert preview(path, classes="none").classes is None
    assert add(path, "without", stores, classes="none").classes is None
    assert add(path, "with", stores, classes="labels").classes == ("a", "b")
    with pytest.raises(InputError, match="no classes by '1'") as caught:
        add(path, "other", stores, classes="1")
    assert caught.value.hint == "Choose --classes from: auto, none, labels."
    assert caught.value.kind == "bad_classes"


def test_letters_that_unicode_does_not_have(imported: Import) -> None:
    raw = np.repeat(np.array(["a", "b"]), 10)
    raw.view(np.uint32)[:] = 0x7FFFFFFF
    with pytest.raises(InputError, match="is damaged"):
        imported(x=COLOUR, y=raw)
