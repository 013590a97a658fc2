"""What a workspace holds, counted behind the pages: walking over thousands of files takes longer than drawing one."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Lock, Timer

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.store.holdings import Inventory

QUIET_SECONDS = 2.0
"""How long counting waits, so that it does not slow down the drawing of the page that asks."""

OLD_SECONDS = 120.0
"""After this long it is counted again, when somebody looks."""


class Held:
    """What was counted last.

    Args:
        lab: Whose workspace.
    """

    def __init__(self, lab: ReadOnlyLab) -> None:
        self._lab, self._guard = lab, Lock()
        self._found: Inventory | None = None
        self._counted, self._counting = -OLD_SECONDS, False

    def look(self) -> Inventory | None:
        """What was found when it was last counted; None before the first time: ask again soon."""
        with self._guard:
            if not self._counting and time.monotonic() - self._counted >= OLD_SECONDS:
                self._counting = True
                later = Timer(QUIET_SECONDS, self._count)
                later.daemon = True
                later.start()
            return self._found

    def _count(self) -> None:
        found = None
        with suppress(GenlabError, OSError):
            found = self._lab.holdings.all()
        with self._guard:
            self._found, self._counted, self._counting = found or self._found, time.monotonic(), False
