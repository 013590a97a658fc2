"""The adversarial game in the Playground, as GANs and hybrids play it: settings of the scenario in genlab's words."""

from __future__ import annotations

from typing import Any

KNOBS = (
    "loss", "penalty", "weight", "critic_lr", "generator_lr", "critic_repeats", "generator_repeats", "momentum",
)  # fmt: skip
"""Settings of a scenario that only models with a critic have."""

BETA2 = 0.99
SMALLEST_RATE = 1e-12
"""A rate of zero holds a player still; the loop's own settings ask for a little more than that."""


def options(scenario: Any) -> dict[str, Any]:
    """Options of the objective: loss, penalty and the critic's turns."""
    penalty = {} if scenario.penalty == "none" else {"weight": scenario.weight}
    return {
        "loss": scenario.loss,
        "penalty": {"name": scenario.penalty, **penalty},
        "critic_repeats": scenario.critic_repeats,
    }


def optimiser(scenario: Any) -> dict[str, float]:
    """Both players' rates and momentum."""
    return {**rates(scenario, scenario.generator_lr), "beta1": scenario.momentum, "beta2": BETA2}


def rates(scenario: Any, lr: float) -> dict[str, float]:
    """The learning rates."""
    return {"lr": max(lr, SMALLEST_RATE), "critic_lr": max(scenario.critic_lr, SMALLEST_RATE)}
