"""The user's own pictures: a folder, zip or npz becomes a data set of the workspace, or is refused with a sentence.

Nothing of a refused import stays behind, and nothing that is imported is ever executed.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab.datasets import REGISTRY
from genlab.datasets._archive import Limits, listing
from genlab.datasets._arrays import Arrays, arrays
from genlab.datasets._build import as_written, locked, save
from genlab.datasets._opened import open_store
from genlab.datasets._pictures import SIDES, Found, Reader, Scan, choose_side, refusal, require, scan
from genlab.datasets._pixels import Fit, is_grey, resize, to_channels
from genlab.datasets._writer import Plan, Written
from genlab.datasets.base import DatasetInfo, Progress, Raw, RawData
from genlab.datasets.store import added_names
from genlab.errors import InputError
from genlab.store.atomic import STAGING, read_json, storage_errors

__all__ = ["Limits", "Preview", "add", "preview", "remove"]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
THUMBNAILS = 24
SCANNING = 0.15
"""Share of the progress that looking at the headers takes."""


@dataclass(frozen=True)
class Preview:
    """What an import would give.

    Attributes:
        count: Pictures found; some may still turn out to be damaged.
        size: Side in px that they would be stored at.
        channels: 1 when those shown are all grey, else 3.
        classes: Name of each class -> its number of pictures; None where there are no classes.
        thumbnails: The first pictures, taken in turn from all classes, uint8 [N, size, size, C].
        labels: Class of each thumbnail, or None.
        problems: Files that cannot be used, one sentence each.
        notes: What would be done to the pictures, one sentence each.
    """

    count: int
    size: int
    channels: int
    classes: dict[str, int] | None
    thumbnails: NDArray[np.uint8]
    labels: tuple[str, ...] | None
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def add(
    path: Path | str,
    name: str,
    datasets_dir: Path,
    *,
    size: int | None = None,
    channels: Literal[1, 3] | None = None,
    fit: Fit = "crop",
    on_bad: Literal["refuse", "skip"] = "refuse",
    split_seed: int = 0,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> DatasetInfo:
    """Import pictures as data set ``name``.

    Args:
        path: A folder (sub-folders are classes), a zip of one, or an npz with pictures ``x`` and labels ``y``.
        name: What to call it: small letters, digits, ``-`` and ``_``, at most 40.
        datasets_dir: The workspace's folder of data sets.
        size: Side to store at, 8..128 px; None keeps the pictures' own, or chooses one when they differ.
        channels: 1 or 3; None finds out whether all are grey.
        fit: How a picture that is not square becomes square.
        on_bad: Whether pictures that cannot be read are refused or skipped and counted.
        split_seed: Seed of the train/test split.
        progress: Called with a share from 0 to 1 and what is being done.
        limits: What is refused for being too much.

    Raises:
        InputError: When anything about it cannot be used; the sentence names the file.
        GenlabError: When the disk is full.
    """
    path, limits, report = Path(path), limits or Limits(), progress or (lambda share, what: None)
    _check_name(name)
    _check_shape(size, channels, fit, on_bad)
    _check_free(name, datasets_dir)
    with _opened(path, limits, report) as source, locked(datasets_dir, name, report):
        _check_free(name, datasets_dir)
        reader = _reader(source, path, size, channels, fit, on_bad, limits)
        raw = _raw(source, reader, path)
        total = source.shape[0] if isinstance(source, Arrays) else len(source.found)
        grey = channels is None
        plan = Plan("images", reader.size, channels, fit, split_seed, detect_grey=grey, compact=True, total=total)
        scanned = source.notes() if isinstance(source, Scan) else ()
        base = _info(name, path, reader.size, (*scanned, *_size_note(source, size, reader.size, fit)))
        finish = partial(_finished, base, source, reader)
        save(datasets_dir / "added" / name, raw, plan, finish, {"name": name}, partial(_after_scanning, report))
    return open_store(datasets_dir / "added" / name, None).info


def preview(
    path: Path | str,
    *,
    size: int | None = None,
    channels: Literal[1, 3] | None = None,
    fit: Fit = "crop",
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Preview:
    """Show what `add` with the same arguments would give, without writing anything.

    Every header is looked at, but only the thumbnails are decoded.

    Raises:
        InputError: When nothing in it can be used, or all of it is unsafe.
    """
    path, limits, report = Path(path), limits or Limits(), progress or (lambda share, what: None)
    _check_shape(size, channels, fit, "skip")
    with _opened(path, limits, report) as source:
        if isinstance(source, Arrays):
            return _preview_arrays(source, size, channels, fit)
        if not source.found:
            raise refusal(source.problems)
        chosen = size or choose_side(_sides(source), fit)
        reader = Reader(chosen, channels, fit, True, limits)
        shown = [(item, one.label) for one in _in_turn(source) if (item := reader.read(one)) is not None]
        thumbnails = np.stack([item for item, _ in shown]) if shown else np.zeros((0, chosen, chosen, 3), np.uint8)
        if channels is None and is_grey(thumbnails):
            thumbnails = thumbnails[..., :1]
        counts = Counter(one.label for one in source.found)
        return Preview(
            count=len(source.found),
            size=chosen,
            channels=thumbnails.shape[-1],
            classes={label: counts[label] for label in source.classes} or None,
            thumbnails=thumbnails,
            labels=tuple(label for _, label in shown) if source.classes else None,
            problems=tuple(f"{name} {why}." for name, why in [*source.problems, *reader.skipped]),
            notes=(*source.notes(), *_size_note(source, size, chosen, fit)),
        )


def remove(name: str, datasets_dir: Path) -> None:
    """Delete an added data set and what was derived from it.

    Raises:
        InputError: When it is built in or unknown, or cannot be deleted.
    """
    if name in REGISTRY:
        raise InputError(f"{name} is built in and cannot be removed.", "Only added data sets can.", kind="built_in")
    folder = datasets_dir / "added" / name
    if not NAME.fullmatch(name) or not folder.is_dir():
        known = ", ".join(added_names(datasets_dir)) or "none"
        raise InputError(f"No data set called {name!r} was added.", f"Added are: {known}.", kind="unknown_name")
    with locked(datasets_dir, name, lambda share, what: None), storage_errors(folder):
        derived = [path for path in datasets_dir.glob(f"{name}-*") if _recipe(path).get("name") == name]
        gone = folder.rename(folder.with_name(f"{STAGING}0-{name}"))
        for path in [*derived, gone]:
            shutil.rmtree(path)


@contextmanager
def _opened(path: Path, limits: Limits, report: Progress) -> Iterator[Scan | Arrays]:
    """What is at ``path``: the scanned pictures of a folder or zip, or the arrays of an npz."""
    if path.suffix.lower() == ".npz" and path.is_file():
        with arrays(path, limits) as found:
            yield found
    else:
        with listing(path, limits) as files:
            yield scan(files, path, limits, lambda share, what: report(SCANNING * share, what))


def _after_scanning(report: Progress, share: float, what: str) -> None:
    report(SCANNING + (1 - SCANNING) * share, what)


def _reader(
    source: Scan | Arrays,
    path: Path,
    size: int | None,
    channels: Literal[1, 3] | None,
    fit: Fit,
    on_bad: Literal["refuse", "skip"],
    limits: Limits,
) -> Reader:
    """How the pictures are decoded, once the headers have shown that they can be used."""
    if isinstance(source, Scan) and source.problems and on_bad == "refuse":
        raise refusal(source.problems)
    require(source.shape[0] if isinstance(source, Arrays) else len(source.found), path, limits)
    return Reader(size or choose_side(_sides(source), fit), channels, fit, on_bad == "skip", limits)


def _raw(source: Scan | Arrays, reader: Reader, path: Path) -> RawData:
    """The pictures, split into parts where they come in two; too few left at the end are refused."""
    if isinstance(source, Arrays):
        return RawData(source.chunks(), class_names=source.class_names)
    classes = source.classes

    def part(found: list[Found], last: bool) -> Iterator[Raw]:
        yield from reader.chunks(found, classes)
        if last:
            require(reader.kept, path, reader.limits)

    train, test = ([one for one in source.found if one.test == wanted] for wanted in (False, True))
    return RawData(part(train, not test), part(test, True) if test else None, classes or None)


def _sides(source: Scan | Arrays) -> list[tuple[int, int]]:
    """Width and height in px of each picture; of arrays once."""
    if isinstance(source, Arrays):
        return [source.size[::-1]]
    return [(one.header.width, one.header.height) for one in source.found]


def _in_turn(source: Scan) -> list[Found]:
    """The pictures to show: the first of each class, then the second of each, and so on."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, Found]] = []
    for one in source.found:
        ranked.append((seen[one.label], len(ranked), one))
        seen[one.label] += 1
    return [one for _, _, one in sorted(ranked, key=lambda rank: rank[:2])[:THUMBNAILS]]


