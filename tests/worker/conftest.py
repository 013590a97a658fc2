"""A laboratory whose workers run in this process, and short configurations of every family."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.registry import registry
from genlab.worker.inline import InlineLauncher

FAMILIES = ("vae", "gan", "vae_gan", "soft_intro_vae")
MODELS = (*FAMILIES, "restorer", "cycle_gan")
"""With those that draw no samples."""


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=InlineLauncher())


def short(lab: Lab, model: str, images: int = 1024, **settings: object) -> RunConfig:
    """A run of a second on 8 x 8 digits."""
    latent = {} if registry("objectives").get(model).latent else {"latent_dim": 4}
    return lab.configs.make(
        model,
        "digits",
        settings={
            **latent,
            "network": "mlp",
            "network.width": 32,
            "batch_size": 64,
            "images": images,
            "threads": 1,
            "log_every": 128,
            "sample_every": 256,
            "checkpoint_every": 256,
            **settings,
        },
    )
