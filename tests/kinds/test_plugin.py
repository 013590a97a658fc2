"""A new kind of data is one file: in a folder of one's own it is trained, judged, shown on every page and reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.command import ROOT

PLUGINS = ROOT / "tests" / "support" / "plugins"


def test_a_kind_in_a_folder_of_ones_own_is_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "kinds").mkdir(parents=True)
    shutil.copy(PLUGINS / "kinds" / "signals.py", folder / "kinds")
    tests = [str(PLUGINS / "walk_through.py"), "tests/contracts/test_kinds.py", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        env={**os.environ, "GENLAB_PLUGINS": str(folder)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout.splitlines()[-1]
