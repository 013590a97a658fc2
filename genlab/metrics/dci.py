"""DCI: whether each latent dimension matters for one known factor only, by what random forests look at."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._factors import varying
from genlab.metrics._resample import around, clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec

TREES = 30
ITEMS = 2_000
"""Items that forests are grown on and judged by: more take long and say the same."""

CATEGORIES = 20
"""Different values up to which a factor is classified, not regressed."""

Array = NDArray[np.float64]


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Disentanglement: mean over latent dimensions of 1 - H(factors they matter for), by how much they matter.

    A forest predicts each factor from the codes of two thirds of the items; its importances make the matrix R of the
    paper. Completeness and informativeness (accuracy or R² on the other third) are in the detail. Each tree is grown on
    a resample of its own: the spread of what single trees say is the interval, which is a little too wide.
    """
    assert evidence.codes is not None
    assert evidence.factors is not None
    factors = varying(evidence.factors)
    if not factors:
        return Measured(None, why="No factor varies.")
    codes = evidence.codes.mean.astype(np.float64)
    order = np.random.default_rng(0).permutation(len(codes))[:ITEMS]
    fitted = [_forest(codes[order], values[order]) for values in factors.values()]
    importance = np.stack([trees.mean(axis=0) for trees, _ in fitted], axis=1)
    if not importance.any():
        return Measured(None, why="The codes carry no information about the factors.")
    value = concentration(importance)
    single = np.array([concentration(np.stack([trees[i] for trees, _ in fitted], axis=1)) for i in range(TREES)])
    low, high = clipped(around(value, single), SPEC.limits)
    detail = {
        "factors": list(factors),
        "importance": importance,
        "completeness": concentration(importance.T),
        "informativeness": np.array([score for _, score in fitted]),
    }
    return Measured(value, low, high, n=len(order), detail=detail)


def concentration(importance: Array) -> float:
    """Mean over rows of ``importance`` [D, K] of 1 - entropy to base K, weighted by the rows' sums; 1 where K is 1."""
    columns = importance.shape[1]
    sums = importance.sum(axis=1)
    rows = importance[sums > 0] / sums[sums > 0, None]
    if columns < 2 or not len(rows):
        return float(columns < 2)
    logs = np.log(rows, out=np.zeros_like(rows), where=rows > 0)
    purity = 1 + (rows * logs).sum(axis=1) / np.log(columns)
    return float(np.clip(np.average(purity, weights=sums[sums > 0]), 0, 1))


def _forest(codes: Array, values: NDArray[np.float32]) -> tuple[Array, float]:
    """Importances [TREES, D] for predicting ``values`` [n] from ``codes`` [n, D], and accuracy or R² on the last third.

    Every split may look at all dimensions: choosing among a few would lend importance to those that have none.
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    split = 2 * len(codes) // 3
    names, classes = np.unique(values, return_inverse=True)
    if len(names) <= CATEGORIES:
        forest = RandomForestClassifier(TREES, max_features=None, min_samples_leaf=5, random_state=0)
        target: NDArray[Any] = classes
    else:
        forest = RandomForestRegressor(TREES, max_features=None, min_samples_leaf=5, random_state=0)
        target = values.astype(np.float64)
    forest.fit(codes[:split], target[:split])
    importances = np.stack([tree.feature_importances_ for tree in forest.estimators_])
    return importances, float(forest.score(codes[split:], target[split:]))


SPEC = MetricSpec(
    title="DCI disentanglement",
    summary="1 if each latent dimension matters for one known factor only",
    paper="Eastwood and Williams, A Framework for the Quantitative Evaluation of Disentangled Representations, 2018",
    group="latent",
    needs=("codes", "factors"),
    better="up",
    limits=(0, 1),
    ideal=1,
    minimum=500,
    floored=False,
    compute=compute,
)
