"""What a configuration weighs, part by part: how families are matched in size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from genlab.config import RunConfig
from genlab.registry import registry

if TYPE_CHECKING:
    from torch import nn

    from genlab.space import Space

FLOAT_BYTES = 4
"""Bytes of one float32 value."""

COPIES = 5
"""Float32 copies of each weight in training: the weight, its gradient, Adam's two averages and the averaged weight."""


def report(config: RunConfig, space: Space) -> dict[str, int]:
    """Trainable parameters of the model that ``config`` describes, for data of ``space``; no weight is allocated.

    Returns:
        ``decoder`` (a GAN's generator is one), ``encoder``, ``critic`` and ``translator`` where the model has them,
        ``other`` for what belongs to none of these, and their ``total``.

    Raises:
        InputError: When it cannot be built for that kind of data.
    """
    from genlab.networks.build import WeightlessParts

    parts = WeightlessParts(space, config.latent_dim, config.network)
    objective = registry("objectives").get(config.model.name).build(parts, config.model.options)
    counts = _parts(objective.players)
    return {**counts, "total": sum(counts.values())}


def size(config: RunConfig, space: Space) -> int:
    """Bytes that the model takes while it trains: weights, gradients, optimiser and averaged weights in float32.

    Activations, which grow with the batch, are not in it.

    Raises:
        InputError: When it cannot be built for that kind of data.
    """
    return report(config, space)["total"] * FLOAT_BYTES * COPIES


def _parts(players: Mapping[str, nn.Module]) -> dict[str, int]:
    from genlab.networks.build import Critic, Decoder, Encoder, Translator

    roles = {"encoder": Encoder, "decoder": Decoder, "critic": Critic, "translator": Translator}
    counts = dict.fromkeys([*roles, "other"], 0)
    seen: set[int] = set()
    for player in players.values():
        for module in player.modules():
            role = next((name for name, kind in roles.items() if isinstance(module, kind)), None)
            if role:
                counts[role] += _fresh(module, seen)
    for player in players.values():
        counts["other"] += _fresh(player, seen)
    return {name: count for name, count in counts.items() if count}


def _fresh(module: nn.Module, seen: set[int]) -> int:
    """Trainable parameters of ``module`` not counted before."""
    found = [p for p in module.parameters() if p.requires_grad and id(p) not in seen]
    seen.update(id(p) for p in found)
    return sum(p.numel() for p in found)
