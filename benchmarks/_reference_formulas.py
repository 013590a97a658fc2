"""Metrics computed a second time: by another library, or by a plain formula that shares no code with genlab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from prdc import compute_prdc
from scipy.linalg import sqrtm
from scipy.ndimage import convolve
from scipy.spatial.distance import cdist, jensenshannon, pdist
from scipy.stats import entropy, gmean, mannwhitneyu, tstd
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mutual_info_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from vendi_score import vendi

from genlab.metrics.base import Evidence

Array = NDArray[Any]
Formula = Callable[[Evidence], float]


def sides(given: Evidence) -> tuple[Array, Array]:
    """Real and generated features in double precision."""
    return given.real.features.astype(float), given.fake.features.astype(float)


def distances(a: Array, b: Array) -> Array:
    """All distances [n, m], those of an item from itself left out where ``a`` is ``b``."""
    found = cdist(a, b)
    if a is b:
        np.fill_diagonal(found, np.inf)
    return np.sort(found, axis=1)


def frechet(given: Evidence) -> float:
    real, fake = sides(given)
    a, b = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    return float(((real.mean(0) - fake.mean(0)) ** 2).sum() + np.trace(a + b - 2 * np.real(sqrtm(a @ b))))


def kid(given: Evidence) -> float:
    real, fake = sides(given)
    (n, d), kernel = real.shape, lambda x, y: (x @ y.T / d + 1) ** 3
    within = sum(kernel(x, x).sum() - np.trace(kernel(x, x)) for x in (real, fake)) / (n * (n - 1))
    return float(within - 2 * kernel(real, fake).mean())


def prdc(name: str, k: int) -> Formula:
    def told(given: Evidence) -> float:
        with redirect_stdout(StringIO()):  # It prints what it was given.
            return float(compute_prdc(*sides(given), nearest_k=k)[name])

    return told


def one_nn(given: Evidence) -> float:
    real, fake = sides(given)
    both, kinds = np.concatenate([real, fake]), np.repeat([0, 1], [len(real), len(fake)])
    found = KNeighborsClassifier(2, algorithm="brute").fit(both, kinds).kneighbors(both)[1]
    other = np.where(found[:, 0] == np.arange(len(both)), found[:, 1], found[:, 0])
    return float((kinds[other] == kinds).mean())


def near_duplicates(given: Evidence) -> float:
    real, fake = (distances(x, x)[:, 0] for x in sides(given))
    return float((fake <= np.sort(real)[round(0.01 * len(real)) - 1]).mean())


def authpct(given: Evidence) -> float:
    fake, train = sides(given)[1], given.train.features.astype(float)  # type: ignore[union-attr]
    to_train = cdist(fake, train)
    return float((distances(train, train)[to_train.argmin(1), 0] < to_train.min(1)).mean())


def neighbour_ratio(given: Evidence) -> float:
    train = given.train.features.astype(float)  # type: ignore[union-attr]
    real, fake = (cdist(x, train).min(1).mean() for x in sides(given))
    return float(fake / real)


def c_t(given: Evidence) -> float:
    train = given.train.features.astype(float)  # type: ignore[union-attr]
    sets = [train, *sides(given)]
    sets = [PCA(64).fit(train).transform(x) for x in sets] if train.shape[1] > 64 else sets
    cells = KMeans(3, n_init=10, random_state=0).fit(sets[0])
    labels, found = [cells.predict(x) for x in sets], []
    for cell in range(3):
        inside = [x[label == cell] for x, label in zip(sets, labels, strict=True)]
        real, fake = (cdist(x, inside[0]).min(1) for x in inside[1:])
        m, n = len(fake), len(real)
        u = mannwhitneyu(fake, real).statistic
        found.append((n, (u - m * n / 2) / np.sqrt(m * n * (m + n + 1) / 12)))
    return float(np.average([z for _, z in found], weights=[n for n, _ in found]))


def copies(given: Evidence) -> float:
    train, shares = given.train, []
    assert train is not None
    near = [distances(x, train.features.astype(float)) for x in (sides(given)[1], sides(given)[0])]
    near = [found[:, 0] / found[:, 9] for found in near]
    shares.append((near[0] <= np.sort(near[1])[round(0.01 * len(near[1])) - 1]).mean())
    return float(max(shares))


def bins(given: Evidence) -> tuple[Array, Array]:
    """Generated and training items in 100 regions of the training features."""
    train, fake = given.train.features, given.fake.features  # type: ignore[union-attr]
    chosen = train[np.random.default_rng(0).permutation(len(train))[:10_000]]
    found = KMeans(100, n_init=1, max_iter=50, random_state=0).fit(chosen)
    centres = found.cluster_centers_
    counts = [np.bincount(cdist(x.astype(float), centres).argmin(1), minlength=100) for x in (fake, train)]
    return counts[0], counts[1]


def ndb(given: Evidence) -> float:
    fake, train = bins(given)
    n, m, pooled = fake.sum(), train.sum(), (fake + train) / (fake.sum() + train.sum())
    z = (fake / n - train / m) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float((abs(z) > 1.959964).mean())


def jsd(given: Evidence) -> float:
    return float(jensenshannon(*bins(given)) ** 2)


def class_kl(given: Evidence) -> float:
    fake, real = (np.bincount(x.probabilities.argmax(1), minlength=10) for x in (given.fake, given.real))  # type: ignore[union-attr]
    return float(entropy(fake, real))


def class_diversity(given: Evidence) -> float:
    of = [x.probabilities.argmax(1) for x in (given.fake, given.real)]  # type: ignore[union-attr]
    found = []
    for name in range(10):
        fake, real = (x.features[y == name].astype(float) for x, y in zip((given.fake, given.real), of, strict=True))
        if min(len(fake), len(real)) >= 10:
            found.append(pdist(fake).mean() / pdist(real).mean())
    return float(np.mean(found))


def inception_score(given: Evidence) -> float:
    told = given.fake.probabilities.astype(float)  # type: ignore[union-attr]
    return float(np.exp(entropy(told.T, told.mean(0)[:, None] * np.ones(len(told))).mean()))


def power_spectrum(given: Evidence) -> float:
    side = given.real.images.shape[-1]
    hann = np.outer(np.hanning(side + 2)[1:-1], np.hanning(side + 2)[1:-1])
    hann /= np.sqrt((hann**2).mean())
    rings = np.rint(np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side))) * side)
    mean = []
    for images in (given.fake.images.astype(float), given.real.images.astype(float)):
        power = (np.abs(np.fft.fft2((images - images.mean((2, 3), keepdims=True)) * hann)) ** 2).mean((0, 1)) / side**2
        mean.append(
            np.array([power[rings == ring].mean() for ring in range(1, int(rings.max()) + 1)]) + 1 / 255**2 / 12
        )
    upper = np.arange(1, int(rings.max()) + 1) / side > 0.25
    return float(np.abs(np.log10(mean[0] / mean[1]))[upper].mean())


def laplacian(given: Evidence) -> float:
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=float)[None, None]
    fake, real = (
        convolve(x.images.astype(float), kernel)[:, :, 1:-1, 1:-1].var(axis=(2, 3)).mean()
        for x in (given.fake, given.real)
    )
    return float(fake / real)


def pairs(given: Evidence) -> list[tuple[Array, Array]]:
    """Images and their reconstructions in double precision."""
    assert given.reconstructions is not None
    return [
        (a.astype(float), b.astype(float)) for a, b in zip(given.real.images, given.reconstructions.images, strict=True)
    ]


def psnr(given: Evidence) -> float:
    return float(np.mean([min(58.92, peak_signal_noise_ratio(a, b, data_range=1.0)) for a, b in pairs(given)]))


def ssim(given: Evidence) -> float:
    options: dict[str, Any] = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    found = [structural_similarity(a, b, data_range=1.0, channel_axis=0, **options) for a, b in pairs(given)]
    return float(np.mean(found))


def feature_distance(given: Evidence) -> float:
    real, again = given.real.features.astype(float), given.reconstructions.features.astype(float)  # type: ignore[union-attr]
    return float(np.linalg.norm(real - again, axis=1).mean() / pdist(real[:2_000]).mean())


def bits_per_dim(given: Evidence) -> float:
    nats, size = given.bounds["iwae"], given.real.images[0].size  # type: ignore[index]
    return float(8 - np.mean(nats) / size / np.log(2))


def kl_per_dimension(given: Evidence) -> float:
    mean, logs = given.codes.mean.astype(float), given.codes.log_variance.astype(float)  # type: ignore[union-attr]
    return float((0.5 * (mean**2 + np.exp(logs) - 1 - logs)).sum(1).mean())


def aggregated_posterior(given: Evidence) -> float:
    codes = given.codes
    assert codes is not None and codes.log_variance is not None
    from genlab.metrics.aggregated_posterior import NOISE

    noise = np.random.default_rng(NOISE).standard_normal(codes.mean.shape)
    z = codes.mean.astype(float) + np.exp(codes.log_variance.astype(float) / 2) * noise
    (n, d), kernel = z.shape, np.exp(-(cdist(z, z) ** 2) / (2 * z.shape[1]))
    across = (d / (d + 1)) ** (d / 2) * np.exp(-(z**2).sum(1) / (2 * (d + 1)))
    return float((kernel.sum() - n) / (n * (n - 1)) - 2 * across.mean() + (d / (d + 2)) ** (d / 2))


def mig(given: Evidence) -> float:
    assert given.codes is not None and given.factors is not None

    def steps(x: Array, bins: int = 20) -> Array:
        return np.clip(np.digitize(x, np.linspace(x.min(), x.max(), bins + 1)[1:-1]), 0, bins - 1)

    found = []
    for factor in given.factors.values():
        values = factor if len(np.unique(factor)) <= 20 else steps(factor.astype(float))
        told = np.sort([mutual_info_score(steps(z.astype(float)), values) for z in given.codes.mean.T])
        found.append((told[-1] - told[-2]) / entropy(np.unique(values, return_counts=True)[1]))
    return float(np.mean(found))


def probe(model: Any) -> Formula:
    def told(given: Evidence) -> float:
        codes = given.codes
        assert codes is not None and codes.train_labels is not None
        fitted = make_pipeline(StandardScaler(), model).fit(codes.train_mean.astype(float), codes.train_labels)
        return float(fitted.score(codes.mean.astype(float), given.real.labels))

    return told


def nearer_first(away: Array) -> Array:
    """Votes of neighbours, which are given nearest first: ties go to the nearer."""
    return np.ones_like(away) - 1e-6 * np.arange(away.shape[1])


def interpolation_realism(given: Evidence) -> float:
    real, walks = given.real.features.astype(float), given.walks
    assert walks is not None
    radii = distances(real, real)[:, 4]
    middle, ends = ((cdist(x.astype(float), real) <= radii).any(1).mean() for x in (walks.midpoint, walks.ends))
    return float(middle / ends)


def oscillation(given: Evidence) -> float:
    rows, found = given.history or (), []
    for key in ("loss/critic", "loss/generator"):
        whole, late = ([row[key] for row in part if key in row] for part in (rows, rows[len(rows) // 2 :]))
        found.append(np.abs(np.diff(late)).mean() / np.ptp(np.quantile(whole, [0.05, 0.95])))
    return float(max(found))


def gradient_ratio(given: Evidence) -> float:
    rows = given.history or ()
    return float(
        gmean([row["gradient_norm/generator"] / row["gradient_norm/critic"] for row in rows[len(rows) // 2 :]])
    )


def mode_of(given: Evidence) -> tuple[Array, Array]:
    """Distance in standard deviations to the nearest mode, and which it is."""
    away = cdist(given.fake.images.astype(float), given.mixture.means) / given.mixture.sd
    return away.min(1), away.argmin(1)


FORMULAS: Mapping[str, Formula] = {
    "active_units": lambda given: float((given.codes.mean.astype(float).var(0) > 0.01).sum()),  # type: ignore[union-attr]
    "aggregated_posterior": aggregated_posterior,
    "authpct": authpct,
    "bits_per_dim": bits_per_dim,
    "c_t": c_t,
    "class_diversity": class_diversity,
    "class_kl": class_kl,
    "confidence": lambda given: float(given.fake.probabilities.astype(float).max(1).mean()),  # type: ignore[union-attr]
    "copies": copies,
    "coverage": prdc("coverage", 5),
    "density": prdc("density", 5),
    "divergence_rate": lambda given: float(np.isnan(given.seeds).mean()),  # type: ignore[arg-type]
    "elbo": lambda given: float(np.mean(given.bounds["elbo"])),  # type: ignore[index]
    "feature_distance": feature_distance,
    "frechet": frechet,
    "gradient_ratio": gradient_ratio,
    "inception_score": inception_score,
    "interpolation_realism": interpolation_realism,
    "iwae": lambda given: float(np.mean(given.bounds["iwae"])),  # type: ignore[index]
    "jsd": jsd,
    "kid": kid,
    "kl_per_dimension": kl_per_dimension,
    "knn_probe": probe(KNeighborsClassifier(5, algorithm="brute", weights=nearer_first)),
    "laplacian": laplacian,
    "linear_probe": probe(LogisticRegression(max_iter=500)),
    "mig": mig,
    "ndb": ndb,
    "near_duplicates": near_duplicates,
    "neighbour_ratio": neighbour_ratio,
    "one_nn": one_nn,
    "oscillation": oscillation,
    "path_length": lambda given: float(
        (((given.walks.step.astype(float) - given.walks.near) / given.walks.epsilon) ** 2).sum(1).mean()  # type: ignore[union-attr]
    ),
    "power_spectrum": power_spectrum,
    "precision": prdc("precision", 3),
    "psnr": psnr,
    "recall": prdc("recall", 3),
    "seed_spread": lambda given: float(tstd(given.seeds[np.isfinite(given.seeds)])),  # type: ignore[index]
    "ssim": ssim,
    "vendi": lambda given: float(vendi.score_dual(given.fake.features.astype(float), normalize=True)),
}
"""Metric -> what another library or a plain formula says of images and features."""

OF_POINTS: Mapping[str, Formula] = {
    "class_kl": lambda given: float(
        entropy(np.bincount(mode_of(given)[1][mode_of(given)[0] <= 3], minlength=8), np.ones(8))
    ),
    "high_quality": lambda given: float((mode_of(given)[0] <= 3).mean()),
    "modes": lambda given: float(len(np.unique(mode_of(given)[1][mode_of(given)[0] <= 3]))),
}
"""The same of points on known modes."""

LEFT_OUT = {
    "birthday": "a simulation of random batches, tested against its formula",
    "dci": "a random forest of scikit-learn's",
    "fitted_confidence": "confidence of other samples",
    "fitted_coverage": "coverage of other samples",
    "fitted_frechet": "the Fréchet distance of other samples",
}
"""Metric -> why it is not computed a second time."""
