"""A machine with so many cores, all of them free."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

from genlab.cores import budget, gain


@contextmanager
def patched_cores(there: int, *, fresh: bool = True, measured: bool = True) -> Iterator[None]:
    """A machine of ``there`` cores.

    Args:
        there: How many.
        fresh: Whether nobody has ever used it; else it is the one that this test has.
        measured: Whether it is known that each of them pays.
    """
    with (
        TemporaryDirectory() as folder,
        patch("genlab.cores.available", lambda: there),
        patch.dict(os.environ, {budget.FOLDER: folder} if fresh else {}),
    ):
        if measured:
            gain.keep(gain.Gain({count: float(count) for count in (1, there)}))
        yield
