"""A few maps of a network's layers, chosen once for all items, as bytes that a browser draws.

No other module of evaluation looks inside a network.

Layers are told by what their activation functions put out: the last one of every size, and plain layers of units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

ACTIVATIONS = "torch.nn.modules.activation"
MOST_LAYERS = 6
MAPS = 6
"""Maps shown of a layer that has them."""

UNITS = 24
"""Units shown of a layer that has no maps."""

ZERO, LARGEST = 128, 127
"""The byte of nothing, and how far from it the largest activation of an item lies."""


@dataclass(frozen=True)
class ShownLayers:
    """What is drawn of a network's layers for n items.

    Attributes:
        about: Of each layer how many maps or units are shown, their height and width, and of how many they are.
        items: Bytes of each item: layer by layer, map by map.
    """

    about: list[dict[str, int]]
    items: list[bytes]


def watched(network: nn.Module, work: Callable[[], Any]) -> tuple[Any, list[Tensor]]:
    """What ``work`` gives, and what the network's activation functions put out meanwhile, each [n, ...]."""
    seen: list[Tensor] = []
    handles = [
        layer.register_forward_hook(lambda module, inputs, output: seen.append(output.detach().cpu()))
        for layer in network.modules()
        if type(layer).__module__ == ACTIVATIONS
    ]
    try:
        return work(), seen
    finally:
        for handle in handles:
            handle.remove()


def layers(seen: list[Tensor]) -> ShownLayers:
    """Of the layers that were `watched`, those maps and units that vary most over all items."""
    chosen: dict[object, Tensor] = {}
    for place, output in enumerate(seen):
        # Of maps of one size the last ones are what the next size is made of; plain layers are all different.
        key: object = tuple(output.shape[2:]) if output.ndim == 4 else place
        if output.ndim in (2, 4):
            chosen.pop(key, None)
            chosen[key] = output
    shown = [_varied(output) for output in list(chosen.values())[-MOST_LAYERS:]]
    about = [{"maps": part.shape[1], "height": part.shape[2], "width": part.shape[3], "of": of} for part, of in shown]
    count = len(shown[0][0]) if shown else 0
    items = [b"".join(signed_bytes(part[item]) for part, _ in shown) for item in range(count)]
    return ShownLayers(about, items)


def signed_bytes(values: Tensor) -> bytes:
    """Values as bytes: 128 is nothing, 1 and 255 are the largest of them, down and up."""
    largest = float(values.abs().max()) or 1.0
    return (values / largest * LARGEST + ZERO).round().clamp(1, 255).byte().numpy().tobytes()


def _varied(output: Tensor) -> tuple[Tensor, int]:
    """The maps [n, maps, h, w] (of units one row [n, 1, 1, units]) that vary most, in their order, and of how many."""
    of = output.shape[1]
    spread = output.double().transpose(0, 1).flatten(1).std(1, correction=0)
    best = spread.topk(min(of, MAPS if output.ndim == 4 else UNITS)).indices.sort().values
    part = output[:, best]
    return (part if part.ndim == 4 else part[:, None, None, :]), of
