"""Runs and matches that come with genlab (``assets/zoo``): in every list, never changed.

What pages compute about a shipped run cannot be written into the package: the first job that writes copies the run to
``WORKSPACE/shipped/<run>/``, and from then on it is read there. A copy of another release's run is not used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from genlab.errors import InputError
from genlab.store.atomic import STAGING, read_json, storage_errors, write_folder, write_json
from genlab.store.checkpoints import CATALOGUE, DIGESTS, META, WEIGHTS
from genlab.store.digests import Elsewhere
from genlab.store.index import find_run, find_runs
from genlab.store.reading import Damaged, Found
from genlab.store.run import Run, is_run
from genlab.store.run_directory import RunDirectory
from genlab.store.workspace import Workspace

VARIABLE = "GENLAB_ZOO"
"""Environment variable: another folder of shipped things; empty for none."""

NOTED = "digests.json"
"""In a workspace's folder of copies: digests of weights of shipped runs that have not been copied."""

ORIGIN = "shipped.json"
"""In a copy: the digest of what was copied."""


def assets_folder() -> Path:
    """Logo, favicon and zoo: in a checkout beside the package, in an installed genlab inside it."""
    package = Path(__file__).parents[1]
    checkout = package.parent / "assets"
    return checkout if checkout.is_dir() and (package.parent / "app.py").is_file() else package / "_app" / "assets"


def zoo_folder() -> Path | None:
    """The folder of shipped things, or None where there is none."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen).expanduser().absolute() if chosen else None
    folder = assets_folder() / "zoo"
    return folder if folder.is_dir() else None


def matches_folder() -> Path | None:
    """The folder of shipped matches, or None where there is none."""
    zoo = zoo_folder()
    folder = None if zoo is None else zoo / "matches"
    return folder if folder is not None and folder.is_dir() else None


def order_of_matches() -> dict[str, int]:
    """Match -> its place in lists, as the catalogue tells it: the one to open on first."""
    zoo = zoo_folder()
    told = None if zoo is None else _catalogue(zoo / CATALOGUE, _changed(zoo / CATALOGUE)).get("matches")
    return (
        {match: place for place, match in enumerate(told) if isinstance(match, str)} if isinstance(told, list) else {}
    )


def shipped_runs(workspace: Workspace) -> list[Run]:
    """Shipped runs in the order of the catalogue, each where it is to be read; cheap enough to ask every second."""
    return _found(workspace).good


def _found(workspace: Workspace) -> Found[Run]:
    zoo = zoo_folder()
    if zoo is None:
        return Found()
    stamps = tuple(_changed(path) for path in (zoo / CATALOGUE, zoo / "runs", workspace.shipped))
    good, damaged = _listed(zoo, workspace, stamps)
    return Found(list(good), list(damaged))


def shipped_run(workspace: Workspace, run: str) -> RunDirectory | None:
    """The shipped run with exactly this identifier, where it is to be read; None when there is none."""
    zoo = zoo_folder()
    if zoo is None or not run or run != Path(run).name or run.startswith((".", STAGING)):
        return None
    original = zoo / "runs" / run
    if not is_run(original):
        return None
    copy, told = workspace.shipped / run, _told(zoo, run)
    if _is_current(copy, zoo):
        return RunDirectory(copy, shipped=True, elsewhere=Elsewhere(told) if told else None)
    return RunDirectory(original, shipped=True, elsewhere=Elsewhere(told, workspace.shipped / NOTED))


def all_runs(workspace: Workspace) -> Found[Run]:
    """All runs: the workspace's own, newest first, then shipped ones."""
    return with_shipped(find_runs(workspace.runs), workspace)


def with_shipped(own: Found[Run], workspace: Workspace) -> Found[Run]:
    """``own`` and behind them the shipped runs, without those whose identifier is taken."""
    taken, shipped = {run.id for run in own.good} | {one.id for one in own.damaged}, _found(workspace)
    return Found(
        own.good + [run for run in shipped.good if run.id not in taken],
        own.damaged + [run for run in shipped.damaged if run.id not in taken],
    )


def exact(workspace: Workspace, run: str) -> RunDirectory | None:
    """The run, the workspace's own or shipped, with exactly this identifier; None when there is none."""
    own = workspace.runs / run
    if run and run == Path(run).name and not run.startswith((".", STAGING)) and is_run(own):
        return RunDirectory(own)
    return shipped_run(workspace, run)


