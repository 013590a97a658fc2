"""What measures look at: the same real images for every model, with codes found the model's own way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.matches.measures import subject as module
from genlab.matches.measures.subject import Subject, gather
from genlab.store.checkpoints import pick_checkpoint
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.latent.toys import linear
from tests.support.subjects import SIDE, subject


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("subjects"), launcher=InlineLauncher())


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HELD_OUT": 40, "TRAIN": 60, "REFINE": 2, "RECONSTRUCTED": 8, "STEPS": 4}.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("genlab.exploration.coded.IMAGES", 128)


WAYS = ("pass", "steps", "inverted", "own")


def gathered(lab: Lab, model: str, data: str = "digits") -> Subject:
    run = lab.runs.submit(lab.configs.make(model, data, "quick", TINY))
    directory = lab.runs.read(run)
    checkpoint = pick_checkpoint(directory)
    return gather(directory, checkpoint, lab.models.load(run), lab.workspace, lambda share, what: None)


def test_latents_are_decoded_as_the_model_does() -> None:
    made = subject()
    images = made.decode(made.held_out.codes[:3])
    assert images.shape == (3, 1, SIDE, SIDE)
    assert np.allclose(images, made.held_out.items.images[:3], atol=1e-6)


def test_only_a_conditional_model_is_given_classes() -> None:
    assert subject().labels(subject().held_out) is None
    weight = torch.cat([torch.eye(SIDE * SIDE, 2), torch.zeros(SIDE * SIDE, 2)], dim=1)
    conditional = Subject(
        **{**vars(subject()), "model": linear(weight, shape=(1, SIDE, SIDE), classes=2)},
    )
    given = conditional.labels(conditional.held_out)
    assert given is not None and given.tolist() == [0, 1] * 100


def test_every_model_is_shown_the_same_images(lab: Lab) -> None:
    vae, gan = gathered(lab, "vae"), gathered(lab, "gan")
    for part, size in (("held_out", 40), ("train", 60)):
        one, other = getattr(vae, part), getattr(gan, part)
        assert len(one.items) == len(one.codes) == len(other.codes) == size
        assert np.array_equal(one.items.images, other.items.images)
        assert np.array_equal(one.items.labels, other.items.labels)
    assert vae.classes == gan.classes == 10
    assert vae.held_out.items.probabilities is not None


def test_codes_come_from_the_encoder_or_from_inversion(lab: Lab) -> None:
    vae, gan = gathered(lab, "vae"), gathered(lab, "gan")
    again = vae.model.encode(torch.as_tensor(vae.held_out.items.images)).mean.numpy()
    assert np.allclose(vae.held_out.codes, again, atol=1e-5)
    assert {name: len(errors) for name, errors in vae.errors.items()} == dict.fromkeys(WAYS, 8)
    assert set(vae.took) == set(gan.took) == {"pass", "steps", "inverted"}
    for one in (vae, gan):
        assert len(one.residuals) == len(one.closest) == 40 and (one.residuals > 0).all()
        assert one.errors["pass"].mean() >= one.errors["steps"].mean() >= one.errors["inverted"].mean()
    assert vae.errors["own"].mean() != vae.errors["inverted"].mean()
    assert np.array_equal(gan.errors["own"], gan.errors["inverted"]), "a GAN has no other way"
    error = ((gan.decode(gan.held_out.codes) - gan.held_out.items.images) ** 2).mean()
    assert error < ((gan.decode(np.zeros_like(gan.held_out.codes)) - gan.held_out.items.images) ** 2).mean()
    assert vae.seconds > 0 and gan.seconds > 0


def test_points_are_refused(lab: Lab) -> None:
    with pytest.raises(InputError, match="which a match does not compare"):
        gathered(lab, "vae", "ring")


def test_it_can_be_cancelled(lab: Lab, tmp_path: Path) -> None:
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "training.seed": 3}))
    directory = lab.runs.read(run)

    def stop(share: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gather(directory, pick_checkpoint(directory), lab.models.load(run), lab.workspace, stop)
