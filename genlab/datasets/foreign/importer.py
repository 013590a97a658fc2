"""The user's own pictures: a folder, zip or npz becomes a data set of the workspace, or is refused with a sentence.

Nothing of a refused import stays behind, and nothing that is imported is ever executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from glob import escape
from pathlib import Path
from typing import Any, Literal

from genlab import kinds
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetInfo, Progress, Raw, RawData, Subject
from genlab.datasets.foreign import _kind_files
from genlab.datasets.foreign._archive import Limits, listing
from genlab.datasets.foreign._arrays import Arrays
from genlab.datasets.foreign._kind_files import FilesPreview, preview_files, readers
from genlab.datasets.foreign._names import shown
from genlab.datasets.foreign._pictures import FoundPicture, Reader, Scan, check_effort, refusal, require
from genlab.datasets.foreign._preview import Preview, WayToRead, preview
from genlab.datasets.foreign._size import FITS, Given, choose_size, cutting, size_notes
from genlab.datasets.foreign._source import SCANNING, check_shape, labelled, opened, sides
from genlab.datasets.foreign._tree import AUTO
from genlab.datasets.store import added_folders, added_names
from genlab.datasets.store._build import as_written, locked, save, sweep
from genlab.datasets.store._opened import open_store, require_meta
from genlab.datasets.store._split import BY_CHANCE
from genlab.datasets.store._writer import StorePlan, Written, reading
from genlab.errors import InputError
from genlab.kinds._pixels import Size
from genlab.kinds.base import Fitting, KindSpec
from genlab.store.atomic import read_json, remove_folder, write_json
from genlab.text import displayable

__all__ = [
    "AUTO",
    "FITS",
    "FilesPreview",
    "Limits",
    "Preview",
    "WayToRead",
    "add",
    "check",
    "mark",
    "preview",
    "preview_files",
    "readers",
    "remove",
    "sweep",
]

MARKED = "Only pictures that you added can be marked."
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def add(
    path: Path | str,
    name: str,
    datasets_dir: Path,
    *,
    size: int | None = None,
    channels: Literal[1, 3] | None = None,
    fit: Given = "crop",
    on_bad: Literal["refuse", "skip"] = "refuse",
    classes: str = AUTO,
    encoding: str | None = None,
    split_seed: int = 0,
    kind: str = "",
    options: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> DatasetInfo:
    """Import pictures, or files of another kind, as data set ``name``.

    Args:
        path: A folder, a zip of one, or an npz with pictures ``x``, labels ``y``; folders train, test etc. are parts.
        name: What to call it: small letters, digits, ``-`` and ``_``, at most 40.
        datasets_dir: The workspace's folder of data sets.
        size: Side to store at, 8..512 px; None keeps the pictures' own, or chooses one when they differ.
        channels: 1 or 3; None finds out whether all are grey.
        fit: How a picture that is not square becomes square; ``"keep"`` keeps the proportions that most of them have,
            with ``size`` as the longer side.
        on_bad: Whether files that cannot be read are refused or skipped and counted.
        classes: Where classes come from: ``auto``, ``none``, a level of folders (``1`` is the top), ``last`` (the
            folder right above each picture), a part of the files' names (``name:1`` of ``7_theo_3.wav`` is 7), or a
            label file and a column of it (``metadata.csv:species``).
        encoding: Of the names in a zip that does not say its own; None finds out.
        split_seed: Seed of the train/test split, where there are no parts.
        kind: What files are read as; by default what most of them are.
        options: What can be chosen of files of that kind (`KindSpec.ImportOptions`).
        progress: Called with a share from 0 to 1 and what is being done.
        limits: What is refused for being too much.

    Raises:
        InputError: When anything about it cannot be used; the sentence names the file.
        GenlabError: When the disk is full.
    """
    path, limits, report = Path(path), limits or Limits(), progress or (lambda share, what: None)
    check(name, datasets_dir, size=size, channels=channels, fit=fit, on_bad=on_bad)
    sweep(datasets_dir)
    spec = _kind_files.asked(kind, options, path, limits, encoding)
    if spec is not None:
        how = {"classes": classes, "skip": on_bad == "skip", "options": options or {}}
        return _add_files(spec, path, name, datasets_dir, how, encoding, split_seed, report, limits)
    with opened(path, limits, report, encoding) as source, locked(datasets_dir, name, report):
        _check_free(name, datasets_dir)
        chosen = _chosen(source, path, classes, on_bad)
        reader = _reader(chosen, path, size, channels, fit, on_bad, limits)
        tell = partial(_after_scanning, report)
        reader.tell = partial(_tell, tell, chosen.count)
        plan = _plan(reader, channels, split_seed, chosen.count)
        base = _info(name, path, reader.size, (*chosen.notes, *size_notes(chosen.sides, size, reader.size, fit)))
        finish = partial(_finished, base, lambda: [*getattr(source, "problems", ()), *reader.skipped])
        save(datasets_dir / "added" / name, _raw(chosen, reader, path), plan, finish, {"name": name}, tell)
    return open_store(datasets_dir / "added" / name).info


def check(name: str, datasets_dir: Path, *, size: int | None, channels: int | None, fit: str, on_bad: str) -> None:
    """Refuse what can be refused before the pictures are looked at; arguments as of `add`.

    Raises:
        InputError: When the name cannot be had, or a setting is out of range.
    """
    _check_name(name)
    check_shape(size, channels, fit, on_bad)
    _check_free(name, datasets_dir)


def _add_files(
    kind: KindSpec,
    path: Path,
    name: str,
    datasets_dir: Path,
    chosen: Mapping[str, Any],
    encoding: str | None,
    split_seed: int,
    report: Progress,
    limits: Limits,
) -> DatasetInfo:
    """Import files of a kind that reads them itself."""
    with listing(path, limits, encoding) as found, locked(datasets_dir, name, report):
        _check_free(name, datasets_dir)
        files = _kind_files.KindFiles.of(kind, found, path, **chosen)
        _kind_files.require(files, path, limits)
        plan = StorePlan(
            kind.name, split_seed=split_seed, detect_grey=kind.pixelled, compact=True, total=files.way.count
        )
        base = replace(_info(name, path, (0, 0), files.notes), kind=kind.name, symbols=files.symbols)
        finish = partial(_finished, base, lambda: files.problems)
        recipe = {"name": name, "options": dict(chosen["options"])}
        save(datasets_dir / "added" / name, files.raw(), plan, finish, recipe, report)
    return open_store(datasets_dir / "added" / name).info


def remove(name: str, datasets_dir: Path) -> None:
    """Delete an added data set and what was derived from it.

    Raises:
        InputError: When it is built in or unknown, or cannot be deleted.
    """
    if name in REGISTRY:
        raise InputError(f"{name} is built in and cannot be removed.", "Only added data sets can.", kind="built_in")
    there = {displayable(path.name): path for path in added_folders(datasets_dir)}
    folder = there.get(name)
    if folder is None:
        known = ", ".join(added_names(datasets_dir)) or "none"
        raise InputError(f"No data set called {name!r} was added.", f"Added are: {known}.", kind="unknown_name")
    with locked(datasets_dir, name, lambda share, what: None):
        derived = [path for path in datasets_dir.glob(f"{escape(name)}-*") if _recipe(path).get("name") == name]
        for path in [folder, *derived]:
            remove_folder(path)


def _plan(reader: Reader, channels: Literal[1, 3] | None, split_seed: int, total: int) -> StorePlan:
    fitting = Fitting(reader.size, channels, reader.fit)
    how = {"detect_grey": channels is None, "compact": True}
    return StorePlan(kinds.of_pictures().name, fitting, split_seed, total=total, **how)


def mark(name: str, datasets_dir: Path, about: Subject) -> DatasetInfo:
    """Say what an added data set shows; nothing else of it changes.

    Args:
        name: The data set.
        datasets_dir: The workspace's folder of data sets.
        about: What its items are pictures of; "" takes that back.

    Raises:
        InputError: When it is built in, unknown or damaged, or its items are no pictures.
    """
    if name in REGISTRY:
        raise InputError(f"{name} is built in and says itself what it shows.", MARKED, kind="built_in")
    path = datasets_dir / "added" / name
    if name not in added_names(datasets_dir):
        known = ", ".join(added_names(datasets_dir)) or "none"
        raise InputError(f"No data set called {name!r} was added.", f"Added are: {known}.", kind="unknown_name")
    with locked(datasets_dir, name, lambda share, what: None):
        meta = require_meta(path)
        info = DatasetInfo.from_json(meta["info"])
        if about and not kinds.get(info.kind).pixels:
            raise InputError(f"{name} holds {kinds.get(info.kind).many}, which are no pictures.", MARKED)
        info = replace(info, about=about)
        write_json(path / "meta.json", {**meta, "info": info.as_json()})
    return info


def _after_scanning(report: Progress, share: float, what: str) -> None:
    report(SCANNING + (1 - SCANNING) * share, what)


def _tell(report: Progress, total: int, done: int) -> None:
    report(*reading(done, total))


@dataclass(frozen=True)
class _Chosen:
    """What is imported, read in the way that was asked for."""

    source: Scan | Arrays
    found: list[FoundPicture]
    count: int
    classes: tuple[str, ...] | None
    notes: tuple[str, ...] = ()

    @property
    def sides(self) -> list[tuple[int, int]]:
        """Width and height in px of each picture; of arrays once."""
        return sides(self.source if isinstance(self.source, Arrays) else self.found)


def _chosen(source: Scan | Arrays, path: Path, classes: str, on_bad: Literal["refuse", "skip"]) -> _Chosen:
    if isinstance(source, Arrays):
        wanted = labelled(source, classes, path)
        return _Chosen(wanted, [], wanted.shape[0], wanted.class_names, wanted.notes)
    if source.problems and on_bad == "refuse":
        raise refusal(source.problems)
    way = source.tree.choose(classes, path.name, strict=True)
    return _Chosen(source, source.taken(way), way.count, tuple(way.classes) or None, (*way.notes, *source.notes()))


def _reader(
    chosen: _Chosen,
    path: Path,
    size: int | None,
    channels: Literal[1, 3] | None,
    fit: Given,
    on_bad: Literal["refuse", "skip"],
    limits: Limits,
) -> Reader:
    """How the pictures are decoded, once the headers have shown that they can be used."""
    require(chosen.count, path, limits)
    side = choose_size(chosen.sides, size, fit)
    if isinstance(chosen.source, Arrays):
        return Reader(side, channels, cutting(fit), on_bad == "skip", limits)
    check_effort(chosen.found, side, path, limits)
    return Reader(side, channels, cutting(fit), on_bad == "skip", limits, chosen.source.ranges)


def _raw(chosen: _Chosen, reader: Reader, path: Path) -> RawData:
    """The pictures, in parts where they come in two; too few left at the end are refused."""
    if isinstance(chosen.source, Arrays):
        return RawData(chosen.source.chunks(), class_names=chosen.source.class_names)
    classes = chosen.classes or ()

    def part(found: list[FoundPicture], last: bool) -> Iterator[Raw]:
        yield from reader.chunks(found, classes)
        if last:
            require(reader.kept, path, reader.limits)

    train, test = ([one for one in chosen.found if one.test == wanted] for wanted in (False, True))
    return RawData(part(train, not test), part(test, True) if test else None, classes or None)


def _info(name: str, path: Path, size: Size, notes: tuple[str, ...]) -> DatasetInfo:
    return DatasetInfo(
        name=name,
        title=name,
        kind=kinds.of_pictures().name,
        shape=(3, *size),
        count=0,
        train=0,
        test=0,
        source="added",
        licence="Yours",
        summary=f"added from {shown(path.name)}",
        notes=notes,
    )


def _finished(base: DatasetInfo, left_out: Callable[[], list[tuple[str, str]]], written: Written) -> DatasetInfo:
    """What was imported, with what was left out."""
    info = as_written(base, written)
    if not written.by_class:
        info = replace(info, notes=(BY_CHANCE, *info.notes))
    if not written.train or not written.test:
        part = "training" if not written.train else "testing"
        raise InputError(
            f"None of the {'pictures' if kinds.get(base.kind).pixels else 'files'} for {part} can be read.",
            "Mend them, or leave that folder out.",
            kind="too_few",
        )
    skipped = left_out()
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
