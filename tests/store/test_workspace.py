"""Where the workspace is, and what happens when it cannot be written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.store.workspace import Workspace


def test_argument_before_environment_before_user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_WORKSPACE", str(tmp_path / "env"))
    assert Workspace.open(tmp_path / "arg").path == tmp_path / "arg"
    assert Workspace.open().path == tmp_path / "env"
    monkeypatch.delenv("GENLAB_WORKSPACE")
    assert Workspace.open().path.name == "genlab"


def test_nothing_is_made_before_it_is_needed(tmp_path: Path):
    workspace = Workspace.open(tmp_path / "w")
    assert not workspace.path.exists()
    workspace.create()
    assert workspace.runs.is_dir() and workspace.datasets.is_dir() and workspace.queue.is_dir()


def test_a_place_that_cannot_be_written_to_is_a_sentence():
    with pytest.raises(InputError) as caught:
        Workspace.open("/proc/genlab").create()
    assert caught.value.kind in {"read_only", "not_found"}
    assert "--workspace" in caught.value.hint


def test_raw_data_are_looked_for_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_DATA", str(tmp_path / "raw"))
    assert Workspace.open(tmp_path).source.root == tmp_path / "raw"
    monkeypatch.delenv("GENLAB_DATA")
    assert Workspace.open(tmp_path).source.root is None


def test_everything_has_its_folder(tmp_path: Path):
    """Other programs, and older releases, look there."""
    workspace = Workspace.open(tmp_path)
    for name in ("runs", "shipped", "datasets", "encoders", "jobs", "matches", "queue"):
        assert getattr(workspace, name) == tmp_path / name
    assert workspace.source.downloads == tmp_path / "downloads"


def test_a_workspace_that_is_there_stays_as_it_is(tmp_path: Path):
    workspace = Workspace.open(tmp_path / "a" / "b")
    workspace.create()
    (workspace.runs / "run").mkdir()
    workspace.create()
    assert (workspace.runs / "run").is_dir()


def test_a_place_is_told_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert Workspace.open("w").path == tmp_path / "w"
    assert Workspace.open("~/w").path == tmp_path / "home" / "w"
