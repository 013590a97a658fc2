"""How long a match that is only asked for will take; `tests/lab/test_matches.py` has its numbers."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.matches.fair import base_configs
from genlab.matches.outlook import expected_seconds
from tests.support.runs import make_run


def test_more_seeds_and_longer_runs_take_longer(tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    lab = Lab(tmp_path)
    request = lab.matches.request(data="digits", families="vae,gan", seeds=1, images=90_000, trials=False)
    assert expected_seconds(request, lab) is None, "nothing was ever measured"
    for config in base_configs(request, lab)[0].values():
        name = config.model.name
        run = make_run(
            lab.workspace.runs, name, model=name, data="digits", settings=config.model_dump(mode="json"), side=8
        )
        run.update_status(seconds=run.summary().images / 100)
    low, high = expected_seconds(request, lab) or (0.0, 0.0)
    assert 0 < low < high
    longer = expected_seconds(request.model_copy(update={"images": 180_000}), lab) or (0.0, 0.0)
    assert longer[1] - high == pytest.approx(2 * 90_000 / 100 * 1.2)
    assert (expected_seconds(request.model_copy(update={"seeds": 3}), lab) or (0.0, 0.0))[0] > low
