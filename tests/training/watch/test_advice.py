"""Advice fits how the run was set up, and is always something that the run can be started with."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.config import RunConfig, change, load_config, merge
from genlab.presets.base import preset_document
from genlab.training.watch.advice import ADVISERS, advise

CASES = {
    "mode_collapse": ("vae", "gan", "vae_gan", "soft_intro_vae"),
    "posterior_collapse": ("vae", "vae_gan", "soft_intro_vae"),
    "critic_overpowering": ("gan", "vae_gan"),
    "gradient_explosion": ("vae", "gan", "vae_gan", "soft_intro_vae"),
    "critic_overfitting": ("gan", "vae_gan"),
    "memorisation": ("vae", "gan", "vae_gan", "soft_intro_vae"),
}


def config(model: str, **settings: Any) -> RunConfig:
    return change(RunConfig(model=model), settings)


@pytest.mark.parametrize(("symptom", "model"), [(s, m) for s, models in CASES.items() for m in models])
def test_there_is_always_something_to_try(symptom, model):
    now = config(model)
    for _ in range(4):
        advice = advise(symptom, now)
        assert advice.cause.endswith(".") and "  " not in advice.cause
        assert 1 <= len(advice.settings) <= 2
        changed = change(now, advice.settings)
        assert changed != now
        now = changed


def test_every_symptom_has_an_adviser():
    assert set(CASES) == set(ADVISERS)


@pytest.mark.parametrize(
    ("symptom", "model", "settings", "expected"),
    [
        ("mode_collapse", "gan", {"penalty": "none"}, {"penalty": "r1_r2"}),
        (
            "mode_collapse",
            "gan",
            {"penalty": "none", "loss": "hinge"},
            {"penalty": "r1_r2", "loss": "relativistic"},
        ),
        ("mode_collapse", "gan", {"critic_lr": 1e-5}, {"pack": 2, "critic_lr": 2e-4}),
        ("mode_collapse", "gan", {"pack": 4}, {"lr": 1e-4}),
        ("posterior_collapse", "vae", {"beta": 50.0, "kl_warmup": 0.0}, {"beta": 1.0, "kl_warmup": 0.25}),
        ("posterior_collapse", "vae", {}, {"kl_warmup": 0.5, "free_bits": 0.1}),
        ("posterior_collapse", "vae", {"importance_samples": 5}, {"kl_warmup": 0.5}),
        (
            "critic_overpowering",
            "gan",
            {"loss": "minimax", "penalty": "none"},
            {"loss": "relativistic", "penalty": "r1_r2"},
        ),
        (
            "critic_overpowering",
            "gan",
            {"critic_repeats": 5, "penalty.weight": 0.5},
            {"critic_repeats": 1, "penalty.weight": 2.0},
        ),
        ("critic_overpowering", "gan", {"critic_lr": 1.0, "penalty": "none"}, {"penalty": "r1_r2", "critic_lr": 2e-4}),
        ("gradient_explosion", "vae", {"lr": 0.004}, {"lr": 0.001, "clip_norm": 1.0}),
        ("critic_overfitting", "gan", {}, {"augment": "diffaugment"}),
        ("critic_overfitting", "gan", {"network": "mlp", "penalty": "none"}, {"penalty": "r1_r2", "lr": 1e-4}),
        ("critic_overfitting", "gan", {"network": "mlp", "penalty.weight": 2.0}, {"penalty.weight": 8.0, "lr": 1e-4}),
        ("mode_collapse", "gan", {"pack": 4, "beta1": 0.5}, {"lr": 1e-4}),
        ("mode_collapse", "gan", {"pack": 4, "beta1": 0.6}, {"beta1": 0.0, "lr": 1e-4}),
        ("mode_collapse", "gan", {"pack": 4, "critic_lr": 2e-4}, {"lr": 1e-4}),
        ("posterior_collapse", "vae", {"beta": 1.5, "kl_warmup": 0.1}, {"beta": 1.0}),
        ("posterior_collapse", "vae", {"kl_warmup": 0.5}, {"beta": 0.25, "free_bits": 0.1}),
        (
            "posterior_collapse",
            "vae",
            {"network": "autoregressive", "kl_warmup": 0.0},
            {"word_dropout": 0.5, "kl_warmup": 0.5},
        ),
        (
            "posterior_collapse",
            "vae",
            {"network": "autoregressive", "word_dropout": 0.4, "kl_warmup": 0.5},
            {"beta": 0.25, "free_bits": 0.1},
        ),
        ("posterior_collapse", "vae", {"network": "autoregressive", "beta": 4.0}, {"beta": 1.0}),
        ("posterior_collapse", "vae_gan", {"network": "autoregressive"}, {"recon_weight": 240.0}),
        ("posterior_collapse", "soft_intro_vae", {"beta_kl": 2.0}, {"beta_kl": 0.5}),
        ("mode_collapse", "soft_intro_vae", {"beta_neg": 8.0}, {"beta_neg": 2.0}),
    ],
)
def test_advice_goes_to_the_cause(symptom, model, settings, expected):
    assert advise(symptom, config(model, **settings)).settings == expected


@pytest.mark.parametrize(
    ("preset", "model", "symptom", "expected"),
    [
        ("collapsing-gan", "gan", "mode_collapse", {"penalty": "r1_r2", "beta1": 0.0}),
        ("posterior-collapse", "vae", "posterior_collapse", {"beta": 1.0, "kl_warmup": 0.25}),
        ("critic-too-strong", "gan", "critic_overpowering", {"loss": "relativistic", "penalty": "r1_r2"}),
    ],
)
@pytest.mark.parametrize("kind", ["images", "points"])
def test_what_a_teaching_preset_gets_wrong_is_named(preset, model, symptom, expected, kind):
    document = preset_document(preset, model, kind)
    taught = load_config(merge(RunConfig(model=model).model_dump(), document))
    assert advise(symptom, taught).settings == expected


def test_a_model_of_somebody_else_is_no_reason_to_fail():
    """A plugin's options may lack everything; advice that its settings do not take is not given."""
    gan = config("gan")
    bare = gan.model.model_copy(update={"options": config("vae").model.options})
    assert advise("mode_collapse", gan.model_copy(update={"model": bare})).cause
