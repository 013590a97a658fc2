"""The real items that models are judged against: held-out ones, fresh ones for the floor, and training items."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.datasets import REGISTRY as DATASETS
from genlab.datasets.store import Dataset, Split
from genlab.encoders import REGISTRY as ENCODERS
from genlab.encoders.base import Encoded, EncoderTask, FeatureEncoder, Progress, in_portions
from genlab.kinds.base import as_public
from genlab.metrics.base import Items
from genlab.store.atomic import write_folder

TRAIN_ITEMS = 10_000
"""Training items that copies are looked for among, and that probes learn from."""


@dataclass(frozen=True)
class Reals:
    """Real items with their features.

    Attributes:
        real: Held-out items [n].
        fresh: Other real items, as many or fewer: what a perfect model would give.
        train: Training items.
        index: Position in its split of every item, by name (``"real"``, ``"fresh"``, ``"train"``), int64.
        fresh_split: Where the fresh items come from: held-out ones where there are enough of them.
        encoder: Name of the feature encoder.
        facts: What is known of the encoder.
    """

    real: Items
    fresh: Items
    train: Items
    index: dict[str, NDArray[np.int64]]
    fresh_split: Split
    encoder: str
    facts: dict[str, Any]


def open_encoder(data: Dataset, name: str, folder: Path, progress: Progress) -> FeatureEncoder:
    """The encoder ``name`` for a data set, trained or loaded.

    Raises:
        InputError: When its weights are missing and cannot be downloaded.
    """
    registered = data.info.name in DATASETS
    task = EncoderTask(
        kind=data.info.kind,
        shape=data.info.shape,
        classes=len(data.info.classes or ()),
        channel_classes=DATASETS.get(data.info.name).channel_classes if registered else 0,
        fingerprint=data.fingerprint,
        train=data.items("train"),
        train_labels=data.labels("train"),
        test=data.items("test"),
        test_labels=data.labels("test"),
        folder=folder,
        progress=progress,
    )
    return ENCODERS.get(name).build(task)


def gather_reals(
    data: Dataset, encoder: FeatureEncoder, name: str, samples: int, seed: int, folder: Path, progress: Progress
) -> Reals:
    """Choose and encode the real items that ``samples`` generated ones are judged against.

    Where the held-out items are at least twice ``samples``, the fresh ones are held out too; else they are training
    items, and there are as many as held-out ones.

    Args:
        data: The data set.
        encoder: The feature encoder.
        name: Its name.
        samples: How many items are wanted.
        seed: Decides the choice.
        folder: Where features are kept.
        progress: Told how far it is.
    """
    rng = np.random.default_rng([seed, 1])
    held_out = rng.permutation(data.info.test)
    n = min(samples, data.info.test)
    spare: NDArray[np.int64] = held_out[n : 2 * n]
    train = rng.permutation(data.info.train)
    fresh_split: Split = "test" if len(spare) == n else "train"
    index = {
        "real": np.sort(held_out[:n]),
        "fresh": np.sort(spare if fresh_split == "test" else train[:n]),
        "train": np.sort(train[:TRAIN_ITEMS]),
    }
    splits: dict[str, Split] = {"real": "test", "fresh": fresh_split, "train": "train"}
    found = {}
    for step, (part, chosen) in enumerate(index.items()):

        def tell(share: float, done: int = step) -> None:
            progress((done + share) / 3, "encoding real items")

        found[part] = _items(data, splits[part], chosen, encoder, folder, tell)
    return Reals(found["real"], found["fresh"], found["train"], index, fresh_split, name, dict(encoder.facts))


@dataclass(frozen=True)
class Halves:
    """Two disjoint sets of real items, drawn from all there are: for data whose held-out part is too small.

    Attributes:
        real: One half [n], training items among them.
        fresh: The other [n]: what a perfect model would give.
    """

    real: Items
    fresh: Items


def gather_halves(
    data: Dataset, encoder: FeatureEncoder, samples: int, seed: int, folder: Path, progress: Progress
) -> Halves:
    """Draw and encode two equally large sets from training and held-out items together.

    Args:
        data: The data set.
        encoder: The feature encoder.
        samples: How many items each has at most.
        seed: Decides the choice.
        folder: Where features are kept.
        progress: Told how far it is.
    """
    drawn = np.random.default_rng([seed, 3]).permutation(data.info.train + data.info.test)
    n = min(samples, len(drawn) // 2)
    found = []
    for step, chosen in enumerate((np.sort(drawn[:n]), np.sort(drawn[n : 2 * n]))):

        def tell(share: float, done: int = step) -> None:
            progress((done + share) / 2, "encoding training items to compare with")

        train = chosen < data.info.train
        places: dict[Split, NDArray[np.int64]] = {"train": chosen[train], "test": chosen[~train] - data.info.train}
        parts = [_items(data, split, index, encoder, folder, tell) for split, index in places.items() if len(index)]
        found.append(joined(parts))
    return Halves(*found)


def joined(parts: list[Items]) -> Items:
    """Several sets of items, one after the other."""
    if len(parts) == 1:
        return parts[0]
    told = [part.probabilities for part in parts if part.probabilities is not None]
    labels = [part.labels for part in parts if part.labels is not None]
    return Items(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.features for part in parts]),
        np.concatenate(told) if told else None,
        np.concatenate(labels) if labels else None,
    )


def _items(
    data: Dataset,
    split: Split,
    index: NDArray[np.int64],
    encoder: FeatureEncoder,
    folder: Path,
    tell: Callable[[float], None],
) -> Items:
    labels = data.labels(split)
    images = as_public(data.items(split)[index])
    recipe = [data.fingerprint, split, hashlib.sha256(index.tobytes()).hexdigest(), encoder.identity]
    path = folder / f"features-{hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]}"
    encoded = _kept(path)
    if encoded is None:
        encoded = in_portions(encoder, images, tell)
        _keep(path, encoded)
    return Items(images, encoded.features, encoded.probabilities, None if labels is None else labels[index])


def _kept(path: Path) -> Encoded | None:
    try:
        with np.load(path / "features.npz", allow_pickle=False) as stored:
            return Encoded(stored["features"], stored.get("probabilities"))
    except (OSError, ValueError, KeyError):
        return None


def _keep(path: Path, encoded: Encoded) -> None:
    arrays = {"features": encoded.features}
    if encoded.probabilities is not None:
        arrays["probabilities"] = encoded.probabilities
    path.parent.mkdir(parents=True, exist_ok=True)
    write_folder(path, lambda folder: np.savez(folder / "features.npz", **arrays))  # type: ignore[arg-type]
