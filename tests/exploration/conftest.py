"""A workspace with briefly trained models, and their latent spaces explored."""

from __future__ import annotations

import pytest

from genlab.exploration.exploration_request import ExplorationRequest
from genlab.exploration.explored import Exploration
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY, Trained

FEW = ExplorationRequest(items=120, samples=60, refine=3)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A VAE, a GAN, a conditional VAE, a VAE with a latent plane, and a VAE of points."""
    lab = Lab(tmp_path_factory.mktemp("explored"), launcher=InlineLauncher())
    settings = {
        "vae": ("vae", "digits", {"training.images": 8_192}),
        "gan": ("gan", "digits", {}),
        "conditional": ("vae", "digits", {"conditional": True}),
        "plane": ("vae", "digits", {"latent_dim": 2}),
        "points": ("vae", "ring", {}),
    }
    runs = {
        name: lab.runs.submit(lab.configs.make(model, data, "quick", {**TINY, "name": name, **more}))
        for name, (model, data, more) in settings.items()
    }
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    return Trained(lab, runs)


@pytest.fixture(scope="session")
def explored(trained: Trained) -> dict[str, Exploration]:
    """What is known of the latent spaces of the models of images."""
    return {name: trained.lab.latents.explore(run, FEW) for name, run in trained.runs.items() if name != "points"}
