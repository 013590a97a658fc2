"""The convolutional network's own settings and layout."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genlab.networks import conv


def convolutions(module: nn.Module) -> list[nn.Conv2d]:
    return [layer for layer in module.modules() if isinstance(layer, nn.Conv2d)]


def test_width_scales_every_convolution() -> None:
    outputs = [layer.out_channels for layer in convolutions(conv.trunk((1, 28, 28), conv.ConvOptions(width=16)))]
    assert outputs == [16, 32]


def test_depth_counts_convolutions_at_each_resolution() -> None:
    deep = conv.ConvOptions(depth=3)
    assert len(convolutions(conv.trunk((1, 28, 28), deep))) == 6
    assert len(convolutions(conv.decoder(8, (1, 28, 28), deep))) == 2 + 2 + 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (conv.ConvOptions(), [(8, 3136)]),
        (conv.ConvOptions(mapping=1), [(8, 64), (64, 3136)]),
        (conv.ConvOptions(mapping=2, mapping_width=40), [(8, 40), (40, 40), (40, 3136)]),
    ],
)
def test_hidden_layers_stand_between_the_latent_and_the_first_map(
    options: conv.ConvOptions, expected: list[tuple[int, int]]
) -> None:
    decoder = conv.decoder(8, (1, 28, 28), options)
    linear = [layer for layer in decoder.modules() if isinstance(layer, nn.Linear)]
    assert [(layer.in_features, layer.out_features) for layer in linear] == expected


def test_features_can_be_chosen() -> None:
    trunk = conv.trunk((3, 32, 32), conv.ConvOptions(features=40))
    assert trunk.out_features == 40
    assert trunk(torch.randn(2, 3, 32, 32)).shape == (2, 40)


@pytest.mark.parametrize("side", [16, 25, 64])
def test_no_convolution_runs_at_full_resolution(side: int) -> None:
    sizes: list[int] = []
    trunk, decoder = (
        conv.trunk((1, side, side), conv.ConvOptions()),
        conv.decoder(4, (1, side, side), conv.ConvOptions()),
    )
    for layer in [*convolutions(trunk), *convolutions(decoder)]:
        layer.register_forward_hook(lambda _, inputs, __: sizes.append(inputs[0].shape[-1]))
    trunk(torch.randn(1, 1, side, side))
    decoder(torch.randn(1, 4))
    assert max(sizes) == (side + 1) // 2


def test_a_decoder_can_paint_any_picture_edge() -> None:
    """Also the last row and column of an odd size follow the latent."""
    torch.manual_seed(0)
    raw = conv.decoder(4, (1, 25, 25), conv.ConvOptions())(torch.randn(8, 4))
    assert bool((raw.std(dim=0) > 0).all())


def test_encoder_and_critic_can_be_narrower_than_the_decoder() -> None:
    narrow, usual = conv.ConvOptions(trunk_width=10), conv.ConvOptions()
    assert [layer.out_channels for layer in convolutions(conv.trunk((1, 28, 28), narrow))] == [10, 20]
    for options in (narrow, conv.ConvOptions(trunk_width=64)):
        assert shapes(conv.decoder(4, (1, 28, 28), options)) == shapes(conv.decoder(4, (1, 28, 28), usual))
    same = conv.ConvOptions(trunk_width=usual.width)
    assert shapes(conv.trunk((1, 28, 28), same)) == shapes(conv.trunk((1, 28, 28), usual))


def shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(parameter.shape) for name, parameter in module.named_parameters()}
