"""Facts of matches that never were, drawn at random around known truths, for tests and benchmarks of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from genlab.verdicts.facts import SENSITIVE_TO, Facts
from genlab.verdicts.match_run import MatchRun, Outcome

FAMILIES = ("vae", "gan", "vae_gan")


@dataclass(frozen=True)
class Truth:
    """What a score is drawn around.

    Attributes:
        mean: Over all seeds.
        spread: Standard deviation over seeds.
        noise: Standard deviation that its interval over images tells of, and that it also has.
        positive: Whether it is a distance: spread and noise are then relative to the mean, and it is log-normal.
    """

    mean: float
    spread: float = 0.02
    noise: float = 0.01
    positive: bool = False


SAME: dict[str, Truth] = {
    "frechet": Truth(12.0, 0.06, 0.04, positive=True),
    "kid": Truth(0.4, 0.05, 0.04, positive=True),
    "laplacian": Truth(0.8, 0.04, 0.01, positive=True),
    "power_spectrum": Truth(0.3, 0.06, 0.02, positive=True),
    "precision": Truth(0.65, 0.02, 0.05),
    "density": Truth(0.5, 0.03, 0.05),
    "recall": Truth(0.6, 0.03, 0.04),
    "coverage": Truth(0.5, 0.02, 0.02),
    "modes": Truth(10.0, 0.0, 0.0),
    "class_kl": Truth(0.05, 0.3, 0.1, positive=True),
    "near_duplicates": Truth(0.002, 0.5, 0.2, positive=True),
    "oscillation": Truth(0.04, 0.15, 0.1, positive=True),
    "interpolation_realism": Truth(1.0, 0.02, 0.04),
    "path_length": Truth(400.0, 0.1, 0.04, positive=True),
    "elbo": Truth(-105.0, 0.8, 1.0),
    "iwae": Truth(-100.0, 0.8, 1.0),
    "active_units": Truth(30.0, 1.0, 0.0),
    "codes_linear": Truth(0.85, 0.01, 0.015),
    "codes_knn": Truth(0.88, 0.01, 0.015),
    "class_directions": Truth(0.93, 0.01, 0.01),
    "class_alignment": Truth(0.2, 0.01, 0.01),
    "dimension_consistency": Truth(0.4, 0.02, 0.02),
    "dimensions_used": Truth(20.0, 0.05, 0.02, positive=True),
    "truncation_realism": Truth(1.3, 0.05, 0.02, positive=True),
    "truncation_variety": Truth(0.6, 0.02, 0.01),
    "edit_success": Truth(0.7, 0.03, 0.03),
    "edit_identity": Truth(0.4, 0.02, 0.02),
    "reconstruction_error": Truth(0.012, 0.05, 0.03, positive=True),
    "inversion_error": Truth(0.006, 0.05, 0.03, positive=True),
    "code_seconds": Truth(0.01, 0.2, 0.0, positive=True),
    "pass_error": Truth(0.012, 0.05, 0.03, positive=True),
    "steps_error": Truth(0.009, 0.05, 0.03, positive=True),
    "late_spread": Truth(0.02, 0.004, 0.0),
    "reach": Truth(0.6, 0.02, 0.02),
    "coverage_prior": Truth(0.5, 0.02, 0.02),
    "coverage_fitted": Truth(0.6, 0.02, 0.02),
    "midpoint_realism": Truth(0.9, 0.01, 0.01),
    "path_detour": Truth(1.6, 0.04, 0.02, positive=True),
    "denoising.features": Truth(0.5, 0.03, 0.03, positive=True),
    "anomaly.auroc": Truth(0.9, 0.005, 0.005),
    "representation.labels-100": Truth(0.75, 0.01, 0.01),
    "super-resolution.features": Truth(0.4, 0.03, 0.03, positive=True),
    "translation.changed": Truth(0.25, 0.01, 0.01),
    "synthesis.fresh": Truth(0.4, 0.01, 0.01),
}
"""Scores of families that are the same."""

WITHOUT_MODELS: dict[str, dict[str, float]] = {
    "denoising.features": {"Non-local means": 0.55, "Total variation": 0.7},
    "anomaly.auroc": {"Nearest neighbours": 0.88, "One-class SVM": 0.8},
    "representation.labels-100": {"Pixels": 0.7},
    "super-resolution.features": {"Bicubic": 0.45},
    "translation.changed": {"Nearest training item": 0.2},
    "synthesis.fresh": {"Training items once more": 0.0, "Normal distribution over principal components": 0.3},
}
"""Measure of a task -> what methods without a model reach."""


def _changed(**means: float) -> dict[str, Truth]:
    return {name: replace(SAME[name], mean=mean) for name, mean in means.items()}


def textbook() -> dict[str, dict[str, Truth]]:
    """Family -> scores with which every claim that can be supported is true, by a lot."""
    vae = SAME | _changed(
        frechet=30.0, laplacian=0.3, power_spectrum=0.8, precision=0.3, density=0.2, coverage=0.85, recall=0.95,
        late_spread=0.005, reach=0.9, coverage_prior=0.85, midpoint_realism=0.95, path_detour=1.2, pass_error=0.004,
        steps_error=0.003, oscillation=0.02, codes_linear=0.95, interpolation_realism=1.2, class_alignment=0.5,
        dimension_consistency=0.8, edit_success=0.98, edit_identity=0.6, reconstruction_error=0.004,
        code_seconds=0.0002,
    ) | {
        name: replace(SAME[name], mean=mean)
        for name, mean in (("denoising.features", 0.3), ("anomaly.auroc", 0.98), ("representation.labels-100", 0.9))
    }  # fmt: skip
    vae["frechet"] = replace(vae["frechet"], spread=0.001, noise=0.04)
    gan = SAME | _changed(
        frechet=4.0, laplacian=1.0, power_spectrum=0.1, precision=0.9, density=0.9, coverage=0.4, recall=0.4,
        late_spread=0.08, reach=0.4, coverage_prior=0.4, midpoint_realism=0.7, path_detour=3.0, pass_error=0.04,
        steps_error=0.03, oscillation=0.2, codes_linear=0.6, interpolation_realism=0.7, class_alignment=0.1,
        dimension_consistency=0.2, edit_success=0.4, edit_identity=0.2, reconstruction_error=0.04, code_seconds=0.2,
    ) | {
        name: replace(SAME[name], mean=mean)
        for name, mean in (("super-resolution.features", 0.2), ("translation.changed", 0.5), ("synthesis.fresh", 0.7))
    }  # fmt: skip
    gan["frechet"] = replace(gan["frechet"], spread=0.3)
    hybrid = SAME | _changed(
        frechet=2.0, laplacian=1.0, power_spectrum=0.1, coverage=0.88, coverage_prior=0.88, recall=0.95,
        codes_linear=0.96, reconstruction_error=0.004, code_seconds=0.0002,
    )  # fmt: skip
    return {"vae": vae, "gan": gan, "vae_gan": hybrid}


def reversed_truths() -> dict[str, dict[str, Truth]]:
    """The textbook with the parents exchanged, and a hybrid that has the worst of both."""
    told = textbook()
    hybrid = SAME | _changed(frechet=60.0, laplacian=0.2, coverage_prior=0.2, recall=0.2, codes_linear=0.4)
    return {"vae": told["gan"], "gan": told["vae"], "vae_gan": hybrid}


def ran(family: str, seed: int = 0, run: str | None = None, state: str = "completed", **known: Any) -> MatchRun:
    """A run that is judged, with what is ``known`` of how it went."""
    outcome = Outcome(state, **known)
    return MatchRun(family=family, model=family, seed=seed, role="seed", lr_factor=1.0, run=run, outcome=outcome)


def trial(family: str, factor: float, score: float | None = None, state: str = "completed") -> MatchRun:
    """A short run at another learning rate, with its score."""
    outcome = Outcome(state, scores={SENSITIVE_TO: {"value": score}})
    return MatchRun(family=family, model=family, seed=0, role="trial", lr_factor=factor, outcome=outcome)


Draw = Callable[[np.random.Generator], float]


def normal(rng: np.random.Generator) -> float:
    """A standard normal number."""
    return float(rng.standard_normal())


def heavy(rng: np.random.Generator) -> float:
    """Student's t with three degrees of freedom, scaled to variance 1."""
    return float(rng.standard_t(3) / np.sqrt(3))


