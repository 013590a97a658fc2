"""From a configuration to fresh weights: the same for the same seed, counted part by part."""

from __future__ import annotations

import pytest
import torch

from genlab.config import RunConfig, change
from genlab.models.factory import build_objective, parameter_counts
from genlab.space import Space

SPACE = Space("images", (1, 8, 8))


def config(model: str = "vae_gan", **settings: object) -> RunConfig:
    return change(RunConfig(model=model), {"network": "mlp", "latent_dim": 3, **settings})


def weights(made: RunConfig) -> torch.Tensor:
    players = build_objective(made, SPACE).players
    return torch.cat([parameter.flatten() for player in players.values() for parameter in player.parameters()])


def test_weights_are_those_of_the_seed_whatever_was_drawn_before():
    first = weights(config())
    torch.rand(17)
    assert torch.equal(weights(config()), first)
    assert not torch.equal(weights(config(**{"training.seed": 1})), first)


def test_it_is_the_model_that_was_asked_for():
    assert set(build_objective(config("gan"), SPACE).players) == {"critic", "generator"}
    objective = build_objective(config("vae"), SPACE)
    assert objective.latent_dim == 3 and objective.space == SPACE


@pytest.mark.parametrize(
    ("model", "parts"),
    [("vae", {"encoder", "decoder"}), ("gan", {"decoder", "critic"}), ("vae_gan", {"encoder", "decoder", "critic"})],
)
def test_parameters_are_counted_by_the_parts_that_a_model_has(model: str, parts: set[str]):
    objective = build_objective(config(model), SPACE)
    counts = parameter_counts(objective)
    assert set(counts) == parts | {"total"}
    assert counts["total"] == sum(counts[part] for part in parts)
    decoder = objective.assemble(objective.players).decoder
    assert counts["decoder"] == sum(parameter.numel() for parameter in decoder.parameters()) > 0
