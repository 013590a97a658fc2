"""The comparisons' arithmetic, and one tiny run of the whole benchmark: what it prints and writes is all there."""

import json

import numpy as np
import pytest

from benchmarks._common import BenchmarkError, Spread, in_fresh_process, no_loss, paired_ratios, table
from benchmarks._loops import session
from benchmarks.throughput import DATA, ENGINE_BARS, FAMILIES, GAN_LIKE_DCGAN, KINDS, VAE_LIKE_PYTHAE, Comparison, main
from genlab.config import leaves
from genlab.lab import Lab
from genlab.worker.session import computes_bf16

EXTRAS = {
    "vae": {"beta": 1.0, "kl_warmup": 0.0, "free_bits": 0.0, "importance_samples": 1, "binarise": False},
    "gan": {"penalty": "none", "critic_repeats": 1, "spectral_norm": False, "augment": "none", "pack": 1},
}


def measured(speeds, scores=None):
    return [
        {"speed": speed, "score": score} for speed, score in zip(speeds, scores or [0.0] * len(speeds), strict=True)
    ]


def test_ratios_are_of_neighbours_so_that_a_slowing_machine_changes_nothing():
    # Each pair is 0.95, but the machine halves its speed: medians of either side alone would not say 0.95.
    assert paired_ratios([95.0, 47.5], [100.0, 50.0]) == Spread(0.95, 0.95, 0.95)
    with pytest.raises(ValueError, match="longer"):
        paired_ratios([1.0], [1.0, 2.0])


@pytest.mark.parametrize(("ours", "met"), [([89.0, 93.0, 91.0], True), ([85.0, 99.0, 89.0], False)])
def test_the_bar_is_on_the_median_ratio(ours, met):
    comparison = Comparison("engine", "bare loop", 0.90, None, measured(ours), measured([100.0] * 3))
    (bar,) = comparison.bars()
    assert bar.met is met
    assert bar.need == ">= 0.90"


def test_a_clear_loss_of_score_is_called_and_noise_is_not():
    good, bad = [-100.0, -101.0, -99.0], [-120.0, -121.0, -119.0]
    assert no_loss(bad, good, better="up")[0] is False
    assert no_loss(good, bad, better="up")[0] is True
    assert no_loss(bad, good, better="down")[0] is True
    assert no_loss([-100.4, -101.4, -99.4], good, better="up")[0] is True
    assert no_loss([-99.0], [-98.0], better="up")[0] is None
    text = no_loss(bad, good, better="up")[1]
    assert text.startswith("difference -20.00 [-2")


@pytest.mark.parametrize(("model", "settings"), [("vae", VAE_LIKE_PYTHAE), ("gan", GAN_LIKE_DCGAN)])
def test_nothing_of_the_preset_reaches_genlab_that_the_peer_does_not_do(workspace, model, settings):
    config = Lab(workspace).configs.make(model, DATA, "quick", settings)
    found = leaves(config.model_dump())
    plain = {"schedule": "constant", "warmup": 0, "critic_lr": None, "weight_decay": 0.0, "clip_norm": 0.0}
    assert {name: found[f"optimiser.{name}"] for name in plain} == plain
    extras = {name: found[f"model.{name}"] for name in EXTRAS[model]}
    assert extras == EXTRAS[model]


def test_a_table_is_aligned():
    lines = table(("a", "long heading"), [("value", "1")]).splitlines()
    assert lines == ["| a     | long heading |", "|-------|--------------|", "| value | 1            |"]


def test_the_frechet_distance_is_that_of_gaussians():
    from benchmarks._score import frechet

    rng = np.random.default_rng(0)
    a = rng.normal(size=(200_000, 2))
    # Means 3 apart; deviations 1 against 2 and 1 against 1: 9 + (2 - 1)^2.
    b = np.stack([3 + 2 * a[:, 0], a[:, 1]], axis=1)
    assert frechet(a, b) == pytest.approx(10.0, abs=0.1)
    assert frechet(a, a) == pytest.approx(0.0, abs=1e-6)


def test_a_measurement_that_fails_says_why():
    with pytest.raises(BenchmarkError, match="KeyError"):
        in_fresh_process("benchmarks._home_task", {"what": "nothing"})


def test_the_engine_is_to_be_as_fast_as_the_bare_loop_and_nearly_so_in_bf16():
    assert ENGINE_BARS == {"fp32": 1.0, "bf16": 0.95}


def test_a_session_is_a_whole_run_in_this_process(workspace):
    lab = Lab(workspace)
    config = lab.configs.make("vae", "ring", "quick", {"images": 512, "batch_size": 64, "width": 8, "device": "cpu"})
    found = session(lab, config, {})
    assert found["images"] == 512 and found["seconds"] > 0
    assert [run.state for run in lab.runs.all() if not run.shipped] == ["completed"]


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_the_engine_is_compared_on_each_further_kind(tmp_path):
    words = [
        "--kinds",
        "--images",
        "512",
        "--repeats",
        "1",
        "--threads",
        "1",
        "--only",
        ", vae",
        "--out",
        str(tmp_path),
    ]
    code = main(words)
    document = json.loads((tmp_path / "throughput_kinds.json").read_text())
    found = {comparison["name"].split(", ")[:2][0] for comparison in document["comparisons"]}
    assert found == set(KINDS)
    for comparison in document["comparisons"]:
        data = comparison["name"].split(", ")[0]
        assert [answer["images"] for answer in comparison["theirs"]] == [512 // KINDS[data]]
        assert comparison["ours"][0]["speed"] > 0
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert "--kinds" in document["command"]


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_tiny_run_measures_everything_and_writes_it(tmp_path, capsys):
    code = main(["--images", "256", "--repeats", "1", "--threads", "1", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "throughput.json").read_text())
    precisions = ("fp32", "bf16") if computes_bf16(cpu=True) else ("fp32",)
    assert [c["name"] for c in document["comparisons"]] == [
        *(f"engine, {family}, {precision}" for precision in precisions for family in FAMILIES),
        "VAE",
        "GAN",
    ]
    for comparison in document["comparisons"]:
        assert len(comparison["ours"]) == len(comparison["theirs"]) == 1
        speeds = [answer[0]["speed"] for answer in (comparison["ours"], comparison["theirs"])]
        assert min(speeds) > 0
        assert comparison["ratio"]["median"] == pytest.approx(speeds[0] / speeds[1])
    engine, *_, vae, gan = document["comparisons"]
    assert engine["ours"][0]["images"] == engine["theirs"][0]["images"] == 256
    # One pass over the training images teaches a VAE more than the 543 nats of knowing nothing.
    assert all(-400 < answer["score"] < -100 for answer in (*vae["ours"], *vae["theirs"]))
    assert all(answer["score"] > document["feature_network"]["floor"] > 0 for answer in (*gan["ours"], *gan["theirs"]))
    assert document["feature_network"]["accuracy"] > 0.85
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    written = (tmp_path / "throughput.md").read_text()
    assert written in capsys.readouterr().out
    assert str(tmp_path) not in written + json.dumps(document)
