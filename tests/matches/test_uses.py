"""Lines of tasks: of several ways in which a model can, the one counts that was best on the other half of the items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.lab import Lab
from genlab.matches import uses
from genlab.registry import registry
from genlab.verdicts.claims.base import AskedTask
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY

TASK = registry("tasks").get("translation")


def way(name: str, items: list[float], role: str = "model", measure: str = "changed") -> dict[str, Any]:
    line = {"value": float(np.mean(items)), "low": 0.0, "high": 1.0, "n": len(items), "items": items}
    return {"name": name, "title": name, "role": role, "scores": {measure: line}}


def made(*answers: dict[str, Any]) -> dict[str, Any]:
    return {"answers": list(answers), "missing": ["It cannot."]}


def test_a_way_that_is_better_by_luck_on_a_half_gains_nothing_there():
    """One way is lucky on the even items, one on the odd ones; each half has the way that the other half chose."""
    even, odd = [1.0, 0.0] * 10, [0.0, 1.0] * 10
    line = uses.lines_of(TASK, made(way("even", even), way("odd", odd)))["translation.changed"]
    assert line["value"] == 0.0 and line["items"] == [0.0] * 20


def test_ways_that_are_the_same_but_for_noise_are_not_flattered():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        ways = [way(str(place), list(rng.random(40))) for place in range(8)]
        found.append(uses.lines_of(TASK, made(*ways))["translation.changed"]["value"])
    assert abs(np.mean(found) - 0.5) < 0.02, "the best of eight would have 0.57"


def test_a_way_that_is_better_counts_on_all_items_and_brings_its_other_numbers():
    good, bad = way("good", [0.8, 0.9] * 5), way("bad", [0.1] * 10)
    good["scores"]["success"] = {"value": 0.5, "low": 0.2, "high": 0.8, "n": 10, "items": [0.0, 1.0] * 5}
    lines = uses.lines_of(TASK, made(bad, good, way("bound", [1.0] * 10, "bound")))
    assert lines["translation.changed"]["value"] == pytest.approx(0.85)
    assert lines["translation.success"]["value"] == 0.5
    assert lines["translation.cycle"]["value"] is None and lines["translation.cycle"]["why"]


def test_scores_that_are_no_means_over_items_take_the_best_way():
    lines = {"value": 0.7, "low": 0.6, "high": 0.8, "n": 30}
    answers = [way("a", [0.0]), way("b", [0.0])]
    for answer, value in zip(answers, (0.7, 0.9), strict=True):
        answer["scores"] = {"changed": {**lines, "value": value}}
    assert uses.lines_of(TASK, made(*answers))["translation.changed"]["value"] == 0.9


def test_a_model_that_cannot_says_why_and_methods_without_one_are_lines_of_the_data():
    assert {line["why"] for line in uses.lines_of(TASK, made()).values()} == {"It cannot."}
    found = uses.baselines_of(TASK, made(way("Pixels", [0.2, 0.4], "baseline"), way("input", [0.0, 0.0], "input")))
    assert found["translation.changed"]["Pixels"]["value"] == pytest.approx(0.3)
    assert set(found["translation.changed"]) == {"Pixels"} and found["translation.cycle"] == {}


def nothing(share: float, what: str) -> None:
    """Heard by nobody."""


def test_tasks_of_claims_are_done_and_what_cannot_be_done_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lab = Lab(tmp_path, launcher=InlineLauncher())
    run = lab.runs.read(lab.runs.submit(lab.configs.make("vae", "digits", "quick", TINY)))
    wanted = [AskedTask("translation", 20, {"steps": 2}), AskedTask("editing", 20, {"source": "nobody"})]
    asked: list[int] = []
    monkeypatch.setattr(uses, "asked_tasks", lambda specs: asked.append(sum(spec.faces for spec in specs)) or wanted)
    shares: list[float] = []

    def tell(share: float, what: str) -> None:
        shares.append(share)

    found = uses.use(run, lab.workspace, tell)
    assert found.lines["translation.changed"]["n"] == 20 and found.lines["translation.changed"]["better"] == "up"
    assert "no class 'nobody'" in found.lines["editing.changed"]["why"]
    assert set(found.baselines["translation.changed"]) == {"Mean difference of pixels", "Nearest training item"}
    assert all(0 <= share <= 1 for share in shares) and max(shares) > 0.4
    assert uses.use(run, lab.workspace, nothing) == found, "it is kept"
    uses.use(run, lab.workspace, nothing, faces=True)
    assert asked[:2] == [0, 0] and asked[2] > 0, "of faces more is asked"
