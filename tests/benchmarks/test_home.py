"""The benchmark of Home measures what it says, and a slow page misses its bar."""

from __future__ import annotations

import json
import re

from benchmarks import home


def visits(moving: float) -> list[dict[str, float]]:
    return [{"paint": 0.5, "first": moving / 2, "moving": moving, "decoded": 3 * moving}] * 3


def test_what_moves_late_misses_its_bar(monkeypatch, tmp_path):
    monkeypatch.setattr(home, "measure", lambda number: {"Home": visits(2.5), "exported page": visits(0.4)})
    assert home.main(["--visits", "3", "--out", str(tmp_path)]) == 1
    document = json.loads((tmp_path / "home.json").read_text())
    assert [bar["met"] for bar in document["bars"]] == [False, True]
    assert "load_at_end" in document["machine"]
    assert re.search(r"\| Home +\| 0\.50 ", (tmp_path / "home.md").read_text())
