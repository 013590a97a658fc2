"""Running ``genlab`` in tests: in this process (quick) or as a process of its own (for what only that can show)."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FAKE_WORKER = shlex.join([sys.executable, str(Path(__file__).with_name("fake_worker.py")), "{run}"])
"""For GENLAB_LAUNCH: runs end within a second, without torch."""


def genlab(*words: str | Path, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    """What ``genlab`` gives as a process, with ``environment`` laid over this one's."""
    return subprocess.run(
        [sys.executable, "-m", "genlab", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env=child_environment(**environment),
        check=False,
    )


def child_environment(**changes: str) -> dict[str, str]:
    """This environment, with the checkout importable and the fake worker's imports possible."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


class Capture:
    """Runs commands in this process.

    Args:
        capsys: pytest's own.
    """

    def __init__(self, capsys: Any) -> None:
        self.capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of one command."""
        from genlab.cli import main

        self.capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        """The document that a command prints with ``--json``; it must end with ``code``."""
        actual, out, err = self(*words, "--json")
        assert actual == code, err
        document = json.loads(out)
        assert isinstance(document, dict)
        return document

    def refusal(self, *words: str | Path) -> tuple[str, str]:
        """Message and hint of a command that must be refused: code 2, two lines on stderr, the same as JSON."""
        code, out, _ = self(*words)
        assert (code, out) == (2, "")
        code, out, err = self(*words, "--json")
        assert code == 2
        error = json.loads(out)["error"]
        assert set(error) == {"kind", "message", "hint"}
        lines = [f"error: {' '.join(error['message'].split())}", f"hint: {' '.join(error['hint'].split())}"]
        assert err.splitlines() == [line for line in lines if line != "hint: "]
        return error["message"], error["hint"]
