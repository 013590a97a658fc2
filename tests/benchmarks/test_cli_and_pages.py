"""A small run of the benchmark of the command line and Home."""

import json

import pytest

from benchmarks.cli_and_pages import main, runs_seconds


def test_listing_too_few_runs_is_an_error_and_not_a_good_time(workspace):
    from benchmarks._common import BenchmarkError

    with pytest.raises(BenchmarkError, match="listed 0 of 3"):
        runs_seconds(workspace, 3)


@pytest.mark.slow
def test_a_small_run_measures_everything_and_writes_it(tmp_path):
    code = main(["--runs", "12", "--cards", "6", "--repeats", "1", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "cli_and_pages.json").read_text())
    assert len(document["seconds"]) == 3
    assert all(0 < seconds[0] < 120 for seconds in document["seconds"].values())
    assert [bar["need"] for bar in document["bars"]] == ["<= 1.5 s", "<= 2.0 s", "<= 2.0 s"]
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert "genlab runs" in (tmp_path / "cli_and_pages.md").read_text()
