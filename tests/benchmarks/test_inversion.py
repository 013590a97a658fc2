"""A small run of the benchmark of inversion."""

import json

import pytest

from benchmarks.inversion import main
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher

TINY = {
    "network": "mlp",
    "latent_dim": 4,
    "training.images": 512,
    "training.batch_size": 64,
    "training.threads": 1,
    "watch.checkpoint_every": 512,
    "watch.sample_every": 512,
    "watch.log_every": 64,
}


@pytest.mark.slow
def test_a_small_run_measures_everything_and_writes_it(tmp_path):
    import torch

    lab = Lab(tmp_path / "workspace", launcher=InlineLauncher())
    run = lab.runs.submit(lab.configs.make("gan", "digits", "quick", TINY))
    assert run.state == "completed", run.error
    before = torch.get_num_threads()
    options = ["--images", "20", "--floor-images", "5", "--restarts", "2", "--steps", "20", "--training", "640"]
    code = main(["--workspace", str(lab.workspace.path), "--run", run.id, *options, "--out", str(tmp_path)])
    assert torch.get_num_threads() == before
    document = json.loads((tmp_path / "inversion.json").read_text())
    found, text = document["found"], (tmp_path / "inversion.md").read_text()
    assert found["images"] == 20 and found["floor_images"] == 5 and found["inverter"]["images"] == 640
    errors = found["error"]
    assert 0 < errors["inverted"] <= errors["encoded only"]
    assert found["times_floor"] == pytest.approx(errors["inverted, the floor's images"] / errors["floor"])
    assert all(seconds > 0 for seconds in found["seconds"].values())
    assert [bar["need"] for bar in document["bars"]] == ["<= 2", "<= 60 s", "<= 40 s"]
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert str(tmp_path) not in text and run.id not in text and "encoded only" in text
