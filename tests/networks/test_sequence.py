"""The sequence network: what its places see, and lengths that are no power of two."""

from __future__ import annotations

import pytest
import torch

from genlab.networks.build import Parts
from genlab.networks.sequence import SequenceOptions, decoder, lengths, translator, trunk
from genlab.registry import Choice
from genlab.space import Space


@pytest.mark.parametrize(("length", "halved"), [(1, [1]), (8, [8]), (9, [9, 5]), (64, [64, 32, 16, 8])])
def test_lengths(length: int, halved: list[int]) -> None:
    assert lengths(length) == halved


@pytest.mark.parametrize("length", [1, 3, 8, 13, 64])
def test_any_length_is_encoded_and_decoded(length: int) -> None:
    options = SequenceOptions(width=16, features=32)
    assert trunk((11, length), options)(torch.rand(2, 11, length)).shape == (2, 32)
    assert decoder(5, (11, length), options)(torch.randn(2, 5)).shape == (2, 11, length)
    assert translator((13, length), (11, length), options)(torch.rand(2, 13, length)).shape == (2, 11, length)


def test_a_trunk_may_be_narrower_than_its_decoder() -> None:
    narrow = trunk((11, 8), SequenceOptions(width=64, trunk_width=8))
    wide = trunk((11, 8), SequenceOptions(width=64))
    assert sum(p.numel() for p in narrow.parameters()) < sum(p.numel() for p in wide.parameters()) / 4


def test_each_symbol_is_told_from_every_other() -> None:
    torch.manual_seed(0)
    network = Choice(name="sequence", options=SequenceOptions())
    encoder = Parts(Space("texts", (127, 8)), 16, network).encoder()
    rows = torch.eye(127)[torch.arange(127)[:, None].expand(-1, 8)].transpose(1, 2)
    features = encoder.trunk(rows)
    distances = torch.cdist(features, features) + 10 * torch.eye(127)
    assert distances.min() > 0.1


def test_spectral_norm_reaches_convolutions_over_places() -> None:
    from genlab.objectives._adversarial import _normalise

    critic = Parts(Space("texts", (11, 8)), 4, Choice(name="sequence", options=SequenceOptions(width=16))).critic()
    _normalise(critic)
    layers = [m for m in critic.modules() if isinstance(m, torch.nn.Conv1d | torch.nn.Linear)]
    assert layers and all(hasattr(layer, "parametrizations") for layer in layers)
