"""Home's first and second visit in a server process that has just started: ``python -m benchmarks._home_task``."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks._common import ROOT


def main(task: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of the first visit, and of another person's visit after it, to the workspace ``task["workspace"]``."""
    os.environ["GENLAB_WORKSPACE"] = task["workspace"]
    from streamlit.testing.v1 import AppTest

    seconds = []
    for _ in range(2):
        page = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=120)
        started = time.perf_counter()
        page.run()
        seconds.append(time.perf_counter() - started)
        if page.exception or not page.main.children:
            raise RuntimeError(f"Home did not render: {[error.message for error in page.exception]}")
    return {"first": seconds[0], "next": seconds[1]}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(sys.argv[1]))))
