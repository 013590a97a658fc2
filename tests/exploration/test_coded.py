"""What an exploration is made from: real images with their codes, and samples with theirs."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.exploration import coded
from genlab.exploration.coded import Opened, code_items, code_samples, open_inverter, open_model, real_items
from genlab.exploration.exploration_request import ExplorationRequest
from tests.evaluation.conftest import Trained

REQUEST = ExplorationRequest(items=30, samples=20, refine=2)


def nothing(share: float, what: str) -> None:
    assert 0 <= share <= 1


def opened(trained: Trained, name: str) -> Opened:
    return open_model(trained.lab.runs.read(trained.runs[name]), None, trained.lab.workspace, nothing)


def test_held_out_images_come_first_and_all_models_have_the_same(trained: Trained):
    data = opened(trained, "vae").data
    images, labels, held_out = real_items(data, data.info.test + 3)
    assert held_out.sum() == data.info.test and held_out[: data.info.test].all()
    assert np.allclose(images[0], data.items("test")[0] / 255) and np.allclose(images[-1], data.items("train")[2] / 255)
    tests, trains = data.labels("test"), data.labels("train")
    assert labels is not None and tests is not None and trains is not None
    assert labels[0] == tests[0] and labels[-1] == trains[2]
    assert len(real_items(data, 10**6)[0]) == data.info.count, "there are no more"


@pytest.mark.parametrize("name", ["vae", "conditional"])
def test_an_encoder_gives_posterior_means_and_their_divergence(trained: Trained, name: str):
    made = opened(trained, name)
    found = code_items(made, REQUEST, nothing)
    y = torch.as_tensor(found.labels) if made.model.space.classes else None
    posterior = made.model.encode(torch.as_tensor(found.images), y)
    assert np.allclose(found.codes, posterior.mean.numpy(), atol=1e-5)
    expected = 0.5 * (posterior.mean**2 + posterior.log_variance.exp() - posterior.log_variance - 1).sum(1)
    assert found.divergence is not None and np.allclose(found.divergence, expected.numpy(), atol=1e-4)
    assert found.again is not None and found.residual is not None
    assert np.allclose(found.residual, ((found.again - found.images) ** 2).mean(axis=(1, 2, 3)), atol=1e-6)


def test_without_an_encoder_codes_are_found_by_inversion(trained: Trained):
    made = opened(trained, "gan")
    found = code_items(made, REQUEST, nothing)
    assert found.divergence is None and found.codes.shape == (30, made.model.latent_dim)
    assert found.again is not None and found.residual is not None
    drawn = made.model.decode(torch.as_tensor(found.codes)).numpy()
    assert np.allclose(found.again, drawn, atol=1e-4)
    assert np.allclose(found.residual, ((found.again - found.images) ** 2).mean(axis=(1, 2, 3)), atol=1e-5)


def test_the_inverter_is_trained_once_and_kept(trained: Trained, monkeypatch: pytest.MonkeyPatch):
    made = opened(trained, "gan")
    first = open_inverter(made, 5, nothing)

    def never(*arguments: object) -> None:
        raise AssertionError("it was trained again")

    monkeypatch.setattr(coded, "train_inverter", never)
    again = open_inverter(made, 5, nothing)
    x = torch.as_tensor(made.data.items("test")[:3] / np.float32(255))
    assert torch.equal(first(x), again(x))


def test_no_images_have_no_codes(trained: Trained):
    for name in ("vae", "gan"):
        found = code_items(opened(trained, name), ExplorationRequest(items=0, samples=20), nothing)
        assert found.codes.shape == (0, 4) and len(found.images) == 0


def test_samples_are_latents_of_the_prior_with_their_pictures(trained: Trained):
    model = trained.lab.models.load("conditional")
    found = code_samples(model, REQUEST, nothing)
    labels = model.labels(20)
    assert labels is not None and found.labels is not None and np.array_equal(found.labels, labels.numpy())
    assert np.array_equal(found.codes, model.sample_latents(20, 0).numpy())
    assert np.allclose(found.images, model.decode(torch.as_tensor(found.codes), labels).numpy(), atol=1e-5)
    assert found.held_out is None and found.again is None
    none = code_samples(model, ExplorationRequest(items=20, samples=0), nothing)
    assert none.images.shape == (0, *model.image_shape)


def test_points_are_refused(trained: Trained):
    with pytest.raises(InputError):
        opened(trained, "points")
