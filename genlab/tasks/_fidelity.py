"""How near restored items are to the true ones: pixel by pixel, in structure, and in features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskMeasure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs

PSNR = TaskMeasure(
    name="psnr",
    title="PSNR",
    summary="Peak signal-to-noise ratio against the true item: 20 dB is an error of a tenth of the range",
    better="up",
    unit="dB",
    limits=(0, None),
)
SSIM = TaskMeasure(
    name="ssim",
    title="SSIM",
    summary="Structural similarity to the true item (Wang et al., 2004), 1 for the item itself",
    better="up",
    limits=(-1, 1),
)
FEATURES = TaskMeasure(
    name="features",
    title="Feature distance",
    summary="Distance to the true item in the data's own features; 1 is that of two items that have nothing in common",
    better="down",
    limits=(0, None),
)
RIGHT = TaskMeasure(
    name="right",
    title="Symbols right",
    summary="Share of places at which the most likely symbol is that of the true item",
    better="up",
    limits=(0, 1),
)
MEASURES = (PSNR, SSIM, FEATURES, RIGHT)

CEILING = 58.92
"""Decibels of rounding to 8 bits, as of the metric PSNR: more cannot be told from the item itself."""

REFERENCE = 500
"""Training items whose mutual distances make the unit of feature distances."""


def compare(inputs: TaskInputs, found: NDArray[np.float32]) -> dict[str, NDArray[np.floating]]:
    """Scores per item of ``found`` [n, *shape] against the inputs' items: measure -> [n].

    SSIM is left out where an item is no picture of at least 4 × 4 pixels, feature distances in an attempt, and symbols
    where there are none.
    """
    import numpy as np

    from genlab.metrics.ssim import SIGMA, USUAL_SIDE, similarity

    truth, space = inputs.items, inputs.data.space()
    errors = np.square((found - truth) / space.span, dtype=np.float64).reshape(len(truth), -1).mean(axis=1)
    scores: dict[str, NDArray[np.floating]] = {"psnr": np.minimum(-10 * np.log10(errors + 1e-12), CEILING)}
    side = min(truth.shape[2:], default=0)
    if "symbols" in space.spec.gives:
        scores["right"] = (found.argmax(axis=1) == truth.argmax(axis=1)).mean(axis=1)
    if truth.ndim == 4 and side >= 4 and "unit" in space.spec.gives:
        scores["ssim"] = similarity(found, truth, SIGMA * min(1.0, side / USUAL_SIDE))
    if not inputs.extractor:
        return scores
    apart = inputs.encode(found).features - inputs.encoded.features
    scores["features"] = np.linalg.norm(apart.astype(np.float64), axis=1) / unit(inputs)
    return scores


def unit(inputs: TaskInputs) -> float:
    """The median distance of the features of two training items."""
    import numpy as np

    if "features" not in inputs.units:
        features = inputs.encode(inputs.training(REFERENCE)[0]).features.astype(np.float64)
        half = len(features) // 2
        inputs.units["features"] = float(np.median(np.linalg.norm(features[:half] - features[half : 2 * half], axis=1)))
    return max(inputs.units["features"], 1e-12)


def restored(
    inputs: TaskInputs, name: str, title: str, found: NDArray[np.float32], seconds: float, role: Role = "model"
) -> TaskAnswer:
    """The answer of a method that gives ``found`` [n, *shape] for the inputs' items, in so many seconds for all."""
    return TaskAnswer(
        name=name,
        title=title,
        role=role,
        scores=compare(inputs, found),
        shown=found[:SHOWN],
        milliseconds=1_000 * seconds / len(found),
    )
