from __future__ import annotations

import os
import shutil

import pytest

from genlab.store.drawing import drawing
from genlab.store.index import list_runs
from genlab.store.listing import RunListing
from genlab.store.liveness import identity
from tests.support.runs import make_many, make_run


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_it_lists_what_the_index_lists(runs):
    make_many(runs, 12, samples=False)
    (runs / "not-a-run").mkdir()
    (runs / "20261122-000000-x-bad").mkdir()
    (runs / "20261122-000000-x-bad" / "config.json").write_text("{}")
    assert RunListing(runs).runs() == list_runs(runs)


def test_a_folder_that_is_not_there_has_no_runs(tmp_path):
    assert RunListing(tmp_path / "none").runs() == []


def test_what_changes_on_disk_is_seen(runs):
    listing = RunListing(runs)
    run = make_run(runs, "20261122-000000-vae-a", images=1_024, state="stopped", samples=())
    assert [item.state for item in listing.runs()] == ["stopped"]
    run.update_status(state="completed")
    assert [item.state for item in listing.runs()] == ["completed"]
    make_run(runs, "20261122-000001-vae-b", images=1_024, samples=())
    assert len(listing.runs()) == 2
    shutil.rmtree(run.path)
    assert [item.id for item in listing.runs()] == ["20261122-000001-vae-b"]


def test_a_worker_that_dies_without_a_word_is_noticed(runs):
    listing = RunListing(runs)
    pid, started = identity(os.getpid())
    run = make_run(runs, "20261122-000000-vae-a", state="running", pid=pid, process_started=started, samples=())
    assert listing.runs()[0].state == "running"
    stamp = (run.path / "status.json").stat()
    run.update_status(process_started="another/start")
    os.utime(run.path / "status.json", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert listing.runs()[0].state == "interrupted"


def test_ended_runs_are_read_once(runs):
    run = make_run(runs, "20261122-000000-vae-a", images=1_024, samples=())
    listing = RunListing(runs)
    first = listing.runs()[0]
    assert listing.runs()[0] is first
    run.update_status(images=2_048)
    assert listing.runs()[0] is not first


def test_a_page_that_is_drawn_looks_once_until_a_run_comes_or_goes(runs, monkeypatch):
    make_many(runs, 3, samples=False)
    listing, looks = RunListing(runs), []
    look = listing._stamps
    monkeypatch.setattr(listing, "_stamps", lambda: looks.append(1) or look())
    with drawing(note=True):
        first = listing.runs()
        first.clear()
        assert len(listing.runs()) == 3 and len(looks) == 1
        os.utime(runs, ns=(0, 0))
        make_run(runs, "20261122-000009-vae-new", images=1_024, samples=())
        assert len(listing.runs()) == 4 and len(looks) == 2
    assert len(listing.runs()) == 4 and len(looks) == 3
