"""Modulation as the paper writes it, and a decoder whose layers can be told styles of several items."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from genlab.networks import _style_layers
from genlab.networks._style_layers import ModulatedConv, StyledDecoder


@pytest.mark.parametrize("demodulated", [True, False])
def test_scaling_maps_is_scaling_the_weights_of_each_sample(demodulated: bool) -> None:
    """Karras et al. 2020: w' = s w (equation 1), w'' = w' / sqrt(sum of w'^2 over inputs and places) (3)."""
    torch.manual_seed(0)
    layer = ModulatedConv(5, 7, 4, (3, 3), demodulated=demodulated)
    nn.init.normal_(layer.bias)
    x, style = torch.randn(3, 5, 6, 9), torch.randn(3, 4)
    for sample, of in enumerate(layer.style(style)):
        weight = layer.weight * of[None, :, None, None]
        if demodulated:
            weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        expected = F.conv2d(x[sample : sample + 1], weight, padding=1) + layer.bias
        torch.testing.assert_close(layer(x, style)[sample : sample + 1], expected, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_demodulated_maps_keep_their_variance_whatever_the_style() -> None:
    torch.manual_seed(0)
    layer = ModulatedConv(64, 64, 8, (3, 3))
    x = torch.randn(4, 64, 40, 40)
    for strength in (0.1, 10.0):
        inside = layer(x, strength * torch.randn(4, 8))[..., 1:-1, 1:-1]
        assert inside.std() == pytest.approx(1, rel=0.05)
    plain = ModulatedConv(64, 64, 8, (3, 3), demodulated=False)
    assert plain(x, 10 * torch.randn(4, 8)).std() > 5


@torch.no_grad()
def test_a_style_starts_around_one() -> None:
    torch.manual_seed(0)
    scale = ModulatedConv(512, 4, 512, (3, 3)).style(torch.randn(200, 512))
    assert scale.mean() == pytest.approx(1, abs=0.1) and scale.std() == pytest.approx(1, abs=0.1)


def decoder() -> StyledDecoder:
    """Three layers of maps of 4 × 6 that are enlarged once."""
    torch.manual_seed(0)
    layers = [ModulatedConv(8, out, 5, (3, 3), demodulated=out == 8) for out in (8, 8, 4)]
    mapping = nn.Sequential(nn.Linear(2, 5), nn.LeakyReLU(0.2))
    return StyledDecoder(mapping, layers, [(4, 6)] * 3, [None, None, (7, 12)])


def test_drawing_the_styles_of_a_latent_is_decoding_it() -> None:
    network, z = decoder(), torch.randn(4, 2)
    styles = network.styles(z)
    assert styles.shape == (4, 3, 5) and styles[:, 0].equal(styles[:, 2])
    assert network.draw(styles).equal(network(z)) and network(z).shape == (4, 1, 7, 12)
    assert network(z).equal(network(z)), "nothing is random"


def test_each_layer_hears_its_own_style_alone() -> None:
    network = decoder()
    one, other = network.styles(torch.randn(2, 2))[:, None]
    seen: list[torch.Tensor] = []
    for layer in network.layers:
        layer.register_forward_pre_hook(lambda _, given: seen.append(given[1]))
    network.draw(torch.cat([one[:, :2], other[:, 2:]], dim=1))
    assert [style.equal(one[:, 0]) for style in seen] == [True, True, False] and seen[2].equal(other[:, 2])
    assert not network.draw(one).allclose(network.draw(torch.cat([other[:, :1], one[:, 1:]], dim=1)))


def test_activations_keep_the_scale_of_what_they_are_given() -> None:
    torch.manual_seed(0)
    x = torch.randn(100_000)
    assert (decoder().activation(x) * _style_layers.KEPT).square().mean() == pytest.approx(1, rel=0.02)
