"""What make would do: where torch is taken from is up to whoever installs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here.")


def planned(tmp_path: Path, *words: str) -> list[str]:
    """The commands of `make install` in a place where nothing is installed yet."""
    done = subprocess.run(
        ["make", "--dry-run", "install", f"VENV={tmp_path / 'venv'}", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if " install " in line and "pip" in line]


def test_torch_comes_from_the_index_that_is_named(tmp_path: Path):
    first, second = planned(tmp_path, "TORCH_INDEX=https://example.org/cpu")
    assert first.endswith("install torch torchvision --index-url https://example.org/cpu")
    assert second.endswith("install --editable .")


def test_by_default_pip_takes_torch_from_its_own(tmp_path: Path):
    (only,) = planned(tmp_path)
    assert only.endswith("install --editable .") and "--index-url" not in only
