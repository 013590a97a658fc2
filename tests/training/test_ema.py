"""Averages forget by half within one half-life."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genlab.training import ema


def _linear(value: float) -> nn.Module:
    layer = nn.Linear(1, 1)
    nn.init.constant_(layer.weight, value)
    nn.init.constant_(layer.bias, value)
    return layer


def test_half_of_the_distance_is_left_after_one_half_life():
    player = _linear(1.0)
    averages = {"g": _linear(0.0)}
    for step in range(10):
        ema.update(averages, {"g": player}, images=10_000 + step * 10, batch=10, half_life=100)
    assert abs(averages["g"].weight.item() - 0.5) < 1e-6


def test_early_averages_forget_faster():
    early, late = {"g": _linear(0.0)}, {"g": _linear(0.0)}
    ema.update(early, {"g": _linear(1.0)}, images=100, batch=10, half_life=1000)
    ema.update(late, {"g": _linear(1.0)}, images=1_000_000, batch=10, half_life=1000)
    assert early["g"].weight.item() == pytest.approx(1 - 0.5 ** (10 / 5)), "a twentieth of the images seen"
    assert late["g"].weight.item() == pytest.approx(1 - 0.5 ** (10 / 1000))


def test_copies_are_independent_frozen_and_buffers_follow():
    player = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 3))
    averages = ema.averages_of({"c": player}, ["c"])
    assert not any(p.requires_grad for p in averages["c"].parameters())
    player.train()(torch.ones(1, 3))
    ema.update(averages, {"c": player}, images=10, batch=10, half_life=0)
    for mean, now in zip(averages["c"].state_dict().values(), player.state_dict().values(), strict=True):
        assert torch.equal(mean, now)