def _preview_arrays(source: Arrays, size: int | None, channels: Literal[1, 3] | None, fit: Fit) -> Preview:
    chosen = size or choose_side(_sides(source), fit)
    first = next(source.chunks(), None)
    if first is None:
        raise InputError(f"{source.file.name} holds no pictures.", "Save some in the array x.", kind="empty")
    items = resize(to_channels(first.items[:THUMBNAILS], channels), chosen, fit)
    if channels is None and is_grey(items):
        items = items[..., :1]
    classes, labels = None, None
    if source.labels is not None and source.class_names is not None:
        counts = np.bincount(source.labels, minlength=len(source.class_names))
        classes = {name: int(count) for name, count in zip(source.class_names, counts, strict=True)}
        labels = tuple(source.class_names[label] for label in source.labels[:THUMBNAILS])
    notes = _size_note(source, size, chosen, fit)
    return Preview(source.shape[0], chosen, items.shape[-1], classes, items, labels, (), notes)


def _size_note(source: Scan | Arrays, size: int | None, chosen: int, fit: Fit) -> tuple[str, ...]:
    """What becomes of the pictures' sizes, where they change."""
    sides = set(_sides(source))
    if sides == {(chosen, chosen)}:
        return ()
    how = "cut to their centre square" if fit == "crop" else "given a border"
    square = all(width == height for width, height in sides)
    was = f"{len(sides):,} different sizes" if len(sides) > 1 else "{} × {} px".format(*next(iter(sides)))
    done = "resized" if square else f"{how} and resized"
    why = "" if size else " (size chosen automatically)"
    return (f"Pictures of {was} were {done} to {chosen} × {chosen} px{why}.",)


