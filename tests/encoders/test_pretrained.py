"""Encoders with weights from elsewhere: what they give where the weights are, and one sentence where they are not."""

from __future__ import annotations

from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import torch

from genlab.encoders import _imagenet, efficientnet_lite0
from genlab.encoders._fidelity import extractor
from genlab.encoders.base import EncoderTask, default_encoder
from genlab.errors import InputError


def task(tmp_path: Path, shape: tuple[int, ...] = (1, 28, 28)) -> EncoderTask:
    nothing = np.zeros((0, *shape), np.uint8)
    return EncoderTask("images", shape, 0, 0, "", nothing, None, nothing, None, tmp_path)


@pytest.mark.skipif(efficientnet_lite0.available() is not None, reason="the [encoders] extra is not installed")
def test_efficientnet_gives_pooled_features_of_grey_and_coloured_pictures(tmp_path: Path):
    encoder = efficientnet_lite0.build(task(tmp_path))
    grey = np.random.default_rng(0).random((2, 1, 28, 28), dtype=np.float32)
    found = encoder(grey)
    assert found.features.shape == (2, 1280) and np.isfinite(found.features).all()
    assert found.probabilities is None
    same = encoder(np.repeat(grey, 3, axis=1))
    np.testing.assert_allclose(found.features, same.features, rtol=1e-4, atol=1e-5)
    assert not np.allclose(found.features[0], found.features[1])


def test_missing_packages_are_named_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(efficientnet_lite0, "PACKAGES", ("no_such_package",))
    with pytest.raises(InputError, match="not installed") as error:
        efficientnet_lite0.build(task(tmp_path))
    assert error.value.kind == "encoder_unavailable" and "pip install" in error.value.hint


def test_weights_that_cannot_be_downloaded_give_one_sentence():
    def fail() -> None:
        raise URLError("Name or service not known")

    with pytest.raises(InputError, match="could not be downloaded") as error:
        extractor("some-net", "layer", 8, fail)
    assert "in-domain" in error.value.hint and "\n" not in error.value.message


def test_an_extractor_sees_bytes_in_three_channels():
    class Net(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
            assert x.dtype == torch.uint8 and x.shape[1] == 3
            return (x.float().mean(dim=(2, 3)),)

    encoder = extractor("some-net", "layer", 3, Net)
    found = encoder(np.full((2, 1, 8, 8), 0.5, np.float32))
    np.testing.assert_allclose(found.features, 128)


def test_pictures_are_resized_within_their_range():
    images = torch.zeros(1, 3, 8, 8)
    images[..., 4:] = 1
    large = _imagenet.resized(images, 32)
    assert large.shape == (1, 3, 32, 32) and large.min() >= 0 and large.max() <= 1


def test_the_default_fits_the_data():
    assert (default_encoder("images"), default_encoder("points")) == ("in-domain", "pixels")
