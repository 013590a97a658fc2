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
