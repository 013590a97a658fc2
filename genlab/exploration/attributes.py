"""What is known of every item of an exploration: class, divergence, error, score, density and cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.datasets.store import Dataset
from genlab.exploration.coded import Coded
from genlab.metrics._neighbours import nearest
from genlab.models.generative import GenerativeModel

CLUSTERS = 10
NEIGHBOURS = 10
CROWD = 5_000
"""Codes among which neighbours are looked for."""

OF_REAL = "The class of a real image."


@dataclass(frozen=True)
class Attribute:
    """A value of every item.

    Attributes:
        name: Its key.
        title: Its name on a page.
        values: float32 [n], NaN where it is unknown; the number of a category, or a number.
        note: What it says, in a sentence.
        categories: Names of the categories; None for a number.
    """

    name: str
    title: str
    values: NDArray[np.float32]
    note: str
    categories: tuple[str, ...] | None = None

    @property
    def kind(self) -> Literal["category", "number"]:
        """Whether it tells kinds apart or measures."""
        return "number" if self.categories is None else "category"

    def document(self) -> dict[str, Any]:
        """All but the values, with the range of those that are known."""
        known = self.values[np.isfinite(self.values)]
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "low": float(known.min()) if len(known) else 0.0,
            "high": float(known.max()) if len(known) else 0.0,
            "categories": None if self.categories is None else list(self.categories),
            "note": self.note,
        }


def attributes(model: GenerativeModel, data: Dataset, items: Coded, samples: Coded, seed: int) -> list[Attribute]:
    """All attributes that this model's items and samples can have; samples have the classes they were asked to be."""
    found = _classes(data, items, samples)
    nothing = np.full(len(samples.codes), np.nan, np.float32)
    if items.held_out is not None and len(items.codes):
        kinds = ("held out", "training", "sample")
        split = np.concatenate([np.where(items.held_out, 0, 1), np.full(len(samples.codes), 2)]).astype(np.float32)
        note = "Held out, from the training set, or generated."
        found.append(Attribute("split", "Source", split, note, kinds))
    if items.divergence is not None:
        note = "KL divergence of its posterior from the prior: how much information its code carries."
        found.append(Attribute("kl", "KL in nats", np.concatenate([items.divergence, nothing]), note))
    if items.residual is not None:
        note = "Mean squared error of its reconstruction; high: the model cannot generate it."
        found.append(Attribute("residual", "Residual", np.concatenate([items.residual, nothing]), note))
    if model.can_score:
        values = np.concatenate([_scores(model, part) for part in (items, samples)])
        found.append(
            Attribute("score", "Critic's score", values, "The critic's score of the image; high: judged real.")
        )
    codes = np.concatenate([items.codes, samples.codes])
    found.append(_density(codes, seed))
    found.append(_clusters(codes, seed))
    return found


def _classes(data: Dataset, items: Coded, samples: Coded) -> list[Attribute]:
    """True classes of real images, and of samples what they were asked to be."""
    names = data.info.classes
    if names is None:
        return []
    note = OF_REAL
    drawn = np.full(len(samples.codes), np.nan, np.float32)
    if samples.labels is not None:
        drawn, note = samples.labels.astype(np.float32), note + " A sample's is the one that it was conditioned on."
    true = np.full(len(items.codes), np.nan) if items.labels is None else items.labels
    return [Attribute("class", "Class", np.concatenate([true, drawn]).astype(np.float32), note, tuple(names))]


def samples_lack_classes(known: Sequence[Attribute], samples: Coded) -> bool:
    """Whether there are samples whose classes a classifier could tell."""
    return any(each.name == "class" for each in known) and samples.labels is None and len(samples.codes) > 0


def with_samples(
    values: NDArray[np.float32], data: Dataset, part: slice, probabilities: NDArray[np.floating] | None
) -> Attribute:
    """The attribute "class" with what a classifier takes samples for.

    Args:
        values: Classes of real images and samples [n].
        data: The data set; it has classes.
        part: Where the samples stand.
        probabilities: The classifier's [samples, classes]; None where the encoder is none.
    """
    names = tuple(data.info.classes or ())
    if probabilities is None or probabilities.shape[1] != len(names):
        return Attribute("class", "Class", values, OF_REAL, names)
    told = values.copy()
    told[part] = probabilities.argmax(axis=1)
    note = f"{OF_REAL} A sample's is the one that a classifier assigns."
    return Attribute("class", "Class", told, note, names)


def _scores(model: GenerativeModel, part: Coded) -> NDArray[np.float32]:
    if not len(part.images):
        return np.zeros(0, np.float32)
    labels: Tensor | None = None
    if model.space.classes and part.labels is not None:
        labels = torch.as_tensor(part.labels)
    scores: NDArray[np.float32] = model.critic_scores(torch.as_tensor(part.images), labels).numpy()
    return scores


def _density(codes: NDArray[np.float32], seed: int) -> Attribute:
    """Minus the logarithm of the distance to the k-th neighbour among some of the codes: a k-NN estimate's exponent."""
    some = np.random.default_rng(seed).permutation(len(codes))[:CROWD]
    k = min(NEIGHBOURS, len(some) - 1)
    # One more neighbour than asked for: most codes find themselves.
    distances, _ = nearest(codes, codes[some], k + 1)
    values = -np.log(np.maximum(distances[:, k], 1e-6)).astype(np.float32)
    note = f"Minus the logarithm of the distance to the {k}th nearest code: high where codes are dense."
    return Attribute("density", "Density", values, note)


def _clusters(codes: NDArray[np.float32], seed: int) -> Attribute:
    from sklearn.cluster import MiniBatchKMeans

    number = min(CLUSTERS, len(np.unique(codes, axis=0)))
    fitted = MiniBatchKMeans(number, random_state=seed, batch_size=2_048, n_init=3).fit(codes.astype(np.float64))
    names = tuple(f"cluster {index + 1}" for index in range(number))
    note = "Clusters of codes (k-means), found without the classes."
    return Attribute("cluster", "Cluster", fitted.labels_.astype(np.float32), note, names)
