"""Every page in a lab for looking: it opens, and whatever a visitor presses starts, changes and downloads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.support.evaluations import evaluated_run
from tests.support.matches import make_match
from tests.support.pages import ROUTER, checked, open_page
from tests.support.runs import make_run

VISITS: dict[str, tuple[str, dict[str, str]]] = {
    "home": ("home.py", {}),
    "data": ("data.py", {}),
    "data set": ("data.py", {"data": "digits"}),
    "data set to be downloaded": ("data.py", {"data": "celeba"}),
    "add": ("data.py", {"add": "1"}),
    "train": ("train.py", {}),
    "train, a run": ("train.py", {"run": "run"}),
    "train, a stopped run": ("train.py", {"run": "stopped"}),
    "curves": ("curves.py", {"run": "run"}),
    "compare": ("compare.py", {"run": "run"}),
    "collapse": ("collapse.py", {"run": "run"}),
    "latent": ("latent.py", {"run": "run"}),
    "tasks": ("tasks.py", {"run": "run"}),
    "match": ("match.py", {}),
    "match, one": ("match.py", {"match": "held"}),
    "guide": ("guide.py", {}),
    "lesson": ("guide.py", {"lesson": "hybrid"}),
    "playground": ("playground.py", {}),
}


@pytest.fixture
def visited(workspace: Path, half_done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which much is under way, shown for looking; its raw data are not on this machine."""
    lab = Lab()
    evaluated_run(lab)
    make_run(workspace / "runs", "stopped", model="vae", state="stopped", images=1_024, target=20_480)
    make_match(workspace, runs={("gan", 0): "run"}).path.rename(workspace / "matches" / "held")
    for kind in ("evaluate", "portrait", "neighbours"):
        lab.jobs.start(kind, {"runs": ["run"], "request": {}})
    for kind in ("explore", "decoder", "walk", "place"):
        lab.jobs.start(kind, {"run": "run", "request": {}})
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    monkeypatch.setenv("GENLAB_DATA", str(tmp_path / "nothing"))
    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", lambda *_: pytest.fail("a job was begun"))
    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch", lambda *_: pytest.fail("a run was begun"))
    return workspace


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Path -> size and time of change, of everything in a folder."""
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*")}


@pytest.mark.parametrize("visit", VISITS)
def test_a_page_opens_and_whatever_is_pressed_changes_nothing(visited: Path, visit: str):
    page, asked = VISITS[visit]
    before = files(visited)
    app = open_page(page, **asked)
    for key in [button.key for button in app.button if not button.disabled]:
        fresh = open_page(page, **asked)
        checked(fresh.button(key=key).click().run())
    assert files(visited) == before
    assert not [b.label for b in app.button if not b.disabled and b.label in {"Cancel", "Delete", "Stop", "Resume"}]


def test_every_page_is_visited():
    there = {path.name for path in Path(ROUTER).parent.glob("[a-z]*.py")}
    assert {page for page, _ in VISITS.values()} == there