def find(workspace: Workspace, key: str) -> RunDirectory:
    """The run, the workspace's own or shipped, whose identifier is ``key`` or starts with it, or whose name is ``key``.

    Raises:
        InputError: When there is none or more than one.
    """
    known = exact(workspace, key)
    if known is not None:
        return known
    try:
        return find_run(workspace.runs, key)
    except InputError as refusal:
        runs = shipped_runs(workspace) if key and refusal.kind == "not_found" else []
        matches = [run for run in runs if run.id.startswith(key)] or [run for run in runs if run.name == key]
        if not matches:
            raise
        if len(matches) > 1:
            some = ", ".join(run.id for run in matches[:3])
            raise InputError(
                f"{key!r} could be any of {len(matches)} shipped runs: {some}…", "Write more of it.", kind="ambiguous"
            ) from None
        return shipped_run(workspace, matches[0].id) or RunDirectory(matches[0].path, shipped=True)


def named_in_a_record(workspace: Workspace, run: str) -> RunDirectory:
    """As `exact`, for an identifier that a match, a job or an exploration holds: no other run may stand in for it.

    Raises:
        InputError: When there is none.
    """
    found = exact(workspace, run)
    if found is None:
        raise InputError(f"There is no run {run!r}.", "`genlab runs` lists them.", kind="not_found")
    return found


def to_write(workspace: Workspace, run: str) -> RunDirectory:
    """As `named_in_a_record`, for whoever writes into the run: a shipped one is copied into the workspace first.

    Raises:
        InputError: When there is none, or the workspace cannot be written to.
        GenlabError: When the disk is full.
    """
    found = named_in_a_record(workspace, run)
    zoo = zoo_folder()
    if not found.shipped or zoo is None or found.path.parent == workspace.shipped:
        return found
    copy = workspace.shipped / run
    with storage_errors(workspace.shipped):
        workspace.shipped.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.shipped / ".lock"):
        if not _is_current(copy, zoo):

            def fill(folder: Path) -> None:
                shutil.copytree(found.path, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
                # An installed package may be read-only, and folders keep their permissions.
                for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                    place.chmod(place.stat().st_mode | stat.S_IRWXU)
                _add_digests(folder, _told(zoo, run))
                write_json(folder / ORIGIN, {"digest": _digest(zoo, run)})

            write_folder(copy, fill)
    return RunDirectory(copy, shipped=True)


def _add_digests(copy: Path, told: dict[str, str]) -> None:
    """Let the checkpoints of a copy say what the catalogue says of their weights."""
    for name, digest in told.items():
        about = read_json(copy / "checkpoints" / name / META)
        if about is not None and DIGESTS not in about:
            write_json(copy / "checkpoints" / name / META, {**about, DIGESTS: {WEIGHTS: digest}})


def refuse_shipped(run: Run | Damaged) -> None:
    """Raise what is said to whoever wants to change a shipped run.

    Raises:
        InputError: When it is one.
    """
    if run.shipped:
        raise InputError(
            f"The run {run.id} comes with genlab and cannot be changed.",
            "Duplicate it to train one of your own like it.",
            kind="read_only",
        )


def folder_digest(folder: Path) -> str:
    """SHA-256 of the names and contents of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _listed(zoo: Path, workspace: Workspace, stamps: tuple[int, ...]) -> tuple[tuple[Run, ...], tuple[Damaged, ...]]:
    """The list while nothing has changed: ``stamps`` say when the folders did."""
    order = {str(entry.get("run")): place for place, entry in enumerate(_entries(zoo))}
    found, there = [], find_runs(zoo / "runs")
    for original in there.good:
        copy = workspace.shipped / original.id
        run = replace(original, path=copy) if _is_current(copy, zoo) else original
        found.append(replace(run, shipped=True))
    good = sorted(found, key=lambda run: (order.get(run.id, len(order)), run.id))
    return tuple(good), tuple(replace(one, shipped=True) for one in there.damaged)


def _is_current(copy: Path, zoo: Path) -> bool:
    """Whether there is a copy, and it was made from what is shipped now."""
    origin = read_json(copy / ORIGIN)
    return origin is not None and origin.get("digest") == _digest(zoo, copy.name)


def _digest(zoo: Path, run: str) -> str | None:
    return next(
        (str(entry["digest"]) for entry in _entries(zoo) if entry.get("run") == run and "digest" in entry), None
    )


def _told(zoo: Path, run: str) -> dict[str, str]:
    """Checkpoint -> digest of its weights, as the catalogue tells it."""
    told = next((entry.get("weights") for entry in _entries(zoo) if entry.get("run") == run), None)
    return {key: value for key, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}


def _entries(zoo: Path) -> list[dict[str, object]]:
    entries = _catalogue(zoo / CATALOGUE, _changed(zoo / CATALOGUE)).get("runs", [])
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


@lru_cache(maxsize=4)
def _catalogue(path: Path, changed: int) -> dict[str, object]:
    return read_json(path) or {}


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
