"""What a workspace holds, in bytes by kind; what of it can be made again, and letting go of that. No torch.

Runs, data, matches and feature extractors are never removed, nor what verdicts of matches rest on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from genlab.store.atomic import remove_folder, storage_errors
from genlab.store.kept import ResultType
from genlab.store.reading import folders_in
from genlab.store.workspace import Workspace

REST: Mapping[str, str] = {
    "runs": "runs: settings, curves, samples, checkpoints",
    "shipped": "copies of runs that come with genlab",
    "datasets": "decoded data sets",
    "uploads": "uploaded images that are no data set yet",
    "downloads": "raw data",
    "encoders": "feature extractors and real-data references",
    "matches": "matches and their verdicts",
    "jobs": "requests and logs of jobs",
}
"""Folder of the workspace -> what of it always stays; uploads stand among the data sets."""


@dataclass(frozen=True)
class Holding:
    """A result that is kept and can be made again.

    Attributes:
        of: Name of its kind.
        path: Its description, or its folder.
        run: Identifier of the run that it belongs to; "" for results of data alone.
        files: What goes with it: files, or one folder.
        size: Bytes.
        changed: When it was last written to, in seconds since 1970.
        stays: Why it may not be removed; "" where it may.
    """

    of: str
    path: Path
    run: str
    files: tuple[Path, ...]
    size: int
    changed: float
    stays: str = ""


@dataclass(frozen=True)
class Protected:
    """What may not be removed, and why.

    Attributes:
        busy: Run -> why nothing of it may go now.
        judged: Run -> why that may not go which verdicts rest on.
        verdicts: Why it may not go of any run; "" where only those in ``judged`` are concerned.
        shared: Why nothing may go now that runs share.
    """

    busy: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, str] = field(default_factory=dict)
    verdicts: str = ""
    shared: str = ""

    def why(self, of: ResultType, run: str) -> str:
        """Why a result of that kind of a run, or of none, stays; "" where it may go."""
        if not run:
            return self.shared
        return self.busy.get(run, "") or (of.verdicts and (self.verdicts or self.judged.get(run, ""))) or ""


@dataclass(frozen=True)
class Inventory:
    """What a workspace holds.

    Attributes:
        results: What can be made again, the oldest first.
        rest: Folder of the workspace -> bytes of all else in it.
    """

    results: tuple[Holding, ...]
    rest: Mapping[str, int]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return self.again + sum(self.rest.values())

    @property
    def again(self) -> int:
        """Bytes of what can be made again."""
        return sum(each.size for each in self.results)

    def by_kind(self) -> dict[str, list[Holding]]:
        """Name of a kind of result -> its results, the kind with the most bytes first."""
        found: dict[str, list[Holding]] = {}
        for each in self.results:
            found.setdefault(each.of, []).append(each)
        return dict(sorted(found.items(), key=lambda item: -sum(each.size for each in item[1])))


def look(workspace: Workspace, types: Sequence[ResultType], protected: Protected, zoo: Path | None = None) -> Inventory:
    """What ``workspace`` holds.

    Args:
        workspace: The workspace.
        types: The kinds of results.
        protected: What may not be removed.
        zoo: Where the originals of shipped runs are; results that came with them do not count as made here.
    """
    results = [each for run in folders_in(workspace.runs) for each in _of_run(run, types, protected)]
    for run in folders_in(workspace.shipped):
        results += _of_run(run, types, protected, None if zoo is None else zoo / "runs" / run.name)
    shared = [each for each in types if each.within == "encoders"]
    results += _in(workspace.encoders, shared, protected, "")
    sizes = {name: _measured([workspace.path / name])[0] for name in REST}
    sizes["uploads"] = _measured([workspace.uploads])[0]
    sizes["datasets"] -= sizes["uploads"]
    for each in results:
        sizes[each.path.relative_to(workspace.path).parts[0]] -= each.size
    return Inventory(tuple(sorted(results, key=lambda each: each.changed)), sizes)


def choose(holdings: Inventory, size: int | None, age: float | None, now: float | None = None) -> list[Holding]:
    """What to remove, the oldest first: all that is older than ``age``, and more until ``size`` is left.

    Args:
        holdings: What there is.
        size: Bytes that results may take afterwards; None for any number.
        age: Seconds since they were last written to, beyond which results go; None for any.
        now: Seconds since 1970; by default the present.
    """
    moment, left, found = time.time() if now is None else now, holdings.again, []
    for each in holdings.results:
        too_old = age is not None and moment - each.changed > age
        too_much = size is not None and left > size
        if (too_old or too_much) and not each.stays:
            found.append(each)
            left -= each.size
    return found


def remove(each: Holding) -> bool:
    """Remove a result; whether there was anything left of it. Its description goes first: it is whole or not there.

    Raises:
        InputError: When it may not be deleted.
    """
    there = [file for file in each.files if os.path.lexists(file)]
    for file in sorted(there, key=lambda file: file != each.path):
        if file.is_dir() and not file.is_symlink():
            remove_folder(file)
        else:
            with storage_errors(file):
                file.unlink(missing_ok=True)
    return bool(there)


def _of_run(
    run: Path, types: Sequence[ResultType], protected: Protected, original: Path | None = None
) -> Iterator[Holding]:
    """The results of a run, and those that stand in them, which do not count twice."""
    inner = [each for each in types if each.within == "result"]
    for of in (each for each in types if each.within == "run"):
        came = None if original is None else original / of.folder
        for each in _in(run / of.folder, [of], protected, run.name, came):
            within = list(_in(each.path, inner, protected, run.name)) if of.file else []
            yield from within
            yield replace(each, size=each.size - sum(one.size for one in within))


def _in(
    folder: Path, types: Sequence[ResultType], protected: Protected, run: str, original: Path | None = None
) -> Iterator[Holding]:
    """Results that stand in a folder, without those that stand in ``original`` too."""
    there = folders_in(folder)
    for of in types:
        for path in there:
            name = path.name if of.file else path.name.removesuffix(of.suffix)
            is_one = path.is_dir() if of.file else path.name.endswith(of.suffix) and path.is_file()
            if not is_one or not of.is_name(name) or (original is not None and (original / path.name).exists()):
                continue
            files = (path,) if of.file else tuple(other for other in there if other.name.startswith(f"{name}."))
            size, changed = _measured(files)
            yield Holding(of.name, path, run, files, size, changed, protected.why(of, run))


def _measured(files: Iterable[Path]) -> tuple[int, float]:
    """Bytes of files and of all that is in folders, and when the newest of it was written to."""
    size, changed = 0, 0.0
    for file in files:
        inside = (Path(folder, name) for folder, _, names in os.walk(file) for name in names)
        for path in inside if file.is_dir() else (file,):
            try:
                about = path.lstat()
            except OSError:
                continue
            size, changed = size + about.st_size, max(changed, about.st_mtime)
    return size, changed


def size_words(size: float) -> str:
    """Bytes as a person reads them, e.g. ``1.3 GB``."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size:.0f} B"
