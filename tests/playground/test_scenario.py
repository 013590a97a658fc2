from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genlab.errors import InputError
from genlab.playground.scenario import Scenario, changed, from_link, offered, read, restarts, run_config, to_link

SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "data": st.sampled_from(["ring", "spiral", "two_gaussians"]),
        "models": st.lists(st.sampled_from(offered()), min_size=1, max_size=3, unique=True),
        "show": st.lists(st.sampled_from(["data", "critic", "latent"]), unique=True),
        "beta": st.sampled_from([0.0, 1e-05, 0.25, 4.0, 100.0]),
        "critic_lr": st.sampled_from([1e-5, 0.003, 0.1]),
        "latent_dim": st.integers(1, 8),
        "speed": st.sampled_from(["slow", "10", "full"]),
        "drawn": st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), min_size=3, max_size=40),
    },
)


@given(SETTINGS)
def test_a_link_holds_all_settings_in_letters_that_an_address_leaves_alone(settings):
    scenario = read(settings)
    link = to_link(scenario)
    assert from_link(link) == scenario
    assert set(link) <= set(string.ascii_letters + string.digits + "-._~+")


def test_the_defaults_need_no_link():
    assert to_link(Scenario()) == ""
    assert from_link("") == Scenario()


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("beta~4~data", "incomplete"),
        ("colour~4", "colour"),
        ("beta~much", "beta"),
        ("data~squares", "data"),
        ("models~vae-vae", "twice"),
        ("models~none", "models"),
        ("width~4096", "width"),
        ("drawn~!!!!", "drawing"),
        ("drawn~AAAA", "drawing"),
        ("data~drawn", "drawn"),
    ],
)
def test_a_damaged_link_is_refused_in_a_sentence(link, word):
    with pytest.raises(InputError, match=word) as refused:
        from_link(link)
    assert refused.value.hint


def test_changes_are_refused_as_a_whole():
    with pytest.raises(InputError):
        changed(Scenario(), {"beta": 2.0, "width": 0})
    with pytest.raises(InputError):
        changed(Scenario(), ["beta"])


def test_only_other_networks_other_data_or_one_more_model_begin_anew():
    base = Scenario(models=["vae", "gan"])
    assert not restarts(base, changed(base, {"beta": 4, "loss": "hinge", "noise": 0.1, "critic_lr": 0.01}))
    assert not restarts(base, changed(base, {"models": ["gan"]}))
    for changes in ({"latent_dim": 3}, {"width": 32}, {"pack": 2}, {"data": "grid"}, {"models": ["gan", "vae_gan"]}):
        assert restarts(base, changed(base, changes))


def test_each_model_gets_a_configuration_of_genlabs_own():
    scenario = Scenario(penalty="none", loss="hinge", beta=3, sigma=0.5, vae_lr=0.01, critic_lr=0.02, generator_lr=0.03)
    vae, gan, hybrid = (run_config(scenario, model) for model in ("vae", "gan", "vae_gan"))
    likelihood = vae.model.options.model_dump()["likelihood"]
    assert (likelihood["name"], likelihood["sigma"], likelihood["value"]) == ("gaussian", "fixed", 0.5)
    assert (vae.optimiser.lr, gan.optimiser.lr, gan.optimiser.critic_lr) == (0.01, 0.03, 0.02)
    assert hybrid.model.options.model_dump()["beta"] == 3
    assert gan.model.options.model_dump()["loss"]["name"] == "hinge"
    assert gan.model.options.model_dump()["penalty"] == {"name": "none"}