def _info(name: str, path: Path, size: int, notes: tuple[str, ...]) -> DatasetInfo:
    return DatasetInfo(
        name=name,
        title=name,
        kind="images",
        shape=(3, size, size),
        count=0,
        train=0,
        test=0,
        source="added",
        licence="Yours",
        summary=f"added from {path.name}",
        notes=notes,
    )


def _finished(base: DatasetInfo, source: Scan | Arrays, reader: Reader, written: Written) -> DatasetInfo:
    """What was imported, with what was left out."""
    info = as_written(base, written)
    skipped = [*(source.problems if isinstance(source, Scan) else []), *reader.skipped]
    if not skipped:
        return info
    names = ", ".join(name for name, _ in skipped[:3]) + (", …" if len(skipped) > 3 else "")
    note = f"{len(skipped):,} {'file was' if len(skipped) == 1 else 'files were'} skipped: {names}."
    return replace(info, skipped=len(skipped), notes=(*info.notes, note))


def _recipe(path: Path) -> dict[str, Any]:
    recipe = (read_json(path / "meta.json") or {}).get("recipe")
    return recipe if isinstance(recipe, dict) else {}


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be a data set's name.",
            "Use small letters, digits, - and _, beginning with a letter or digit, at most 40.",
            kind="bad_name",
        )
    if name.replace("_", "-") in REGISTRY:
        raise InputError(f"{name!r} is the name of a built-in data set.", "Choose another name.", kind="name_taken")


def _check_free(name: str, datasets_dir: Path) -> None:
    if (datasets_dir / "added" / name).exists():
        raise InputError(
            f"A data set called {name!r} has been added already.",
            "Remove it first, or choose another name.",
            kind="name_taken",
        )


def _check_shape(size: int | None, channels: int | None, fit: str, on_bad: str) -> None:
    low, high = SIDES
    wrong = [
        (size is not None and not low <= size <= high, f"size = {size!r}", f"a size from {low} to {high} px"),
        (channels not in {None, 1, 3}, f"channels = {channels!r}", "1 or 3 channels"),
        (fit not in {"crop", "pad"}, f"fit = {fit!r}", "crop or pad"),
        (on_bad not in {"refuse", "skip"}, f"on_bad = {on_bad!r}", "refuse or skip"),
    ]
    for bad, given, allowed in wrong:
        if bad:
            raise InputError(f"{given} is not possible.", f"Give {allowed}.", kind="bad_value")
