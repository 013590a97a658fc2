"""Divergence of the generated items' modes or classes from the data's: are they made as often as they should be?"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._modes import UNKNOWN, Assigned, assigned
from genlab.metrics.base import WITHHELD, Evidence, Measured, MetricSpec
from genlab.options import Options, setting

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

PER_CLASS = 5
"""Generated items per mode below which a histogram says nothing."""

REAL_PER_CLASS = 20
"""Real items per class from which their own shares are taken, however even they look."""


class ClassKlOptions(Options):
    """Settings of the KL of class frequencies."""

    reference: Literal["auto", "uniform", "real"] = setting(
        "auto", "what classes are compared with; auto takes real items, but where they are few and look evenly spread"
    )


def compute(evidence: Evidence, options: ClassKlOptions, rng: np.random.Generator) -> Measured:
    """KL(generated || data) in nats, the reverse KL of VEEGAN, PacGAN and R3GAN; ``finite_floor`` is a perfect model's.

    Of a mixture only points of high quality count, against even modes. Classes are those that the classifier sees in
    generated and in real items alike, so that its mistakes cancel.
    The interval counts the chance of both. It is withheld where there are fewer than `PER_CLASS` real items per class,
    or few that can hardly be told from even: the value would jump from draw to draw as they are taken for one or other.
    """
    fake = assigned(evidence, evidence.fake)
    if fake is None:
        return Measured(None, n=len(evidence.fake), why=UNKNOWN)
    mixture = evidence.mixture is not None
    counts = fake.histogram(sure=mixture)
    n, modes = int(counts.sum()), fake.count
    why = _too_few(len(fake.mode), n, modes)
    if why:
        return Measured(None, n=n, why=why)
    real = None if mixture else _of_real(evidence, counts, options)
    share = np.full(modes, 1 / modes) if real is None else real / real.sum()
    value = divergence(counts, share)
    sizes = [n] if real is None else [n, int(real.sum())]
    floor = sum((modes - 1) / (2 * size) for size in sizes)
    detail = {"fake": counts / n, "real": share, "finite_floor": float(floor), "uniform": real is None}
    withheld = "" if mixture else _no_interval(evidence, options, sizes)
    if withheld:
        return Measured(value, n=n, why=withheld, detail=detail)
    interval = resample.of_divergence(value, sizes, modes - 1, 2, _error(counts, share, sizes))
    low, high = resample.clipped(interval, SPEC.limits)
    return Measured(value, low, high, n, detail=detail)


def divergence(counts: Counts, share: Floats) -> float:
    """Sum over modes of p log(p / q), p the ``counts`` [K] over their sum and q the ``share`` [K]; 0 log 0 is 0."""
    p = counts / counts.sum()
    there = p > 0
    return max(0.0, float((p[there] * np.log(p[there] / share[there])).sum()))


def _error(counts: Counts, share: Floats, sizes: Sequence[int]) -> float:
    """Standard error of the divergence to first order, of the generated items' chance and of the real ones'."""
    p = counts / counts.sum()
    there = p > 0
    logs = np.log(p[there] / share[there])
    of_fake = float((p[there] * logs**2).sum() - (p[there] * logs).sum() ** 2)
    weights = np.divide(p, share, out=np.zeros(len(p)), where=share > 0)
    of_real = float((share * weights**2).sum() - 1)
    variances = [max(0.0, variance) / size for variance, size in zip((of_fake, of_real), sizes, strict=False)]
    return float(np.sqrt(sum(variances)))


def is_uneven(counts: Counts) -> bool:
    """Whether a histogram of few real items [K] tells more than even shares would.

    Its own noise adds (K - 1) / 2n to a divergence; even shares add how far the data are from even. Pearson's X² above
    2 (K - 1) says that the latter is more, which is Akaike's criterion.
    """
    return _unevenness(counts) > 2 * (len(counts) - 1)


def is_close(counts: Counts) -> bool:
    """Whether another draw could well change `is_uneven`: X² lies within two standard deviations of its threshold.

    There it is noncentral chi-squared with K - 1 degrees of freedom and a noncentrality of K - 1.
    """
    freedom = len(counts) - 1
    return abs(_unevenness(counts) - 2 * freedom) < 2 * sqrt(6 * freedom)


def _unevenness(counts: Counts) -> float:
    """Pearson's X² of ``counts`` [K] against even ones."""
    expected = counts.sum() / len(counts)
    return float(((counts - expected) ** 2).sum() / expected)


def _is_few(real: Counts) -> bool:
    return int(real.sum()) < REAL_PER_CLASS * len(real)


def _no_interval(evidence: Evidence, options: ClassKlOptions, sizes: Sequence[int]) -> str:
    """Why there is no interval of a divergence of classes; "" where there is one."""
    found = assigned(evidence, evidence.real)
    if found is None or options.reference == "uniform":
        return ""
    real = found.histogram(sure=False)
    if len(sizes) > 1 and real.sum() < PER_CLASS * found.count:
        most = PER_CLASS * found.count
        return f"{WITHHELD} it takes at least {most:,} real items of {found.count:,} classes; there are {real.sum():,}."
    if options.reference == "auto" and _is_few(real) and is_close(real):
        return f"{WITHHELD} {real.sum():,} real items do not tell whether their {found.count:,} classes are even."
    return ""


def _too_few(items: int, clear: int, modes: int) -> str:
    if items < PER_CLASS * modes:
        return f"A histogram of {modes:,} classes takes at least {PER_CLASS * modes:,} items; there are {items:,}."
    if clear < modes:
        return f"Only {clear:,} of {items:,} items are of high quality: too few for a histogram of {modes:,} modes."
    return ""


def _of_real(evidence: Evidence, counts: Counts, options: ClassKlOptions) -> Counts | Floats | None:
    """Histogram of the real items' classes, or None where they are to be taken as even.

    A class that generated items have and real ones do not would make the divergence infinite; only then half an item is
    added to each class.
    """
    found: Assigned | None = assigned(evidence, evidence.real)
    if found is None or options.reference == "uniform":
        return None
    real = found.histogram(sure=False)
    if options.reference == "auto" and _is_few(real) and not is_uneven(real):
        return None
    smoothed: Floats = real.astype(np.float64) + 0.5
    return smoothed if (real[counts > 0] == 0).any() else real


SPEC = MetricSpec(
    title="KL of class frequencies",
    summary="KL divergence of class (or mode) frequencies, generated against real: KL(generated ‖ real)",
    paper="Srivastava et al., VEEGAN, 2017; Lin et al., PacGAN, 2018; Huang et al., R3GAN, 2024",
    Options=ClassKlOptions,
    group="modes",
    needs=(),
    better="down",
    limits=(0.0, None),
    ideal=0.0,
    unit="nats",
    sized=True,
    compute=compute,
    version=3,
    notices=("one_image", "one_class", "half_classes"),
    ignores=("shuffled_labels",),
)
