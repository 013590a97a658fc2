"""Straight ways between codes of held-out images: is the middle real, and does the way go straight there?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genlab.matches.measures.subject import SEED, Subject
from genlab.metrics._neighbours import count_balls, nearest
from genlab.metrics._resample import clipped, of_contributions, of_mean
from genlab.metrics.base import Measured
from genlab.verdicts.measures import MEASURES

WAYS, PARTS = 300, 8
"""Pairs of held-out images, and the parts that each way is measured in."""

BLUR = 1 / 8
"""Standard deviation of the Gaussian by which pictures of a way are blurred before its length is taken, as a share of
their shorter side: one px of 8 × 8. Blur shortens a way, so that all families get as much of it."""

NEIGHBOURS = 5
"""A picture is real where it lies in the ball of some training image that reaches its fifth neighbour."""


def ways(subject: Subject) -> dict[str, Measured]:
    """Realism of middles, and length of ways, between codes of held-out images.

    Middles of two draws of the prior are nearly draws of the prior, of any model; middles of codes are what the latent
    space makes of two real images. That the middle is real is not enough: a table of pictures has a real one anywhere.
    So the way is measured too, in features, over the distance of its ends: near 1 it goes straight from one image to
    the other, and a table of pictures jumps from part to part. For its length all pictures are blurred alike first, as
    their kind says what blur is; those of kinds that know none stay as they are.
    """
    codes, n = subject.held_out.codes, len(subject.held_out.codes)
    some = np.random.default_rng([SEED, 13]).permutation(n)[: min(n, WAYS + 1)]
    first, second = codes[some[:-1]], codes[some[1:]]
    labels = subject.labels(subject.held_out)
    y = None if labels is None else labels[some[:-1].tolist()]
    shares = np.linspace(0, 1, PARTS + 1, dtype=np.float32)
    pictures = [subject.decode(first + share * (second - first), y) for share in shares]
    blurred = [subject.model.space.spec.blurred(items, BLUR * min(items.shape[-2:])) for items in pictures]
    places = (0, PARTS // 2, PARTS)
    return {
        "path_detour": detour(_seen(subject, blurred)),
        "midpoint_realism": realism(_seen(subject, [pictures[at] for at in places]), subject.train.items.features),
    }


def _seen(subject: Subject, parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    """Features [parts, n, d] of the pictures [n, C, H, W] of each part."""
    return np.stack([subject.encoder(items).features for items in parts]).astype(np.float64)


def detour(features: NDArray[np.float64]) -> Measured:
    """Mean length of ways [parts + 1, n, d] over the distance between their ends; those of no length are left out."""
    steps = np.linalg.norm(np.diff(features, axis=0), axis=2).sum(axis=0)
    ends = np.linalg.norm(features[-1] - features[0], axis=1)
    known = ends > 0
    if known.sum() < 2:
        return Measured(None, why="The model makes the same picture of all held-out images.")
    ratios = steps[known] / ends[known]
    low, high = clipped(of_mean(ratios), MEASURES["path_detour"].limits)
    # The mean of ratios can never be below 1 by more than rounding.
    items = ratios if known.all() else None
    return Measured(float(ratios.mean()), low, high, n=len(ratios), detail={"items": items})


def realism(features: NDArray[np.float64], real: NDArray[np.floating]) -> Measured:
    """Share of middles of ways [parts + 1, n, d] that look real, over that of their ends."""
    radii = nearest(real, real, NEIGHBOURS, same=True)[0][:, -1]
    middle, start, end = (
        (count_balls(points, real, radii).of_item > 0).astype(np.float64)
        for points in (features[len(features) // 2], features[0], features[-1])
    )
    ends = (start + end) / 2
    share = float(ends.mean())
    if share == 0:
        return Measured(None, why="None of the reconstructions looks real, so there is nothing to compare with.")
    value = float(middle.mean()) / share
    # To first order a ratio moves as its parts do.
    moved = (middle - value * ends) / share
    interval = of_contributions(value, [moved], np.random.default_rng([SEED, 15]))
    low, high = clipped(interval, MEASURES["midpoint_realism"].limits)
    return Measured(value, low, high, n=len(middle), detail={"items": value + moved})
