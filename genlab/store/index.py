"""All runs of a workspace: list, find, name."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from genlab.errors import InputError
from genlab.store.atomic import STAGING
from genlab.store.reading import Found, find, folders_in
from genlab.store.run import Run, is_run
from genlab.store.run_directory import RunDirectory
from genlab.text import displayable


def find_runs(folder: Path) -> Found[Run]:
    """Runs in ``folder``, newest first, and those that are damaged or a newer genlab's."""
    found = find("run", _folders(folder), lambda path: RunDirectory(path).summary())
    found.good.sort(key=lambda run: (run.created, run.id), reverse=True)
    return found


def list_runs(folder: Path) -> list[Run]:
    """Runs in ``folder`` that can be read, newest first."""
    return find_runs(folder).good


def find_run(folder: Path, key: str) -> RunDirectory:
    """The run whose identifier is ``key`` or starts with it, or whose name is ``key``.

    Raises:
        InputError: When there is none or more than one.
    """
    exact = folder / key
    if key and key == Path(key).name and not key.startswith(STAGING) and is_run(exact):
        return RunDirectory(exact)
    matches = [path for path in _folders(folder) if key and displayable(path.name).startswith(key)]
    if not matches:
        matches = [run.path for run in list_runs(folder) if run.name == key]
    if not matches:
        raise InputError(f"There is no run {key!r}.", "`genlab runs` lists them.", kind="not_found")
    if len(matches) > 1:
        some = ", ".join(path.name for path in matches[:3])
        raise InputError(f"{key!r} could be any of {len(matches)} runs: {some}…", "Write more of it.", kind="ambiguous")
    return RunDirectory(matches[0])


def new_id(model: str, data: str, now: float | None = None) -> str:
    """A fresh run identifier that sorts by time, e.g. ``20261122-231502-gan-mnist-5k-a1b2``."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    return f"{stamp}-{model.replace('_', '-')}-{data}-{secrets.token_hex(2)}"


def _folders(folder: Path) -> list[Path]:
    return [path for path in folders_in(folder) if is_run(path)]
