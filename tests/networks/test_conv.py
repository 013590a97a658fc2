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


def test_a_translator_convolves_full_pixels_first_and_last_where_it_is_told_to() -> None:
    for full, expected in ((0, [8, 8]), (5, [16, 16])):
        sizes: list[int] = []
        network = conv.translator((1, 16, 16), (1, 16, 16), conv.ConvOptions(full_resolution=full))
        for layer in convolutions(network):
            layer.register_forward_hook(lambda _, inputs, __, sizes=sizes: sizes.append(inputs[0].shape[-1]))
        assert network(torch.randn(2, 1, 16, 16)).shape == (2, 1, 16, 16)
        assert [sizes[0], sizes[-1]] == expected


def test_at_first_it_gives_back_what_it_is_given() -> None:
    """As a picture, the sigmoid of its raw output: without residual connection it would begin grey."""
    torch.manual_seed(0)
    x = torch.rand(8, 3, 20, 25)
    told = torch.cat([2 * x - 1, torch.ones(8, 2, 20, 25)], dim=1)
    for full, low, high in ((0, 0.05, 0.2), (8, 0.0, 0.02)):
        network = conv.translator((5, 20, 25), (3, 20, 25), conv.ConvOptions(full_resolution=full))
        assert low <= float((network(told).sigmoid() - x).square().mean().detach()) < high


def test_what_was_trained_without_full_resolution_still_loads() -> None:
    """Configurations that know nothing of it build what they always built."""
    known = {"down.0.0.weight", "larger.0.0.weight", "merged.0.0.weight", "last.0.weight", "last.2.bias"}
    old = conv.ConvOptions.model_validate({"width": 32, "depth": 1, "features": 256})
    network = conv.translator((1, 28, 28), (1, 28, 28), old)
    assert known < set(shapes(network)) and not any(name.startswith(("first", "body")) for name in shapes(network))
    assert shapes(network)["last.0.weight"] == (32, 36, 3, 3)


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
