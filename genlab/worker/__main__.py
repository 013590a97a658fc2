"""Entry of the worker process; ``accelerate launch -m genlab.worker RUN_DIR`` starts several."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from genlab import cores
from genlab.store.run_directory import RunDirectory
from genlab.worker import work
from genlab.worker.threads import threads_of

NICE = 5
"""How much less eager; a job that starts workers is so already."""


def main() -> None:
    """Train the run named on the command line, a little less eagerly than what a person waits for."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m genlab.worker RUN_DIR")
    with suppress(OSError, AttributeError):
        os.nice(max(0, NICE - os.nice(0)))
    path = Path(sys.argv[1]).absolute()
    cores.limit(threads_of(RunDirectory(path)))
    work(path)


if __name__ == "__main__":
    main()
