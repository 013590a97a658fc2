"""What a playground is set to: data, models, knobs, layers. Checked, torch-free, and short enough for a link.

A scenario becomes genlab's own run configurations, one per model, so that what trains here is what trains everywhere.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, Field, field_validator

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.families import in_order, known
from genlab.families.base import Play
from genlab.objectives.base import ObjectiveSpec
from genlab.options import Options, parse, setting
from genlab.registry import registry


def offered() -> tuple[str, ...]:
    """The models that are here, in order: of each family that says how it is set up, the one of its name."""
    return tuple(spec.name for spec in in_order() if spec.play is not None and spec.name in registry("objectives"))


def _one_offered(name: str) -> str:
    if name not in offered():
        raise ValueError(f"the Playground has these models: {', '.join(offered())}")
    return name


Model = Annotated[str, AfterValidator(_one_offered)]
Data = Literal["ring", "grid", "spiral", "moons", "two_gaussians", "line", "checkerboard", "swiss_roll", "drawn"]
Layer = Literal["data", "samples", "critic", "arrows", "manifold", "latent"]
Loss = Literal["relativistic", "non_saturating", "minimax", "hinge", "least_squares", "wasserstein"]
Penalty = Literal["none", "r1", "r2", "r1_r2", "gradient_penalty", "dragan"]
Speed = Literal["slow", "10", "50", "full"]

LAYERS: tuple[Layer, ...] = get_args(Layer)
ENDLESS = 10**12
"""Target of the training, in points: nobody waits for the end of it."""

MOST_DRAWN = 256
"""Points of a hand-drawn distribution."""

RESTARTS = frozenset({"data", "drawn", "seed", "latent_dim", "layers", "width", "pack"})
"""Knobs after which the models begin anew."""


class Scenario(Options):
    """Everything that a playground is set to."""

    data: Data = setting("ring", "the distribution to learn")
    drawn: list[tuple[int, int]] = Field(
        default=[], max_length=MOST_DRAWN, description="places of a hand-drawn distribution, 0 to 255 right and up"
    )
    models: list[Model] = Field(default=["gan"], min_length=1, max_length=3, description="the models, left to right")
    show: list[Layer] = Field(
        default=["data", "samples", "critic", "arrows"], max_length=len(LAYERS), description="what is drawn"
    )
    seed: int = setting(0, "seed of weights, order and noise", ge=0, le=9_999)
    speed: Speed = setting("full", "how fast it runs: one update at a time, 10 or 50 steps a second, or all it can")
    noise: float = setting(0.0, "standard deviation of noise added to every point of the data", ge=0, le=0.5)
    batch_size: int = setting(128, "points per step", ge=16, le=512, step=16, unit="points")
    latent_dim: int = setting(2, "size of the latent space", ge=1, le=8, unit="dimensions")
    layers: int = setting(3, "hidden layers of every part", ge=1, le=5)
    width: int = setting(64, "units of a hidden layer", ge=4, le=128, unit="units")
    vae_lr: float = setting(1e-3, "learning rate of the VAE", ge=0, le=0.1, log=True)
    critic_lr: float = setting(1e-3, "learning rate of the critic", ge=0, le=0.1, log=True)
    generator_lr: float = setting(1e-3, "learning rate of generator, encoder and decoder", ge=0, le=0.1, log=True)
    beta: float = setting(1.0, "weight of the KL term", ge=0, le=100, log=True)
    sigma: float = setting(
        0.1, "noise of the VAE's decoder, relative to the data's spread; 0 fits it to the errors", ge=0, le=2
    )
    loss: Loss = setting("relativistic", "loss of critic and generator")
    penalty: Penalty = setting("r1_r2", "penalty on the critic's gradient")
    weight: float = setting(0.1, "strength of the penalty", ge=0, le=100, log=True)
    critic_repeats: int = setting(1, "critic updates per step", ge=1, le=20)
    generator_repeats: int = setting(1, "generator updates per step", ge=1, le=20)
    momentum: float = setting(0.0, "momentum of critic and generator (Adam's beta1)", ge=0, le=0.95)
    pack: int = setting(1, "points that the GAN's critic judges together (PacGAN)", ge=1, le=4)

    @field_validator("models", "show")
    @classmethod
    def _each_once(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise ValueError("names something twice")
        return value

    @field_validator("drawn")
    @classmethod
    def _inside(cls, value: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if any(not 0 <= number <= 255 for place in value for number in place):
            raise ValueError("places run from 0 to 255")
        return value


def read(document: object) -> Scenario:
    """The scenario that a person, a link or a file asks for.

    Raises:
        InputError: When a setting is unknown or out of range.
    """
    if not isinstance(document, Mapping):
        raise InputError("These are not the settings of a playground.", "Start from one of the scenes.")
    scenario = parse(Scenario, dict(document), where="the playground")
    if scenario.data == "drawn" and len(scenario.drawn) < 3:
        raise InputError("Nothing has been drawn yet.", "Draw with the pointer, or choose another distribution.")
    return scenario


def changed(scenario: Scenario, changes: object) -> Scenario:
    """``scenario`` with some settings replaced.

    Raises:
        InputError: When a setting is unknown or out of range; the old scenario stays as it was.
    """
    if not isinstance(changes, Mapping):
        raise InputError("These are not settings of a playground.", "Reload the page.")
    return read({**scenario.model_dump(), **changes})


def restarts(old: Scenario, new: Scenario) -> bool:
    """Whether the models begin anew when ``old`` becomes ``new``: other networks, other data, or one more model."""
    others = any(getattr(old, name) != getattr(new, name) for name in RESTARTS)
    return others or not set(new.models) <= set(old.models)


def to_link(scenario: Scenario) -> str:
    """What differs from the defaults as ``name~value~name~value``, of characters that an address leaves alone."""
    parts: list[str] = []
    for name in Scenario.model_fields:
        value, default = getattr(scenario, name), Scenario.model_fields[name].get_default()
        if value == default:
            continue
        if name == "drawn":
            raw = bytes(number for place in value for number in place)
            text = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        elif isinstance(value, list):
            text = "-".join(value) or "none"
        else:
            text = f"{value:g}" if isinstance(value, float) else str(value)
        parts += [name, text]
    return "~".join(parts)


def from_link(text: str) -> Scenario:
    """The inverse of `to_link`.

    Raises:
        InputError: When the link has been damaged or is of another version.
    """
    parts = text.split("~") if text else []
    if len(parts) % 2:
        raise InputError("The settings in this link are incomplete.", "Copy the whole address.", kind="bad_link")
    document: dict[str, Any] = {}
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        field = Scenario.model_fields.get(name)
        if field is None:
            raise InputError(f"The link has a setting {name[:40]!r} that there is not.", "Start from a scene.")
        if name == "drawn":
            document[name] = _places(value)
        elif get_origin(field.annotation) is list:
            document[name] = [] if value == "none" else value.split("-")
        else:
            document[name] = value
    return read(document)


def _places(text: str) -> list[tuple[int, int]]:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) % 2 or not raw:
        raise InputError("The drawing in this link is damaged.", "Copy the whole address.", kind="bad_link")
    return list(zip(raw[::2], raw[1::2], strict=True))


def run_config(scenario: Scenario, model: Model, scale: float = 1.0) -> RunConfig:
    """The configuration of one of the scenario's models, as any run of genlab has one.

    Args:
        scenario: The settings.
        model: Which of the models.
        scale: About the standard deviation of a coordinate of the data, in whose unit ``sigma`` is given.
    """
    spec: ObjectiveSpec = registry("objectives").get(model)
    training = {
        "images": ENDLESS,
        "batch_size": scenario.batch_size,
        "seed": scenario.seed,
        "ema_half_life": 0,
        "precision": "fp32",
        "threads": 1,
    }
    return parse(
        RunConfig,
        {
            "network": {"name": "mlp", "width": scenario.width, "layers": scenario.layers},
            "latent_dim": spec.latent_size((2,), scenario.latent_dim),
            "training": training,
            **_play(model).settings(scenario, scale),
        },
    )


def repeats(scenario: Scenario, model: Model) -> Mapping[str, int]:
    """Turns of each player of a model in a step; one where none are named."""
    return _play(model).repeats(scenario)


def _play(model: Model) -> Play:
    spec = known(model)
    if spec is None or spec.play is None:
        raise InputError(f"The Playground has no model {model!r}.", f"It has: {', '.join(offered())}.")
    return spec.play
