"""What is worked out from settings alone agrees with the networks themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from genlab.config import RunConfig, change
from genlab.jobs.work import parts, passes, work
from genlab.networks import base
from genlab.registry import registry

PICTURES, TEXTS = ((1, 28, 28), (3, 64, 64), (3, 128, 128), (1, 8, 130)), ((30, 40), (27, 13))
OURS = {path.stem for path in Path(base.__file__).parent.glob("[a-z]*.py")} - {"base", "build", "matched"}
FILMS = ((1, 16, 32, 32), (3, 8, 20, 36))


@pytest.mark.parametrize(
    ("network", "shape"),
    [
        (network, shape)
        for shapes, networks in (
            (
                PICTURES,
                (
                    {"name": "conv"},
                    {"name": "conv", "depth": 3, "mapping": 2, "trunk_width": 20},
                    {"name": "resnet", "blocks": 2},
                    {"name": "mlp", "layers": 4},
                    {"name": "style"},
                    {"name": "style", "depth": 2, "mapping": 3, "mapping_width": 24, "trunk_width": 20},
                ),
            ),
            (FILMS, ({"name": "film"}, {"name": "film", "mapping": 0, "motion": 4, "trunk_width": 20})),
            (
                TEXTS,
                (
                    {"name": "sequence"},
                    {"name": "sequence", "depth": 1, "mapping": 3, "trunk_width": 20},
                    {"name": "autoregressive"},
                    {"name": "autoregressive", "mapping": 0, "told": "start", "units": 64},
                ),
            ),
        )
        for shape in shapes
        for network in networks
    ],
    ids=lambda found: "-".join(map(str, found.values() if isinstance(found, dict) else found)),
)
def test_multiply_adds_are_those_of_the_networks(network, shape):
    config = change(RunConfig(), {"network": network, "latent_dim": 16})
    spec, options = registry("networks").get(config.network.name), config.network.options
    measured = []
    for module, inputs in (
        (spec.trunk(shape, options), torch.zeros(1, *shape)),
        (spec.decoder(16, shape, options), torch.zeros(1, 16)),
    ):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            module(inputs)
        measured.append(counter.get_total_flops() / 2)
    assert parts(config, shape) == pytest.approx(measured, rel=0.02)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 64, 64), (1, 25, 31)])
def test_convolutions_at_full_resolution_are_counted_where_there_are_any(shape):
    network, counts = registry("networks").get("conv"), {}
    for full in (0, 8, 24):
        config = change(RunConfig(), {"full_resolution": full})
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            network.translator(shape, shape, config.network.options)(torch.zeros(1, *shape))
        counts[full] = counter.get_total_flops() / 2
        assert network.translating(shape, config.network.options) == pytest.approx(counts[full] - counts[0])
    for model in ("restorer", "vae"):
        plain, full = (change(RunConfig(), {"model": model, "full_resolution": each}) for each in (0, 8))
        assert (work(plain, shape) < work(full, shape)) == (model == "restorer"), "others have no such network"


def test_every_network_that_ships_has_been_counted():
    counted = {"conv", "resnet", "mlp", "style", "sequence", "autoregressive", "film"}
    assert {spec.name for spec in registry("networks") if spec.work} >= counted >= set(OURS)


def test_a_network_that_nobody_has_counted_costs_what_the_usual_one_does(monkeypatch):
    monkeypatch.setitem(vars(registry("networks").get("resnet")), "work", None)
    unknown, usual = (change(RunConfig(), {"network": name, "latent_dim": 16}) for name in ("resnet", "conv"))
    assert parts(unknown, (3, 64, 64)) == parts(usual, (3, 64, 64))
    assert parts(unknown, (30, 40)) == parts(change(usual, {"network": "mlp"}), (30, 40))


def test_points_go_through_a_perceptron():
    trunk, decoder = parts(change(RunConfig(), {"network": "mlp", "latent_dim": 2}), (2,))
    assert trunk == 2 * 128 + 2 * 128**2 and decoder == 2 * 128 + 2 * 128**2 + 128 * 2


@pytest.mark.parametrize("model", registry("objectives").names())
def test_every_model_costs_something_and_more_on_larger_pictures(model):
    config = change(RunConfig(), {"model": model})
    assert all(number > 0 for number in passes(config))
    assert 0 < work(config, (1, 28, 28)) < work(config, (3, 64, 64)) / 3


def test_penalties_and_more_updates_of_the_critic_cost_more():
    gan = {"model": {"name": "gan", "penalty": "none"}}
    plain, lazy, first_order, penalised, often = (
        work(change(RunConfig(), {"model": {**gan["model"], **more}}), (1, 28, 28))
        for more in (
            {},
            {"penalty": "r1_r2", "penalty_every": 4},
            {"penalty": "first_order"},
            {"penalty": "r1_r2"},
            {"critic_repeats": 5},
        )
    )
    assert plain < lazy < first_order < penalised < often
