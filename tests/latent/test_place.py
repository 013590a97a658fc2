"""Your own image: its code, its error among those of others, its neighbours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.latent.place import Known, locate, place
from tests.latent.toys import fresh, linear

WEIGHT = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])


def flat(images: np.ndarray) -> np.ndarray:
    """The pixels."""
    return images.reshape(len(images), -1)


def pictures(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float32)[:, None, None, :]


MODEL = linear(WEIGHT, encoder=WEIGHT.T.clone())
"""Draws the first two pixels; the third one is off its manifold."""

TRAIN = pictures((0, 0, 0), (1, 0, 0), (0, 1, 0), (5, 5, 0))
KNOWN = Known(
    features=flat,
    train_features=flat(TRAIN.numpy()),
    train_codes=TRAIN.flatten(1)[:, :2].numpy(),
    residuals=np.array([0.1, 0.2, 0.3, 0.4]),
)


def test_an_image_on_the_manifold_is_where_it_is_and_drawn_as_it_is():
    found = place(MODEL, pictures((0.9, 0.1, 0)), KNOWN, count=2)
    torch.testing.assert_close(found.z, torch.tensor([[0.9, 0.1]]))
    assert found.residual.item() == pytest.approx(0, abs=1e-9) and found.percentile.tolist() == [0]
    assert found.neighbours.tolist() == [[1, 0]] and found.beside.tolist() == [[1, 0]]
    np.testing.assert_allclose(found.distances[0, 0], np.hypot(0.1, 0.1), rtol=1e-5)


def test_how_far_off_it_is_shows_among_held_out_images():
    off = [np.sqrt(3 * residual) for residual in (0.2, 0.25, 0.9)]
    found = place(MODEL, pictures(*[(0, 0, value) for value in off]), replace(KNOWN, residuals=[0.1, 0.2, 0.3, 0.4]))
    np.testing.assert_allclose(found.residual, [0.2, 0.25, 0.9], rtol=1e-5)
    assert found.percentile.tolist()[1:] == [50, 100]
    np.testing.assert_allclose(found.relative, [0.8, 1.0, 3.6], rtol=1e-5)


def test_ties_count_half():
    known = replace(KNOWN, residuals=np.zeros(4))
    found = place(MODEL, pictures((1, 1, 0)), known)
    assert found.percentile.tolist() == [50] and found.relative.tolist() == [1]


def test_codes_are_the_encoders_means_even_where_others_draw_better():
    wrong = linear(WEIGHT, encoder=-WEIGHT.T.clone())
    torch.testing.assert_close(locate(wrong, pictures((1, 2, 0))).z, torch.tensor([[-1.0, -2.0]]))


def test_a_model_without_an_encoder_is_searched():
    found = locate(linear(WEIGHT), pictures((0.5, -0.5, 0)), steps=300)
    torch.testing.assert_close(found.z, torch.tensor([[0.5, -0.5]]), atol=0.01, rtol=0)


def test_without_data_there_is_no_place():
    for known in (replace(KNOWN, residuals=np.zeros(0)), replace(KNOWN, train_codes=np.zeros((2, 2)))):
        with pytest.raises(InputError, match="no real items to compare"):
            place(MODEL, pictures((1, 1, 0)), known)
    with pytest.raises(InputError, match=r"do not fit a model of \(1, 1, 3\)"):
        place(MODEL, torch.zeros(1, 3, 8, 8), KNOWN)
    with pytest.raises(InputError, match=r"do not fit a model of \(1, 8, 8\)"):
        locate(fresh(), torch.zeros(1, 1, 9, 9))
