"""Pictures in an npz: shapes, types and sizes are read from the headers and judged before any data is.

Arrays are read in chunks straight from the archive; pickled objects are never loaded.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import Raw
from genlab.datasets.foreign._archive import Limits, check_members, open_zip
from genlab.datasets.foreign._names import MOST_LETTERS, shown
from genlab.datasets.foreign._wide import Range, Wide, measured, to_bytes
from genlab.errors import InputError

IMAGE_KEYS = ("x", "images", "arr_0")
LABEL_KEYS = ("y", "labels", "arr_1")
CHUNK = 16 * 2**20
"""Bytes that are read at a time."""
LARGEST_LABEL = 2**53
"""Beyond it a float does not tell whole numbers apart."""
SHAPES = "Expected is [N, H, W], [N, H, W, C] or [N, C, H, W] with C = 1, 3 or 4."


@dataclass(frozen=True)
class Arrays:
    """Pictures and labels of an open npz.

    Attributes:
        file: The npz.
        archive: The same, open.
        key: Name of the array of pictures.
        shape: Its shape.
        dtype: Its type: whole numbers or floats.
        labels: Class numbers int64 [N] counted from 0, or None.
        class_names: What stood in the labels, or None.
        label_key: Name of the array of labels, or None.
    """

    file: Path
    archive: zipfile.ZipFile
    key: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...] | None
    label_key: str | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in px."""
        return (self.shape[2], self.shape[3]) if self._channels_first else (self.shape[1], self.shape[2])

    @property
    def _channels_first(self) -> bool:
        return len(self.shape) == 4 and self.shape[3] not in {1, 3, 4}

    def chunks(self) -> Iterator[Raw]:
        """Pictures uint8 [n, H, W, C] with C in {1, 3}, and their labels.

        Raises:
            InputError: When values are out of range or the file is damaged.
        """
        start = 0
        for values in self._values():
            labels = None if self.labels is None else self.labels[start : start + len(values)]
            start += len(values)
            yield Raw(self._pixels(values), labels)

    @cached_property
    def span(self) -> Range:
        """The values that become 0 and 255, measured over all pictures unless they have 8 bits.

        Raises:
            InputError: When values are not numbers or the file is damaged.
        """
        if self.dtype == np.uint8:
            return Range(0, 255)
        wide, seen = Wide(real=self.dtype.kind == "f"), []
        for values in self._values():
            if not np.isfinite(values).all():
                raise InputError(
                    f"{self.key} in {self.file.name} has values that are not numbers.",
                    "Replace NaN and infinity, e.g. by numpy.nan_to_num.",
                    kind="bad_array",
                )
            seen.append((wide, float(values.min()), float(values.max())))
        ranges = measured(seen)
        return ranges.of(wide) or Range()

    @property
    def notes(self) -> tuple[str, ...]:
        """What becomes of the values, where it is not obvious."""
        if self.span in {Range(0, 255), Range(0, 1)}:
            return ()
        low, high = f"{self.span.low:,.6g}", f"{self.span.high:,.6g}"
        return (f"Values are of type {self.dtype}: {low} to {high}, which holds all of them, became 0 to 255.",)

    def _values(self) -> Iterator[NDArray[Any]]:
        """The pictures as they are stored, some at a time."""
        per_item = prod(self.shape[1:]) * self.dtype.itemsize
        step = max(1, CHUNK // per_item)
        with _member(self.archive, self.key, self.file) as file:
            _header(file, self.key, self.file)
            for start in range(0, self.shape[0], step):
                count = min(step, self.shape[0] - start)
                content = file.read(count * per_item)
                if len(content) != count * per_item:
                    raise _damaged(self.file)
                yield np.frombuffer(content, self.dtype).reshape(count, *self.shape[1:])

    def _pixels(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        if self.dtype != np.uint8:
            values = to_bytes(values, self.span)
        if values.ndim == 3:
            return values[..., None]
        if self._channels_first:
            values = np.moveaxis(values, 1, -1)
        return _on_white(values) if values.shape[-1] == 4 else values


@contextmanager
def arrays(path: Path, limits: Limits) -> Iterator[Arrays]:
    """Open an npz of pictures and check all that can be checked before they are read.

    Raises:
        InputError: When it is damaged, too large, holds objects, or shapes, types or lengths are wrong.
    """
    with open_zip(path) as archive:
        check_members(archive, path, limits)
        names = {name.removesuffix(".npy") for name in archive.namelist()}
        key = next((key for key in IMAGE_KEYS if key in names), None)
        if key is None:
            raise InputError(
                f"{path.name} has no array called {', '.join(IMAGE_KEYS[:-1])} or {IMAGE_KEYS[-1]}.",
                "Save it with numpy.savez(file, x=pictures, y=labels).",
                kind="bad_array",
            )
        with _member(archive, key, path) as file:
            shape, dtype = _header(file, key, path)
        _check_pictures(shape, dtype, key, path)
        if prod(shape) * dtype.itemsize > archive.getinfo(f"{key}.npy").file_size:
            raise _damaged(path)
        label_key = next((key for key in LABEL_KEYS if key in names), None)
        labels, class_names = (None, None) if label_key is None else _labels(archive, label_key, shape[0], path)
        yield Arrays(path, archive, key, shape, dtype, labels, class_names, label_key)


def _check_pictures(shape: tuple[int, ...], dtype: np.dtype[Any], key: str, path: Path) -> None:
    if dtype.kind not in "buif":
        raise InputError(
            f"{key} in {path.name} is of type {dtype}.",
            "Save pictures as whole numbers or floats, best as uint8.",
            kind="bad_array",
        )
    channels = len(shape) == 4 and (shape[3] in {1, 3, 4} or shape[1] in {1, 3, 4})
    if not (len(shape) == 3 or channels) or 0 in shape[1:]:
        raise InputError(f"{key} in {path.name} has the shape {list(shape)}.", SHAPES, kind="bad_array")


def _labels(archive: zipfile.ZipFile, key: str, count: int, path: Path) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    with _member(archive, key, path) as file:
        shape, dtype = _header(file, key, path)
        if len(shape) != 1:
            hint = "Save one label per picture; numpy.argmax(y, axis=1) undoes one-hot labels."
            raise InputError(f"{key} in {path.name} has the shape {list(shape)}.", hint, kind="bad_array")
        if shape[0] != count:
            raise InputError(
                f"{path.name} holds {count:,} pictures but {shape[0]:,} labels.",
                "Save as many labels as pictures.",
                kind="bad_array",
            )
        content = file.read(count * dtype.itemsize)
        if len(content) != count * dtype.itemsize:
            raise _damaged(path)
    values = np.frombuffer(content, dtype)
    if dtype.kind == "U":
        values = _names(values, key, path)
    elif dtype.kind == "f":
        values = _whole(values, key, path)
    elif dtype.kind not in "biu":
        raise _neither(key, path)
    found, labels = np.unique(values, return_inverse=True)
    return labels.astype(np.int64), tuple(shown(str(label)) for label in found)


def _names(values: NDArray[Any], key: str, path: Path) -> NDArray[Any]:
    """Labels that are names, as text that can be shown."""
    room = values.dtype.itemsize // 4
    if room > 16 * MOST_LETTERS:
        raise _too_long(room, key, path)
    if values.dtype.itemsize and values.view(f"{values.dtype.byteorder}u4").max(initial=0) > sys.maxunicode:
        raise _damaged(path)
    names = np.array([shown(str(value)) for value in values])
    longest = max((len(name) for name in names), default=0)
    if longest > MOST_LETTERS:
        raise _too_long(longest, key, path)
    return names


def _too_long(length: int, key: str, path: Path) -> InputError:
    return InputError(
        f"{key} in {path.name} holds a label of {length:,} characters; at most {MOST_LETTERS} are possible.",
        "Save shorter names.",
        kind="bad_array",
    )


def _whole(values: NDArray[Any], key: str, path: Path) -> NDArray[np.int64]:
    """Labels that are floats, as the whole numbers that they have to be."""
    if not np.isfinite(values).all() or not (values == np.floor(values)).all():
        raise _neither(key, path)
    if (np.abs(values) > LARGEST_LABEL).any():
        largest = float(np.abs(values).max())
        hint = f"Save labels as whole numbers up to {LARGEST_LABEL:,}, or as names."
        raise InputError(f"{key} in {path.name} holds the label {largest:g}.", hint, kind="bad_array")
    return values.astype(np.int64)


def _neither(key: str, path: Path) -> InputError:
    return InputError(
        f"{key} in {path.name} holds labels that are neither numbers nor names.",
        "Save labels as whole numbers or as names.",
        kind="bad_array",
    )


@contextmanager
def _member(archive: zipfile.ZipFile, key: str, path: Path) -> Iterator[IO[bytes]]:
    try:
        with archive.open(f"{key}.npy") as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, OSError) as error:
        raise _damaged(path) from error


def _header(file: IO[bytes], key: str, path: Path) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of the array that ``file`` stands at the beginning of."""
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise _damaged(path) from error
    if dtype.hasobject:
        raise InputError(
            f"{key} in {path.name} holds Python objects, which are never loaded.",
            "Save it as an array of numbers, all of one shape.",
            kind="bad_array",
        )
    if fortran and len(shape) > 1:
        hint = "Save numpy.ascontiguousarray(x) instead."
        raise InputError(f"{key} in {path.name} is stored column by column.", hint, kind="bad_array")
    if any(length < 0 for length in shape):
        raise _damaged(path)
    return tuple(int(length) for length in shape), dtype


def _on_white(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    alpha = values[..., 3:].astype(np.float32) / 255
    return np.round(values[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def _damaged(path: Path) -> InputError:
    return InputError(
        f"{path.name} is damaged, or holds something else than arrays.", "Save it again.", kind="bad_archive"
    )
