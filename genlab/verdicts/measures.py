"""The match's own measures: what evaluations do not look at, for every family in the same way. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class MeasureSpec:
    """One measure.

    Attributes:
        title: For tables.
        summary: What it is, in one line.
        better: ``"up"``, ``"down"`` or ``"none"``.
        limits: Smallest and largest possible value.
        unit: Unit of its values.
        version: Changes when values would. Of a metric that is described so, the metric's.
        before: What an earlier version did otherwise, and what came of it: the end of a sentence.
    """

    title: str
    summary: str
    better: Literal["up", "down", "none"] = "up"
    limits: tuple[float | None, float | None] = (0, 1)
    unit: str = ""
    version: int = 1
    before: str = ""

    def is_current(self, line: Mapping[str, Any]) -> bool:
        """Whether a kept ``line`` was measured as it is today; lines without a version are of 1."""
        return bool(line.get("version", 1) == self.version)


MEASURES: dict[str, MeasureSpec] = {
    "codes_linear": MeasureSpec(
        "Linear probe of codes",
        "Accuracy of a linear classifier of codes, trained on the same 1,000 training items in every family; a GAN's "
        "codes are found by inversion",
    ),
    "codes_knn": MeasureSpec(
        "Nearest-neighbour probe of codes", "Accuracy of a majority vote of the five nearest of the same 1,000 codes"
    ),
    "codes_mig": MeasureSpec("MIG of codes", "Mutual information gap of the same codes, where factors are known"),
    "codes_dci": MeasureSpec("DCI of codes", "Disentanglement of the same codes, where factors are known"),
    "class_directions": MeasureSpec(
        "Class directions", "Balanced accuracy, on held-out codes, of the planes that separate each class from the rest"
    ),
    "class_alignment": MeasureSpec(
        "Alignment of classes",
        "Share of a class direction that lies along its strongest single latent dimension, as far as the direction "
        "parts its class from the rest, mean over classes; the reference is that of random directions that part all",
    ),
    "dimension_consistency": MeasureSpec(
        "Consistency of a dimension",
        "How similarly one step along a latent dimension changes different images: 1 identically, 0 unrelated; mean "
        "over dimensions, weighted by effect",
    ),
    "dimensions_used": MeasureSpec(
        "Effective dimensions",
        "Effective number of latent dimensions, by their effect on pixels",
        "none",
        (1, None),
    ),
    "truncation_realism": MeasureSpec(
        "Effect of truncation",
        "How much closer samples get to real images when latents are halved: mean distance before over after",
        "up",
        (0, None),
        "×",
    ),
    "truncation_variety": MeasureSpec(
        "Variety after truncation",
        "Mean distance between two samples with halved latents, relative to ordinary samples",
        "up",
    ),
    "edit_success": MeasureSpec(
        "Successful edits",
        "Share of held-out images that, moved along the way from their class to another, are classified as that one",
    ),
    "edit_identity": MeasureSpec(
        "Identity kept",
        "Among successful edits: 1 keeps the style (weight, place, size, slant), 0 is as different as any image of "
        "the target class",
        "up",
        (None, 1),
    ),
    "reconstruction_error": MeasureSpec(
        "Reconstruction error",
        "Mean squared error of held-out images, encoded where there is an encoder and inverted where not",
        "down",
        (0, None),
    ),
    "inversion_error": MeasureSpec(
        "Error after inversion",
        "The same when every family's codes are refined by gradient descent",
        "down",
        (0, None),
    ),
    "pass_error": MeasureSpec(
        "Error after one pass",
        "Mean squared error of held-out images coded in one pass: by the encoder, or by one that learned from samples",
        "down",
        (0, None),
    ),
    "steps_error": MeasureSpec(
        "Error after 20 steps", "The same after 20 steps of descent from there, in every family", "down", (0, None)
    ),
    "pass_seconds": MeasureSpec(
        "Time of one pass", "Seconds for the code of one image in one pass", "down", (0, None), "s"
    ),
    "steps_seconds": MeasureSpec(
        "Time of 20 steps", "Seconds for one image with 20 steps of descent", "down", (0, None), "s"
    ),
    "inversion_seconds": MeasureSpec(
        "Time of 120 steps", "Seconds for one image with 120 steps of descent", "down", (0, None), "s"
    ),
    "late_spread": MeasureSpec(
        "Late spread",
        "Standard deviation of the watch's relative coverage over the second half of a run, around its trend",
        "down",
        (0, None),
    ),
    "reach": MeasureSpec(
        "Reach",
        "Share of held-out images that the model makes with less than half the squared error of the nearest training "
        "image, after 20 steps of descent in every family",
    ),
    "coverage_prior": MeasureSpec(
        "Coverage under the prior", "Share of 1,000 held-out images with one of 1,000 samples nearby, in features"
    ),
    "coverage_prior_pixels": MeasureSpec("Coverage under the prior, in pixels", "The same in pixels"),
    "coverage_fitted": MeasureSpec(
        "Coverage under a fitted prior", "The same with latents of the Gaussian that codes of training images have"
    ),
    "coverage_fitted_pixels": MeasureSpec("Coverage under a fitted prior, in pixels", "The same in pixels"),
    "midpoint_realism": MeasureSpec(
        "Realism of midpoints",
        "Share of pictures half-way between codes of two held-out images that look real, relative to that of the ends",
        "up",
        (0, None),
    ),
    "path_detour": MeasureSpec(
        "Interpolation length",
        "Length in features of linear interpolations between codes of held-out images, over the distance of their "
        "ends; pictures of all families are blurred alike first",
        "down",
        (1, None),
        "×",
        version=2,
        before="pictures were not blurred alike first, so that a model's own blur shortened it",
    ),
    "code_seconds": MeasureSpec(
        "Time for a code", "Seconds to find the code of one image, by the family's own method", "down", (0, None), "s"
    ),
}
"""Name -> measure."""


def is_current(name: str, line: Mapping[str, Any]) -> bool:
    """Whether a kept ``line`` is of today's version of the match's measure ``name``; of any other name, as it is."""
    return name not in MEASURES or MEASURES[name].is_current(line)
