"""What an import would give: its pictures, parts and classes, each way to read it, and what would be done to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import TEST_SHARE, Progress
from genlab.datasets.foreign._archive import Limits
from genlab.datasets.foreign._arrays import Arrays
from genlab.datasets.foreign._pictures import FoundPicture, Reader, Scan, check_effort, refusal, require
from genlab.datasets.foreign._size import Given, choose_size, cutting, size_notes
from genlab.datasets.foreign._source import check_shape, labelled, opened, sides
from genlab.datasets.foreign._tree import AUTO, NONE, Way
from genlab.datasets.store._split import BY_CHANCE, held_out
from genlab.errors import InputError
from genlab.kinds._pixels import Size, is_grey, resize, to_channels

THUMBNAILS = 24


@dataclass(frozen=True)
class WayToRead:
    """One way to read what was found.

    Attributes:
        key: What ``classes`` takes to ask for it.
        title: The same in words.
        count: Pictures that it takes.
        left: Pictures that it leaves out, having no class.
        classes: Name of each class -> its number of pictures; None where there are no classes.
        train: Pictures for training.
        test: Pictures for testing.
        notes: What is done with parts and left-out pictures, one sentence each.
    """

    key: str
    title: str
    count: int
    left: int
    classes: dict[str, int] | None
    train: int
    test: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What an import would give.

    Attributes:
        count: Pictures found; some may still turn out to be damaged.
        size: Height and width in px that they would be stored at.
        channels: 1 when those shown are all grey, else 3.
        classes: Name of each class -> its number of pictures; None where there are no classes.
        thumbnails: The first pictures, taken in turn from all classes, uint8 [N, *size, C].
        labels: Class of each thumbnail, or None.
        bad: Files that cannot be used: (name, why).
        notes: What would be done to the pictures, one sentence each.
        choices: Each way to find parts and classes.
        chosen: The key of the one that is shown.
        sure: Whether that one is meant beyond doubt; otherwise an import wants to be told.
        encoding: What the names in a zip were read as, where it does not say so itself.
        guessed: Whether that is a guess.
    """

    count: int
    size: Size
    channels: int
    classes: dict[str, int] | None
    thumbnails: NDArray[np.uint8]
    labels: tuple[str, ...] | None
    bad: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    choices: tuple[WayToRead, ...]
    chosen: str
    sure: bool = True
    encoding: str | None = None
    guessed: bool = False

    @property
    def problems(self) -> tuple[str, ...]:
        """Files that cannot be used, one sentence each."""
        return tuple(f"{name} {why}." for name, why in self.bad)

    def check(self, path: Path, on_bad: Literal["refuse", "skip"]) -> None:
        """Refuse what an import is known to refuse.

        Args:
            path: What has been looked at.
            on_bad: Whether files that cannot be used are refused or skipped.

        Raises:
            InputError: When it holds such files, or too few pictures.
        """
        if self.bad and on_bad == "refuse":
            raise refusal(list(self.bad))
        require(self.count, path, Limits())

    @property
    def choice(self) -> WayToRead:
        """The way that is shown."""
        return next(choice for choice in self.choices if choice.key == self.chosen)


