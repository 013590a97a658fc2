"""Teaching scenes: settings under which something well known happens, what to look at, and what to try then."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from genlab.playground.scenario import Scenario, read


@dataclass(frozen=True)
class Try:
    """A change to make while the scene runs.

    Attributes:
        label: What the button says.
        changes: The settings that it changes.
    """

    label: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes:
        name: What tests and links call it.
        title: What its chip says.
        look: What to look at, in one sentence.
        why: Why it happens, in one or two sentences, with where it was described.
        settings: Settings that differ from the defaults.
        tries: What to do next.
    """

    name: str
    title: str
    look: str
    why: str
    settings: dict[str, Any] = field(default_factory=dict)
    tries: tuple[Try, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """All of its settings."""
        return read(self.settings)

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return {**asdict(self), "settings": self.scenario.model_dump()}


STEADY = {"momentum": 0.0, "critic_lr": 2e-3, "generator_lr": 2e-3}

SCENES: tuple[Scene, ...] = (
    Scene(
        "side_by_side",
        "Three families",
        "The VAE covers everything and fills the gaps too; the GAN is sharp; the VAE-GAN stands between them.",
        "A likelihood punishes every data point that is left out, a critic punishes every sample that is off.",
        {"models": ["vae", "gan", "vae_gan"], "show": ["data", "samples", "critic"]},
    ),
    Scene(
        "mode_hopping",
        "Mode cycling",
        "The samples sweep about together, over one or two modes of eight, and on as soon as the critic catches up.",
        "The generator only seeks the place that the critic likes best now; nothing rewards covering them all "
        "(Metz et al. 2017).",
        {
            "loss": "non_saturating",
            "penalty": "none",
            "generator_lr": 5e-3,
            "critic_lr": 3e-4,
            "momentum": 0.5,
        },
        (
            Try("R1 + R2 on, equal rates", {"penalty": "r1_r2", "weight": 0.1, **STEADY}),
            Try(
                "the same, relativistic loss",
                {"penalty": "r1_r2", "weight": 0.1, "loss": "relativistic", **STEADY},
            ),
        ),
    ),
    Scene(
        "vanishing_gradient",
        "Vanishing gradient",
        "The critic is right all the time, and the arrows have vanished: the samples stand still.",
        "Where the critic is sure that a sample is fake, the minimax loss is flat (Arjovsky and Bottou 2017).",
        {
            "loss": "minimax",
            "penalty": "none",
            "critic_lr": 5e-3,
            "generator_lr": 2e-5,
            "momentum": 0.5,
            "critic_repeats": 5,
        },
        (
            Try("non-saturating loss", {"loss": "non_saturating"}),
            Try("R1 + R2 on, equal rates", {"penalty": "r1_r2", "weight": 0.1, "critic_repeats": 1, **STEADY}),
        ),
    ),
    Scene(
        "posterior_collapse",
        "Posterior collapse",
        "In the latent plane every ellipse is the prior itself, and all samples lie on one spot.",
        "The decoder's noise is so wide that encoding a point costs more nats of KL than it saves in reconstruction "
        "(Lucas et al. 2019).",
        {
            "models": ["vae"],
            "data": "moons",
            "sigma": 1.5,
            "show": ["data", "samples", "manifold", "latent"],
        },
        (Try("noise 0.1", {"sigma": 0.1}), Try("fit the noise to the errors", {"sigma": 0.0})),
    ),
    Scene(
        "beta_too_high",
        "Beta too high",
        "One latent dimension has been given up: the grid is a thread along the data's long side.",
        "Beta is the price of a nat; a direction of the data that is not worth it is left out (Higgins et al. 2017).",
        {
            "models": ["vae"],
            "data": "two_gaussians",
            "beta": 10.0,
            "sigma": 0.11,
            "show": ["data", "samples", "manifold", "latent"],
        },
        (Try("beta 1", {"beta": 1.0}), Try("beta 0.1", {"beta": 0.1})),
    ),
    Scene(
        "penalty_off_on",
        "R1 off / on",
        "Without a penalty the critic's slope keeps pushing: the arrows stay long and the samples never come to rest.",
        "Near equilibrium an unpenalised critic keeps pushing; R1 makes it flat at the data "
        "(Mescheder, Geiger and Nowozin 2018).",
        {
            "data": "two_gaussians",
            "loss": "non_saturating",
            "penalty": "none",
            "critic_lr": 5e-3,
            "generator_lr": 5e-3,
            "momentum": 0.5,
        },
        (Try("R1 on", {"penalty": "r1", "weight": 1.0}), Try("R1 off", {"penalty": "none"})),
    ),
    Scene(
        "packing",
        "Packing",
        "The critic judges points in pairs: two samples from one place look wrong, and the generator has to spread.",
        "A pack of fakes with too little variety is easy to tell from a pack of data (PacGAN, Lin et al. 2018).",
        {
            "loss": "non_saturating",
            "penalty": "none",
            "pack": 2,
            "critic_lr": 1e-3,
            "generator_lr": 2e-3,
            "momentum": 0.5,
        },
        (Try("packs of 1 (restarts training)", {"pack": 1}), Try("packs of 2 (restarts training)", {"pack": 2})),
    ),
)
