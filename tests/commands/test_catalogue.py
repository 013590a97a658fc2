"""Models, presets and settings, read from the specs."""

from __future__ import annotations

from genlab.commands.catalogue import walk
from genlab.config import RunConfig, leaves
from genlab.registry import registry
from tests.support.command import Capture


def test_models_lists_every_entry_of_every_part(cli: Capture):
    document = cli.json("models")
    assert [entry["name"] for entry in document["models"]] == registry("objectives").names()
    for part in ("networks", "losses", "penalties", "likelihoods", "corruptions"):
        assert [entry["name"] for entry in document[part]] == registry(part).names()
    _, out, _ = cli("models")
    assert "relativistic" in out


def test_presets_lists_every_preset_with_its_models(cli: Capture):
    found = {preset["name"]: preset for preset in cli.json("presets")["presets"]}
    assert list(found) == registry("presets").names()
    assert "vae" in found["quick"]["models"]
    assert "quick" in cli("presets")[1]


def test_settings_names_all_that_set_takes(cli: Capture):
    found = {s["name"]: s for s in cli.json("settings", "--data", "digits", "--set", "network=mlp")["settings"]}
    size = found["training.batch_size"]
    assert size["unit"] == "images" and size["why"] and isinstance(size["value"], int)
    assert found["optimiser.schedule"]["choices"] == ["constant", "cosine"]
    assert (found["conditional"]["value"], found["latent_dim"]["range"]) == (False, "At least 1, at most 1,024")
    assert found["network"]["choices"] == registry("networks").names()


def test_settings_follow_the_chosen_parts(cli: Capture):
    words = ("settings", "--model", "gan", "--data", "digits", "--set", "network=mlp")
    names = [s["name"] for s in cli.json(*words)["settings"]]
    assert "model.loss" in names and "model.likelihood" not in names
    assert "model.penalty.weight" in names
    without = [s["name"] for s in cli.json(*words, "--set", "penalty=none")["settings"]]
    assert "model.penalty.weight" not in without
    _, out, _ = cli(*words)
    assert "model.loss" in out and "relativistic" in out


def test_every_leaf_of_a_configuration_is_walked():
    config = RunConfig(model="vae", network="mlp")
    own = {"schema_version", "preset", "data.options"}
    assert {field.path for field in walk(config)} == set(leaves(config.model_dump())) - own


def test_a_data_sets_own_settings_are_listed_and_can_be_set(cli: Capture):
    words = ("settings", "--data", "shapes", "--set", "network=mlp", "--set", "data.options.size=16")
    found = {s["name"]: s["value"] for s in cli.json(*words)["settings"]}
    assert found["data"] == "shapes"
    assert found["data.options.size"] == 16
    assert "data.options.count" in found
