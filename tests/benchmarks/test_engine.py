"""What the engine's own work is: differences of neighbours, parts with timers around them, and one tiny run."""

from __future__ import annotations

import json
import time

import pytest
import torch

from benchmarks import engine
from benchmarks.engine import BAR, PARTS, Found, Training, bare_training, config_of, main, measure, parts_of, timed
from genlab.lab import Lab


def _found(bare, ours):
    return Found("vae", "fp32", 1, tuple(bare), tuple(ours), {})


def test_own_work_is_the_difference_of_neighbours_so_that_a_slowing_machine_changes_little():
    # The machine takes three times as long in the last turns: medians of either side alone would not say 0.4.
    found = _found([1.0, 1.0, 3.0, 3.0, 3.0], [1.4, 1.4, 3.4, 3.4, 3.4])
    assert found.own.median == pytest.approx(0.4)
    assert found.bar().met


@pytest.mark.parametrize(("ours", "met"), [([BAR + 0.9] * 3, True), ([BAR + 1.1] * 3, False)])
def test_the_bar_is_on_the_median(ours, met):
    assert _found([1.0] * 3, ours).bar().met is met


class _Busy:
    def work(self) -> None:
        started = time.thread_time()
        while time.thread_time() - started < 0.01:
            pass


def test_parts_are_timed_where_they_are_done_and_left_alone_afterwards():
    busy, other = _Busy(), _Busy()

    def step() -> None:
        busy.work()
        other.work()

    training = Training(2, step, {"norms": [(busy, "work")]})
    found = parts_of(training, 3)
    assert set(found) == {*PARTS, "rest"}
    assert found["norms"] >= 5 and found["rest"] >= 5, "10 milliseconds a step, two players"
    assert sum(value for name, value in found.items() if name not in {"norms", "rest"}) == 0
    assert "work" not in vars(busy)


def test_every_part_is_there_in_the_engine_and_timed(workspace, tmp_path):
    lab = Lab(workspace)
    training = engine.engine_training(lab, config_of(lab, "gan", "fp32"), tmp_path / "run")
    with timed(training) as seconds:
        for _ in range(engine.STEPS_PER_ROW):
            training.step()
    assert set(seconds) == set(PARTS) and all(taken > 0 for taken in seconds.values())
    rows = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert len(rows) == 1, "a row as often as presets have one"
    assert not list((tmp_path / "run").glob("samples/*")) and not list((tmp_path / "run").glob("checkpoints/*"))


@pytest.mark.parametrize("model", engine.MODELS)
def test_the_bare_loop_trains_all_players_of_each_family(workspace, model):
    lab = Lab(workspace)
    config = config_of(lab, model, "fp32")
    training = bare_training(lab, config)
    (objective, _), *_ = training.places["objective"]
    before = {name: [p.detach().clone() for p in player.parameters()] for name, player in objective.players.items()}
    seen = [training.step() for _ in range(3)]
    assert seen == [engine.BATCH, 2 * engine.BATCH, 3 * engine.BATCH]
    for name, player in objective.players.items():
        assert any(not torch.equal(a, b) for a, b in zip(before[name], player.parameters(), strict=True)), name


def test_a_measurement_has_as_many_turns_as_asked_for(workspace, monkeypatch):
    monkeypatch.setattr(engine, "WARMING", 1)
    found = measure(Lab(workspace), "vae", "fp32", 2, 3)
    assert len(found.bare) == len(found.engine) == 2 and min(found.bare) > 0
    assert list(found.parts) == [*PARTS, "rest"]


@pytest.mark.slow
def test_a_small_run_measures_every_family_and_writes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "WARMING", 1)
    code = main(["--turns", "1", "--steps", "2", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "engine.json").read_text())
    asked = [(model, precision) for precision in ("fp32", "bf16") for model in engine.MODELS]
    assert [(each["model"], each["precision"]) for each in document["found"]] == asked
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert "own work" in (tmp_path / "engine.md").read_text()
