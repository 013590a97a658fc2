"""What is drawn of a network's layers: the last maps of every size, units that vary, bytes that say what they were."""

from __future__ import annotations

import torch
from torch import nn

from genlab.evaluation._layers import MAPS, UNITS, layers, signed_bytes, watched


def test_the_last_maps_of_every_size_and_every_plain_layer_are_kept() -> None:
    seen = [
        torch.randn(2, 3, 4, 4),
        torch.randn(2, 8, 4, 4),
        torch.randn(2, 5, 2, 2),
        torch.randn(2, 40),
        torch.randn(2, 7),
    ]
    found = layers(seen)
    assert found.about == [
        {"maps": MAPS, "height": 4, "width": 4, "of": 8},
        {"maps": 5, "height": 2, "width": 2, "of": 5},
        {"maps": 1, "height": 1, "width": UNITS, "of": 40},
        {"maps": 1, "height": 1, "width": 7, "of": 7},
    ]
    size = sum(layer["maps"] * layer["height"] * layer["width"] for layer in found.about)
    assert [len(item) for item in found.items] == [size, size]


def test_maps_that_vary_most_are_chosen_once_for_all_items_and_keep_their_order() -> None:
    output = torch.zeros(2, 9, 1, 2)
    for channel, spread in enumerate([1, 9, 2, 8, 3, 7, 4, 6, 5]):
        output[:, channel, 0] = torch.tensor([-1.0, 1.0]) * spread
    (first, _) = layers([output]).items
    assert list(first) == list(signed_bytes(output[0, [1, 3, 5, 6, 7, 8]]))


def test_bytes_are_signed_around_128_and_reach_as_far_as_the_largest() -> None:
    assert list(signed_bytes(torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0]))) == [1, 64, 128, 192, 255]
    assert list(signed_bytes(torch.zeros(3))) == [128] * 3


def test_only_activation_functions_are_watched_and_afterwards_nothing_is() -> None:
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    out, seen = watched(network, lambda: network(torch.ones(1, 3)))
    assert out.shape == (1, 2) and [each.shape for each in seen] == [(1, 4)]
    network(torch.ones(1, 3))
    assert len(seen) == 1


def test_a_network_without_such_layers_shows_none() -> None:
    assert layers([]).about == [] and layers([]).items == []
