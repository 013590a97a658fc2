"""Shipped runs stand behind one's own, are found by identifier, and are copied before anything is written."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from genlab.errors import GenlabError, InputError
from genlab.store import shipped
from genlab.store.index import list_runs
from genlab.store.run_directory import RunDirectory
from genlab.store.workspace import Workspace
from tests.support.runs import make_many, make_run


def catalogue(zoo: Path, **digests: str) -> None:
    entries = [{"run": run.replace("_", "-"), "digest": digest} for run, digest in digests.items()]
    (zoo / "zoo.json").write_text(json.dumps({"schema_version": 1, "runs": entries}))


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "zoo"
    make_run(folder / "runs", "twin-sick", model="gan", created=9.0, name="Sick")
    make_run(folder / "runs", "twin-well", created=3.0, name="Well")
    catalogue(folder, twin_well="a", twin_sick="b")
    monkeypatch.setenv(shipped.VARIABLE, str(folder))
    return folder


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def test_they_stand_behind_ones_own_in_the_order_of_the_catalogue(zoo: Path, space: Workspace):
    make_run(space.runs, "20200101-000000-vae-a", created=1.0)
    found = shipped.all_runs(space).good
    assert [(run.id, run.shipped) for run in found] == [
        ("20200101-000000-vae-a", False),
        ("twin-well", True),
        ("twin-sick", True),
    ]
    assert found[1].as_json()["shipped"] is True


def test_no_zoo_is_no_shipped_runs(zoo: Path, space: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(shipped.VARIABLE, "")
    assert shipped.zoo_folder() is None
    assert shipped.matches_folder() is None
    assert shipped.all_runs(space).good == []
    assert shipped.shipped_run(space, "twin-well") is None
    monkeypatch.setenv(shipped.VARIABLE, str(zoo / "nowhere"))
    assert shipped.all_runs(space).good == []


def test_without_a_catalogue_the_folders_are_the_list(zoo: Path, space: Workspace):
    (zoo / "zoo.json").unlink()
    assert [run.id for run in shipped.shipped_runs(space)] == ["twin-sick", "twin-well"]
    assert shipped.to_write(space, "twin-sick").path == space.shipped / "twin-sick"
    assert shipped.find(space, "twin-sick").path == space.shipped / "twin-sick"


def test_they_are_found_by_identifier_beginning_and_name(zoo: Path, space: Workspace):
    for key in ("twin-sick", "twin-s", "Sick"):
        assert shipped.find(space, key).path == zoo / "runs" / "twin-sick"
    with pytest.raises(InputError) as caught:
        shipped.find(space, "twin")
    assert caught.value.kind == "ambiguous"


@pytest.mark.parametrize("key", ["nothing", "", "..", "../runs/twin-well", ".lock"])
def test_what_is_not_there_is_not_found(zoo: Path, space: Workspace, key: str):
    assert shipped.exact(space, key) is None
    with pytest.raises(InputError) as caught:
        shipped.find(space, key)
    assert caught.value.kind == "not_found"


def test_ones_own_run_comes_before_a_shipped_one_but_a_name_does_not_hide_an_identifier(zoo: Path, space: Workspace):
    make_run(space.runs, "20200101-000000-vae-a", name="twin-well", created=1.0)
    assert shipped.find(space, "twin-well").path == zoo / "runs" / "twin-well"
    make_run(space.runs, "twin-well")
    assert shipped.find(space, "twin-well").path == space.runs / "twin-well"
    assert [run.id for run in shipped.all_runs(space).good].count("twin-well") == 1


def test_the_first_to_write_gets_a_copy_and_everyone_reads_it_from_then_on(zoo: Path, space: Workspace):
    before = {path: path.read_bytes() for path in zoo.rglob("*") if path.is_file()}
    writable = shipped.to_write(space, "twin-sick")
    assert writable.path == space.shipped / "twin-sick"
    assert writable.shipped
    (writable.path / "portraits").mkdir()
    (writable.path / "portraits" / "kept.txt").write_text("mine")
    assert shipped.to_write(space, "twin-sick").path == writable.path
    assert (writable.path / "portraits" / "kept.txt").read_text() == "mine"
    assert shipped.find(space, "twin-sick").path == writable.path
    assert [run.path for run in shipped.shipped_runs(space)] == [zoo / "runs" / "twin-well", writable.path]
    assert {path: path.read_bytes() for path in zoo.rglob("*") if path.is_file()} == before
    assert list_runs(space.runs) == []


def test_ones_own_run_is_written_where_it_is(zoo: Path, space: Workspace):
    own = make_run(space.runs, "20200101-000000-vae-a")
    assert shipped.to_write(space, own.path.name).path == own.path
    with pytest.raises(InputError, match="There is no run"):
        shipped.to_write(space, "20200101")
    assert not space.shipped.exists()


def test_another_release_replaces_the_copy(zoo: Path, space: Workspace):
    copy = shipped.to_write(space, "twin-sick").path
    (copy / "old.txt").write_text("of the old weights")
    catalogue(zoo, twin_well="a", twin_sick="c")
    assert shipped.find(space, "twin-sick").path == zoo / "runs" / "twin-sick"
    assert all(run.path.parent == zoo / "runs" for run in shipped.shipped_runs(space))
    assert shipped.to_write(space, "twin-sick").path == copy
    assert not (copy / "old.txt").exists()


def test_a_read_only_package_gives_a_copy_that_can_be_written(zoo: Path, space: Workspace):
    original = zoo / "runs" / "twin-sick"
    folders = [original, *(path for path in original.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        copy = shipped.to_write(space, "twin-sick").path
        assert all(path.stat().st_mode & 0o200 for path in (copy, copy / "samples", copy / "checkpoints"))
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_workspace_that_cannot_be_written_is_told_in_one_sentence(zoo: Path, space: Workspace):
    space.path.mkdir()
    space.shipped.write_text("a file is in the way")
    with pytest.raises((GenlabError, FileExistsError)):
        shipped.to_write(space, "twin-sick")


def test_a_changed_run_is_refused_in_one_sentence(zoo: Path, space: Workspace):
    run = shipped.find(space, "twin-sick").summary()
    with pytest.raises(InputError, match="comes with genlab"):
        shipped.refuse_shipped(run)
    shipped.refuse_shipped(RunDirectory(run.path).summary())


def test_asking_again_and_again_is_cheap(zoo: Path, space: Workspace):
    make_many(zoo / "runs", 12, samples=False)
    shipped.shipped_runs(space)
    start = time.perf_counter()
    for _ in range(100):
        shipped.shipped_runs(space)
    assert (time.perf_counter() - start) / 100 < 0.005


def test_what_is_shipped_is_whole():
    """The zoo of this checkout: everything that its catalogue names is there, and nothing is too large."""
    zoo = shipped.assets_folder() / "zoo"
    entries = json.loads((zoo / "zoo.json").read_text())["runs"]
    assert {entry["run"] for entry in entries} == {run.id for run in list_runs(zoo / "runs")}
    for entry in entries:
        run = RunDirectory(zoo / "runs" / entry["run"])
        assert run.summary().state == "completed"
        assert len(run.checkpoints()) == 1
        assert run.samples()
        assert list((run.path / "evaluations").glob("*.json"))
        assert entry["digest"] == shipped.folder_digest(run.path)
    sizes = [path.stat().st_size for path in zoo.rglob("*") if path.is_file()]
    assert max(sizes) < 5_000_000
    assert sum(sizes) < 40_000_000


def test_the_catalogue_tells_the_digests_of_weights_and_nobody_reads_them(
    zoo: Path, space: Workspace, monkeypatch: pytest.MonkeyPatch
):
    from genlab.store import digests
    from genlab.store.checkpoints import pick_checkpoint, weights_digest

    def fill(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"weights")
        (folder / "meta.json").write_text('{"images": 100}')

    RunDirectory(zoo / "runs" / "twin-well").write_checkpoint(100, fill, keep=8)
    entry = {
        "run": "twin-well",
        "digest": "a",
        "weights": {"000000000100": "told", "000000000200": 5, "000000000300": "gone"},
    }
    (zoo / "zoo.json").write_text(json.dumps({"schema_version": 1, "runs": [entry]}))
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read"))
    for found in (shipped.find(space, "twin-well"), shipped.find(space, "Well"), shipped.to_write(space, "twin-well")):
        assert weights_digest(pick_checkpoint(found)) == "told"
    copy = shipped.find(space, "twin-well")
    assert copy.path == space.shipped / "twin-well"
    meta = json.loads((pick_checkpoint(copy).path / "meta.json").read_text())
    assert meta == {"images": 100, "sha256": {"model.safetensors": "told"}}
