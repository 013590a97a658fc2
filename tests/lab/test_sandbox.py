"""The lab's verbs for the sandbox: what metrics say of damaged items is measured once, by a job, and found again."""

from __future__ import annotations

from pathlib import Path

from genlab.config import DataConfig
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher


def test_the_sandbox_is_measured_once_and_found_again(tmp_path: Path):
    lab, data = Lab(tmp_path / "workspace", launcher=InlineLauncher()), DataConfig(name="digits")
    request = lab.evaluations.request(metrics=("coverage",), samples=200, encoder="pixels")
    assert set(lab.sandbox.damages()) >= {"blurred", "one_class"}
    assert lab.sandbox.known(data, "blurred", request) is None
    job = lab.sandbox.start(data, "blurred", request)
    assert job is not None and job.state == "completed", job
    assert lab.sandbox.known(data, "blurred", request) is not None
    assert lab.sandbox.start(data, "blurred", request) is None
    assert lab.sandbox.known(data, "one_class", request) is None
