"""What every test stands on: an environment without settings of the person who runs it, and a workspace of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest

from genlab import cores
from genlab.cores import gain

hypothesis.settings.register_profile("genlab", deadline=None)
hypothesis.settings.load_profile("genlab")
"""On a busy machine an example takes as long as it is kept waiting."""

MAIN = sys.modules["__main__"]

EVERY_WORKER_PAYS = gain.Gain({count: float(count) for count in (1, cores.available())})
"""What tests take as measured, so that no job begins by measuring."""

OWN_SETTINGS = (
    *("GENLAB_WORKSPACE", "GENLAB_LAUNCH", "GENLAB_SLOTS", "GENLAB_CORES_FOLDER"),
    *("GENLAB_DEBUG", "GENLAB_READ_ONLY", "GENLAB_HOST"),
)
"""Unset while tests run. GENLAB_DATA and GENLAB_REQUIRE_BROWSER stay: they say what this machine has; GENLAB_PLUGINS
stays because it is read at import: whoever sets it wants the plugins tested."""


SHARED = (
    *("tests/browser/test_access", "tests/browser/test_[a-i]", "tests/browser"),
    *("tests/evaluation", "tests/exploration", "tests/latent"),
)
"""Whose tests share what takes long to make, or a browser; the browser's are three groups of about the same length."""


EARLY = (
    *("tests/browser/", "tests/contracts/test_family_plugin", "tests/kinds/test_plugin", "tests/exploration/"),
    *("tests/verdicts/test_straw_models", "tests/evaluation/", "tests/worker/test_l", "tests/worker/test_threads"),
    *("tests/commands/test_evaluate", "tests/test_old_workspace"),
)
"""What takes longest is begun first, so that no process is left with it when the others have nothing more to do."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several processes, begin with what takes longest; all else keeps its order."""
    if hasattr(config, "workerinput"):
        items.sort(
            key=lambda item: next((i for i, early in enumerate(EARLY) if item.nodeid.startswith(early)), len(EARLY))
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several processes (``-n``), keep the tests of a file together, and those that share something costly."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return next((group for group in SHARED if fnmatch(file, f"{group}*")), file)

    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def _no_user_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep even a test that forgets its workspace out of the user's data folder, and shipped runs out of every list."""
    for name in OWN_SETTINGS:
        os.environ.pop(name, None)
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("user-data"))
    os.environ["GENLAB_CORES_FOLDER"] = str(tmp_path_factory.mktemp("cores"))
    gain.keep(EVERY_WORKER_PAYS)
    os.environ["GENLAB_ZOO"] = ""
    os.environ["GENLAB_DEVICE"] = "cpu"
    os.environ["COLUMNS"] = "160"


@pytest.fixture(autouse=True)
def _own_cores(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of its own for every test, so that what an earlier one left running takes no core from it."""
    monkeypatch.setenv("GENLAB_CORES_FOLDER", str(tmp_path_factory.getbasetemp() / "cores" / uuid4().hex))
    gain.keep(EVERY_WORKER_PAYS)


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """The program stays what it was: a page that was drawn leaves its script there, and processes begin with it."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace that commands and pages find by themselves."""
    path = tmp_path / "workspace"
    monkeypatch.setenv("GENLAB_WORKSPACE", str(path))
    return path


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes, or of the size that a test asks for."""
    size = getattr(request, "param", "6m")
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True
    )
    if not done or done.returncode:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)