def line(truth: Truth, rng: np.random.Generator, draw: Draw, widen: float = 1.0) -> dict[str, Any]:
    """One score with its interval over images."""
    moved = widen * truth.spread * draw(rng) + truth.noise * normal(rng)
    scale = truth.mean if truth.positive else 1.0
    value = truth.mean * float(np.exp(moved)) if truth.positive else truth.mean + moved
    half = 1.96 * truth.noise * abs(scale)
    return {"value": value, "low": value - half, "high": value + half, "floor": None, "n": 1_000}


def run(
    family: str,
    seed: int,
    truths: Mapping[str, Truth],
    rng: np.random.Generator,
    draw: Draw = normal,
    widen: float = 1.0,
) -> MatchRun:
    """One run; a GAN has neither likelihood nor active units."""
    without = {"gan": {"elbo", "iwae", "active_units"}, "vae_gan": {"elbo", "iwae"}}.get(family, set())
    scores = {name: line(truth, rng, draw, widen) for name, truth in truths.items() if name not in without}
    scores |= {name: {"value": None, "why": "The model has no likelihood."} for name in without}
    return ran(family, seed, f"{family}-{seed}", images=85_000, scores=scores)


def match(
    truths: Mapping[str, Mapping[str, Truth]],
    seeds: int,
    rng: np.random.Generator,
    draw: Draw = normal,
    widen: Mapping[str, float] | None = None,
) -> Facts:
    """A match on faces of the families of ``truths``, ``seeds`` runs each, so that every claim is asked.

    ``widen`` multiplies a family's spread over seeds.
    """
    runs = tuple(
        run(family, seed, told, rng, draw, (widen or {}).get(family, 1.0))
        for family, told in truths.items()
        for seed in range(seeds)
    )
    trials = tuple(
        trial(family, factor, float(told["frechet"].mean * (1 + 0.2 * abs(factor - 1))))
        for family, told in truths.items()
        if "frechet" in told
        for factor in (0.5, 1.0, 2.0)
    )
    about: Any = {"images": 85_000, "faces": True, "trials": trials, "baselines": without_models()}
    return Facts("test", "mnist-5k", tuple(truths), tuple(range(seeds)), runs, **about)


def without_models() -> dict[str, dict[str, dict[str, Any]]]:
    """What methods without a model reach, as lines."""
    return {
        measure: {title: {"value": value, "low": value, "high": value, "n": 100} for title, value in methods.items()}
        for measure, methods in WITHOUT_MODELS.items()
    }


def same(seeds: int, rng: np.random.Generator, draw: Draw = normal, widen: Mapping[str, float] | None = None) -> Facts:
    """A match of three families that are the same."""
    return match(dict.fromkeys(FAMILIES, SAME), seeds, rng, draw, widen)