def preview(
    path: Path | str,
    *,
    size: int | None = None,
    channels: Literal[1, 3] | None = None,
    fit: Given = "crop",
    classes: str = AUTO,
    encoding: str | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Preview:
    """Show what `genlab.datasets.foreign.importer.add` with the same arguments would give, without writing anything.

    Every header is looked at, but only the thumbnails are decoded, and pictures whose values have to be measured.

    Raises:
        InputError: When nothing in it can be used, or all of it is unsafe.
    """
    path, limits, report = Path(path), limits or Limits(), progress or (lambda share, what: None)
    check_shape(size, channels, fit, "skip")
    with opened(path, limits, report, encoding) as source:
        if isinstance(source, Arrays):
            return _of_arrays(source, path, size, channels, fit, classes)
        reader = Reader((0, 0), channels, cutting(fit), True, limits, source.ranges)
        return _of_files(source, path, reader, size, fit, classes)


def _of_files(source: Scan, path: Path, reader: Reader, size: int | None, fit: Given, classes: str) -> Preview:
    if not source.found:
        raise refusal(source.problems)
    way = source.tree.choose(classes, path.name, strict=False)
    taken = source.taken(way)
    reader.size = choose_size(sides(taken), size, fit)
    check_effort(taken, reader.size, path, reader.limits)
    shown = [(item, one.label) for one in _in_turn(taken) if (item := reader.read(one)) is not None]
    thumbnails = np.stack([item for item, _ in shown]) if shown else np.zeros((0, *reader.size, 3), np.uint8)
    if reader.channels is None and is_grey(thumbnails):
        thumbnails = thumbnails[..., :1]
    choice = _choice(way)
    return Preview(
        count=choice.count,
        size=reader.size,
        channels=thumbnails.shape[-1],
        classes=choice.classes,
        thumbnails=thumbnails,
        labels=tuple(label for _, label in shown) if choice.classes else None,
        bad=(*source.problems, *reader.skipped),
        notes=(*choice.notes, *source.notes(), *size_notes(sides(taken), size, reader.size, fit)),
        choices=tuple(_choice(way) for way in source.tree.ways),
        chosen=way.key,
        sure=source.tree.sure,
        encoding=source.encoding,
        guessed=source.guessed,
    )


def _choice(way: Way) -> WayToRead:
    counts = way.classes or None
    notes = way.notes
    if way.tests is None:
        test, alike = held_out(np.array(list(counts.values()) if counts else [way.count], np.int64), TEST_SHARE)
        notes = notes if alike else (*notes, BY_CHANCE)
    else:
        test = sum(test and label is not None for test, label in zip(way.tests, way.labels, strict=True))
    left = len(way.labels) - way.count
    return WayToRead(way.key, way.title, way.count, left, counts, way.count - test, test, notes)


def _in_turn(found: list[FoundPicture]) -> list[FoundPicture]:
    """The pictures to show: the first of each class, then the second of each, and so on."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, FoundPicture]] = []
    for one in found:
        ranked.append((seen[one.label], len(ranked), one))
        seen[one.label] += 1
    return [one for _, _, one in sorted(ranked, key=lambda rank: rank[:2])[:THUMBNAILS]]


def _of_arrays(
    source: Arrays, path: Path, size: int | None, channels: Literal[1, 3] | None, fit: Given, classes: str
) -> Preview:
    choices = [_array_choice(source, None)]
    if source.class_names is not None:
        choices.append(_array_choice(source, source.label_key))
    wanted = labelled(source, classes, path)
    chosen = choices[-1] if wanted.class_names is not None else choices[0]
    chosen_size = choose_size(sides(source), size, fit)
    first = next(wanted.chunks(), None)
    if first is None:
        raise InputError(f"{source.file.name} holds no pictures.", "Save some in the array x.", kind="empty")
    items = resize(to_channels(first.items[:THUMBNAILS], channels), chosen_size, cutting(fit))
    if channels is None and is_grey(items):
        items = items[..., :1]
    labels = None
    if wanted.labels is not None and wanted.class_names is not None:
        labels = tuple(wanted.class_names[label] for label in wanted.labels[:THUMBNAILS])
    return Preview(
        count=source.shape[0],
        size=chosen_size,
        channels=items.shape[-1],
        classes=chosen.classes,
        thumbnails=items,
        labels=labels,
        bad=(),
        notes=(*chosen.notes, *source.notes, *size_notes(sides(source), size, chosen_size, fit)),
        choices=tuple(choices),
        chosen=chosen.key,
    )


def _array_choice(source: Arrays, key: str | None) -> WayToRead:
    total, counts = source.shape[0], None
    if key is not None and source.labels is not None and source.class_names is not None:
        numbers = np.bincount(source.labels, minlength=len(source.class_names))
        counts = {name: int(count) for name, count in zip(source.class_names, numbers, strict=True)}
    test, alike = held_out(np.array(list(counts.values()) if counts else [total], np.int64), TEST_SHARE)
    title = f"the labels in {key}" if key else "no classes, all pictures"
    return WayToRead(key or NONE, title, total, 0, counts, total - test, test, () if alike else (BY_CHANCE,))
