"""The list of runs for pages that poll: what has not changed on disk is not read again.

A page asks every second. A run that has ended keeps its files, so it is read once and then only looked at (its
modification times); one that is active is read each time, because its process may have died.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from genlab.store.atomic import STAGING
from genlab.store.drawing import once
from genlab.store.reading import Damaged, Found, look, sorted_out
from genlab.store.run import Run, RunReader

Stamp = tuple[int, int]


class RunListing:
    """All runs of one folder, shared by all sessions.

    Args:
        folder: The folder of run directories.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[Stamp, Run | Damaged]] = {}
        self._lock = threading.Lock()

    def found(self) -> Found[Run]:
        """Runs, newest first, and those that are damaged.

        While a page is drawn, as of its first look, or of the last run that came or went since.
        """
        found = once(("runs", self.folder), _changed(str(self.folder)), self._found)
        return Found(list(found.good), list(found.damaged))

    def _found(self) -> Found[Run]:
        with self._lock:
            looked = {name: self._look(name, stamp) for name, stamp in self._stamps().items()}
            self._known = looked
        found = sorted_out(thing for _, thing in looked.values())
        found.good.sort(key=lambda run: (run.created, run.id), reverse=True)
        return found

    def runs(self) -> list[Run]:
        """Runs that can be read, newest first."""
        return self.found().good

    def _look(self, name: str, stamp: Stamp) -> tuple[Stamp, Run | Damaged]:
        known = self._known.get(name)
        if known and known[0] == stamp and not (isinstance(known[1], Run) and known[1].active):
            return known
        return stamp, look("run", self.folder / name, lambda path: RunReader(path).summary())

    def _stamps(self) -> dict[str, Stamp]:
        stamps: dict[str, Stamp] = {}
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if not entry.name.startswith((".", STAGING))]
        except OSError:
            return stamps
        folder = str(self.folder)
        for name in names:
            # Strings, not paths: these two looks at every run are what a page pays each time that it asks.
            config, status = (_changed(f"{folder}/{name}/{file}") for file in ("config.json", "status.json"))
            if config or status:
                stamps[name] = (config, status)
        return stamps


def _changed(file: str) -> int:
    """When a file was last written; 0 when it is not there."""
    try:
        return os.stat(file, follow_symlinks=False).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0
