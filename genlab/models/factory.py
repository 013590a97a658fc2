"""From a configuration to an objective with fresh weights."""

from __future__ import annotations

import torch

from genlab.config import RunConfig
from genlab.networks.build import Parts
from genlab.objectives.base import Objective
from genlab.registry import registry
from genlab.space import Space
from genlab.training.seeding import derive


def build_objective(config: RunConfig, space: Space) -> Objective:
    """The objective that ``config`` describes, with weights initialised from its seed."""
    torch.manual_seed(derive(config.training.seed, "weights"))
    parts = Parts(space, config.latent_dim, config.network)
    objective: Objective = registry("objectives").get(config.model.name).build(parts, config.model.options)
    return objective


def parameter_counts(objective: Objective) -> dict[str, int]:
    """Trainable parameters by part: encoder, decoder, critic, translator, and their total."""
    assembly = objective.assemble(objective.players)
    # A learned prior belongs to the decoder, and the encoder is built around it.
    decoding = set() if assembly.decoder is None else {id(p) for p in assembly.decoder.parameters()}
    parts = {"encoder": assembly.encoder, "decoder": assembly.decoder, "critic": assembly.critic}
    counts = {
        name: sum(p.numel() for p in part.parameters() if name == "decoder" or id(p) not in decoding)
        for name, part in parts.items()
        if part is not None
    }
    others = [part for part in (assembly.restorer, *(assembly.translators or ())) if part is not None]
    if others:
        counts["translator"] = sum(p.numel() for part in others for p in part.parameters())
    return {**counts, "total": sum(counts.values())}
