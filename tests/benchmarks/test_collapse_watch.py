"""The benchmark of the collapse watch: its arithmetic, and a few of its runs."""

from __future__ import annotations

import json

import pytest

from benchmarks.collapse_watch import HEALTHY, SICK, Case, Verdict, main, report
from genlab.lab import Lab
from genlab.training.watch import TITLES

ABOUT = {"date": "2026-01-01", "cpu": "c", "cores": 2, "system": "s", "python": "3", "versions": {}, "load_at_start": 0}


def verdict(case: Case, *raised: str, looking: float = 0.1) -> Verdict:
    return Verdict(case, dict.fromkeys(raised, 30_000), case.images, 10.0, looking)


def test_ten_runs_of_each_kind_with_ten_seeds_and_every_teaching_preset():
    for cases in (SICK, HEALTHY):
        assert len(cases) == 10
        assert len({case.name for case in cases}) == 10
        assert {case.seed for case in cases} == set(range(10))
    assert {case.symptom for case in SICK} <= set(TITLES)
    assert {case.preset for case in SICK} == {"collapsing-gan", "posterior-collapse", "critic-too-strong"}
    assert {case.model for case in HEALTHY if case.data == "mnist-5k"} == {"vae", "gan", "vae_gan"}


def test_every_run_can_be_trained(workspace):
    lab = Lab(workspace)
    for case in (*SICK, *HEALTHY):
        config = lab.configs.make(case.model, case.data, case.preset, {"images": case.images, "seed": case.seed})
        assert config.watch.collapse


@pytest.mark.parametrize(
    ("raised", "quiet", "code"),
    [
        (["mode_collapse"], [], 0),
        # Another symptom beside the right one is no fault.
        (["critic_overpowering", "mode_collapse"], [], 0),
        (["critic_overpowering"], [], 1),
        ([], [], 1),
        (["mode_collapse"], ["gradient_explosion"], 0),
    ],
)
def test_the_bars(tmp_path, capsys, raised, quiet, code):
    verdicts = [verdict(SICK[0], *raised), verdict(HEALTHY[0], *quiet)]
    assert report(verdicts, ABOUT, tmp_path) == code
    assert "met" in capsys.readouterr().out


def test_two_false_alarms_or_costly_looks_are_too_much(tmp_path):
    assert report([verdict(case, "mode_collapse") for case in HEALTHY[:2]], ABOUT, tmp_path) == 1
    assert report([verdict(case, looking=0.31) for case in HEALTHY[:2]], ABOUT, tmp_path) == 1
    assert report([verdict(case, looking=0.29) for case in HEALTHY[:2]], ABOUT, tmp_path) == 0


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("only", ["on ring", "on digits"])
def test_short_runs_are_judged_rightly(tmp_path, only):
    """Two teaching presets, or three, and the quick ones, on data that train in seconds."""
    main(["--only", only, "--out", str(tmp_path)])
    document = json.loads((tmp_path / "collapse_watch.json").read_text())
    assert document["runs"] and all(run["right"] for run in document["runs"]), document["runs"]
