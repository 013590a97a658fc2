"""Runs are listed newest first and found by the beginning of their identifier or by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.store.index import find_run, list_runs, new_id
from genlab.store.run_directory import RunDirectory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index, name in enumerate(["first", "second", "third"]):
        run = RunDirectory.create(tmp_path / f"2026-{index}-{name}", RunConfig(name=name), "vae")
        run.update_status(created=1000.0 + index)
    return tmp_path


def test_newest_first(folder: Path):
    assert [run.name for run in list_runs(folder)] == ["third", "second", "first"]


def test_what_is_not_a_run_is_left_out(folder: Path):
    (folder / "notes").mkdir()
    (folder / "file.txt").write_text("x")
    (folder / "damaged").mkdir()
    (folder / "damaged" / "config.json").write_text("{")
    (folder / ".staging-1-x").mkdir()
    assert len(list_runs(folder)) == 3


def test_no_folder_is_no_runs(tmp_path: Path):
    assert list_runs(tmp_path / "missing") == []


def test_found_by_identifier_beginning_or_name(folder: Path):
    assert find_run(folder, "2026-1-second").path.name == "2026-1-second"
    assert find_run(folder, "2026-1").path.name == "2026-1-second"
    assert find_run(folder, "third").path.name == "2026-2-third"


@pytest.mark.parametrize("key", ["nothing", "", "../2026-1-second", ".."])
def test_what_is_not_there_is_not_found(folder: Path, key: str):
    with pytest.raises(InputError) as caught:
        find_run(folder, key)
    assert caught.value.kind == "not_found"


def test_an_ambiguous_beginning_is_refused(folder: Path):
    with pytest.raises(InputError, match="any of 3 runs"):
        find_run(folder, "2026")


def test_identifiers_sort_by_time_and_do_not_collide():
    early, late = new_id("gan", "mnist-5k", 1_000_000_000), new_id("gan", "mnist-5k", 1_000_000_100)
    assert early < late
    assert len({new_id("gan", "d", 1.0) for _ in range(50)}) > 45


def test_what_is_ambiguous_names_three(folder: Path):
    RunDirectory.create(folder / "2026-3-fourth", RunConfig(name="fourth"), "vae")
    with pytest.raises(InputError) as caught:
        find_run(folder, "2026")
    assert caught.value.kind == "ambiguous"
    named = caught.value.message.partition("runs: ")[2]
    assert named == "2026-0-first, 2026-1-second, 2026-2-third…"


def test_an_identifier_that_others_begin_with_is_that_run(folder: Path):
    RunDirectory.create(folder / "2026", RunConfig(name="whole"), "vae")
    assert find_run(folder, "2026").path.name == "2026"
    (folder / ".staging-1").mkdir()
    (folder / ".staging-1" / "config.json").write_text("{}")
    with pytest.raises(InputError):
        find_run(folder, ".staging-1")


def test_two_runs_are_already_ambiguous(folder: Path):
    RunDirectory.create(folder / "2027-a", RunConfig(), "vae")
    RunDirectory.create(folder / "2027-b", RunConfig(), "vae")
    with pytest.raises(InputError, match="any of 2 runs"):
        find_run(folder, "2027")
