"""How well scores tell anomalies from normal items, and where to draw the line. Higher scores are more anomalous."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from genlab.tasks.base import TaskChart, TaskCurve, TaskMeasure, TaskScore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AUROC = TaskMeasure(
    name="auroc",
    title="AUROC",
    summary="Chance that an anomaly scores higher than a normal item; 0.5 is guessing, 1 tells all of them apart",
    better="up",
    limits=(0, 1),
)
AUPR = TaskMeasure(
    name="aupr",
    title="AUPR",
    summary="Average precision of finding anomalies in the order of scores; guessing gives their share",
    better="up",
    limits=(0, 1),
)
FPR95 = TaskMeasure(
    name="fpr95",
    title="FPR at 95 % TPR",
    summary="Share of normal items that are taken for anomalies where 95 % of the anomalies are found",
    better="down",
    limits=(0, 1),
)
ALARMS = TaskMeasure(
    name="alarms",
    title="False alarms",
    summary="Share of normal items beyond a threshold that other normal items have set, meant to be one in twenty",
    better="",
    limits=(0, 1),
)
FOUND = TaskMeasure(
    name="found",
    title="Found",
    summary="Share of the anomalies beyond the threshold that the normal items set",
    better="up",
    limits=(0, 1),
)
MEASURES = (AUROC, AUPR, FPR95, ALARMS, FOUND)

RATE = 0.05
"""Share of normal items that a threshold is meant to take for anomalies."""

BINS = 40
DRAWS = 100
"""Resamples for an interval."""


@dataclass(frozen=True)
class Ranked:
    """Area under the receiver operating characteristic, with its 95 % interval.

    Attributes:
        value: The area.
        low: Lower end.
        high: Upper end.
    """

    value: float
    low: float
    high: float


def auroc(normal: NDArray[np.floating], anomalous: NDArray[np.floating]) -> Ranked:
    """Area under the receiver operating characteristic of scores [n] and [m].

    Its variance is DeLong's (DeLong, DeLong and Clarke-Pearson, 1988), its interval that of the logarithm of the odds,
    which stays within 0 and 1; where the order is perfect it is Wilson's for a share of the smaller set.
    """
    import numpy as np
    from scipy.stats import rankdata

    from genlab.metrics._resample import NORMAL, of_share

    n, m = len(normal), len(anomalous)
    ranks = rankdata(np.concatenate([normal, anomalous]))
    of_anomalous = (ranks[n:] - rankdata(anomalous)) / n
    of_normal = 1 - (ranks[:n] - rankdata(normal)) / m
    value = float(of_anomalous.mean())
    variance = sum(float(part.var(ddof=1)) / len(part) for part in (of_anomalous, of_normal) if len(part) > 1)
    if not 0 < value < 1 or variance == 0:
        return Ranked(value, *of_share(value, min(n, m)))
    odds, half = np.log(value / (1 - value)), NORMAL * np.sqrt(variance) / (value * (1 - value))
    low, high = (float(1 / (1 + np.exp(-end))) for end in (odds - half, odds + half))
    return Ranked(value, low, high)


def threshold(normal: NDArray[np.floating], rate: float = RATE) -> float:
    """The score that at most ``rate`` of fresh normal items exceed, in expectation and whatever their distribution.

    It is the order statistic of conformal prediction (Vovk et al., 2005); infinite where there are too few normal items
    for so small a rate.
    """
    import numpy as np

    place = ceil((len(normal) + 1) * (1 - rate))
    return float(np.sort(normal)[place - 1]) if place <= len(normal) else float("inf")


def judged(
    normal: NDArray[np.floating], anomalous: NDArray[np.floating], rng: np.random.Generator
) -> dict[str, NDArray[np.bool_] | TaskScore]:
    """Every measure of scores [n] of normal items and [m] of anomalies.

    Normal items are judged by a threshold that the other half of them has set, so that none is judged by itself.
    """
    import numpy as np

    halves = (normal[0::2], normal[1::2])
    alarms = np.empty(len(normal), dtype=bool)
    alarms[0::2], alarms[1::2] = halves[0] > threshold(halves[1]), halves[1] > threshold(halves[0])
    if not len(anomalous):
        return {"alarms": alarms}
    area, n = auroc(normal, anomalous), len(normal) + len(anomalous)
    return {
        "auroc": TaskScore(area.value, area.low, area.high, n=n),
        "aupr": _resampled(precision, AUPR, normal, anomalous, rng),
        "fpr95": _resampled(false_positives, FPR95, normal, anomalous, rng),
        "alarms": alarms,
        "found": anomalous > threshold(normal),
    }


def precision(normal: NDArray[np.floating], anomalous: NDArray[np.floating]) -> float:
    """Average precision of finding the anomalies: precision at each score, weighted by the anomalies that have it.

    As ``sklearn.metrics.average_precision_score``, some fifty times as fast: intervals ask for it hundreds of times.
    """
    import numpy as np

    scores = np.concatenate([anomalous, normal])
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(order < len(anomalous)), scores[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(scores) - 1)
    gained = np.diff(hits[last], prepend=0)
    return float((gained * hits[last] / (last + 1)).sum() / len(anomalous))


def false_positives(normal: NDArray[np.floating], anomalous: NDArray[np.floating], found: float = 0.95) -> float:
    """Share of normal items that score as high as the least of the ``found`` highest anomalies."""
    import numpy as np

    least = np.sort(anomalous)[::-1][ceil(found * len(anomalous)) - 1]
    return float((normal >= least).mean())


def _resampled(
    statistic: Callable[[NDArray[np.floating], NDArray[np.floating]], float],
    measure: TaskMeasure,
    normal: NDArray[np.floating],
    anomalous: NDArray[np.floating],
    rng: np.random.Generator,
) -> TaskScore:
    """A statistic with the interval that drawing both sets again gives; where it never moves, Wilson's for a share."""
    import numpy as np

    from genlab.metrics._resample import around, clipped, of_share

    value, n, m = statistic(normal, anomalous), len(normal), len(anomalous)
    again = [statistic(normal[rng.integers(n, size=n)], anomalous[rng.integers(m, size=m)]) for _ in range(DRAWS)]
    bounds = around(value, np.array(again)) if len(set(again)) > 1 else of_share(value, min(n, m))
    low, high = clipped(bounds, measure.limits)
    return TaskScore(value, low, high, n=len(normal) + len(anomalous))


def histogram(name: str, title: str, of: Mapping[str, NDArray[np.floating]]) -> TaskChart:
    """Scores of each group as a histogram of shares, on bins that all groups have in common.

    Bins end at the 1st and 99th percentile of all scores; what lies beyond is counted in the outermost ones.
    """
    import numpy as np

    every = np.concatenate(list(of.values()))
    low, high = np.quantile(every, [0.01, 0.99])
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    middles = tuple(float(value) for value in (edges[:-1] + edges[1:]) / 2)
    curves = []
    for group, scores in of.items():
        counts = np.histogram(np.clip(scores, edges[0], edges[-1]), edges)[0]
        curves.append(TaskCurve(group, middles, tuple(float(count) / max(1, len(scores)) for count in counts)))
    return TaskChart(name, title, "score", "share of the group", tuple(curves), step=True)
