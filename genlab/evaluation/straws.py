"""Pictures that nobody takes for data, and measures of quality that do on some data set: those decide nothing there.

On few pictures, or pictures of very different things, the balls of precision and density are wide, and whatever is near
the middle of the data lies in many of them. So each measure of quality is asked about three straw sets as well: blank
pictures, real ones under a heavy blur, and coloured blobs. Where one of them does not score worse than real items do,
the measure is blunt on this data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from genlab.evaluation.fakes import encoded
from genlab.evaluation.inputs import EvaluationInputs
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.store import atomic

Images = NDArray[np.float32]

MOST = 1_000
"""Items of each set."""

BLUR = 7
"""A heavy blur's standard deviation is the width over this."""

BLOBS = 3
VERSION = 1
"""Changes whenever answers would for the same data."""


def blank(images: Images, rng: np.random.Generator) -> Images:
    """As many pictures [n, C, H, W] of nothing but the commonest colour of ``images``: their median, mostly ground."""
    ground = np.median(images, axis=(0, 2, 3))
    return np.broadcast_to(ground[:, None, None], images.shape).astype(np.float32)


def blurred(images: Images, rng: np.random.Generator) -> Images:
    """``images`` under a blur that leaves patches of light."""
    sigma = images.shape[-1] / BLUR
    return gaussian_filter(images, (0, 0, sigma, sigma)).astype(np.float32)


def blobs(images: Images, rng: np.random.Generator) -> Images:
    """Soft spots of random colours on the commonest colour of ``images``."""
    found = blank(images, rng).copy()
    count, channels, height, width = images.shape
    y, x = np.mgrid[:height, :width]
    for _ in range(BLOBS):
        centre = rng.uniform(0.25, 0.75, (count, 2, 1, 1))
        size = rng.uniform(0.08, 0.2, (count, 1, 1)) * width
        squared = (y - centre[:, 0] * height) ** 2 + (x - centre[:, 1] * width) ** 2
        weight = np.exp(-squared / (2 * size**2))[:, None]
        found += weight * (rng.random((count, channels, 1, 1)) - found)
    return found.astype(np.float32)


STRAWS: Mapping[str, Callable[[Images, np.random.Generator], Images]] = {
    "blank pictures": blank,
    "blurred pictures": blurred,
    "blobs": blobs,
}


def is_worse(spec: MetricSpec, straw: Measured, real: Measured) -> bool:
    """Whether a straw set scores worse than real items, and by more than the intervals of both leave open."""
    if straw.value is None or real.value is None:
        return True
    ends = [end if end is not None else one.value for one in (straw, real) for end in (one.low, one.high)]
    (low, high), (real_low, real_high) = ends[:2], ends[2:]
    assert low is not None and high is not None and real_low is not None and real_high is not None
    if spec.better == "up":
        return high < real_low
    if spec.better == "down":
        return low > real_high
    return high < real_low or low > real_high


class Bluntness:
    """Which measures of quality take straw sets for real, on one data set with one feature extractor; kept.

    Args:
        inputs: The real items.
        measure: ``measure(spec, evidence, seed)``.
        real: Gives real items with as many others in the place of generated ones.
    """

    def __init__(
        self,
        inputs: EvaluationInputs,
        measure: Callable[[MetricSpec, Evidence, int], Measured],
        real: Callable[[], Evidence],
    ) -> None:
        self._inputs, self._measure, self._real = inputs, measure, real
        request = inputs.request
        name = f"straws-{inputs.data.fingerprint[:16]}-{inputs.encoder.identity}-{request.samples}-{request.seed}"
        self._path = inputs.workspace.encoders / f"{name}-{VERSION}-{len(inputs.reals.real)}.json".replace(":", "_")
        self._known: dict[str, list[str]] = atomic.read_json(self._path) or {}

    def prepare(self, wanted: Sequence[MetricSpec]) -> None:
        """Ask those of ``wanted`` that are measures of quality and have not been asked."""
        asked = [spec for spec in wanted if spec.quality and _key(spec) not in self._known]
        if not asked or not self._inputs.base.pixels or self._inputs.reals.real.images.ndim != 4:
            return
        given, seed = self._real(), self._inputs.request.seed
        n = min(MOST, len(given.real), len(given.fake))
        given = replace(given, real=given.real.take(slice(0, n))).floor(given.fake.take(slice(0, n)))
        real = {spec.name: self._measure(spec, given, seed) for spec in asked}
        taken: dict[str, list[str]] = {_key(spec): [] for spec in asked}
        for straw, make in STRAWS.items():
            images = make(given.fake.images, np.random.default_rng([seed, 6]))
            tell = self._inputs.progress.part(0.5, 0.5, f"asking about {straw}")
            seen = given.floor(encoded(images, self._inputs.encoder, tell))
            for spec in asked:
                if not is_worse(spec, self._measure(spec, seen, seed), real[spec.name]):
                    taken[_key(spec)].append(straw)
        self._known |= taken
        atomic.write_json(self._path, self._known)

    def of(self, spec: MetricSpec) -> list[str]:
        """The straw sets that a metric does not tell from real items; empty where it tells all, or was not asked."""
        return list(self._known.get(_key(spec), []))


def _key(spec: MetricSpec) -> str:
    return f"{spec.name}-{spec.version}"
