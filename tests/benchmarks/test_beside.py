"""What other work costs is told from neighbouring measurements, and every bar is held by its median."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import beside
from benchmarks.beside import ALONE, LOOP, PAGE, TWO, Cell, ratios, report, verdicts
from genlab.lab import Lab
from tests.support.scripted import Scripted


def cells(family: str, *speeds: tuple[str, float]) -> list[Cell]:
    return [Cell(family, what, 0, speed, 20.0, 0.5) for what, speed in speeds]


GOOD = cells("vae", (ALONE, 100), (LOOP, 90), (ALONE, 80), (PAGE, 76), (ALONE, 80), (TWO, 150), (ALONE, 100))


def test_a_share_is_that_of_the_nearest_speeds_alone():
    assert ratios(GOOD, "vae", LOOP) == [1.0]
    assert ratios(GOOD, "vae", PAGE) == [0.95]
    assert ratios(GOOD, "vae", TWO) == [150 / 90]
    assert ratios(GOOD[:-1], "vae", TWO) == [150 / 80], "nothing after it"
    other = cells("gan", (ALONE, 10), (LOOP, 5))
    assert ratios([*GOOD, *other], "gan", LOOP) == [0.5] and ratios([*other, *GOOD], "vae", LOOP) == [1.0]


def test_the_bars_are_met_or_missed_by_the_median():
    met = verdicts(GOOD, {})
    assert [bar.met for bar in met] == [True, True, True, None]
    bad = cells("gan", (ALONE, 100), (LOOP, 22), (ALONE, 100), (PAGE, 68), (ALONE, 100), (TWO, 19))
    assert [bar.met for bar in verdicts(bad, {"side by side": 60.0, "one at a time": 100.0})] == [False] * 3 + [True]
    assert verdicts(bad, {"side by side": 70.0, "one at a time": 100.0})[-1].met is False


def test_the_text_names_threads_speeds_and_shares():
    text = report(GOOD, {"vae": 1}, {"side by side": 60.0}, "# head")
    assert "threads per run: VAE 1; 20 s per measurement" in text
    assert "| VAE   | busy process | 90 (90 - 90)    | 1.00 (1.00 - 1.00) |" in text
    assert "side by side: 1.0 minutes" in text


def test_speed_is_images_over_the_time_between_two_heartbeats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lab = Lab(tmp_path, launcher=Scripted(lambda config, before: "running"))
    trainee = object.__new__(beside.Trainee)
    trainee.lab, trainee.run = lab, lab.runs.submit(lab.configs.make("vae", "digits"))
    looks = iter([(1_000, 10.0), (3_000, 20.0)])
    monkeypatch.setattr(beside.Trainee, "look", lambda self: next(looks))
    assert beside.speed_of([trainee], 0.0) == (200.0, 10.0)
    monkeypatch.setattr(beside.Trainee, "look", lambda self: (1_000, 10.0))
    with pytest.raises(beside.BenchmarkError, match="nothing for a whole measurement"):
        beside.speed_of([trainee], 0.0)
