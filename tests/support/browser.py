"""The app as its own server process, and a page of a real browser that tells when something goes wrong."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


_USED: list[int] = []
"""Ports that servers of this process had: a browser that was there keeps their scripts by their address."""


def free_port() -> int:
    """A port that nobody listens on, one of earlier servers first.

    It is below those that the system hands to outgoing connections meanwhile.
    """
    for port in [*_USED, *random.sample(range(20_000, 30_000), 50)]:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            if port not in _USED:
                _USED.append(port)
            return port
    raise OSError("no free port")


def wait_until(condition: Callable[[], Any], patience: float = PATIENCE, what: str = "what was waited for") -> Any:
    """The first true value of ``condition()``."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {patience:g} s")
        time.sleep(0.1)


def contention(seconds: float = 0.3) -> float:
    """How many times longer work takes here than it would on a core of its own, measured now."""
    wall, work = time.monotonic(), time.process_time()
    while time.process_time() - work < seconds:
        pass
    return (time.monotonic() - wall) / (time.process_time() - work)


class Server:
    """The app on a port of its own, looking into ``workspace``."""

    def __init__(self, workspace: Path, log: Path, **options: Any) -> None:
        self.workspace = workspace
        self.log = log
        self.options = options
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = "".join(f", {key}={value!r}" for key, value in self.options.items())
        code = f"from genlab.server import serve; serve(port={self.port}, open_browser=False{options})"
        environment = os.environ | {"GENLAB_WORKSPACE": str(self.workspace)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        wait_until(self._answers, what=f"the server's answer ({self.log})")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
            self.process = None

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


def settle(page: Any, patience: float = PATIENCE) -> None:
    """Wait until the page has been drawn and shows no error of ours or Streamlit's."""
    page.wait_for_selector("[data-testid=stApp]", timeout=patience * 1000)
    # Twice: a page may be drawn again at once, e.g. when it learns whether its reader has the dark theme.
    for _ in range(2):
        page.wait_for_timeout(300)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=patience * 1000)
    assert page.locator("[data-testid=stException]").count() == 0, page.locator(
        "[data-testid=stException]"
    ).inner_text()
    assert page.get_by_text("Something went wrong here").count() == 0
