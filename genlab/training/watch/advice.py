"""What may be behind a symptom, given how a run was set up, and one or two settings to start it again with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.config import RunConfig, change
from genlab.errors import InputError
from genlab.training.watch.alarm import Advice, Symptom

MOST_MOMENTUM = 0.5
"""With a longer memory (``beta1``) players of an adversarial game overshoot one another."""

FACTOR = 4.0
"""By how much a weight is changed."""


def advise(symptom: Symptom, config: RunConfig) -> Advice:
    """Cause and remedy of ``symptom`` in a run that was set up as ``config``.

    Returns:
        At most two settings, such that `genlab.config.change` takes them; none where there is nothing to suggest.
    """
    advice = ADVISERS[symptom](config, config.model.options)
    settings = dict(list(advice.settings.items())[:2])
    try:
        changed = change(config, settings)
    except InputError:
        return Advice(advice.cause)
    return Advice(advice.cause, settings if changed != config else {})


def _mode_collapse(config: RunConfig, options: Any) -> Advice:
    if not hasattr(options, "penalty"):
        return _without_a_critic(options)
    if options.penalty.name == "none":
        return Advice(
            "Without a gradient penalty the critic can become arbitrarily steep: the generator moves to whatever "
            "scores highest at the moment, and the critic follows it.",
            {"penalty": "r1_r2", **_calmer(config), **_loss(options)},
        )
    if getattr(options, "pack", 0) == 1 and config.training.batch_size % 2 == 0:
        return Advice(
            "The critic judges samples one by one and cannot see that they are alike.",
            {"pack": 2, **(_calmer(config) or _stronger(options))},
        )
    return Advice("Critic and generator change faster than either can follow.", {**_calmer(config), **_slower(config)})


def _without_a_critic(options: Any) -> Advice:
    if hasattr(options, "beta_neg"):
        return Advice("The encoder penalises generated images too strongly.", {"beta_neg": options.beta_neg / FACTOR})
    return Advice("The decoder ignores its latent code.", _wake(options))


def _posterior_collapse(config: RunConfig, options: Any) -> Advice:
    if hasattr(options, "beta_kl"):
        return Advice("The KL of real data costs more than the code is worth.", {"beta_kl": options.beta_kl / FACTOR})
    beta = getattr(options, "beta", 0.0)
    if beta > 1:
        return Advice(
            f"The KL term is weighted × {beta:g}: encoding an item costs more than it saves in reconstruction.",
            {"beta": 1.0, **({"kl_warmup": 0.25} if getattr(options, "kl_warmup", 1.0) == 0 else {})},
        )
    if getattr(config.network.options, "word_dropout", 1.0) == 0 and hasattr(options, "likelihood"):
        return Advice(
            "The decoder reads the symbols before the one that it writes, and says it as well without the latent code.",
            {"word_dropout": 0.5, **dict(list(_wake(options).items())[:1])},
        )
    return Advice(
        "The decoder reconstructs as well without the latent code, so the encoder avoids the cost of the KL.",
        _wake(options),
    )


def _critic_overpowering(config: RunConfig, options: Any) -> Advice:
    bare = options.penalty.name == "none"
    if options.loss.name == "minimax":
        return Advice(
            "Where the critic is confident, the minimax loss is flat: the generator gets no gradient.",
            {"loss": "relativistic", **({"penalty": "r1_r2"} if bare else _turns(config, options))},
        )
    if bare:
        return Advice(
            "Without a gradient penalty the critic becomes so steep that its gradient gives no useful direction.",
            {"penalty": "r1_r2", **_turns(config, options), **_loss(options)},
        )
    return Advice(
        "The critic learns faster than the generator can follow.", {**_turns(config, options), **_stronger(options)}
    )


def _gradient_explosion(config: RunConfig, options: Any) -> Advice:
    return Advice(
        "One update was so large that the gradients changed by orders of magnitude.",
        {"lr": config.optimiser.lr / FACTOR, "clip_norm": 1.0},
    )


def _critic_overfitting(config: RunConfig, options: Any) -> Advice:
    cause = (
        "The data set is small for this critic: it has memorised the training items instead of learning what data "
        "look like."
    )
    images = getattr(options, "augment", "") == "none" and config.network.name != "mlp"
    return Advice(cause, {"augment": "diffaugment"} if images else {**_stronger(options), **_slower(config)})


def _memorisation(config: RunConfig, options: Any) -> Advice:
    cause = "The model is large, or trained for long, for so few data: it gives training items back."
    if hasattr(options, "penalty"):
        return Advice(cause, _critic_overfitting(config, options).settings)
    name = "beta_kl" if hasattr(options, "beta_kl") else "beta"
    return Advice(cause, {name: 2 * getattr(options, name, 1.0)})


ADVISERS: Mapping[Symptom, Callable[[RunConfig, Any], Advice]] = {
    "mode_collapse": _mode_collapse,
    "posterior_collapse": _posterior_collapse,
    "critic_overpowering": _critic_overpowering,
    "gradient_explosion": _gradient_explosion,
    "critic_overfitting": _critic_overfitting,
    "memorisation": _memorisation,
}


def _loss(options: Any) -> dict[str, Any]:
    return {} if options.loss.name == "relativistic" else {"loss": "relativistic"}


def _calmer(config: RunConfig) -> dict[str, Any]:
    """What keeps the generator from running away from the critic."""
    optimiser = config.optimiser
    if optimiser.beta1 > MOST_MOMENTUM:
        return {"beta1": 0.0}
    return {"critic_lr": optimiser.lr} if optimiser.critic_lr and optimiser.critic_lr < optimiser.lr else {}


def _stronger(options: Any) -> dict[str, Any]:
    """A penalty that weighs more, or one at all."""
    weight = getattr(options.penalty.options, "weight", 0.0)
    return {"penalty.weight": weight * FACTOR} if weight else {"penalty": "r1_r2"}


def _slower(config: RunConfig) -> dict[str, Any]:
    return {"lr": config.optimiser.lr / 2}


def _turns(config: RunConfig, options: Any) -> dict[str, Any]:
    """The critic's advantage in learning, taken away."""
    optimiser = config.optimiser
    if optimiser.critic_lr and optimiser.critic_lr > optimiser.lr:
        return {"critic_lr": optimiser.lr}
    return {"critic_repeats": 1} if options.critic_repeats > 1 else {}


def _wake(options: Any) -> dict[str, Any]:
    """What makes an encoder and a decoder use the latent code."""
    if hasattr(options, "recon_weight"):
        return {"recon_weight": options.recon_weight * FACTOR}
    warmup = getattr(options, "kl_warmup", 1.0)
    first = {"kl_warmup": 0.5} if warmup < 0.5 else {"beta": getattr(options, "beta", 1.0) / FACTOR}
    free = getattr(options, "importance_samples", 1) == 1 and not getattr(options, "free_bits", 1.0)
    return {**first, "free_bits": 0.1} if free else first
