"""A preset is laid over the defaults, for the models and the kind of data it is made for."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.presets.base import chosen_words, preset_document
from genlab.registry import registry


def test_the_model_is_named_and_its_settings_are_nested():
    document = preset_document("critic-too-strong", "gan", "images")
    assert document["model"]["name"] == "gan"
    assert document["model"]["loss"] == {"name": "minimax"}


def test_points_have_settings_of_their_own():
    assert preset_document("quick", "gan", "points")["network"] == {"name": "mlp"}
    assert preset_document("quick", "gan", "images")["network"]["name"] == "conv"


@pytest.mark.parametrize("model", ["restorer", "cycle_gan"])
def test_models_from_image_to_image_convolve_at_full_resolution(model: str):
    for preset in ("", "quick", "balanced", "paper"):
        document = preset_document(preset, model, "images")
        assert document["network"]["name"] == "conv" and document["network"]["full_resolution"] >= 8, preset
        assert document["model"]["name"] == model and document["optimiser"]["schedule"] == "cosine"
    for preset in ("", "quick", "balanced"):
        assert "full_resolution" not in preset_document(preset, model, "points")["network"]


def test_without_a_preset_a_model_takes_what_suits_it():
    assert preset_document("", "cycle_gan", "images")["conditional"] is True
    assert preset_document("", "gan", "images") == {"model": {"name": "gan"}}


def test_symbols_are_drawn_from_one_distribution_at_each_place():
    for preset in ("", "quick"):
        assert preset_document(preset, "vae", "texts")["model"]["likelihood"] == {"name": "categorical"}, preset
        assert "likelihood" not in preset_document(preset, "vae", "film")["model"], preset


def test_a_preset_that_is_not_for_the_model_names_those_that_are():
    with pytest.raises(InputError, match="'posterior-collapse' is not for the model 'gan'") as caught:
        preset_document("posterior-collapse", "gan", "images")
    assert "quick" in caught.value.hint and "posterior-collapse" not in caught.value.hint


@pytest.mark.parametrize(("preset", "model"), [("fast", "gan"), ("quick", "diffusion")])
def test_unknown_names_are_refused(preset: str, model: str):
    with pytest.raises(InputError) as caught:
        preset_document(preset, model, "images")
    assert caught.value.kind == "unknown_name"


def test_what_a_preset_was_chosen_on_names_data_sets_that_there_are():
    specs = [spec for spec in registry("presets") if spec.chosen_on]
    assert {spec.name for spec in specs} >= {"quick", "balanced", "modern"}
    assert all(data in registry("datasets") for spec in specs for data in spec.chosen_on)
    assert (
        chosen_words("quick", "fashion-mnist") == chosen_words("", "mnist-5k") == chosen_words("gone", "digits") == ""
    )
    assert "flatters" in chosen_words("quick", "mnist-5k") and "flatters" not in chosen_words("modern", "mnist-5k")
