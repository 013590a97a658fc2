"""What straw models make of tasks: noise taken off, strange pictures told, blobs widened or narrowed, new ones made.

The tasks themselves take a trained model with its data; here is the same in the small world of `tests.support.straw`,
where it is known beforehand who can do it. Each model is asked for the nearest picture in its range, no more; new
ones are judged by the task of synthesis itself, with blobs in the place of faces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import rankdata

from genlab.latent.class_change import by_class, ways
from genlab.metrics._neighbours import nearest
from genlab.metrics._resample import of_mean
from genlab.tasks import synthesis
from genlab.verdicts.facts import Facts
from genlab.verdicts.match_run import MatchRun, Outcome
from tests.support.straw import STRAWS, Eye, Images, Straw, World, pictures

ITEMS, NOISE = 120, 0.3
MEASURES = ("denoising.features", "anomaly.auroc", "translation.changed", "synthesis.fresh")
CLAIMS = ("denoising", "anomaly_detection", "style_transfer", "realistic_faces")
"""The claims that rest on these measures."""

Items = NDArray[np.float64]


def held_out() -> Images:
    """The pictures that are restored, changed, or normal."""
    return pictures(World.made().held_out[:ITEMS])


def noisy() -> Images:
    """The same with noise."""
    clean = held_out()
    return (clean + NOISE * np.random.default_rng(11).standard_normal(clean.shape)).astype(np.float32)


def strange() -> Images:
    """As many of two blobs, which are no pictures of this world."""
    rng = np.random.default_rng(12)
    return np.maximum(pictures(rng.random((ITEMS, 3))), pictures(rng.random((ITEMS, 3))))


@lru_cache(maxsize=64)
def scores(name: str, seed: int) -> Mapping[str, Mapping[str, Any]]:
    """Lines of a straw model, by `MEASURES`."""
    straw = Straw(STRAWS[name], seed)
    made = {"noisy": restored(straw, noisy()), "normal": restored(straw, held_out()), "odd": restored(straw, strange())}
    residuals = [apart(made["normal"], held_out()), apart(made["odd"], strange())]
    found = apart(made["noisy"], held_out()), told(*residuals), kept(exchanged(straw)), fresh(straw)
    return {measure: line(items) for measure, items in zip(MEASURES, found, strict=True)}


def wide(images: Images) -> NDArray[np.int64]:
    """Whether a blob [n] is wide (1) or narrow (0), by how much of it there is. Place is content, width is style."""
    amount = images.reshape(len(images), -1).sum(axis=1)
    return (amount > pictures(np.full((1, 3), 0.5)).sum()).astype(np.int64)


def baselines() -> dict[str, dict[str, Mapping[str, Any]]]:
    """Lines of a filter, of the nearest training picture, and of the nearest one of the other width."""
    train = pictures(World.made().train)
    far = [nearest(_flat(images), _flat(train), 1)[0][:, 0] for images in (held_out(), strange())]
    smooth = gaussian_filter(noisy(), (0, 0, 0.8, 0.8))
    replaced = np.empty_like(held_out())
    for of in (0, 1):
        rows, others = wide(held_out()) == of, train[wide(train) != of]
        replaced[rows] = others[nearest(_flat(held_out()[rows]), _flat(others), 1)[1][:, 0]]
    found = (
        {"A filter": apart(smooth, held_out())},
        {"Nearest": told(*far)},
        {"Nearest of the class": kept(replaced)},
        {
            answer.title: _fresh(answer)
            for answer in synthesis.baselines(_asked(0)).answers
            if answer.role == "baseline"
        },
    )
    return {
        measure: {title: line(items) for title, items in each.items()}
        for measure, each in zip(MEASURES, found, strict=True)
    }


def meeting(first: str, second: str, seeds: int = 3, *, faces: bool = True) -> Facts:
    """A match in which one straw model stands for the VAE and another for the GAN; no seed is that of the other.

    Blobs stand for ``faces``, unless that is what they are not said to be.
    """
    runs = tuple(
        MatchRun(
            family=family,
            model=family,
            seed=seed,
            role="seed",
            lr_factor=1.0,
            outcome=Outcome("completed", scores=scores(name, seed + start)),
        )
        for family, name, start in (("vae", first, 0), ("gan", second, seeds))
        for seed in range(seeds)
    )
    known: Any = {"baselines": baselines(), "faces": faces}
    return Facts("straw", "straw", ("vae", "gan"), tuple(range(seeds)), runs, **known)


def restored(straw: Straw, images: Images) -> Images:
    """The nearest pictures of the model's range."""
    return _made(straw, straw.coded(images)[0])


