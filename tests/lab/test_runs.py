"""The one door: configuring, refusing before anything is written, and the life of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from genlab.config import DataConfig
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory
from genlab.store.shipped import to_write
from tests.support.runs import directory_of, make_run


class Nobody:
    """A launcher whose workers never come."""

    def launch(self, run: RunDirectory) -> None:
        """Do nothing."""


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=Nobody())


def test_the_lab_imports_no_torch_and_no_streamlit():
    code = "import sys, genlab.lab; sys.exit(bool({'torch', 'streamlit', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_configuration_that_went_bad_is_refused_at_submission(lab: Lab):
    config = lab.configs.make("vae")
    spoiled = config.model_copy(update={"data": DataConfig(name="mnist-5k", limit=16)})
    with pytest.raises(InputError, match="larger than the 16"):
        lab.runs.submit(spoiled)
    assert not lab.workspace.path.exists()


def test_a_read_only_workspace_is_one_sentence():
    lab = Lab("/proc/genlab", launcher=Nobody())
    with pytest.raises(InputError) as caught:
        lab.runs.submit(lab.configs.make("vae"))
    assert caught.value.kind == "read_only"


def test_a_submitted_run_is_queued_listed_found_and_deleted(lab: Lab):
    run = lab.runs.submit(lab.configs.make("gan", settings={"name": "mine"}))
    assert run.state == "queued"
    assert [r.id for r in lab.runs.all()] == [run.id]
    assert lab.runs.find("mine").id == run.id
    with pytest.raises(InputError, match="queued") as caught:
        lab.runs.delete(run)
    assert caught.value.kind == "busy"
    directory_of(lab, run).update_status(state="completed")
    lab.runs.delete(run)
    assert lab.runs.all() == []


def test_only_what_ended_early_is_resumed(lab: Lab):
    run = lab.runs.submit(lab.configs.make("vae"))
    with pytest.raises(InputError, match="is queued"):
        lab.runs.resume(run)
    directory_of(lab, run).update_status(state="completed")
    with pytest.raises(InputError, match="is completed"):
        lab.runs.resume(run)
    for state in ("paused", "stopped", "failed", "diverged"):
        directory_of(lab, run).update_status(state=state, error={"kind": "k", "message": "m", "hint": ""})
        directory_of(lab, run).ask("stop")
        again = lab.runs.resume(run)
        assert again.state == "queued" and again.error is None
        assert directory_of(lab, run).asked() is None


def test_following_ends_with_the_run(lab: Lab):
    run = lab.runs.submit(lab.configs.make("vae"))
    states = []
    for now in lab.runs.follow(run, every=0.01):
        states.append(now.state)
        directory_of(lab, run).update_status(state="completed")
    assert states == ["queued", "completed"]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "zoo"
    make_run(folder / "runs", "twin-sick", model="gan")
    make_run(folder / "runs", "twin-cut", state="stopped")
    monkeypatch.setenv("GENLAB_ZOO", str(folder))
    return folder


def test_shipped_runs_are_listed_behind_ones_own_and_found(lab: Lab, shipped: Path):
    own = lab.runs.submit(lab.configs.make("gan"))
    assert [run.id for run in lab.runs.all()] == [own.id, "twin-cut", "twin-sick"]
    found = lab.runs.find("twin-sick")
    assert found.shipped
    assert lab.runs.read(found).path == shipped / "runs" / "twin-sick"


@pytest.mark.parametrize("verb", ["stop", "pause", "resume", "delete"])
def test_shipped_runs_are_not_changed(lab: Lab, shipped: Path, verb: str):
    for run in ("twin-sick", "twin-cut", lab.runs.find("twin-cut")):
        with pytest.raises(InputError, match="comes with genlab and cannot be changed") as caught:
            getattr(lab.runs, verb)(run)
        assert caught.value.kind == "read_only"
        assert "Duplicate" in caught.value.hint
    assert (shipped / "runs" / "twin-sick" / "config.json").is_file()
    assert not lab.workspace.shipped.exists()


def test_a_run_that_a_page_still_holds_is_read_where_it_has_moved_to(lab: Lab, shipped: Path):
    held = lab.runs.find("twin-sick")
    copy = to_write(lab.workspace, "twin-sick").path
    assert lab.runs.read(held).path == copy
    with pytest.raises(InputError, match="cannot be changed"):
        lab.runs.delete(held)
    assert copy.is_dir()


def test_a_run_that_a_record_names_is_exactly_that_one(lab: Lab):
    make_run(lab.workspace.runs, "run-10", name="run-1", samples=())
    assert lab.runs.find("run-1").id == "run-10", "what a person types may be a beginning, or a name"
    assert lab.runs.exact("run-10").id == "run-10"
    for nothing in ("run-1", "run", "", "..", "../runs/run-10"):
        with pytest.raises(InputError, match="There is no run") as caught:
            lab.runs.exact(nothing)
        assert caught.value.kind == "not_found"


def test_reading_a_run_gives_nothing_to_write_with(lab: Lab):
    make_run(lab.workspace.runs, "run", samples=())
    reader = lab.runs.read("run")
    assert type(reader) is RunReader and reader.summary().id == "run"
    writing = [name for name in vars(RunDirectory) if not name.startswith("_") and name not in {"create", "reader"}]
    assert len(writing) > 8 and [name for name in writing if hasattr(reader, name)] == []
