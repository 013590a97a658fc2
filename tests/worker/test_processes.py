"""Two processes that share a batch train like one with the whole batch."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from genlab.jobs.launcher import CommandLauncher
from genlab.lab import Lab
from tests.worker.conftest import short

TOLERANCE = {"vae": 1e-4, "gan": 1e-4, "vae_gan": 0.05}
"""Relative difference of the losses. VAE-GAN's feature error is measured against the variance of the batch that a
process sees, and half a batch has another variance; the others differ by the order of summation only."""


@pytest.mark.parametrize(
    "model", ["gan", *(pytest.param(model, marks=pytest.mark.slow) for model in sorted(TOLERANCE) if model != "gan")]
)
def test_two_processes_have_the_loss_curve_of_one(lab: Lab, tmp_path: Path, model: str):
    # In bf16 the order of additions shows in the third digit; what is compared here is the arithmetic.
    config = short(lab, model, images=1024, precision="fp32")
    one = lab.runs.submit(config)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"--multi_gpu --num_processes 2 --num_machines 1 --main_process_port {port}"
    command = f"{sys.executable} -m accelerate.commands.launch {options} --mixed_precision no --dynamo_backend no"
    two = Lab(lab.workspace.path, launcher=CommandLauncher(f"{command} -m genlab.worker {{run}}")).runs.submit(config)
    for now in lab.runs.follow(two):
        two = now
    assert two.state == "completed", (two.error, lab.runs.read(two).log_tail())
    assert lab.runs.read(two).environment()["processes"] == 2
    first, second = (lab.runs.read(run).metrics()[0] for run in (one, two))
    assert [row["images"] for row in first] == [row["images"] for row in second]
    for a, b in zip(first, second, strict=True):
        for name in a:
            if name.startswith("loss/"):
                assert b[name] == pytest.approx(a[name], rel=TOLERANCE[model], abs=1e-4), (name, a["images"])
