"""Starting the app: a busy port, a foreign address, every usual way, and who can reach it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.server import start
from tests.support.browser import ROOT, free_port, wait_until


def test_a_taken_port_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} on 127.0.0.1 is in use") as refusal:
            start.serve(port=port, open_browser=False)
    assert f"--port {port + 1}" in refusal.value.hint
    start.require_free("127.0.0.1", free_port())


def test_a_foreign_address_is_one_sentence():
    with pytest.raises(InputError, match=r"192\.0\.2\.1 is not an address of this computer"):
        start.require_free("192.0.2.1", free_port())


def test_the_app_is_found_in_the_checkout():
    assert start.app_file() == ROOT / "app.py"


def answer(port: int, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as found:
            return bytes(found.read())
    except OSError:
        return None


def serves(words: list[str], port: int, environment: dict[str, str], folder: Path) -> list[str]:
    """Start a server, wait for its first answer, and return the addresses it listens on (as /proc writes them)."""
    process = subprocess.Popen(
        words, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        wait_until(lambda: process.poll() is not None or answer(port, "/_stcore/health") == b"ok", what=" ".join(words))
        assert process.poll() is None, process.stderr.read().decode()
        assert b"<title>" in (answer(port, "/") or b"")
        table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return [row[1] for row in table if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stderr.close()


def test_serve_answers_on_this_computer_only(tmp_path):
    port = free_port()
    code = f"from genlab.server import serve; serve(port={port}, open_browser=False, workspace={str(tmp_path)!r})"
    assert serves([sys.executable, "-c", code], port, {}, ROOT) == [f"0100007F:{port:04X}"]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["streamlit", "python", "uvicorn"])
def test_the_app_starts_in_every_usual_way_and_stays_on_this_computer(tmp_path, way):
    port = free_port()
    words = {
        "streamlit": ["-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        "python": ["app.py"],
        "uvicorn": ["-m", "uvicorn", "app:app", "--port", str(port)],
    }[way]
    environment = {"GENLAB_WORKSPACE": str(tmp_path), "STREAMLIT_SERVER_PORT": str(port)}
    assert serves([sys.executable, *words], port, environment, ROOT) == [f"0100007F:{port:04X}"]
