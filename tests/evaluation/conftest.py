"""A workspace with one briefly trained model of each kind, made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher

TINY = {
    "network": "mlp",
    "latent_dim": 4,
    "training.images": 512,
    "training.batch_size": 64,
    "training.threads": 1,
    "watch.checkpoint_every": 256,
    "watch.sample_every": 512,
    "watch.log_every": 32,
}


@dataclass(frozen=True)
class Trained:
    """The lab and its runs by model."""

    lab: Lab
    runs: dict[str, Run]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A VAE, a GAN and a VAE of points."""
    lab = Lab(tmp_path_factory.mktemp("evaluated"), launcher=InlineLauncher())
    runs = {model: lab.runs.submit(lab.configs.make(model, "digits", "quick", TINY)) for model in ("vae", "gan")}
    runs["points"] = lab.runs.submit(lab.configs.make("vae", "ring", "quick", TINY))
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    return Trained(lab, runs)


@pytest.fixture
def workspace_of(trained: Trained) -> Path:
    """Its folder."""
    return trained.lab.workspace.path
