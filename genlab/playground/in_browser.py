"""What of the Playground a browser can train itself, and what it has to be told for that. No torch.

The engine in ``genlab/ui/components/playground/engine`` does what the objectives do as far as the Playground sets them
up. What it has no code for has to be at the value at which it does nothing; a model of which that is not true trains on
the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.families import known
from genlab.playground.scenario import Model, Scenario, run_config
from genlab.registry import Choice

TOLD = ("recon_weight", "pixel_weight")
"""Numbers of a model that no knob of the Playground changes, and that the browser is told."""

IDLE: Mapping[str, Any] = {
    "spectral_norm": False,
    "augment": "none",
    "relaxation": "softmax",
    "penalty_left": 1.0,
    "penalty_every": 1,
    "judged": "both",
    "gamma": 1.0,
    "gamma_left": 1.0,
    "kl_warmup": 0.0,
    "free_bits": 0.0,
    "importance_samples": 1,
    "binarise": False,
    "prior": "normal",
    "corruption": "none",
    "weight_decay": 0.0,
    "clip_norm": 0.0,
    "schedule": "constant",
    "warmup": 0,
    "trunk_width": None,
    "style_mixing": 0.0,
}
"""Settings that the browser's engine does without, and what they have to be for that."""

FOLLOWED = frozenset(
    {"likelihood", "beta", "corruption_least", "loss", "penalty", "critic_repeats", "augment_policy", "pack"}
) | frozenset({"lr", "critic_lr", "beta1", "beta2", "width", "layers"})
"""Settings that the engine reads from the scenario, or that say nothing while another one is idle."""


def engine(model: Model) -> dict[str, Any] | None:
    """The trainer of a model in the browser and the numbers it is told; None where only the server can train it."""
    spec = known(model)
    if spec is None or spec.play is None or not spec.play.browser:
        return None
    config = run_config(Scenario(models=[model]), model)
    settings = {**_values(config.model.options), **_values(config.optimiser), **_values(config.network.options)}
    for name, value in settings.items():
        if name not in FOLLOWED and name not in TOLD and not (name in IDLE and value == IDLE[name]):
            return None
    fixed = {name: settings[name] for name in TOLD if name in settings}
    return {
        "name": spec.play.browser,
        "fixed": {**fixed, "beta1": config.optimiser.beta1, "beta2": config.optimiser.beta2},
    }


def _values(options: Any) -> dict[str, Any]:
    """Settings by name; of one that chooses an entry, the entry's name."""
    found = {name: getattr(options, name) for name in type(options).model_fields}
    return {name: value.name if isinstance(value, Choice) else value for name, value in found.items()}
