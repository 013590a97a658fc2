"""The residual network's own settings."""

from __future__ import annotations

import pytest
from torch import nn

from genlab.networks import resnet
from genlab.networks._layers import Residual


def blocks(module: nn.Module) -> int:
    return sum(isinstance(layer, Residual) for layer in module.modules())


@pytest.mark.parametrize(("side", "levels"), [(28, 2), (64, 4)])
def test_blocks_stand_at_each_resolution(side: int, levels: int) -> None:
    options = resnet.ResnetOptions(blocks=3)
    assert blocks(resnet.trunk((1, side, side), options)) == 3 * levels
    assert blocks(resnet.decoder(4, (1, side, side), options)) == 3 * levels


def test_width_is_that_of_the_first_level() -> None:
    first = next(
        layer
        for layer in resnet.trunk((1, 28, 28), resnet.ResnetOptions(width=24)).modules()
        if isinstance(layer, nn.Conv2d)
    )
    assert first.out_channels == 24


def test_encoder_and_critic_can_be_narrower_than_the_decoder() -> None:
    narrow, usual = resnet.ResnetOptions(trunk_width=12), resnet.ResnetOptions()
    assert resnet.trunk((1, 28, 28), narrow).out_features == 24 * 7 * 7
    assert resnet.trunk((1, 28, 28), usual).out_features == 64 * 7 * 7
    weights = [sum(p.numel() for p in resnet.decoder(4, (1, 28, 28), o).parameters()) for o in (narrow, usual)]
    assert weights[0] == weights[1]
