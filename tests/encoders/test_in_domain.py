"""The in-domain encoder: trained once, kept, told apart by data; a classifier, an autoencoder, or one per channel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from genlab.encoders import _in_domain
from genlab.encoders._in_domain import load_or_train
from genlab.encoders.base import EncoderTask
from genlab.errors import InputError


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EncoderTask:
    """Two classes of 12 x 12 pictures: bright above, or bright below."""
    monkeypatch.setattr(_in_domain, "FEWEST", 2_560)
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=300)
    items = rng.integers(0, 90, size=(300, 1, 12, 12)).astype(np.uint8)
    items[labels == 0, :, :6] += 120
    items[labels == 1, :, 6:] += 120
    return EncoderTask(
        kind="images",
        shape=(1, 12, 12),
        classes=2,
        channel_classes=0,
        fingerprint="two",
        train=items[:200],
        train_labels=labels[:200],
        test=items[200:],
        test_labels=labels[200:],
        folder=tmp_path / "encoders",
    )


def test_it_learns_the_classes(task: EncoderTask):
    encoder = load_or_train(task, 1)
    assert encoder.facts["accuracy"] > 0.95
    found = encoder(task.test.astype(np.float32) / 255)
    assert found.features.shape == (100, _in_domain.DIM) and found.features.dtype == np.float32
    assert found.probabilities is not None
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert (found.probabilities.argmax(axis=1) == task.test_labels).mean() == pytest.approx(encoder.facts["accuracy"])
    assert 0.3 < found.features.std() < 3, "features are of the order of 1"


def test_it_is_trained_once_and_the_same_everywhere(task: EncoderTask, tmp_path: Path):
    items = task.test.astype(np.float32) / 255
    told: list[str] = []
    first = load_or_train(replace(task, progress=lambda share, what: told.append(what)), 1)
    assert told
    torch.manual_seed(99)
    kept = load_or_train(replace(task, progress=lambda share, what: pytest.fail("trained again")), 1)
    np.testing.assert_array_equal(kept(items).features, first(items).features)
    elsewhere = load_or_train(replace(task, folder=tmp_path / "elsewhere"), 1)
    assert elsewhere.identity == first.identity


def test_training_leaves_the_random_numbers_of_others_alone(task: EncoderTask):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    load_or_train(task, 1)
    assert torch.equal(torch.rand(3), expected)


def test_data_and_version_tell_encoders_apart(task: EncoderTask):
    load_or_train(task, 1)
    load_or_train(replace(task, fingerprint="other"), 1)
    load_or_train(task, 2)
    assert len(list(task.folder.glob("in-domain-*/facts.json"))) == 3


def test_without_classes_it_learns_to_draw_the_picture_again(task: EncoderTask):
    encoder = load_or_train(replace(task, classes=0, train_labels=None, test_labels=None), 1)
    assert encoder.facts["error"] < float((task.test / 255.0).var())
    assert encoder(task.test.astype(np.float32) / 255).probabilities is None


def test_channels_that_are_pictures_of_their_own_are_read_one_by_one(task: EncoderTask):
    """Two channels of two classes each are four classes, of which the probabilities are products."""
    rng = np.random.default_rng(1)
    parts = {}
    for name, items, labels in (("train", task.train, task.train_labels), ("test", task.test, task.test_labels)):
        assert labels is not None
        a, b = rng.integers(len(items), size=(2, len(items)))
        parts[name] = np.concatenate([items[a], items[b]], axis=1)
        parts[f"{name}_labels"] = 2 * labels[a] + labels[b]
    stacked = replace(task, shape=(2, 12, 12), classes=4, channel_classes=2, **parts)
    encoder = load_or_train(stacked, 1)
    found = encoder(parts["test"].astype(np.float32) / 255)
    assert found.features.shape == (100, 2 * _in_domain.DIM)
    assert found.probabilities is not None and found.probabilities.shape == (100, 4)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert (found.probabilities.argmax(axis=1) == parts["test_labels"]).mean() > 0.9


def test_a_cancelled_training_leaves_nothing(task: EncoderTask):
    def cancel(share: float, what: str) -> None:
        raise InputError("Cancelled.")

    with pytest.raises(InputError):
        load_or_train(replace(task, progress=cancel), 1)
    assert not list(task.folder.glob("in-domain-*/facts.json"))


@pytest.mark.parametrize("frames", [1, 4, 5])
def test_films_are_convolved_over_three_axes(frames: int) -> None:
    torch.manual_seed(0)
    layer = _in_domain.OverTime(2, 3, 3, stride=2, padding=1, bias=False)
    films = torch.rand(2, 2, frames, 7, 8)
    weight = layer.pictures.weight.unflatten(1, (3, 2)).transpose(1, 2)
    expected = torch.nn.functional.conv3d(films, weight, stride=2, padding=1)
    torch.testing.assert_close(layer(films), expected, atol=1e-5, rtol=1e-4)
    assert _in_domain.Network((2, frames, 9, 12), 4)(torch.rand(2, 2, frames, 9, 12)).shape == (2, 4)
