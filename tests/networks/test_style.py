"""The style-based network's own settings and layout."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genlab.networks import conv, style
from genlab.networks._style_layers import ModulatedConv, StyledDecoder
from genlab.networks.style import StyleOptions


def built(shape: tuple[int, ...] = (1, 28, 28), inputs: int = 4, **options: int) -> StyledDecoder:
    network = style.decoder(inputs, shape, StyleOptions(**options))
    assert isinstance(network, StyledDecoder)
    return network


@pytest.mark.parametrize(
    ("shape", "depth", "expected"),
    [
        ((1, 28, 28), 1, ("7 × 7", "7 × 7", "14 × 14", "14 × 14")),
        ((1, 28, 28), 3, ("7 × 7",) * 4 + ("14 × 14",) * 4),
        ((3, 20, 33), 1, ("3 × 5",) * 2 + ("5 × 9",) * 2 + ("10 × 17",) * 2),
        ((3, 8, 8), 1, ("4 × 4", "4 × 4")),
    ],
)
def test_each_resolution_has_its_convolutions_and_one_that_enlarges(
    shape: tuple[int, ...], depth: int, expected: tuple[str, ...]
) -> None:
    network = built(shape, depth=depth)
    assert network.style_layers == expected
    assert network.styles(torch.zeros(1, 4)).shape[1] == len(expected)
    seen: list[str] = []
    for layer in network.layers:
        layer.register_forward_pre_hook(lambda _, given: seen.append(" × ".join(map(str, given[0].shape[2:]))))
    assert network(torch.zeros(1, 4)).shape == (1, *shape) and tuple(seen) == expected


def test_every_layer_but_the_last_is_demodulated() -> None:
    layers = [layer for layer in built().modules() if isinstance(layer, ModulatedConv)]
    assert [layer.demodulated for layer in layers] == [True] * 3 + [False]
    assert [tuple(layer.weight.shape[:2]) for layer in layers] == [(64, 64), (64, 64), (16, 16), (4, 16)]


@pytest.mark.parametrize(
    ("options", "expected"), [({}, [64, 64]), ({"mapping": 1}, [64]), ({"mapping": 3, "mapping_width": 40}, [40] * 3)]
)
def test_hidden_layers_make_the_style(options: dict[str, int], expected: list[int]) -> None:
    network = built(**options)
    assert [layer.out_features for layer in network.mapping if isinstance(layer, nn.Linear)] == expected
    assert network.styles(torch.zeros(2, 4)).shape == (2, 4, expected[-1])


def test_encoder_and_critic_are_those_of_the_convolutional_network() -> None:
    options = StyleOptions(width=16, depth=2, features=40, trunk_width=12)
    ours, theirs = (
        [tuple(parameter.shape) for parameter in make((1, 28, 28), options).parameters()]
        for make in (style.SPEC.trunk, conv.trunk)
    )
    assert ours == theirs
    assert sum(p.numel() for p in built(trunk_width=12).parameters()) == sum(p.numel() for p in built().parameters())


@pytest.mark.parametrize("shape", [(1, 8, 512), (1, 200, 8), (3, 25, 25)])
def test_small_maps_and_odd_edges_follow_the_latent(shape: tuple[int, ...]) -> None:
    """On maps of one column most of a kernel of 3 × 3 would see nothing, and each layer be fainter than the last."""
    torch.manual_seed(0)
    raw = built(shape)(torch.randn(16, 4))
    assert raw.std(dim=0).mean() > 0.02 and bool((raw.std(dim=0) > 0).all())


def test_long_latents_are_not_brought_to_one_length() -> None:
    torch.manual_seed(0)
    network, z = built(), torch.randn(3, 4)
    assert not network(z).allclose(network(2 * z), atol=1e-3)
