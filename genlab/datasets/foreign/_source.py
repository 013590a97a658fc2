"""What lies at a path, open: the scanned pictures of a folder or zip, or the arrays of an npz."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from genlab.datasets.base import Progress
from genlab.datasets.foreign._archive import Limits, listing
from genlab.datasets.foreign._arrays import Arrays, arrays
from genlab.datasets.foreign._names import short, shown
from genlab.datasets.foreign._pictures import FoundPicture, Scan, scan
from genlab.datasets.foreign._size import FITS, SIDES
from genlab.datasets.foreign._tree import AUTO, NONE
from genlab.errors import InputError

SCANNING = 0.15
"""Share of the progress that looking at the headers takes."""


@contextmanager
def opened(path: Path, limits: Limits, report: Progress, encoding: str | None = None) -> Iterator[Scan | Arrays]:
    """The pictures at ``path``, open while they are looked at.

    Args:
        path: A folder, a zip or an npz.
        limits: What is refused for being too much.
        report: Progress.
        encoding: Of the names in a zip; None finds out.

    Raises:
        InputError: When it is none of these, damaged or unsafe, or holds no picture.
    """
    if path.suffix.lower() == ".npz" and path.is_file():
        with arrays(path, limits) as found:
            yield found
    else:
        with listing(path, limits, encoding) as files:
            yield scan(files, path, limits, lambda share, what: report(SCANNING * share, what))


def labelled(source: Arrays, classes: str, path: Path) -> Arrays:
    """Arrays with or without their labels, as asked for.

    Raises:
        InputError: When classes are asked for that an npz cannot have.
    """
    wanted = classes.strip().lower()
    if wanted == NONE:
        return replace(source, labels=None, class_names=None)
    if wanted not in {AUTO, source.label_key}:
        known = ", ".join(filter(None, (AUTO, NONE, source.label_key)))
        raise InputError(
            f"{shown(path.name)} has no classes by {short(shown(classes))!r}.",
            f"Choose --classes from: {known}.",
            kind="bad_classes",
        )
    return source


def sides(source: list[FoundPicture] | Arrays) -> list[tuple[int, int]]:
    """Width and height in px of each picture; of arrays once."""
    if isinstance(source, Arrays):
        return [source.size[::-1]]
    return [(one.header.width, one.header.height) for one in source]


def check_shape(size: int | None, channels: int | None, fit: str, on_bad: str) -> None:
    """Refuse settings that are out of range.

    Raises:
        InputError: Of kind ``"bad_value"``, naming the setting.
    """
    low, high = SIDES
    wrong = [
        (size is not None and not low <= size <= high, f"size = {size!r}", f"a size from {low} to {high} px"),
        (channels not in {None, 1, 3}, f"channels = {channels!r}", "1 or 3 channels"),
        (fit not in FITS, f"fit = {fit!r}", f"{', '.join(FITS[:-1])} or {FITS[-1]}"),
        (on_bad not in {"refuse", "skip"}, f"on_bad = {on_bad!r}", "refuse or skip"),
    ]
    for bad, given, allowed in wrong:
        if bad:
            raise InputError(f"{given} is not possible.", f"Give {allowed}.", kind="bad_value")
