"""A configuration is complete, strict, and changed by short names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genlab.config import SCHEMA_VERSION, RunConfig, change, leaves, load_config, merge
from genlab.errors import InputError


@pytest.fixture
def gan() -> RunConfig:
    return RunConfig(model="gan")


def test_a_configuration_survives_its_json(gan):
    assert load_config(json.loads(gan.model_dump_json())) == gan


def test_a_newer_schema_is_refused(gan):
    document = {**gan.model_dump(), "schema_version": SCHEMA_VERSION + 1}
    with pytest.raises(InputError, match="schema version") as caught:
        load_config(document)
    assert caught.value.kind == "schema_too_new"


def test_settings_are_found_by_the_end_of_their_path(gan):
    changed = change(gan, {"loss": "hinge", "batch_size": "128", "penalty.weight": "0.5", "conditional": "true"})
    assert changed.model.options.loss.name == "hinge"
    assert changed.training.batch_size == 128
    assert changed.model.options.penalty.options.weight == 0.5
    assert changed.conditional is True
    assert changed.optimiser == gan.optimiser


def test_a_choice_and_its_option_can_be_changed_together_in_any_order(gan):
    changed = change(gan, {"penalty.weight": 3, "penalty": "gradient_penalty"})
    assert changed.model.options.penalty.name == "gradient_penalty"
    assert changed.model.options.penalty.options.weight == 3


def test_another_choice_drops_the_old_ones_options(gan):
    weighted = change(gan, {"penalty.weight": 7})
    assert change(weighted, {"penalty": "r1"}).model.options.penalty.options.weight != 7


def test_naming_the_choice_that_is_made_keeps_its_options(gan):
    own = change(gan, {"penalty.weight": 0.5, "network.mapping": 2})
    assert change(own, {"penalty": own.model.options.penalty.name, "network": own.network.name}) == own


def test_the_data_set_can_be_changed(gan):
    assert change(gan, {"data": "digits"}).data.name == "digits"


def test_none_empties_an_optional_setting(gan):
    with_lr = change(gan, {"critic_lr": 0.001})
    assert change(with_lr, {"critic_lr": "none"}).optimiser.critic_lr is None


def test_none_stays_a_word_where_it_is_a_choice(gan):
    changed = change(change(gan, {"augment": "diffaugment"}), {"augment": "none", "penalty": "none"})
    assert changed.model.options.augment == "none"
    assert changed.model.options.penalty.name == "none"


def test_an_unknown_setting_suggests_the_closest(gan):
    with pytest.raises(InputError, match="no setting called 'batchsize'") as caught:
        change(gan, {"batchsize": 3})
    assert "batch_size" in caught.value.hint


def test_an_ambiguous_setting_is_refused_with_both_paths(gan):
    hybrid = RunConfig(model="soft_intro_vae")
    with pytest.raises(InputError, match=r"'warmup' could be model\.warmup or optimiser\.warmup"):
        change(hybrid, {"warmup": 1})
    assert change(hybrid, {"optimiser.warmup": 64}).optimiser.warmup == 64


def test_the_names_a_person_would_type_are_unambiguous(gan):
    ends = [path.rpartition(".")[2] for path in leaves(gan.model_dump())]
    for name in ("seed", "images", "batch_size", "lr", "loss", "penalty", "network", "latent_dim", "data", "width"):
        assert ends.count(name) == 1, name


@pytest.mark.parametrize("settings", [{"latent_dim": 0}, {"batch_size": 1}, {"lr": 0}, {"lr": "fast"}, {"size": 7}])
def test_values_out_of_range_are_refused(gan, settings):
    with pytest.raises(InputError) as caught:
        change(gan, settings)
    assert next(iter(settings)) in caught.value.message


@given(st.dictionaries(st.sampled_from("abc"), st.integers() | st.dictionaries(st.sampled_from("xyz"), st.integers())))
def test_merging_nothing_changes_nothing_and_merging_itself_neither(document):
    assert merge(document, {}) == document
    assert merge(document, document) == document


def test_a_run_from_before_trunks_could_differ_is_the_same_run() -> None:
    """Its config.json does not name the setting; what it means and what it equals has not changed."""
    document = RunConfig().model_dump(mode="json")
    del document["network"]["trunk_width"]
    assert load_config(document) == RunConfig() and load_config(document).recipe() == RunConfig().recipe()
