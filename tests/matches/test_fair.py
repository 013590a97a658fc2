"""A match is fair: alike in all but objective and optimiser, and within a tenth in size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from genlab.config import RunConfig, change
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.matches.entries import at_rate
from genlab.matches.fair import WITHIN, base_configs, evened, plan
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest
from genlab.networks.matched import report
from genlab.options import NoOptions
from genlab.registry import registry
from genlab.space import Space
from tests.support.command import child_environment

MNIST, COLOUR, SMALL = Space("images", (1, 28, 28)), Space("images", (3, 64, 64)), Space("images", (1, 8, 8))


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def planned(lab: Lab, **settings: Any) -> MatchPlan:
    return plan(lab.matches.request(data="digits", **settings), lab)


def each(base: RunConfig, *models: str) -> dict[str, RunConfig]:
    """``base`` once for each model."""
    return {model: change(base, {"model": model}) for model in models}


def test_families_differ_in_nothing_but_objective_optimiser_and_narrower_trunks(lab: Lab) -> None:
    configs = [entry.configuration() for entry in planned(lab).entries if (entry.role, entry.seed) == ("seed", 0)]
    assert [config.model.name for config in configs] == ["vae", "gan", "vae_gan"]
    documents = [c.model_dump(exclude={"model", "optimiser", "name", "network"}) for c in configs]
    assert documents[0] == documents[1] == documents[2]
    networks = [config.network.model_dump() for config in configs]
    assert all({**network, "trunk_width": None} == networks[0] for network in networks)
    assert networks[2]["trunk_width"] < networks[0]["width"]
    presets = {name: lab.configs.draft(name, "digits", "quick") for name in ("vae", "gan", "vae_gan")}
    for config in configs:
        assert (config.model, config.optimiser) == (
            presets[config.model.name].model,
            presets[config.model.name].optimiser,
        )


def test_the_shortest_preset_decides_the_length(lab: Lab) -> None:
    lengths = {name: lab.configs.draft(name, "digits", "quick").training.images for name in ("vae", "gan", "vae_gan")}
    assert planned(lab).images == min(lengths.values()) < max(lengths.values())
    assert {c.training.images for c in planned(lab, trials=False, images=9_000).configurations()} == {9_000}


def test_batch_latent_size_and_averaging_are_one_familys_where_presets_differ(lab: Lab) -> None:
    """The paper preset has batches of 128 and 512."""
    found = planned(lab, preset="paper", families="gan,vae", seeds=1)
    assert {(c.training.batch_size, c.training.ema_half_life) for c in found.configurations()} == {(128, 100_000)}
    assert found.batch_size == 128


@pytest.mark.parametrize("space", [MNIST, COLOUR, SMALL], ids=str)
@pytest.mark.parametrize("network", ["conv", "resnet", "mlp"])
@pytest.mark.parametrize("latent_dim", [2, 32, 256])
def test_totals_are_within_a_tenth_and_decoders_are_equal(network: str, space: Space, latent_dim: int) -> None:
    base = change(RunConfig(), {"network": network, "latent_dim": latent_dim})
    configs = each(base, "vae", "gan", "vae_gan")
    found, parameters = evened(configs, space)
    totals = [counts["total"] for counts in parameters.values()]
    assert min(totals) >= (1 - WITHIN) * max(totals)
    assert len({counts["decoder"] for counts in parameters.values()}) == 1
    assert parameters == {family: report(config, space) for family, config in found.items()}
    biggest = report(configs["vae"], space)["total"]
    assert found["vae"] == configs["vae"] and max(totals) <= (1 + WITHIN) * biggest


def test_one_family_with_two_trunks_is_not_made_smaller_without_another(lab: Lab) -> None:
    configs = {"vae_gan": change(RunConfig(), {"model": "vae_gan"})}
    assert evened(configs, MNIST)[0] == configs


def test_a_contender_changes_nothing_for_the_families_and_is_as_large(lab: Lab) -> None:
    alone, both = planned(lab, seeds=1), planned(lab, seeds=1, beside="vae:modern")
    usual = [entry for entry in both.entries if not entry.variant]
    assert usual == alone.entries and both.spread == alone.spread and both.images == alone.images
    (modern,) = [entry.configuration() for entry in both.entries if entry.variant]
    vae = usual[0].configuration()
    assert modern.preset == "modern" and modern.training == vae.training and modern.network.name == vae.network.name
    most = max(counts["total"] for counts in alone.parameters.values())
    assert (1 - WITHIN) * most <= both.parameters["vae:modern"]["total"] <= 1.01 * most
    assert both.parameters["vae:modern"]["decoder"] == alone.parameters["vae"]["decoder"]


def test_the_plan_says_what_each_family_weighs(lab: Lab) -> None:
    found = planned(lab)
    assert set(found.parameters) == {"vae", "gan", "vae_gan"}
    totals = [counts["total"] for counts in found.parameters.values()]
    assert found.spread == pytest.approx(1 - min(totals) / max(totals)) and found.spread <= WITHIN


def test_seeds_come_one_after_another_and_trials_last(lab: Lab) -> None:
    roles = [(entry.role, entry.seed, entry.family) for entry in planned(lab, seeds=2).entries]
    families = ["vae", "gan", "vae_gan"]
    assert roles[:6] == [("seed", seed, family) for seed in (0, 1) for family in families]
    assert {role for role, _, _ in roles[6:]} == {"trial"} and len(roles) == 6 + 9
    assert [entry.role for entry in planned(lab, seeds=2, trials=False).entries] == ["seed"] * 6


def test_a_tuned_match_begins_with_its_trials(lab: Lab) -> None:
    roles = [entry.role for entry in planned(lab, seeds=1, tuned=True).entries]
    assert roles == ["trial"] * 9 + ["seed"] * 3


def test_trials_are_short_and_differ_in_the_learning_rate(lab: Lab) -> None:
    found = planned(lab, seeds=1, images=3_000, settings={"critic_lr": 1e-3})
    preset = found.entries[1].configuration().optimiser
    trials = [entry for entry in found.entries if (entry.role, entry.family) == ("trial", "gan")]
    assert [entry.lr_factor for entry in trials] == [0.5, 1.0, 2.0]
    assert [t.configuration().optimiser.lr / preset.lr for t in trials] == pytest.approx([0.5, 1.0, 2.0])
    assert [t.configuration().optimiser.critic_lr for t in trials] == pytest.approx([5e-4, 1e-3, 2e-3])
    assert {t.configuration().training.images for t in trials} == {1_000} and {t.seed for t in trials} == {0}


def test_names_tell_runs_apart(lab: Lab) -> None:
    names = [config.name for config in planned(lab).configurations()]
    assert len(set(names)) == len(names)
    assert names[0] == "Match digits VAE seed 0"


def test_the_same_rate_is_the_same_configuration() -> None:
    config = RunConfig()
    assert at_rate(config, 1.0) == config and at_rate(config, 2.0).optimiser.critic_lr is None


def test_a_setting_reaches_the_families_that_have_it(lab: Lab) -> None:
    settings = {"beta": 3, "penalty": "r1", "penalty.weight": 0.5, "network.width": 16, "data.limit": 500}
    by_family = {
        entry.family: entry.configuration() for entry in planned(lab, seeds=1, trials=False, settings=settings).entries
    }
    assert {c.network.model_dump()["width"] for c in by_family.values()} == {16}
    assert {c.data.limit for c in by_family.values()} == {500}
    assert [by_family[f].model.model_dump().get("beta") for f in ("vae", "gan", "vae_gan")] == [3.0, None, 3.0]
    penalties = [by_family[f].model.model_dump().get("penalty") for f in ("gan", "vae_gan")]
    assert [(p["name"], p["weight"]) for p in penalties] == [("r1", 0.5)] * 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"bета": 3}, "no setting called"),
        ({"latent_dim": 0}, "latent_dim"),
        ({"training.seed": 4}, "The match itself decides training.seed"),
        ({"name": "mine"}, "The match itself decides name"),
        ({"model": "vae"}, "The match itself decides model"),
        ({"images": 1_000}, "The match itself decides training.images"),
        ({"batch_size": 5_000}, "A batch of 5,000 is larger"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(lab: Lab, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says) as refusal:
        planned(lab, settings=settings)
    assert refusal.value.hint


def test_points_and_unknown_names_are_refused(lab: Lab) -> None:
    for request, says in [
        (MatchRequest(data="ring"), "'ring' holds points"),
        (MatchRequest(data="nothing"), "no data set called"),
        (MatchRequest(preset="nothing"), "no preset called"),
        (MatchRequest(preset="collapsing-gan"), "is not for the model 'vae'"),
    ]:
        with pytest.raises(InputError, match=says) as refusal:
            base_configs(request, lab)
        assert refusal.value.hint


def test_networks_without_adjustable_trunks_are_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = registry("networks").get("conv")
    monkeypatch.setattr(type(spec.Options()), "model_fields", NoOptions.model_fields)
    configs = each(RunConfig(), "vae", "vae_gan")
    with pytest.raises(InputError, match="has no trunk_width") as refusal:
        evened(configs, MNIST)
    assert refusal.value.kind == "unfair"


def test_totals_that_cannot_be_brought_together_are_refused() -> None:
    """With one layer and a thousand latent numbers, the encoder's head outweighs the widest critic."""
    settings = {"network": "mlp", "network.width": 4_096, "network.layers": 1, "latent_dim": 1_024}
    configs = each(change(RunConfig(), settings), "vae", "gan")
    with pytest.raises(InputError, match="differ by more than 10%") as refusal:
        evened(configs, SMALL)
    assert refusal.value.kind == "unfair" and refusal.value.hint


def test_what_a_page_asks_costs_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys, json; from genlab.lab import Lab; from genlab.matches.fair import base_configs\n"
        f"lab = Lab({str(tmp_path)!r}); request = lab.matches.request(data='digits')\n"
        "configs, _ = base_configs(request, lab); lab.matches.all(); lab.matches.estimate(request)\n"
        "print(json.dumps([len(configs), 'torch' in sys.modules, 'streamlit' in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=child_environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [3, False, False]
