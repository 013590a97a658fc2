"""Measures are kept beside their run, for its newest checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.matches.measures.keeping import cached, keep
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run_directory import RunDirectory
from tests.support.comparison import add_checkpoint
from tests.support.runs import make_run

LINE = {"value": 0.5, "low": 0.4, "high": 0.6, "floor": None, "n": 100, "better": "up"}


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    directory = make_run(tmp_path)
    add_checkpoint(directory, 1_024)
    return directory


def test_what_was_kept_is_found_again(run: RunDirectory):
    assert cached(run) is None
    keep(run, pick_checkpoint(run), {"edit_success": LINE}, 12.34)
    assert cached(run) == {"edit_success": LINE}
    (document,) = (run.path / "measures").glob("*.json")
    assert '"seconds": 12.3' in document.read_text(), "told to a tenth of a second"


def test_a_newer_checkpoint_has_not_been_measured(run: RunDirectory):
    keep(run, pick_checkpoint(run), {"edit_success": LINE}, 1.0)
    add_checkpoint(run, 2_048)
    assert cached(run) is None


def test_what_is_damaged_counts_as_not_there(run: RunDirectory):
    keep(run, pick_checkpoint(run), {"edit_success": LINE}, 1.0)
    (document,) = (run.path / "measures").glob("*.json")
    document.write_text("{")
    assert cached(run) is None


def test_a_run_without_a_checkpoint_has_no_measures(tmp_path: Path):
    assert cached(make_run(tmp_path)) is None
