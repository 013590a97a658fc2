from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.ui.views.preview import PlannedRuns, _mebibytes, runs_of


@pytest.fixture
def lab(tmp_path) -> Lab:
    return Lab(tmp_path)


def test_one_configuration_per_seed_with_a_name_each(lab):
    config = lab.configs.draft("vae").model_copy(update={"name": "mine"})
    found = list(runs_of(PlannedRuns(lab.data.describe("mnist-5k"), config, (4, 5))))
    assert [(item.training.seed, item.name) for item in found] == [(4, "mine seed 4"), (5, "mine seed 5")]


def test_a_single_run_keeps_its_name(lab):
    config = lab.configs.draft("vae").model_copy(update={"name": "mine"})
    assert [item.name for item in runs_of(PlannedRuns(None, config, (4,)))] == ["mine"]
    unnamed = lab.configs.draft("vae")
    assert [item.name for item in runs_of(PlannedRuns(None, unnamed, (1, 2)))] == ["", ""]


def test_memory_has_no_more_digits_than_it_needs():
    assert _mebibytes(5 * 2**19) == "2.5 MiB"
    assert _mebibytes(1_234 * 2**20) == "1,234 MiB"
