"""What families with the same settings weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch

from genlab.config import RunConfig, change
from genlab.errors import InputError
from genlab.networks.matched import report, size
from genlab.registry import registry
from genlab.space import Space

SPACE = Space("images", (1, 28, 28))
MODELS = registry("objectives").names()


@pytest.fixture
def base() -> RunConfig:
    return change(RunConfig(), {"latent_dim": 12, "network.width": 16, "beta": 2.0, "images": 5_000})


def each(base: RunConfig, models: Sequence[str]) -> list[RunConfig]:
    """``base`` once for each model."""
    return [change(base, {"model": model}) for model in models]


def test_families_share_one_decoder_and_parts_add_up(base: RunConfig) -> None:
    spaces = {name: SPACE if name != "cycle_gan" else replace(SPACE, classes=2) for name in MODELS}
    reports = {config.model.name: report(config, spaces[config.model.name]) for config in each(base, MODELS)}
    assert len({counts["decoder"] for counts in reports.values() if "decoder" in counts}) == 1
    assert set(reports["restorer"]) == set(reports["cycle_gan"]) == {"critic", "translator", "total"}
    assert reports["cycle_gan"]["translator"] == 2 * reports["restorer"]["translator"]
    for counts in reports.values():
        assert counts["total"] == sum(count for part, count in counts.items() if part != "total")
    assert "critic" not in reports["vae"]
    assert "encoder" not in reports["gan"]
    assert {"encoder", "decoder", "critic"} <= set(reports["vae_gan"])
    assert reports["vae"]["encoder"] == reports["vae_gan"]["encoder"]
    assert reports["gan"]["critic"] == reports["vae_gan"]["critic"]


def test_counting_allocates_and_draws_nothing(base: RunConfig) -> None:
    """The largest network of all is counted at once, and the random numbers of the process stay where they were."""
    huge = change(base, {"model": "gan", "network": "resnet", "network.width": 512, "network.blocks": 8})
    state = torch.get_rng_state()
    assert report(huge, Space("images", (3, 128, 128)))["total"] > 1e9
    assert torch.get_rng_state().equal(state)


def test_size_counts_weights_gradients_optimiser_and_average(base: RunConfig) -> None:
    assert size(base, SPACE) == 5 * 4 * report(base, SPACE)["total"]


def test_a_perceptron_counts_as_by_hand() -> None:
    config = change(RunConfig(), {"network": "mlp", "network.width": 10, "network.layers": 1, "latent_dim": 3})
    encoder, decoder = 64 * 10 + 10 + 10 * 6 + 6, 3 * 10 + 10 + 10 * 64 + 64
    assert report(config, Space("images", (1, 8, 8))) == {
        "encoder": encoder,
        "decoder": decoder,
        "total": encoder + decoder,
    }


def test_a_network_for_other_data_is_refused(base: RunConfig) -> None:
    with pytest.raises(InputError, match="not for points"):
        report(base, Space("points", (2,)))
