from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.playground import pictures
from genlab.playground.plane_data import data_of
from genlab.playground.scenario import Scenario
from genlab.playground.session import ALL_LAYERS
from genlab.playground.stage import LATENTS, Stage


def stage_of(model, **settings):
    scenario = Scenario(**{"width": 16, "layers": 2, **settings})
    stage = Stage.fresh(model, scenario, data_of(scenario))
    for _ in range(3):
        stage.step()
    return stage


@pytest.mark.parametrize("dims", [1, 2, 4])
@pytest.mark.parametrize("model", ["vae", "gan", "vae_gan"])
def test_each_family_shows_what_it_has(model, dims):
    facts, arrays = pictures.draw(stage_of(model, latent_dim=dims), ALL_LAYERS)
    shapes = {name: array.shape for name, array in arrays.items()}
    assert shapes["samples"] == (LATENTS, 2)
    assert shapes["manifold"] == (1 if dims == 1 else pictures.GRID, pictures.GRID, 2)
    assert ("surface" in shapes, "arrows" in shapes) == (model != "vae", model != "vae")
    assert ("means" in shapes, "holes" in shapes) == (model != "gan", model != "gan")
    assert all(np.isfinite(array).all() for array in arrays.values())
    if model != "gan":
        assert len(facts["kl"]) == dims and 0 <= facts["holes"] <= 1


def test_only_what_is_asked_for_is_drawn():
    facts, arrays = pictures.draw(stage_of("gan"), ["samples"])
    assert set(arrays) == {"samples"} and facts == {}


def test_drawing_changes_nothing():
    drawn, plain = stage_of("vae_gan"), stage_of("vae_gan")
    pictures.draw(drawn, ALL_LAYERS)
    drawn.step()
    plain.step()
    assert all(torch.equal(tensor, plain.state.weights()[name]) for name, tensor in drawn.state.weights().items())


@pytest.mark.parametrize("loss", ["minimax", "non_saturating", "relativistic"])
def test_arrows_are_minus_the_slope_of_the_loss(loss):
    stage = stage_of("gan", loss=loss, data="grid")
    fake = torch.tensor([[0.3, -0.8], [2.0, 1.0]])
    found = pictures.arrows(stage, fake)
    real = torch.from_numpy(stage.data.held_out[:2])
    critic, functions = stage.assembly.critic, stage.state.objective.adversary.loss

    def value(x):
        with torch.no_grad():
            return functions.generator(critic(real).double(), critic(x).double()).sum()

    step = 1e-2 * stage.data.scale
    for row in range(2):
        for axis in range(2):
            moved = torch.zeros_like(fake)
            moved[row, axis] = step
            slope = (value(fake + moved) - value(fake - moved)) / (2 * step) * stage.data.scale
            assert found[row, axis] == pytest.approx(-float(slope), rel=0.1, abs=2e-3)


def test_a_sure_critic_paints_real_and_generated_in_different_colours():
    stage = stage_of("gan", loss="non_saturating")

    class Sure(torch.nn.Module):
        pack = 1

        def forward(self, x, y=None):
            return 40 * x[:, 0]

    stage.state.objective.players = {**stage.state.objective.players, "critic": Sure()}
    with torch.no_grad():
        surface, facts = pictures.critic_surface(stage, torch.tensor([[-1.0, 0.0]]))
    assert surface[:, 0].max() == 0
    assert surface[:, -1].min() == 255
    assert facts["score_fake"] == pytest.approx(-40)


def test_holes_are_where_nothing_is_encoded():
    rng = torch.Generator().manual_seed(0)
    everywhere, at_one_side = torch.randn(400, 2, generator=rng), torch.randn(400, 2, generator=rng).abs()
    sds = torch.full((400, 2), 0.3)
    _, covered = pictures._holes(everywhere, sds)
    shown, half = pictures._holes(torch.stack([at_one_side[:, 0], everywhere[:, 1]], 1), sds)
    assert covered < 0.03
    assert 0.3 < half < 0.5
    assert shown[:, : pictures.PLANE // 3].min() > 150


def test_arrows_fill_whole_packs():
    scenario = Scenario(pack=3, width=8, layers=1, batch_size=16)
    stage = Stage.fresh("gan", scenario, data_of(scenario))
    assert pictures.draw(stage, ("arrows",))[1]["arrows"].shape == (126, 2)
