"""Attribute edits: held-out images moved towards another class until a classifier says so, and what is left of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from genlab.latent.class_change import FEWEST as CODES
from genlab.latent.class_change import by_class, others, smallest_enough, ways
from genlab.matches.measures.style import NO_STYLE, Styles, has_style
from genlab.matches.measures.subject import SEED, Array, Subject
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Measured

STEPS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""In units of the way from the mean code of an image's own class to that of the target class."""

FEWEST = 20
"""Images to be edited below which nothing is said."""


@dataclass(frozen=True)
class Edits:
    """Images moved towards other classes, by each of `STEPS`.

    Attributes:
        start: What the model makes of the codes as they are, [n, C, H, W].
        moved: What it makes of them after each step, [steps, n, C, H, W].
        target: The class that each is moved to, [n].
        success: Whether the classifier says so, bool [steps, n].
        identity: 1 the start's style, 0 that of any image of the target class, [steps, n]; None where items have none.
        other: Which half each is in: the step is chosen on the first, bool [n] with True for the second.
        place: Which of the held-out images each is, [n].
        of: How many held-out images there are.
    """

    start: NDArray[np.float32]
    moved: NDArray[np.float32]
    target: NDArray[np.int64]
    success: NDArray[np.bool_]
    identity: Array | None
    other: NDArray[np.bool_]
    place: NDArray[np.int64]
    of: int

    @property
    def step(self) -> int:
        """The step that was chosen: the smallest with nearly the best success on the first half."""
        return smallest_enough(self.success, ~self.other)


def edit(subject: Subject) -> Edits | str:
    """Move held-out images that are told right towards other classes; or why that cannot be.

    The direction is the difference of the mean codes of the two classes' training images (Larsen et al., Autoencoding
    beyond pixels using a learned similarity metric, 2016, section 4.2.1). Identity is that of style, relative to what
    is usual in each class: 1 less the squared change of style over that to random images of the target class. Styles
    are held against the model's own reconstructions, so that blur cancels.
    """
    items, codes = subject.held_out.items, subject.held_out.codes
    if items.labels is None or items.probabilities is None:
        return "The data have no classes that a classifier can distinguish."
    y = subject.labels(subject.held_out)
    again = subject.decode(codes, y)
    assert subject.train.items.labels is not None
    of_train = by_class(subject.train.codes, subject.train.items.labels)
    styles = Styles(again, items.labels) if has_style(again) else None
    known = sorted(set(of_train) & set(np.unique(items.labels) if styles is None else styles.classes))
    if len(known) < 2:
        return f"Fewer than two classes have {CODES} images to find a direction from."
    said = _classes(subject, again)
    usable = np.isin(items.labels, known)
    chosen = np.flatnonzero((said == items.labels) & usable)
    if len(chosen) < FEWEST:
        return f"Only {len(chosen)} of {len(codes)} images are still classified correctly after reconstruction."
    own = items.labels[chosen]
    target = others(own, np.array(known))
    shift = ways(of_train, own, target)
    given = None if y is None else y[torch.as_tensor(chosen)]
    moved = np.stack([subject.decode((codes[chosen] + t * shift).astype(np.float32), given) for t in STEPS])
    success = np.stack([_classes(subject, images) == target for images in moved])
    identity = None
    if styles is not None:
        before = styles(again[chosen], own)
        change = np.stack([((styles(images, target) - before) ** 2).mean(axis=1) for images in moved])
        usual = _usual(before, styles(again[usable], items.labels[usable]), items.labels[usable], target)
        identity = 1 - change / usual
    # By image, so that it is in the same half for every model that can edit it.
    other = (np.random.default_rng([SEED, 9]).permutation(len(codes)) % 2 == 1)[chosen]
    return Edits(again[chosen], moved, target, success, identity, other, chosen, len(codes))


def measured(edits: Edits | str) -> dict[str, Measured]:
    """Success at the chosen step, on images that it was not chosen on; identity at the first step that succeeds."""
    if isinstance(edits, str):
        return {"edit_success": Measured(None, why=edits), "edit_identity": Measured(None, why=edits)}
    rows = np.flatnonzero(edits.other)
    success = edits.success[edits.step, rows]
    if edits.identity is None:
        return {
            "edit_success": _mean(success, edits.place[rows], edits.of),
            "edit_identity": Measured(None, why=NO_STYLE),
        }
    # An edit goes all the way, and further only as far as it has to.
    kept = edits.identity[edits.success[:, rows].argmax(axis=0), rows][success]
    found = {"edit_success": _mean(success, edits.place[rows], edits.of)}
    if len(kept) < FEWEST // 2:
        why = f"Only {len(kept)} of {len(success)} edits succeeded."
        return found | {"edit_identity": Measured(None, n=len(kept), why=why)}
    return found | {"edit_identity": _mean(kept, edits.place[rows][success], edits.of)}


def _mean(values: NDArray[np.float64] | NDArray[np.bool_], place: NDArray[np.int64], of: int) -> Measured:
    """The mean over the images that could be edited, which are others for every model.

    What each of all held-out images contributes is that of a ratio of means, to first order: 0 beyond the mean for
    images that could not be edited.
    """
    value = float(values.mean())
    items = np.full(of, value)
    items[place] += (values.astype(np.float64) - value) * of / len(values)
    return Measured(value, *of_mean(values), n=len(values), detail={"items": items})


def _classes(subject: Subject, images: NDArray[np.float32]) -> NDArray[np.int64]:
    """The class that the in-domain classifier gives each image."""
    probabilities = subject.encoder(images).probabilities
    assert probabilities is not None
    return np.asarray(probabilities.argmax(axis=1), np.int64)


def _usual(before: Array, styles: Array, labels: NDArray[np.int64], target: NDArray[np.int64]) -> float:
    """Mean squared difference between the styles [n, k] of images and of random ones of their target class."""
    apart = [((styles[labels == label] - row) ** 2).mean() for row, label in zip(before, target, strict=True)]
    return max(float(np.mean(apart)), 1e-12)
