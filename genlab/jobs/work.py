"""How much arithmetic a step costs: multiply-adds of a configuration's networks, and how often each is gone through.

It is worked out from the settings alone, without building anything, so that speeds measured on one configuration say
something about another. No torch.
"""

from __future__ import annotations

from typing import Any

from genlab.config import RunConfig
from genlab.families import may_have, may_sample
from genlab.networks.base import NetworkSpec
from genlab.objectives.base import ObjectiveSpec, PenaltySpec
from genlab.registry import Choice, registry

PLACES = {"none": 0, "real": 1, "fake": 1, "both": 2, "between": 1, "around": 1}
"""Where a penalty takes the critic's gradient -> at how many places that is."""

BACK = 3
"""A pass with its way back, in passes."""

TWICE_BACK = 4
"""What the gradient of a gradient adds, in passes."""


def work(config: RunConfig, shape: tuple[int, ...]) -> float:
    """Multiply-adds per item shown, about; of a network that does not say its own, what the usual one would cost.

    Args:
        config: The configuration.
        shape: Shape of an item: channels, height and width, or coordinates.
    """
    trunk, decoder = parts(config, shape)
    often, drawn = passes(config)
    network: NetworkSpec = registry("networks").get(config.network.name)
    more = 0.0
    if network.translating and not may_sample(registry("objectives").get(config.model.name).family):
        more = network.translating(shape, config.network.options) * drawn / 2
    return often * trunk + drawn * decoder + more


def parts(config: RunConfig, shape: tuple[int, ...]) -> tuple[float, float]:
    """Multiply-adds of one item through encoder or critic, and of one latent through the decoder."""
    network: NetworkSpec = registry("networks").get(config.network.name)
    if network.work:
        return network.work(shape, config.latent_dim, config.network.options)
    usual: NetworkSpec = registry("networks").get(RunConfig().network.name)
    if usual.work is None or len(shape) != 3:
        usual = next(spec for spec in registry("networks") if spec.work and spec.takes == "any")
    assert usual.work is not None
    return usual.work(shape, config.latent_dim, usual.Options())


def passes(config: RunConfig) -> tuple[float, float]:
    """How often an image shown goes through encoder or critic, and through the decoder, ways back included."""
    spec: ObjectiveSpec = registry("objectives").get(config.model.name)
    if spec.passes is not None:
        return spec.passes
    options: Any = config.model.options
    encodes, judges = may_have(spec.family, "encoder"), may_have(spec.family, "critic")
    coded = BACK * float(getattr(options, "importance_samples", None) or 1)
    if not judges:
        return (BACK, coded) if encodes else (0.0, coded)
    penalised = _penalty(options)
    repeats = float(getattr(options, "critic_repeats", None) or 1)
    critic = repeats * (2 * BACK + penalised) + BACK + 1
    drawn = repeats + BACK
    return (critic + 2 * BACK, drawn + coded) if encodes else (critic, drawn)


def _penalty(options: Any) -> float:
    """What the penalty adds to a turn of the critic, in passes of an image."""
    chosen = getattr(options, "penalty", None)
    if not isinstance(chosen, Choice):
        return 0.0
    spec: PenaltySpec = registry("penalties").get(chosen.name)
    each = TWICE_BACK if spec.step is None else BACK
    return float(each * PLACES[spec.where]) / float(getattr(options, "penalty_every", None) or 1)
