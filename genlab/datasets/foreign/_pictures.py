"""The pictures of a folder or zip: which files they are, what their headers say, and their pixels in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import numpy as np

from genlab.datasets.base import Raw
from genlab.datasets.foreign._archive import ArchiveListing, BadPictureError, Entry, Limits
from genlab.datasets.foreign._decode import WHITE, Header, decode, extent, look
from genlab.datasets.foreign._labels import label_files
from genlab.datasets.foreign._names import short, shown
from genlab.datasets.foreign._tree import Tree, Way, tree
from genlab.datasets.foreign._wide import Range, Ranges, Wide, measured
from genlab.errors import InputError
from genlab.kinds._formats import READ
from genlab.kinds._pixels import Pixels, Size, fitted, pixels, to_channels
from genlab.kinds.base import Fit

CHUNK = 256
SMALLEST_SCALE = 8
"""A JPEG can be decoded at an eighth of its sides, not less."""


@dataclass(frozen=True)
class FoundPicture:
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
        tree: The ways to find parts and classes.
        ranges: What the values of wide pictures span, where their headers do not say.
        encoding: What the names were read as, where the archive does not say.
        guessed: Whether that is a guess.
    """

    found: list[FoundPicture] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    others: int = 0
    tree: Tree = field(default_factory=lambda: tree((), ()))
    ranges: Ranges = field(default_factory=Ranges)
    encoding: str | None = None
    guessed: bool = False

    def taken(self, way: Way) -> list[FoundPicture]:
        """The pictures that this way of reading takes, each with its class and part."""
        tests = way.tests or (False,) * len(self.found)
        return [
            replace(one, test=test, label=label)
            for one, test, label in zip(self.found, tests, way.labels, strict=True)
            if label is not None
        ]

    def notes(self) -> tuple[str, ...]:
        """What is done to the pictures, one sentence each."""
        headers = [found.header for found in self.found]
        several = sum(header.frames > 1 for header in headers)
        transparent = sum(header.transparent for header in headers)
        names = f"Names in the archive were read as {self.encoding}, which is a guess."
        notes = [
            f"{pictures_words(several)} with several frames or pages: the first was taken." if several else "",
            f"{pictures_words(transparent)} with transparency: put on white." if transparent else "",
            *_range_notes([header.wide for header in headers if header.wide is not None], self.ranges),
            f"{self.others:,} other {'file was' if self.others == 1 else 'files were'} ignored." if self.others else "",
            names if self.guessed else "",
            *self.tree.notes,
        ]
        return tuple(note for note in notes if note)


def scan(listing: ArchiveListing, path: Path, limits: Limits, report: Callable[[float, str], None]) -> Scan:
    """Look at the header of every file, and measure what the values of wide pictures span.

    Raises:
        InputError: When there is no picture at all, or too much to decode.
    """
    result = Scan(problems=list(listing.problems), encoding=listing.encoding, guessed=listing.guessed)
    others: list[Entry] = []
    for number, entry in enumerate(listing.entries):
        try:
            with entry.open() as file:
                header = look(file, limits, entry.name)
            if header is not None:
                result.found.append(FoundPicture(entry, header))
            else:
                others.append(entry)
        except BadPictureError as error:
            result.problems.append((entry.name, str(error)))
        report(number / len(listing.entries), f"Looking at {number:,} of {len(listing.entries):,} files")
    if not result.found and not result.problems:
        _refuse_empty(path, len(others))
    names = [one.entry.name for one in result.found]
    result.tree = tree(names, label_files(others, names))
    result.others = sum(entry.name.rsplit("/", 1)[-1] not in result.tree.used for entry in others)
    result.ranges = _measure(result, path, limits, report)
    return result


def _refuse_empty(path: Path, others: int) -> None:
    what = f"{others:,} {'file' if others == 1 else 'files'}, none of them a picture" if others else "no files"
    raise InputError(
        f"{shown(path.name or str(path))} holds {what}.",
        f"Give pictures ({READ}), with one sub-folder per class if there are classes.",
        kind="empty",
    )


