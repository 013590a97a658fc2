"""A workspace with a briefly trained VAE and GAN of tiny digits, made once."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, dict[str, Run]]:
    """The lab and its runs by model."""
    lab = Lab(tmp_path_factory.mktemp("tasks"), launcher=InlineLauncher())
    runs = {model: lab.runs.submit(lab.configs.make(model, "digits", "quick", TINY)) for model in ("vae", "gan")}
    runs["points"] = lab.runs.submit(lab.configs.make("vae", "ring", "quick", TINY))
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    return lab, runs
