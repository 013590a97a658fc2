"""A laboratory whose workers run in this process, and short configurations of every family."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher

FAMILIES = ("vae", "gan", "vae_gan", "soft_intro_vae")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=InlineLauncher())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True)
    if not done or done.returncode:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def short(lab: Lab, model: str, images: int = 1024, **settings: object) -> RunConfig:
    """A run of a second on 8 x 8 digits."""
    return lab.configure(
        model,
        "digits",
        settings={
            "network": "mlp",
            "network.width": 32,
            "latent_dim": 4,
            "batch_size": 64,
            "images": images,
            "threads": 1,
            "log_every": 128,
            "sample_every": 256,
            "checkpoint_every": 256,
            **settings,
        },
    )
