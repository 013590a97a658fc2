"""The pictures of a folder or zip: which files they are, of which class, and their pixels in chunks.

Classes are the top sub-folders. Two top folders ``train`` and ``test`` are the two parts, with the classes inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from statistics import median_low

import numpy as np

from genlab.datasets._archive import BadPictureError, Entry, Limits, Listing
from genlab.datasets._decode import SUFFIXES, WHITE, Header, decode, look
from genlab.datasets._pixels import Fit, Pixels, pixels, square, to_channels
from genlab.datasets.base import Raw
from genlab.errors import InputError

PARTS = {"train": "train", "training": "train", "test": "test", "testing": "test", "val": "test", "validation": "test"}
SIDES = (8, 128)
"""Smallest and largest side that can be stored."""
DEFAULT_SIDE = 64
CHUNK = 256


@dataclass(frozen=True)
class Found:
    """One file that looks like a picture.

    Attributes:
        entry: The file.
        header: What its header says.
        test: Whether it belongs to the test part.
        label: Name of its class; empty where there are none.
    """

    entry: Entry
    header: Header
    test: bool = False
    label: str = ""


@dataclass
class Scan:
    """What a folder or zip holds, judged by the headers.

    Attributes:
        found: The pictures, by name.
        problems: Files that are meant to be pictures and cannot be used: (name, why).
        others: Number of other files, which are ignored.
        classes: Names of the classes in order; empty where there are none.
    """

    found: list[Found] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    others: int = 0
    classes: tuple[str, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """What is done to the pictures, one sentence each."""
        headers = [found.header for found in self.found]
        several = sum(header.frames > 1 for header in headers)
        transparent = sum(header.transparent for header in headers)
        notes = [
            f"{_pictures(several)} with several frames or pages: the first was taken." if several else "",
            f"{_pictures(transparent)} with transparency: put on white." if transparent else "",
            f"{self.others:,} other {'file was' if self.others == 1 else 'files were'} ignored." if self.others else "",
        ]
        return tuple(note for note in notes if note)


def scan(listing: Listing, path: Path, limits: Limits, report: Callable[[float, str], None]) -> Scan:
    """Look at the header of every file.

    Raises:
        InputError: When there is no picture at all, or pictures stand beside class folders.
    """
    result = Scan(problems=list(listing.problems))
    for number, entry in enumerate(listing.entries):
        try:
            with entry.open() as file:
                header = look(file, limits)
            if header is not None:
                result.found.append(Found(entry, header))
            elif PurePosixPath(entry.name).suffix.lower() in SUFFIXES:
                result.problems.append((entry.name, "is damaged, or not a PNG, JPEG, GIF, BMP, WebP or TIFF picture"))
            else:
                result.others += 1
        except BadPictureError as error:
            result.problems.append((entry.name, str(error)))
        if number % 256 == 0:
            report(number / len(listing.entries), f"Looking at {number:,} of {len(listing.entries):,} files")
    if not result.found and not result.problems:
        _refuse_empty(path, result.others)
    result.found, result.classes = _classified(result.found, path)
    return result


def _refuse_empty(path: Path, others: int) -> None:
    what = f"{others:,} {'file' if others == 1 else 'files'}, none of them a picture" if others else "no files"
    raise InputError(
        f"{path.name or path} holds {what}.",
        "Give PNG, JPEG, GIF, BMP, WebP or TIFF pictures, with one sub-folder per class if there are classes.",
        kind="empty",
    )


def _classified(found: list[Found], path: Path) -> tuple[list[Found], tuple[str, ...]]:
    """The pictures with part and class, and the names of the classes."""
    folders = [PurePosixPath(one.entry.name).parts[:-1] for one in found]
    while folders and all(folders) and len({parts[0] for parts in folders}) == 1:
        folders = [parts[1:] for parts in folders]
    top = {parts[0].lower() for parts in folders if parts}
    split = all(folders) and top <= set(PARTS) and {PARTS[name] for name in top} == {"train", "test"}
    tests = [split and PARTS[parts[0].lower()] == "test" for parts in folders]
    if split:
        folders = [parts[1:] for parts in folders]
    loose = sum(not parts for parts in folders)
    if 0 < loose < len(folders):
        raise InputError(
            f"{path.name} holds {_pictures(loose)} beside its class folders.",
            "Move them into a class folder, or put all pictures into one folder.",
            kind="mixed_folder",
        )
    labels = [parts[0] if parts else "" for parts in folders]
    names = sorted({label for label in labels if label}, key=lambda name: (int(name) if name.isdecimal() else -1, name))
    classes = tuple(names) if len(names) > 1 else ()
    return [
        Found(one.entry, one.header, test, label if classes else "")
        for one, test, label in zip(found, tests, labels, strict=True)
    ], classes


def choose_side(sides: list[tuple[int, int]], fit: Fit) -> int:
    """The side to store pictures at when none is asked for.

    Square pictures that all have one size from 8 to 128 px keep it. Otherwise it is the median of the sides that will
    fill the square, at most 64, rounded down to a multiple of 4.

    Args:
        sides: (width, height) of each picture.
        fit: ``"crop"`` counts the shorter side, ``"pad"`` the longer.
    """
    low, high = SIDES
    width, height = sides[0]
    if width == height and low <= width <= high and all(side == sides[0] for side in sides):
        return width
    typical = median_low([min(side) if fit == "crop" else max(side) for side in sides])
    return max(low, min(DEFAULT_SIDE, typical) // 4 * 4)


@dataclass
class Reader:
    """Decodes pictures and keeps count of those that cannot be.

    Attributes:
        size: Side of the result in px.
        channels: 1, 3, or None for colour whatever the picture.
        fit: How a picture becomes square.
        skip: Whether pictures that cannot be decoded are left out; otherwise they are refused.
        limits: What is refused.
        skipped: Those left out: (name, why).
        kept: Number of those decoded.
    """

    size: int
    channels: int | None
    fit: Fit
    skip: bool
    limits: Limits
    skipped: list[tuple[str, str]] = field(default_factory=list)
    kept: int = 0

    def read(self, found: Found) -> Pixels | None:
        """One picture as uint8 [size, size, C], or None when it was left out.

        Raises:
            InputError: When it cannot be decoded and is not to be skipped.
        """
        try:
            fill = WHITE if found.header.transparent else 0
            image = decode(BytesIO(found.entry.read()), self.limits, self.size)
            self.kept += 1
            return to_channels(pixels(square(image, self.size, self.fit, fill)), self.channels or 3)
        except BadPictureError as error:
            problem = (found.entry.name, str(error))
            if not self.skip:
                raise refusal([problem]) from error
            self.skipped.append(problem)
            return None

    def chunks(self, found: list[Found], classes: tuple[str, ...]) -> Iterator[Raw]:
        """The pictures in chunks; labels count the classes from 0."""
        number = {name: index for index, name in enumerate(classes)}
        for start in range(0, len(found), CHUNK):
            read = [(self.read(one), number.get(one.label, 0)) for one in found[start : start + CHUNK]]
            kept = [(item, label) for item, label in read if item is not None]
            if kept:
                labels = np.array([label for _, label in kept], np.int64) if classes else None
                yield Raw(np.stack([item for item, _ in kept]), labels)


def refusal(problems: list[tuple[str, str]]) -> InputError:
    """The sentence for pictures that cannot be used, naming the first."""
    name, why = problems[0]
    more = f" ({len(problems) - 1:,} more like it)" if len(problems) > 1 else ""
    return InputError(
        f"{name} {why}{more}.", "Remove or mend it, or choose to skip pictures that cannot be read.", kind="bad_picture"
    )


def require(count: int, path: Path, limits: Limits) -> None:
    """Refuse a data set that is too small.

    Raises:
        InputError: Of kind ``"too_few"``.
    """
    if count < limits.fewest:
        raise InputError(
            f"{path.name} holds {_pictures(count)} that can be used; a data set needs at least {limits.fewest}.",
            "Add more pictures.",
            kind="too_few",
        )


def _pictures(count: int) -> str:
    return f"{count:,} {'picture' if count == 1 else 'pictures'}"
