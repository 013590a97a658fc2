"""The list of runs for pages that poll: what has not changed on disk is not read again. No streamlit, no torch.

A page asks every second. A run that has ended keeps its files, so it is read once and then only looked at (its
modification times); one that is active is read each time, because its process may have died.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from genlab.errors import InputError
from genlab.store.atomic import STAGING
from genlab.store.run import Run, RunDirectory

Stamp = tuple[int, int]


class Listing:
    """All runs of one folder, shared by all sessions.

    Args:
        folder: The folder of run directories.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[Stamp, Run | None]] = {}
        self._lock = threading.Lock()

    def runs(self) -> list[Run]:
        """Runs, newest first; folders that cannot be read are left out."""
        with self._lock:
            found = {name: self._look(name, stamp) for name, stamp in self._stamps().items()}
            self._known = found
        runs = [run for _, run in found.values() if run is not None]
        return sorted(runs, key=lambda run: (run.created, run.id), reverse=True)

    def _look(self, name: str, stamp: Stamp) -> tuple[Stamp, Run | None]:
        known = self._known.get(name)
        if known and known[0] == stamp and not (known[1] and known[1].active):
            return known
        try:
            return stamp, RunDirectory(self.folder / name).summary()
        except (InputError, ValueError, TypeError, AttributeError):
            return stamp, None

    def _stamps(self) -> dict[str, Stamp]:
        stamps: dict[str, Stamp] = {}
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if not entry.name.startswith((".", STAGING))]
        except OSError:
            return stamps
        for name in names:
            path = self.folder / name
            try:
                config = (path / "config.json").stat().st_mtime_ns
            except OSError:
                continue
            try:
                status = (path / "status.json").stat().st_mtime_ns
            except OSError:
                status = 0
            stamps[name] = (config, status)
        return stamps