def _measure(result: Scan, path: Path, limits: Limits, report: Callable[[float, str], None]) -> Ranges:
    """What wide values span over all pictures whose headers do not say it; damaged ones are left to be found later."""
    unsaid = [one for one in result.found if one.header.wide is not None and one.header.wide.top is None]
    _check_pixels(sum(one.header.width * one.header.height for one in unsaid), path, limits)
    seen: list[tuple[Wide, float, float]] = []
    for number, one in enumerate(unsaid):
        assert one.header.wide is not None
        try:
            low, high = extent(BytesIO(one.entry.read()), limits, one.entry.name, one.header.wide)
        except BadPictureError:
            continue
        seen.append((one.header.wide, low, high))
        report(1.0, f"Measuring the values of {number:,} of {len(unsaid):,} pictures of more than 8 bits")
    return measured(seen)


def _range_notes(wides: list[Wide], ranges: Ranges) -> list[str]:
    """What becomes of values of more than 8 bits, where it is not the whole depth of the file."""
    said = {wide.top for wide in wides if wide.top is not None} - {65_535.0}
    notes = [
        f"{pictures_words(sum(wide.top == top for wide in wides))} of more than 8 bits whose files say that white is "
        f"{top:,.0f}: 0 to {top:,.0f} became 0 to 255."
        for top in sorted(said)
    ]
    for real, span in ((False, ranges.whole), (True, ranges.real)):
        count = sum(wide.top is None and wide.real == real for wide in wides)
        if span is not None and span not in {Range(0, 65_535), Range(0, 1)}:
            low, high = f"{span.low:,.6g}", f"{span.high:,.6g}"
            notes.append(
                f"{pictures_words(count)} of more than 8 bits whose files do not say what white is: {low} to {high}, "
                "which holds all their values, became 0 to 255, by the same factor in all of them."
            )
    return notes


@dataclass
class Reader:
    """Decodes pictures and keeps count of those that cannot be.

    Attributes:
        size: Height and width of the result in px.
        channels: 1, 3, or None for colour whatever the picture.
        fit: What becomes of pictures in other proportions.
        skip: Whether pictures that cannot be decoded are left out; otherwise they are refused.
        limits: What is refused.
        ranges: What wide values span in the set.
        skipped: Those left out: (name, why).
        kept: Number of those decoded.
        tell: Told before each picture how many have been looked at; may raise to end it.
    """

    size: Size
    channels: int | None
    fit: Fit
    skip: bool
    limits: Limits
    ranges: Ranges = field(default_factory=Ranges)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    kept: int = 0
    tell: Callable[[int], None] = lambda done: None

    def read(self, found: FoundPicture) -> Pixels | None:
        """One picture as uint8 [*size, C], or None when it was left out.

        Raises:
            InputError: When it cannot be decoded and is not to be skipped.
        """
        self.tell(self.kept + len(self.skipped))
        try:
            fill = WHITE if found.header.transparent else 0
            image = decode(BytesIO(found.entry.read()), self.limits, max(self.size), found.entry.name, self.ranges)
            self.kept += 1
            return to_channels(pixels(fitted(image, self.size, self.fit, fill)), self.channels or 3)
        except BadPictureError as error:
            problem = (found.entry.name, str(error))
            if not self.skip:
                raise refusal([problem]) from error
            self.skipped.append(problem)
            return None

    def chunks(self, found: list[FoundPicture], classes: tuple[str, ...]) -> Iterator[Raw]:
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
    name = short(name)
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
            f"{shown(path.name)} holds {pictures_words(count)} that can be used; "
            f"a data set needs at least {limits.fewest}.",
            "Add more pictures.",
            kind="too_few",
        )


def check_effort(found: list[FoundPicture], size: Size, path: Path, limits: Limits) -> None:
    """Refuse pictures that would take too long to decode.

    Args:
        found: The pictures.
        size: Height and width that they will be stored at.
        path: Where they are.
        limits: What is refused.

    Raises:
        InputError: Of kind ``"too_large"``.
    """
    total = 0
    for one in found:
        width, height = one.header.width, one.header.height
        scale = max(1, min(SMALLEST_SCALE, min(width, height) // (2 * max(size)))) if one.header.scalable else 1
        total += width * height // scale**2
    _check_pixels(total, path, limits)


def _check_pixels(total: int, path: Path, limits: Limits) -> None:
    if total > limits.decoded:
        raise InputError(
            f"The pictures in {shown(path.name)} have {total / 1e6:,.0f} megapixels to decode; "
            f"at most {limits.decoded / 1e6:,.0f} are decoded.",
            "Scale them down first, or save them as JPEG, which is decoded at a fraction of its size.",
            kind="too_large",
        )


def pictures_words(count: int) -> str:
    """``"1 picture"``, ``"2,000 pictures"``."""
    return f"{count:,} {'picture' if count == 1 else 'pictures'}"
