"""Compressed sensing: the curve of the error against the number of measurements."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks import compressed_sensing
from genlab.tasks.base import ATTEMPTED

Trained = tuple[Lab, dict[str, Run]]


def test_the_curve_falls_and_the_models_stops_at_its_floor(opened: Trained, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compressed_sensing, "MEASUREMENTS", (4, 60, 100))
    lab, runs = opened
    request = lab.tasks.request(
        "compressed-sensing",
        {"measurements": 10, "noise": 0.0, "steps": 30, "restarts": 2},
        items=ATTEMPTED + 1,
        encoder="pixels",
    )
    document = lab.tasks.carry_out(runs["vae"], request)
    known = lab.tasks.baselines(runs["vae"], request)
    assert known is not None
    curves = {
        curve["name"]: curve
        for chart in (*known["charts"], *document["charts"])
        if chart["name"] == "measurements"
        for curve in chart["curves"]
    }
    assert set(curves) == {
        "Lasso",
        "Lasso, cosine basis",
        "Linear model of the training items",
        "Projection",
        "Nearest in its range",
    }
    for name, curve in curves.items():
        # An item has 64 values: 100 sums of them are not asked for.
        assert curve["x"] == [4, 60]
        assert all(low <= y <= high for low, y, high in zip(curve["low"], curve["y"], curve["high"], strict=True))
        if not name.startswith("Nearest"):
            assert curve["y"][1] < (0.95 if name == "Projection" else 0.8) * curve["y"][0], name
    floor = curves["Nearest in its range"]["y"]
    assert floor[0] == floor[1] <= curves["Projection"]["y"][1] + 1e-4
    # Almost as many sums as values: what no generator limits is nearly exact.
    assert curves["Lasso"]["y"][1] < floor[1]


def test_an_attempt_has_no_curve(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("compressed-sensing", {"measurements": 10, "steps": 2, "restarts": 1}, items=2)
    assert not lab.tasks.carry_out(runs["gan"], request)["charts"]
