"""Detectors of anomalies that know no model: they are fitted to vectors of normal items, and score others."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENERGY = 1e-4
"""Least mean square of an item that its error is divided by: that of an empty item says nothing."""

NEIGHBOURS = 5
KEPT = 0.95
"""Share of the variance that principal components keep for kernels and one-class machines, as in Ruff et al., 2018."""

BANDWIDTHS = tuple(2.0 ** (power / 2) for power in range(-4, 5))
"""Of the kernel density estimate, times the median distance of nearest neighbours; chosen by the likelihood of normal
items that it was not fitted to."""

MOST_KERNELS = 2_000
"""Normal items that kernels are put on at most, and that a one-class machine is fitted to."""

SUPPORT = 0.1
"""Share of normal items that a one-class machine may leave out (Schölkopf et al., 2001)."""


class Outlier(NamedTuple):
    """One detector's scores, higher for what is more anomalous [n], the seconds they took, and its residuals."""

    name: str
    title: str
    scores: NDArray[np.floating]
    seconds: float
    residuals: NDArray[np.float32] | None = None


def outliers(
    train: NDArray[np.float32],
    x: NDArray[np.float32],
    components: int,
    seed: int,
    tell: Callable[[float], None],
    *,
    brief: bool = False,
) -> Iterator[Outlier]:
    """What classical detectors say of pixels.

    Args:
        train: Normal items, flat [m, d].
        x: Items to be judged, flat [n, d].
        components: Principal components that reconstruct items.
        seed: Of the choice of items that kernels are put on.
        tell: Told the share that is done; may raise to cancel.
        brief: Whether kernels and one-class machines are left out, which take longest.
    """
    import numpy as np
    from sklearn.decomposition import PCA

    known, codes = yield from _components(train, x, components, seed, tell, brief=brief)
    begun = time.perf_counter()
    yield Outlier("knn", f"{NEIGHBOURS} nearest neighbours", far(known, codes), _since(begun))
    tell(0.5)
    if brief:
        return
    some = np.random.default_rng(seed).permutation(len(train))[:MOST_KERNELS]
    even = PCA(KEPT, svd_solver="full").fit(contrasted(train[some]))
    fitted, judged = even.transform(contrasted(train[some])), even.transform(contrasted(x))
    yield _kernels(fitted, judged)
    tell(0.8)
    yield _one_class(fitted, judged)


def _components(
    train: NDArray[np.float32],
    x: NDArray[np.float32],
    components: int,
    seed: int,
    tell: Callable[[float], None],
    *,
    brief: bool,
) -> Generator[Outlier, None, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """What principal components say; returns the codes of normal items [m, k] and of those to be judged [n, k]."""
    import numpy as np
    from sklearn.decomposition import PCA

    tell(0.0)
    most = min(*train.shape, components if brief else 4 * components)
    pca = PCA(most, svd_solver="randomized", random_state=seed).fit(train)
    begun = time.perf_counter()
    codes = pca.transform(x)
    kept = min(components, most)
    residuals = x - (pca.mean_ + codes[:, :kept] @ pca.components_[:kept])
    errors = np.square(residuals).mean(axis=1)
    yield Outlier("pca", f"PCA of {kept} components, error", errors, _since(begun), np.abs(residuals, dtype=np.float32))
    begun = time.perf_counter()
    relative = errors / np.maximum(np.square(x).mean(axis=1), ENERGY)
    yield Outlier("pca-relative", f"PCA of {kept} components, relative error", relative, _since(begun))
    tell(0.1)
    known = pca.transform(train)
    begun = time.perf_counter()
    missed = train - (pca.mean_ + known[:, :kept] @ pca.components_[:kept])
    usual = np.square(missed).mean(axis=1) / np.maximum(np.square(train).mean(axis=1), ENERGY)
    distance, own = (mahalanobis(known[:, :kept], part[:, :kept]) for part in (codes, known))
    both = standardised(relative, usual) + standardised(distance, own)
    yield Outlier("pca-together", f"PCA of {kept} components, relative error and distance", both, _since(begun))
    tell(0.2)
    begun = time.perf_counter()
    left = max(0.0, float(train.var(axis=0, dtype=np.float64).sum() - pca.explained_variance_[:kept].sum()))
    noise = max(left / max(1, train.shape[1] - kept), 1e-12)
    inside = np.square(codes[:, :kept]) / np.maximum(pca.explained_variance_[:kept], noise)
    # Minus twice the log-density of probabilistic PCA (Tipping and Bishop, 1999), but for a constant.
    density = inside.sum(axis=1) + np.square(residuals).sum(axis=1) / noise
    yield Outlier("gaussian", "Gaussian (probabilistic PCA)", density, _since(begun))
    tell(0.3)
    return known, codes


def contrasted(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Flat items [n, d] with mean 0 and mean absolute value 1 each, as in Ruff et al., 2018."""
    import numpy as np

    centred = x - x.mean(axis=1, keepdims=True)
    found: NDArray[np.float32] = centred / np.maximum(np.abs(centred).mean(axis=1, keepdims=True), np.float32(ENERGY))
    return found


def standardised(scores: NDArray[np.floating], normal: NDArray[np.floating]) -> NDArray[np.float64]:
    """``scores`` [n] in standard deviations from the mean of those of ``normal`` items [m]."""
    import numpy as np

    spread = float(normal.std(dtype=np.float64)) or 1.0
    found: NDArray[np.float64] = (scores.astype(np.float64) - float(normal.mean(dtype=np.float64))) / spread
    return found


def far(known: NDArray[np.floating], x: NDArray[np.floating], neighbours: int = NEIGHBOURS) -> NDArray[np.float64]:
    """Mean distance of ``x`` [n, d] from its nearest ``neighbours`` of ``known`` [m, d]."""
    from genlab.metrics._neighbours import nearest

    distances, _ = nearest(x, known, min(neighbours, len(known)))
    found: NDArray[np.float64] = distances.mean(axis=1)
    return found


def mahalanobis(known: NDArray[np.floating], x: NDArray[np.floating]) -> NDArray[np.float64]:
    """Squared distance of ``x`` [n, d] from the mean of ``known`` [m, d], in units of their shrunk covariance."""
    from sklearn.covariance import LedoitWolf

    found: NDArray[np.float64] = LedoitWolf().fit(known).mahalanobis(x)
    return found


def _kernels(known: NDArray[np.floating], x: NDArray[np.floating]) -> Outlier:
    import numpy as np
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KernelDensity

    from genlab.metrics._neighbours import nearest

    apart = float(np.median(nearest(known, known, 1, same=True)[0])) or 1.0
    search = GridSearchCV(KernelDensity(), {"bandwidth": [apart * one for one in BANDWIDTHS]}, cv=3).fit(known)
    begun = time.perf_counter()
    scores = -search.best_estimator_.score_samples(x)
    return Outlier("kde", "Kernel density", scores, _since(begun))


def _one_class(known: NDArray[np.floating], x: NDArray[np.floating]) -> Outlier:
    from sklearn.svm import OneClassSVM

    machine = OneClassSVM(nu=SUPPORT, gamma="scale").fit(known)
    begun = time.perf_counter()
    return Outlier("one-class-svm", "One-class SVM", -machine.score_samples(x), _since(begun))


def _since(begun: float) -> float:
    return time.perf_counter() - begun
