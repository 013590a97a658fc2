"""Teaching scenes: settings under which something well known happens, what to watch for, and what to try then."""

from __future__ import annotations

from collections.abc import Mapping
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
class Sign:
    """A measured number that shows that what a scene is about is happening.

    Attributes:
        model: Of which model.
        measure: ``modes``, ``near``, ``js`` (of the measurements), ``told_apart``, ``pull`` (of the picture), or
            ``kl_least`` and ``kl_most`` of the latent dimensions.
        words: What it is called, with its number at ``{}``.
        least: It shows from this value on; None where it shows below ``most``.
        most: It shows up to this value.
        after: Steps before which it says nothing, because every model starts like that.
    """

    model: str
    measure: str
    words: str
    least: float | None = None
    most: float | None = None
    after: int = 0

    def holds(self, step: int, row: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
        """Whether it is there at one moment.

        Args:
            step: Steps trained.
            row: The model's measurements.
            facts: What its picture says.
        """
        value = self._value(row, facts)
        if value is None or step < self.after:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def _value(self, row: Mapping[str, Any], facts: Mapping[str, Any]) -> float | None:
        if self.measure.startswith("kl_"):
            kl = facts.get("kl")
            return None if not kl else float(min(kl) if self.measure == "kl_least" else max(kl))
        found = row.get(self.measure, facts.get(self.measure))
        return None if found is None else float(found)


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes:
        name: What tests and links call it.
        title: What its chip says.
        look: What to watch for, in one sentence that does not tell how it ends.
        signs: The numbers that confirm it when it happens.
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
    signs: tuple[Sign, ...] = ()

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
        "Watch which of the three reach all eight modes, and how many of their samples fall between the modes.",
        "A likelihood penalises every data point that is missed, a critic penalises every sample that is off.",
        {"models": ["vae", "gan", "vae_gan"], "show": ["data", "samples", "critic"]},
        signs=tuple(
            Sign(model, "modes", f"{title}: {{}} of 8 modes hit", least=8)
            for model, title in (("vae", "VAE"), ("gan", "GAN"), ("vae_gan", "VAE-GAN"))
        ),
    ),
    Scene(
        "mode_hopping",
        "Mode cycling",
        "Watch how many of the eight modes the samples reach at once, and whether they stay there.",
        "The generator moves to where the critic scores highest at the moment; nothing rewards covering all modes "
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
        (Sign("gan", "modes", "{} of 8 modes hit", most=3, after=100),),
    ),
    Scene(
        "vanishing_gradient",
        "Vanishing gradient",
        "The generator is frozen; only the critic learns. Watch the critic's accuracy, and the length of the arrows.",
        "Where the critic is confident that a sample is generated, the minimax loss is flat. Arjovsky and Bottou "
        "(2017) froze the generator in the same way to measure the gradient alone.",
        {
            "loss": "minimax",
            "penalty": "none",
            "generator_lr": 0.0,
        },
        (
            Try("non-saturating loss", {"loss": "non_saturating"}),
            Try("R1 + R2 on", {"penalty": "r1_r2", "weight": 0.1}),
            Try("train the generator too", {"generator_lr": 1e-3}),
        ),
        (
            Sign("gan", "told_apart", "critic accuracy {} %", least=0.98),
            Sign("gan", "pull", "mean gradient {}", most=0.01),
        ),
    ),
    Scene(
        "posterior_collapse",
        "Posterior collapse",
        "Watch the ellipses in the latent plane: does the posterior of a point differ from the prior?",
        "The decoder's noise is so wide that encoding a point costs more nats of KL than it saves in reconstruction "
        "(Lucas et al. 2019).",
        {
            "models": ["vae"],
            "data": "moons",
            "sigma": 1.5,
            "show": ["data", "samples", "manifold", "latent"],
        },
        (Try("noise 0.1", {"sigma": 0.1}), Try("fit the noise to the errors", {"sigma": 0.0})),
        (Sign("vae", "kl_most", "largest KL of a dimension {} nats", most=0.05, after=20),),
    ),
    Scene(
        "beta_too_high",
        "Beta too high",
        "Watch the grid and the KL of the two latent dimensions: does the VAE use both of them?",
        "Beta is the price of a nat; a direction of the data that is not worth it is left out (Higgins et al. 2017).",
        {
            "models": ["vae"],
            "data": "two_gaussians",
            "beta": 10.0,
            "sigma": 0.11,
            "show": ["data", "samples", "manifold", "latent"],
        },
        (Try("beta 1", {"beta": 1.0}), Try("beta 0.1", {"beta": 0.1})),
        (
            Sign("vae", "kl_least", "smallest KL of a dimension {} nats", most=0.05, after=20),
            Sign("vae", "kl_most", "largest {} nats", least=0.3),
        ),
    ),
    Scene(
        "penalty_off_on",
        "R1 off / on",
        "Watch the length of the arrows once the samples cover the data: do the samples come to rest?",
        "Near equilibrium the gradient of an unpenalised critic need not vanish; R1 drives it to zero at the data "
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
        "The critic judges points in pairs. Watch how far the samples spread, and compare with packs of 1.",
        "A pack of generated points with too little variety is easy to tell from a pack of data (PacGAN, Lin et al. "
        "2018).",
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
