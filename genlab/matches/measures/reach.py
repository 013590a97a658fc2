"""What of the data a model reaches: held-out images below a fixed error, and coverage under either prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genlab.matches.measures.subject import SEED, Array, Subject
from genlab.metrics._neighbours import nearest
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Measured

CLOSER = 0.5
"""An image is reached with less than this share of the squared error of its nearest training image."""

NEIGHBOURS = 5
"""A held-out image is covered where a sample is as near as its fifth neighbour among held-out images."""

SAMPLES = 1_000


def reached(subject: Subject) -> dict[str, Measured]:
    """Share of held-out images that the model makes better than by showing the nearest training image.

    Codes are found with the same effort in every family (`REFINE` steps of descent from its own start). An error below
    half of the nearest training image's is out of reach for whoever only remembers; and blur, which costs a fixed part
    of the error, is paid once, not for every kind of image.
    """
    answers = subject.residuals < CLOSER * subject.closest
    return {"reach": _share(answers)}


def coverage(subject: Subject) -> dict[str, Measured]:
    """Share of held-out images with a sample nearby, in two encoders and under two priors."""
    found: dict[str, Measured] = {}
    for name, latents in (("coverage_prior", _prior(subject)), ("coverage_fitted", _fitted(subject))):
        if latents is None:
            missing = Measured(None, why="The codes of training images are no finite numbers.")
            found |= {name: missing, f"{name}_pixels": missing}
            continue
        images = subject.decode(latents, subject.model.labels(len(latents)))
        spaces = (("", subject.held_out.items.features, subject.encoder(images).features), _in_pixels(subject, images))
        for ending, real, fake in spaces:
            found[f"{name}{ending}"] = _share(covered(real, fake))
    return found


def covered(real: NDArray[np.floating], fake: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether each of ``real`` [n, d] has one of ``fake`` [m, d] as near as its fifth real neighbour, bool [n]."""
    k = min(NEIGHBOURS, len(real) - 1)
    radii = nearest(real, real, k, same=True)[0][:, -1]
    return np.asarray(nearest(real, fake, 1)[0][:, 0] <= radii)


def _in_pixels(subject: Subject, images: NDArray[np.float32]) -> tuple[str, NDArray[np.floating], NDArray[np.floating]]:
    real = subject.held_out.items.images
    return "_pixels", real.reshape(len(real), -1), images.reshape(len(images), -1)


def _prior(subject: Subject) -> NDArray[np.float32] | None:
    return subject.model.sample_latents(SAMPLES, SEED + 11).numpy()


def _fitted(subject: Subject) -> NDArray[np.float32] | None:
    """Draws [n, D] of the Gaussian that codes of training images have, the same way in every family."""
    codes = subject.train.codes.astype(np.float64)
    if len(codes) < 2 or not np.isfinite(codes).all():
        return None
    rng = np.random.default_rng([SEED, 12])
    draws = rng.multivariate_normal(codes.mean(axis=0), np.atleast_2d(np.cov(codes.T)), SAMPLES, method="eigh")
    return np.asarray(draws, np.float32)


def _share(answers: NDArray[np.bool_]) -> Measured:
    low, high = of_mean(answers)
    items: Array = answers.astype(np.float64)
    return Measured(float(items.mean()), low, high, n=len(items), detail={"items": items})
