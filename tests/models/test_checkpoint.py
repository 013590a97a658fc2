"""A trained model is loaded from its run: averaged or not, newest or older."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from genlab.errors import InputError
from genlab.jobs.launcher import InlineLauncher
from genlab.lab import Lab
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import Run
from tests.worker.conftest import short


@pytest.fixture(scope="module")
def lab_and_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, Run]:
    lab = Lab(tmp_path_factory.mktemp("models") / "workspace", launcher=InlineLauncher())
    return lab, lab.submit(short(lab, "gan"))


def test_the_averaged_generator_is_the_default(lab_and_run):
    lab, run = lab_and_run
    averaged, raw = lab.load_model(run), lab.load_model(run, averaged=False)
    z = averaged.sample_latents(4)
    assert not torch.equal(averaged.decode(z), raw.decode(z))
    assert torch.allclose(averaged.decode(z), raw.decode(z), atol=0.3)


def test_an_older_checkpoint_is_another_model(lab_and_run):
    lab, run = lab_and_run
    z = lab.load_model(run).sample_latents(4)
    assert not torch.equal(lab.load_model(run, 300).decode(z), lab.load_model(run).decode(z))
    assert pick_checkpoint(lab.directory(run), 300).images == 256


def test_a_loaded_model_draws_the_recorded_samples(lab_and_run):
    """The newest grid in the run directory is what the loaded model draws from the same latents."""
    import io

    import numpy as np
    from PIL import Image

    from genlab.models.picture import draw
    from genlab.training.seeding import generator

    lab, run = lab_and_run
    model = lab.load_model(run)
    latents = torch.randn(64, model.latent_dim, generator=generator(run.seed, "samples"))
    drawn = np.asarray(Image.open(io.BytesIO(draw(model.decode(latents), model.space)[0])), dtype=int)
    recorded = np.asarray(Image.open(io.BytesIO(lab.directory(run).samples()[-1][1].read_bytes())), dtype=int)
    assert abs(drawn - recorded).max() <= 1


def test_no_checkpoint_is_a_sentence(lab_and_run, tmp_path: Path):
    lab, run = lab_and_run
    with pytest.raises(InputError, match="no checkpoint up to 10 images"):
        lab.load_model(run, 10)


def test_a_damaged_checkpoint_is_a_sentence(lab_and_run):
    lab, run = lab_and_run
    weights = lab.directory(run).checkpoints()[0].path / "model.safetensors"
    kept = weights.read_bytes()
    weights.write_bytes(kept[: len(kept) // 2])
    with pytest.raises(InputError, match="cannot be loaded"):
        lab.load_model(run, 256)
    weights.write_bytes(kept)