def exchanged(straw: Straw) -> Images:
    """Held-out pictures moved to the other width along the difference of the mean codes."""
    train = pictures(World.made().train[:ITEMS])
    known, own = by_class(straw.coded(train)[0], wide(train)), wide(held_out())
    if set(known) != {0, 1}:
        return restored(straw, held_out())
    return _made(straw, straw.coded(held_out())[0] + ways(known, own, 1 - own))


def kept(found: Images) -> Items:
    """The task's measure of what is changed and kept, with the width as the class; a blob always looks real here."""
    given, own = held_out(), wide(held_out())
    train = pictures(World.made().train)
    others = [apart(train[wide(train) != of], item).mean() for item, of in zip(given, own, strict=True)]
    return (wide(found) != own) * np.clip(1 - apart(found, given) / np.array(others), 0, 1)


def fresh(straw: Straw) -> Items:
    """Which samples are new and real, as the task of synthesis has it."""
    subject: Any = SimpleNamespace(model=_Sampling(straw))
    (answer,) = synthesis.contest(_asked(straw.seed), subject).answers
    return _fresh(answer)


@dataclass(frozen=True)
class _Sampling:
    """A straw model as tasks ask one."""

    straw: Straw
    can_sample: bool = True

    def sample(self, n: int, seed: int) -> Any:
        return self.straw.decode(self.straw.sample_latents(n, seed))


def _asked(seed: int) -> Any:
    """The task's inputs: training and held-out pictures of the world, whose features are the pixels."""
    parts = {"train": pictures(World.made().train), "test": pictures(World.made().held_out)}
    eye, known = Eye(), {"test": len(parts["test"])}
    return SimpleNamespace(
        items=held_out(),
        options=synthesis.SPEC.Options(),
        data=SimpleNamespace(info=SimpleNamespace(**known)),
        brief=False,
        extractor="eye",
        seed=seed,
        encode=eye,
        encoded=eye(held_out()),
        kept=lambda name, make: make(),
        training=lambda most: (parts["train"][:most], None),
        part=lambda split, rows: (parts[split][rows], None),
        generator=lambda purpose: np.random.default_rng([seed, *purpose.encode()]),
        progress=lambda share, what: None,
    )


def _fresh(answer: Any) -> Items:
    return np.asarray(answer.scores["fresh"], np.float64)


def told(normal: Items, odd: Items) -> Items:
    """For each strange picture the share of normal ones with a lower score: its mean is the AUROC."""
    ranks = rankdata(np.concatenate([normal, odd]))[len(normal) :] - rankdata(odd)
    return np.asarray(ranks / len(normal), np.float64)


def apart(one: Images, other: Images) -> Items:
    """Root mean squared difference [n]."""
    return np.sqrt(np.square((one - other).astype(np.float64)).reshape(len(one), -1).mean(axis=1))


def line(items: Items) -> dict[str, Any]:
    """A score that is a mean over items."""
    low, high = of_mean(items)
    return {"value": float(items.mean()), "low": low, "high": high, "n": len(items), "items": items.tolist()}


def _made(straw: Straw, codes: NDArray[np.floating]) -> Images:
    import torch

    return straw.decode(torch.as_tensor(np.asarray(codes, np.float32))).numpy()


def _flat(images: Images) -> NDArray[np.float32]:
    return images.reshape(len(images), -1)
