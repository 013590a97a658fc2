"""The benchmark of the Tasks page says what was slow: the first result, a mask's answer, or the slider."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import tasks_page
from benchmarks._common import machine


def found(first: float, mask: float, moves: float) -> dict[str, Any]:
    seen = [{"first": first + 0.1 * place, "model": first + 2} for place in range(3)]
    return {"tasks": {"denoising": seen}, "mask": [mask] * 3, "moves": [5.0] * 90 + [moves] * 10}


def test_each_bar_is_missed_by_what_is_slow():
    for slow in range(3):
        times = [100.0 if place == slow else 2.0 for place in range(3)]
        assert [bar.met for bar in tasks_page.bars(found(*times))] == [place != slow for place in range(3)]


def test_what_was_measured_is_written_with_its_command(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(tasks_page, "measure", lambda *how: asked.append(how) or found(2.0, 1.0, 9.0))
    monkeypatch.setattr(tasks_page, "worked", lambda wanted: {task: [0.51, 0.27] for task in wanted})
    told = ["--visits", "2", "--steps", "40", "--task", "denoising", "--out", str(tmp_path)]
    assert tasks_page.main(told) == 0
    assert asked == [(2, 40, ["denoising"], tasks_page.PARTS)]
    text = (tmp_path / "tasks_page.md").read_text()
    assert "--visits 2 --steps 40 --task denoising" in text and "2.10 (2.00 - 2.20)" in text and "0.51" in text
    assert json.loads((tmp_path / "tasks_page.json").read_text())["mask"] == [1.0] * 3


def test_only_tasks_that_the_model_fits_are_opened(monkeypatch):
    monkeypatch.delenv("GENLAB_ZOO", raising=False)
    wanted = tasks_page.tasks()
    assert {"denoising", "editing", "inpainting"} <= set(wanted) and "colouring" not in wanted


def test_what_has_not_been_timed_has_no_bar_and_no_line():
    some = {**found(2.0, 1.0, 9.0), "tasks": {}, "mask": [], "worked": {"denoising": [0.51, 0.27]}}
    assert [bar.name for bar in tasks_page.bars(some)] == ["strength, 95th percentile"]
    text = tasks_page.report(some, {**machine(), "load_at_end": 1.0}, "a command", 1)
    assert "strength to the pictures" in text and "mask to" not in text and "0.51" in text
