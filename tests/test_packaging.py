"""A wheel built from the checkout works elsewhere: the command, and the app inside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import ROOT

pytestmark = pytest.mark.slow

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
        timeout=240,
    )
    (built,) = folder.glob("genlab-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel, and nothing of the checkout, is installed; libraries are this environment's."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([*PIP, "install", "--no-deps", "--target", str(folder), str(wheel)], check=True, timeout=240)
    return folder


def environment(installed: Path, workspace: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed), "GENLAB_WORKSPACE": str(workspace)}


def test_the_wheel_holds_the_package_and_the_app_and_no_tests(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("app.py", "pages/_router.py", "pages/home.py", ".streamlit/config.toml"):
        assert f"genlab/_app/{part}" in names
    assert any(name.startswith("genlab/_app/assets/") for name in names)
    zoo = {name for name in names if name.startswith("genlab/_app/assets/zoo/")}
    assert "genlab/_app/assets/zoo/zoo.json" in zoo
    assert any(name.endswith("/model.safetensors") for name in zoo)
    assert {"genlab/cli.py", "genlab/datasets/mnist_5k.py"} <= names
    assert {"genlab/reports/templates/match.html", "genlab/reports/templates/style.css"} <= names
    assert not [name for name in names if "node_modules" in name]
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    strange = {name.split("/")[0] for name in names} - {"genlab"}
    assert all(name.endswith(".dist-info") for name in strange)
    assert not [name for name in names if "__pycache__" in name]


def test_the_command_works_from_another_folder(installed: Path, tmp_path: Path):
    for words, key in [(["doctor"], "healthy"), (["runs"], "runs"), (["data", "list"], "datasets")]:
        result = subprocess.run(
            [str(installed / "bin" / "genlab"), *words, "--json"],
            cwd=tmp_path,
            env=environment(installed, tmp_path / "workspace"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert key in json.loads(result.stdout)


def test_shipped_runs_travel_with_it(installed: Path, tmp_path: Path):
    result = subprocess.run(
        [str(installed / "bin" / "genlab"), "runs", "--json"],
        cwd=tmp_path,
        env={name: value for name, value in environment(installed, tmp_path / "w").items() if name != "GENLAB_ZOO"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    runs = json.loads(result.stdout)["runs"]
    assert {"gan-collapsed", "gan-cured"} <= {run["run"] for run in runs}
    assert all(run["shipped"] and Path(run["path"]).is_relative_to(installed) for run in runs)


def test_what_runs_is_the_installed_package(installed: Path, tmp_path: Path):
    result = subprocess.run(
        [sys.executable, "-c", "from genlab.server import start; print(start.app_file())"],
        cwd=tmp_path,
        env=environment(installed, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert Path(result.stdout.strip()) == installed / "genlab" / "_app" / "app.py"


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Address of the app that the installed command serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(installed / "bin" / "genlab"), "--port", str(port), "--no-browser"],
            cwd=tmp_path,
            env=environment(installed, tmp_path / "workspace"),
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                    assert answer.read() == b"ok"
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert server.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_the_app_inside_the_wheel_answers(served: str):
    with urllib.request.urlopen(f"{served}/", timeout=30) as answer:
        assert answer.status == 200
        assert b"<html" in answer.read().lower()
