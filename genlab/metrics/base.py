"""What a metric is, the evidence it is given, and what it answers. No torch at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from genlab.registry import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.metrics._neighbours import NeighbourTable

Need = Literal[
    "images", "frames", "features", "probabilities", "labels", "train", "mixture", "codes", "factors",
    "reconstructions", "likelihood", "walks", "fitted", "history", "seeds", "symbols", "grammar",
]  # fmt: skip
"""What a metric may ask for, besides generated and real items."""

NEEDS: tuple[Need, ...] = get_args(Need)

COMPARING: frozenset[Need] = frozenset(
    {"images", "frames", "features", "probabilities", "labels", "mixture", "fitted", "walks", "symbols", "grammar"}
)
"""Needs that any set of real items meets, held out or not."""

Group = Literal["fidelity", "modes", "sharpness", "memorisation", "latent", "reconstruction", "likelihood", "stability"]
GROUPS: tuple[Group, ...] = get_args(Group)

Damage = Literal[
    "identical", "fresh", "one_image", "one_class", "blurred", "noisy", "shuffled_labels", "memorised", "half_classes",
    "frozen", "shuffled_frames",
    "dropped_words", "repeated_words", "shuffled_words",
    "silenced", "raised",
]  # fmt: skip
"""What can be done to a set of real items so that metrics notice; `genlab.evaluation.damage` does it."""


@dataclass(frozen=True)
class Items:
    """A set of items, as metrics see it.

    Attributes:
        images: Public values float32 [n, *shape], e.g. images [n, C, H, W] in [0, 1].
        features: What the feature encoder says of them, float32 [n, d].
        probabilities: What the data set's own classifier says, float32 [n, K] with rows that sum to 1; None where the
            encoder is no classifier of the data set's classes.
        labels: Classes int64 [n] that they have, or that a conditional model was asked for; None where there are none.
    """

    images: NDArray[np.float32]
    features: NDArray[np.float32]
    probabilities: NDArray[np.float32] | None = None
    labels: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.images)

    def take(self, index: NDArray[np.int64] | slice) -> Items:
        """The items at ``index``."""
        return Items(
            self.images[index],
            self.features[index],
            None if self.probabilities is None else self.probabilities[index],
            None if self.labels is None else self.labels[index],
        )


@dataclass(frozen=True)
class Codes:
    """Latent codes of held-out items, in the items' order.

    Attributes:
        mean: Posterior means float32 [n, D]; of a model without an encoder, its inverted latents.
        log_variance: Log-variances of the posterior float32 [n, D]; None where there is no posterior.
        train_mean: Codes of training items [m, D], for probes.
        train_labels: Their classes int64 [m]; None where there are none.
    """

    mean: NDArray[np.float32]
    log_variance: NDArray[np.float32] | None
    train_mean: NDArray[np.float32]
    train_labels: NDArray[np.int64] | None


@dataclass(frozen=True)
class Walks:
    """Features of images along short and long ways through the latent space.

    Attributes:
        near: Features [n, d] of images at a latent.
        step: Features [n, d] of images at the same latents, moved by ``epsilon`` towards another.
        epsilon: Share of the way that was moved.
        midpoint: Features [n, d] of images half-way between two latents.
        ends: Features [n, d] of images at one of those latents.
    """

    near: NDArray[np.float32]
    step: NDArray[np.float32]
    epsilon: float
    midpoint: NDArray[np.float32]
    ends: NDArray[np.float32]


@dataclass(frozen=True)
class Evidence:
    """All that metrics may look at. What a model or a data set does not have is None.

    Attributes:
        real: Held-out real items.
        fake: Generated items.
        train: Training items.
        classes: Number of classes of the data set; 0 where it has none.
        mixture: The known modes (`genlab.datasets.base.Mixture`: ``means`` [K, 2] and ``sd``) of a 2-D data set.
        codes: Latent codes of ``real``.
        factors: Name -> known factors float32 [n] of ``real``.
        reconstructions: Reconstructions of ``real``.
        bounds: Name (``"elbo"``, ``"iwae"``) -> lower bounds on log p(x) of ``real`` in nats [n].
        discrete: Whether the bounds are of binary pixels rather than densities.
        walks: Ways through the latent space.
        fitted: Samples from a prior that was fitted to the model's codes of training items.
        history: The rows of the run's curves, oldest first.
        seeds: Values of one score of runs that differ only in their seeds.
        pixels: Whether the values of items are pixels, of a picture or of the frames of a film.
        symbols: What the numbers of an item stand for, where items are rows of symbols [V, L]; the first one ends them.
        grammar: ``grammar(text) -> bool``: whether a text is one of the data's language, where that is known.
    """

    real: Items
    fake: Items
    train: Items | None = None
    classes: int = 0
    mixture: Any = None
    codes: Codes | None = None
    factors: Mapping[str, NDArray[np.float32]] | None = None
    reconstructions: Items | None = None
    bounds: Mapping[str, NDArray[np.float64]] | None = None
    discrete: bool = False
    walks: Walks | None = None
    fitted: Items | None = None
    history: tuple[Mapping[str, Any], ...] | None = None
    seeds: NDArray[np.float64] | None = None
    pixels: bool = True
    symbols: tuple[str, ...] | None = None
    grammar: Callable[[str], bool] | None = None

    @property
    def pairs(self) -> int:
        """The size that metrics which compare equally large sets use: that of the smaller set."""
        return min(len(self.real), len(self.fake))

    @cached_property
    def table(self) -> NeighbourTable:
        """Nearest neighbours within and between the first `pairs` real and generated features."""
        from genlab.metrics._neighbours import NeighbourTable

        return NeighbourTable(self.real.features[: self.pairs], self.fake.features[: self.pairs])

    def floor(self, fresh: Items) -> Evidence:
        """The same evidence with other real items in the place of everything generated."""
        return replace(self, fake=fresh, fitted=fresh)

    def lacks(self, need: Need) -> bool:
        """Whether the evidence has nothing of what ``need`` names."""
        checks: dict[Need, Any] = {
            "images": (self.pixels and self.real.images.ndim in {4, 5}) or None,
            "frames": (self.pixels and self.real.images.ndim == 5) or None,
            "features": self.real.features,
            "probabilities": self.fake.probabilities,
            "labels": self.real.labels,
            "train": self.train,
            "mixture": self.mixture,
            "codes": self.codes,
            "factors": self.factors or None,
            "reconstructions": self.reconstructions,
            "likelihood": self.bounds,
            "walks": self.walks,
            "fitted": self.fitted,
            "history": self.history or None,
            "seeds": self.seeds,
            "symbols": self.symbols or None,
            "grammar": self.grammar,
        }
        return checks[need] is None


MISSING: Mapping[Need, str] = {
    "images": "It is for images, which these are not.",
    "frames": "It is for films, which these are not.",
    "features": "There is no feature extractor.",
    "probabilities": "This feature extractor does not classify; on labelled data take in-domain, trained on this data.",
    "labels": "The data have no classes.",
    "train": "The training items are not at hand.",
    "mixture": "The data's modes are not known.",
    "codes": "The model has no encoder.",
    "factors": "The data's factors of variation are not known.",
    "reconstructions": "The model cannot reconstruct: it has no encoder.",
    "likelihood": "The model has no likelihood.",
    "walks": "No latent interpolations were computed for this model.",
    "fitted": "No prior could be fitted: the model has no encoder, or its codes are no numbers.",
    "history": "The run has no curves yet.",
    "seeds": "It takes runs that differ only in their seeds.",
    "symbols": "It is for texts, which these are not.",
    "grammar": "The data's grammar is not known.",
}
"""Why a metric cannot be had where its evidence is missing."""


WITHHELD = "Interval withheld:"


@dataclass(frozen=True)
class Measured:
    """What a metric found.

    Attributes:
        value: The number; None when it cannot be had, and then ``why`` says so.
        low: Lower end of its 95 % bootstrap interval; None where there is none.
        high: Upper end.
        n: Number of items it rests on.
        why: Why there is no number; with a number, why there is no interval, which begins with `WITHHELD`.
        alarm: What is wrong with the model, in a sentence, where the number is a guard and says so; else "".
        detail: Name -> what a picture of the evidence needs: numbers, lists or arrays. ``items`` are what each real
            item contributes to the number [n], to first order, with the number as their mean.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""
    alarm: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MetricSpec(Spec):
    """One metric.

    Attributes:
        group: The heading it stands under.
        needs: The evidence without which it cannot be had.
        better: ``"up"``, ``"down"``, or ``"none"`` where neither is (the ideal is then in ``ideal``).
        limits: Smallest and largest possible value; None where there is no limit.
        ideal: Its value for a perfect model, where theory gives one.
        minimum: Items below which it is not printed.
        floored: Whether it is also computed for fresh real items in place of the generated ones.
        sized: Whether its expected value depends on how many generated items there are: then it is given no more of
            them than there are real ones for its real-data reference.
        at_n: How its expected value at so many items differs from that of a whole population, in sentences; "" where it
            hardly does.
        quality: Whether it says how real generated items look: then it has to tell blank, heavily blurred and made-up
            pictures from real ones, or decides nothing on that data set.
        unit: Unit of its values.
        compute: ``compute(evidence, options, rng) -> Measured``; ``rng`` is for resampling only.
        notices: Damages that must make it clearly worse than fresh real items are.
        ignores: Damages that must leave it where fresh real items are, within its interval.
        version: Changes whenever its numbers would for the same evidence; what was kept by another is marked so.
    """

    noun: ClassVar[str] = "metric"

    group: Group
    needs: tuple[Need, ...] = ("features",)
    better: Literal["up", "down", "none"]
    limits: tuple[float | None, float | None] = (None, None)
    ideal: float | None = None
    minimum: int = 2
    floored: bool = True
    sized: bool = False
    at_n: str = ""
    quality: bool = False
    unit: str = ""
    compute: Callable[[Evidence, Any, np.random.Generator], Measured]
    notices: tuple[Damage, ...] = ()
    ignores: tuple[Damage, ...] = ()
    version: int = 1

    def is_current(self, line: Mapping[str, Any]) -> bool:
        """Whether a kept ``line`` of an evaluation was computed as it is today; lines without a version are of 1."""
        return bool(line.get("version", 1) == self.version)

    @property
    def compares_sets(self) -> bool:
        """Whether it looks at nothing but real items, their codes and generated ones, so that any real ones will do.

        A probe does not: it is tried on items that it has not learned from.
        """
        return set(self.needs) <= COMPARING or set(self.needs) == {"codes"}

    def is_short(self, evidence: Evidence) -> bool:
        """Whether there are too few items, and nothing else is missing."""
        return evidence.pairs < self.minimum and not any(evidence.lacks(need) for need in self.needs)

    def missing(self, evidence: Evidence) -> str:
        """Why it cannot be had from ``evidence``, or ""."""
        for need in self.needs:
            if evidence.lacks(need):
                return MISSING[need]
        size = evidence.pairs
        if size < self.minimum:
            return f"It takes at least {self.minimum:,} items of each kind; there are {size:,}."
        return ""

    def measure(self, evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
        """`compute`, or why not."""
        why = self.missing(evidence)
        return Measured(None, why=why) if why else self.compute(evidence, options, rng)
