"""Tables that are gathered over time: what is there is used, what is not is trained, what was cut off is resumed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from benchmarks import stacked_mnist as stacked
from benchmarks._common import BenchmarkError
from benchmarks._runs import Plan, cell, conditions, gather, metric, minutes, over_seeds, rows, trained
from benchmarks.families import bars as family_bars
from benchmarks.modes_2d import DEFAULT, bars
from benchmarks.modes_2d import plans as modes_plans
from genlab.config import load_config
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY

REQUEST = EvaluationRequest(metrics=("coverage", "class_kl", "modes", "confidence"), samples=200)


def test_seeds_have_a_t_interval_and_one_seed_has_none():
    mean, half = over_seeds([1.0, 2.0, 3.0])
    assert mean == 2 and half == pytest.approx(2.4841, abs=1e-3)
    assert over_seeds([1.0]) == (1.0, None)
    assert cell([1.0, 2.0, 3.0], 2) == "2.00 ± 2.48"
    assert (cell([None, 0.5], 1), cell([None])) == ("0.5", "")


def test_runs_are_trained_once_and_told_apart_by_their_settings(tmp_path: Path):
    lab = Lab(tmp_path)
    plan = Plan("VAE", "vae", "digits", "quick", TINY, seeds=(0, 1))
    assert gather(lab, [plan], REQUEST, train=False) == []
    first = gather(lab, [plan], REQUEST)
    assert [entry.seed for entry in first] == [0, 1] and len(lab.runs.all()) == 2
    again = gather(lab, [plan], REQUEST, train=False)
    assert [entry.run.id for entry in again] == [entry.run.id for entry in first]
    other = Plan("VAE", "vae", "digits", "quick", {**TINY, "latent_dim": 3}, seeds=(0,))
    gather(lab, [other], REQUEST)
    assert len(lab.runs.all()) == 3
    (line,) = rows(first, {"coverage": metric("coverage"), "minutes": minutes})
    assert line[:3] == ("VAE", "digits", "2") and "±" in line[3]
    (one,) = rows(first[:1], {"coverage": metric("coverage")})
    assert "[" in one[3]
    document = first[0].as_json()
    assert document["seed"] == 0 and document["metrics"]["coverage"]["floor"] is not None
    again = load_config(document["config"])
    assert (again.training.seed, again.latent_dim) == (0, TINY["latent_dim"])
    trained_with = lab.runs.read(first[0].run).environment()
    assert document["trained_with"]["precision"] == trained_with["precision"] and trained_with["threads"] >= 1
    assert f"in {trained_with['precision']} on {trained_with['threads']} thread" in conditions(first)
    assert conditions([]) == ""


def test_runs_are_told_apart_by_the_options_of_their_data(tmp_path: Path):
    lab = Lab(tmp_path, launcher=InlineLauncher())
    small = {"training.images": 256, "training.threads": 1, "watch.collapse": False}
    plans = [
        Plan(str(options), "vae", "ring", "quick", {**small, **options})
        for options in ({}, {"data.options.count": 400}, {"data.options.count": 400, "data.options.seed": 1})
    ]
    made = [trained(lab, plan, 0) for plan in plans]
    assert len({run.id for run in made if run}) == 3
    assert [trained(lab, plan, 0, train=False) for plan in plans] == made


def test_bars_that_have_no_run_yet_are_not_tested():
    assert {bar.verdict for bar in bars([])} == {"not tested"}
    assert {bar.verdict for bar in family_bars([], "mnist-5k", "quick")} == {"not tested"}
    assert family_bars([], "mnist", "balanced") == []


def test_the_default_stands_beside_the_four_others_on_both_data_sets():
    found = modes_plans(5, 3)
    assert {(plan.row, plan.data, len(plan.seeds)) for plan in found if plan.row == DEFAULT} == {
        (DEFAULT, "ring", 5),
        (DEFAULT, "grid", 5),
    }
    assert len(found) == 10
    for plan in found:
        Lab("/nowhere").configs.make(plan.model, plan.data, plan.preset, plan.settings)


def test_stacked_mnist_has_one_gan_with_and_one_without_a_penalty():
    default, without = stacked.plans(80_000)
    penalties = [
        Lab("/nowhere").configs.make(plan.model, plan.data, plan.preset, plan.settings).model.options.penalty.name
        for plan in (default, without)
    ]
    assert penalties == ["r1_r2", "none"]
    assert {bar.verdict for bar in stacked.bars([])} == {"not tested"}
    found = stacked.courses({"a": [{"images": 10, "modes": 812.0, "class_kl": None, "confidence": 0.91}]})
    assert "812" in found and "0.91" in found


def test_a_stop_ends_the_gathering(tmp_path: Path):
    lab = Lab(tmp_path)
    long = Plan("VAE", "vae", "digits", "quick", {**TINY, "training.images": 100_000_000}, seeds=(0, 1))

    done = threading.Event()

    def stop_whatever_runs() -> None:
        while not done.wait(0.1):
            for run in lab.runs.all():
                if run.state == "running" and run.images:
                    lab.runs.stop(run)

    stopper = threading.Thread(target=stop_whatever_runs)
    stopper.start()
    try:
        with pytest.raises(BenchmarkError, match=r"seed 0 was stopped after .* the same command goes on there"):
            gather(lab, [long], REQUEST)
    finally:
        done.set()
        stopper.join()
    assert [run.state for run in lab.runs.all()] == ["stopped"]
