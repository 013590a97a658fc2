"""A range of images per second, by the nearest runs there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.jobs.speed import MeasuredSpeed, expected
from genlab.lab import Lab
from tests.support.runs import make_run

MNIST = (1, 28, 28)


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def one(config, speed, shape=MNIST, shipped=False):
    return MeasuredSpeed(config, shape, speed, shipped)


def test_without_a_measured_run_nothing_is_said(lab):
    assert expected([], lab.configs.draft("gan"), MNIST) is None
    assert lab.runs.expected_speed(lab.configs.draft("gan")) is None


def test_runs_of_the_same_kind_go_before_all_others(lab):
    config = lab.configs.draft("gan")
    others = [
        one(lab.configs.draft("gan", settings={"latent_dim": 7}), 9_000.0),
        one(lab.configs.draft("vae"), 9_000.0),
    ]
    speed = expected([*others, one(config, 500.0), one(config, 700.0), one(config, 9e9, shipped=True)], config, MNIST)
    assert speed.evidence == "same" and speed.runs == 2
    assert speed.low == pytest.approx(500) and speed.high == pytest.approx(600 * 1.2)
    heavier = lab.configs.draft("gan", settings={"penalty.weight": 0.7, "lr": 1e-3})
    assert expected([one(config, 500.0)], heavier, MNIST).evidence == "same"
    assert (
        expected([one(config, 500.0)], lab.configs.draft("gan", settings={"batch_size": 16}), MNIST).evidence
        == "similar"
    )


def test_one_run_gives_a_range_too(lab):
    config = lab.configs.draft("vae")
    speed = expected([one(config, 1_000.0)], config, MNIST)
    assert speed.low < 1_000 < speed.high
    soonest, latest = speed.seconds(180_000)
    assert soonest == pytest.approx(150) and latest == pytest.approx(216)


@pytest.mark.parametrize(
    ("model", "shape", "settings", "measured"),
    [
        ("vae", (1, 8, 8), {}, 5971.4),
        ("vae", (3, 32, 32), {}, 615.1),
        ("vae", (3, 64, 64), {}, 173.1),
        ("vae", (3, 128, 128), {}, 102.5),
        ("vae", (3, 64, 64), {"network.width": 64}, 66.1),
        ("vae", MNIST, {"network": "resnet"}, 544.0),
        ("vae", MNIST, {"network": "mlp"}, 2552.3),
        ("vae", MNIST, {"network.depth": 2}, 670.0),
        ("gan", MNIST, {}, 438.0),
        ("gan", (3, 32, 32), {}, 212.5),
    ],
)
def test_what_was_measured_lies_in_the_range_that_another_kind_of_run_gives(lab, model, shape, settings, measured):
    """Images per second of processor time, measured once on one thread of one machine."""
    speed = expected([one(lab.configs.draft("vae"), 1042.3)], lab.configs.draft(model, settings=settings), shape)
    assert speed.evidence == "similar" and speed.low < measured < speed.high
    assert speed.high / speed.low < 4.01


def test_runs_of_the_same_model_go_before_those_of_another(lab):
    runs = [one(lab.configs.draft("vae"), 5.0), one(lab.configs.draft("gan", settings={"latent_dim": 9}), 1_000.0)]
    assert expected(runs, lab.configs.draft("gan"), MNIST).images_per_second == pytest.approx(1_000, rel=0.1)


def test_runs_that_come_with_genlab_are_the_last_resort_with_the_widest_range(lab):
    config = lab.configs.draft("gan")
    far = expected([one(config, 500.0, shipped=True)], config, MNIST)
    assert far.evidence == "elsewhere" and far.high / far.low == pytest.approx(9)
    near = expected([one(config, 500.0, shipped=True), one(lab.configs.draft("vae"), 800.0)], config, MNIST)
    assert near.evidence == "similar"


def test_points_say_nothing_about_pictures_and_a_gpu_nothing_about_a_cpu(lab):
    points = lab.configs.draft("vae", "ring")
    assert expected([one(points, 90_000.0, (2,))], lab.configs.draft("vae"), MNIST) is None
    on_gpu = lab.configs.draft("vae", settings={"device": "cuda"})
    assert expected([one(on_gpu, 90_000.0)], lab.configs.draft("vae"), MNIST) is None


def test_the_lab_reads_its_runs_and_leaves_out_what_cannot_be_read_or_hardly_began(lab):
    config = lab.configs.draft("vae")
    make_run(lab.workspace.runs, "short", model="vae", settings=config.model_dump(), images=512, every=256)
    damaged = make_run(lab.workspace.runs, "damaged", model="vae", settings=config.model_dump())
    (damaged.path / "config.json").write_text('{"model": 5}')
    assert lab.runs.expected_speed(config) is None
    whole = make_run(lab.workspace.runs, "whole", model="vae", settings=config.model_dump())
    for text in ('{"space": 5}', '{"space": {"shape": [1, "x"]}}', '{"space": {"shape": []}}', "{}"):
        (whole.path / "environment.json").write_text(text)
        assert [(round(found.images_per_second), found.shape) for found in lab.runs.measured_speeds()] == [
            (2_000, MNIST)
        ]
    assert lab.runs.expected_speed(config).evidence == "same"
