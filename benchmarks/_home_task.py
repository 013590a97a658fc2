"""Home's first and second visit in a server process that has just started: ``python -m benchmarks._home_task``."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks._common import load_support


def main(task: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of the first visit, and of another person's visit after it, to the workspace ``task["workspace"]``."""
    os.environ["GENLAB_WORKSPACE"] = task["workspace"]
    from streamlit.components.v2 import manifest_scanner

    pages = load_support("pages")
    manifest_scanner.scan_component_manifests()  # a server does that once, when it starts
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        page = pages.open_page()
        seconds.append(time.perf_counter() - started)
        if not page.main.children:
            raise RuntimeError("Home did not render.")
    return {"first": seconds[0], "next": seconds[1]}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(sys.argv[1]))))
