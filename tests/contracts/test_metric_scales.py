"""The scale of every metric, as its paper or definition has it: least and largest value, unit, and the ideal.

``docs/entries.md`` holds the rest of what metrics declare, and a test holds it.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log
from pathlib import Path

import pytest

from genlab import metrics
from genlab.metrics import REGISTRY
from genlab.metrics.base import COMPARING, MetricSpec, Need

SHARE, RATIO, ANY = (0, 1), (0, inf), (-inf, inf)
SCALES: dict[str, tuple[tuple[float, float], str, float | None]] = {
    "active_units": (RATIO, "dimensions", None),
    "aggregated_posterior": (ANY, "MMD²", 0),
    "authpct": (SHARE, "", None),
    "birthday": ((4, inf), "items", None),
    "bits_per_dim": (ANY, "bits", None),
    "c_t": (ANY, "sd", 0),
    "class_diversity": (RATIO, "", 1),
    "class_kl": (RATIO, "nats", 0),
    "confidence": (SHARE, "", None),
    "copies": (SHARE, "", 0.01),
    "coverage": (SHARE, "", 0.96875),
    "dci": (SHARE, "", 1),
    "density": (RATIO, "", 1),
    "divergence_rate": (SHARE, "", 0),
    "elbo": (ANY, "nats", None),
    "exact": (SHARE, "", 1),
    "feature_distance": (RATIO, "", 0),
    "fitted_confidence": (SHARE, "", None),
    "fitted_coverage": (SHARE, "", 0.96875),
    "fitted_frechet": (RATIO, "", 0),
    "flicker": (RATIO, "", 1),
    "frechet": (RATIO, "", 0),
    "gradient_ratio": (RATIO, "", None),
    "grammatical": (SHARE, "", 1),
    "high_quality": (SHARE, "", 1 - exp(-4.5)),
    "inception_score": ((1, inf), "", None),
    "interpolation_realism": (RATIO, "", 1),
    "iwae": (ANY, "nats", None),
    "jsd": ((0, log(2)), "nats", 0),
    "kid": (ANY, "", 0),
    "kl_per_dimension": (RATIO, "nats", None),
    "knn_probe": (SHARE, "", 1),
    "laplacian": (RATIO, "", 1),
    "linear_probe": (SHARE, "", 1),
    "mig": (SHARE, "", 1),
    "modes": (RATIO, "modes", None),
    "ndb": (SHARE, "", 0.05),
    "near_duplicates": (SHARE, "", 0.01),
    "neighbour_ratio": (RATIO, "", 1),
    "ngram_jsd": ((0, log(2)), "nats", None),
    "novel": (SHARE, "", None),
    "one_nn": (SHARE, "", 0.5),
    "oscillation": (RATIO, "", None),
    "path_length": (RATIO, "squared feature distance", None),
    "perplexity": ((1, inf), "", None),
    "power_spectrum": (RATIO, "log10", 0),
    "precision": (SHARE, "", None),
    "psnr": ((0, 58.92), "dB", None),
    "recall": (SHARE, "", None),
    "seed_spread": (RATIO, "the score's", 0),
    "self_bleu": (SHARE, "", None),
    "speed_distance": (RATIO, "px/frame", 0),
    "ssim": ((-1, 1), "", 1),
    "unique": (SHARE, "", None),
    "vendi": ((1, inf), "items", None),
}
"""Metric -> least and largest value, unit, ideal. The ideal of coverage with k = 5 is 1 - 2^-5, of a share of samples
within three standard deviations of a mode in the plane 1 - exp(-9/2)."""

ALSO_FOR_REAL = {
    *("authpct", "birthday", "c_t", "class_diversity", "class_kl", "confidence", "copies", "coverage", "density"),
    *(
        "frechet",
        "fitted_confidence",
        "fitted_coverage",
        "fitted_frechet",
        "high_quality",
        "inception_score",
        "jsd",
        "kid",
    ),
    *("laplacian", "modes", "ndb", "near_duplicates", "neighbour_ratio", "one_nn", "power_spectrum", "precision"),
    *("recall", "vendi"),
    *("flicker", "grammatical", "ngram_jsd", "novel", "self_bleu", "speed_distance", "unique"),
}
"""What fresh real items can be given in the place of generated ones."""

BUILT_IN = [spec for spec in REGISTRY if spec.name in SCALES]


@pytest.mark.parametrize("spec", BUILT_IN, ids=lambda spec: spec.name)
def test_scales(spec: MetricSpec) -> None:
    limits, unit, ideal = SCALES[spec.name]
    low, high = spec.limits
    assert (-inf if low is None else low, inf if high is None else high) == pytest.approx(limits)
    assert (spec.unit, spec.ideal) == (unit, None if ideal is None else pytest.approx(ideal))
    assert spec.floored == (spec.name in ALSO_FOR_REAL)


@pytest.mark.parametrize(
    ("needs", "compares"),
    [
        (tuple(COMPARING), True),
        (("features",), True),
        (("codes",), True),
        (("codes", "features"), False),
        (("features", "train"), False),
        (("reconstructions",), False),
    ],
)
def test_what_only_compares_sets_takes_any_real_items(needs: tuple[Need, ...], compares: bool) -> None:
    assert replace(REGISTRY.get("kid"), needs=needs).compares_sets is compares


def test_every_built_in_metric_has_its_scale() -> None:
    own = {path.stem for path in Path(str(metrics.__file__)).parent.glob("[a-z]*.py")} - {"base"}
    assert set(SCALES) == own >= ALSO_FOR_REAL and own <= set(REGISTRY.names())
