"""A small run of the benchmark of the metrics."""

import json

import pytest

from benchmarks._common import BenchmarkError
from benchmarks.metrics import main, measure
from genlab.metrics import REGISTRY


@pytest.mark.slow
def test_too_few_items_for_a_number_is_an_error_and_not_a_good_time():
    with pytest.raises(BenchmarkError, match="No number from"):
        measure(60, 4)


@pytest.mark.slow
def test_a_small_run_measures_everything_and_writes_it(tmp_path):
    code = main(["--items", "1100", "--dim", "16", "--repeats", "1", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "metrics.json").read_text())
    (run,) = document["runs"]
    assert set(run["metrics"]) == {spec.name for spec in REGISTRY if spec.group in ("fidelity", "modes")}
    assert 0 < sum(found["seconds"] for found in run["metrics"].values()) <= run["seconds"]
    assert 0 < run["peak_before"] <= run["peak"]
    assert [bar["need"] for bar in document["bars"]] == ["<= 25 s", "<= 2 GB"]
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert "coverage" in (tmp_path / "metrics.md").read_text()
