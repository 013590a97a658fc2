"""What every feature encoder must keep to; a plugin's encoder is tested too, as soon as its file exists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab import kinds
from genlab.encoders import _in_domain
from genlab.encoders.base import EncoderSpec, EncoderTask
from genlab.errors import InputError
from genlab.registry import registry

DOWNLOADED = {"inception", "dinov2"}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", registry("encoders").names())
def test_an_encoder_gives_finite_features_or_says_why_not(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_in_domain, "FEWEST", 512)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    spec: EncoderSpec = registry("encoders").get(name)
    assert spec.title and spec.summary and spec.takes
    if name in DOWNLOADED:
        pytest.skip("it downloads its weights")
    for kind in (kind for kind in ("images", "points") if kinds.fits(spec, kind)):
        shape = (3, 16, 16) if kind == "images" else (2,)
        rng = np.random.default_rng(0)
        stored = rng.integers(0, 256, (40, *shape)).astype(np.uint8) if kind == "images" else rng.normal(size=(40, 2))
        labels = np.arange(40) % 4
        task = EncoderTask(kind, shape, 4, 0, "x", stored[:30], labels[:30], stored[30:], labels[30:], tmp_path)
        try:
            encoder = spec.build(task)
        except InputError as error:
            assert error.kind == "encoder_unavailable" and error.hint
            continue
        items = (stored / 255 if kind == "images" else stored).astype(np.float32)
        found = encoder(items)
        assert found.features.shape == (40, encoder.facts["dim"])
        assert np.isfinite(found.features).all() and encoder.identity
        np.testing.assert_allclose(encoder(items[:3]).features, found.features[:3], rtol=1e-3, atol=1e-4)
        assert 0 < encoder.portion <= 10_000
