"""Evidence to measure: real digits with simple features, still or moving, a ring of points, small sets made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from genlab.datasets import moving_digits, tones
from genlab.datasets.base import Source
from genlab.datasets.ring import mixture
from genlab.datasets.sentences import SYMBOLS, SentencesOptions, chunks, class_names, grammatical
from genlab.evaluation.damage import DAMAGES, RealSets
from genlab.lab import Lab
from genlab.metrics import REGISTRY
from genlab.metrics._neighbours import nearest
from genlab.metrics.base import Codes, Damage, Evidence, Items, Measured, Walks
from genlab.training.watch._space import principal_axes

Encode = Callable[[NDArray[np.float32], NDArray[np.int64] | None], Items]

WIDE = 1_000
"""Values of an item from which principal components are found approximately."""

VOTERS = 10
"""Neighbours whose classes make the probabilities of a digit."""


def measure(name: str, evidence: Evidence, seed: int = 0, **options: Any) -> Measured:
    spec = REGISTRY.get(name)
    return spec.measure(evidence, spec.Options(**options), np.random.default_rng(seed))


def pictures(values: NDArray[Any], features: NDArray[Any] | None = None) -> Items:
    """Items of images [n, C, H, W] whose features are their pixels, unless given."""
    images = np.asarray(values, dtype=np.float32)
    given = images.reshape(len(images), -1) if features is None else np.asarray(features, dtype=np.float32)
    return Items(images, given)


def points(values: NDArray[Any], labels: NDArray[np.int64] | None = None) -> Items:
    """Items of points [n, 2] (or plain features [n, d]), which are their own features."""
    places = np.asarray(values, dtype=np.float32)
    return Items(places, places, labels=labels)


@dataclass
class Bench:
    """A data set laid out for damage.

    Attributes:
        evidence: All kinds of evidence, with fresh real items in the place of generated ones.
        sets: What damage is made of.
        encode: The feature encoder.
    """

    evidence: Evidence
    sets: RealSets
    encode: Encode
    _made: dict[str, Evidence] = field(default_factory=dict)
    _measured: dict[tuple[str, str], Measured] = field(default_factory=dict)

    def damaged(self, damage: Damage) -> Evidence:
        """The evidence with damaged items in the place of generated ones."""
        if damage == "fresh":
            return self.evidence
        if damage not in self._made:
            images, labels = DAMAGES[damage].apply(self.sets, 1.0, np.random.default_rng(3))
            self._made[damage] = replace(self.evidence, fake=self.encode(images, labels))
        return self._made[damage]

    def measured(self, name: str, damage: Damage) -> Measured:
        """What metric ``name`` says after ``damage``, with its default options."""
        if (name, damage) not in self._measured:
            self._measured[name, damage] = measure(name, self.damaged(damage))
        return self._measured[name, damage]


def digits(folder: Path) -> Bench:
    """Real digits: 1,000 to compare with, 1,000 fresh, 1,500 for training and 1,500 that teach the encoder."""
    data = Lab(folder).data.open("mnist-5k")
    images = np.concatenate([data.items("train"), data.items("test")]).astype(np.float32) / 255
    of_train, of_test = data.labels("train"), data.labels("test")
    assert of_train is not None
    assert of_test is not None
    labels = np.concatenate([of_train, of_test])
    order = np.random.default_rng(0).permutation(len(images))
    parts = np.split(order, [1000, 2000, 3500])
    encode = digit_encoder(images[parts[3]], labels[parts[3]])
    real, fresh, train = (encode(images[part], labels[part]) for part in parts[:3])
    sets = RealSets(
        real.images, fresh.images, fresh.labels, train.images, train.labels, images[parts[3]], labels[parts[3]]
    )
    return Bench(complete(Evidence(real, fresh, train, classes=10), encode), sets, encode)


def digit_encoder(images: NDArray[np.float32], labels: NDArray[np.int64], size: int = 32) -> Encode:
    """Features are principal components, and how much of a picture lies outside of them, which is where noise shows.

    Probabilities are votes of the nearest known digits.
    """
    flat = images.reshape(len(images), -1).astype(np.float64)
    centre = flat.mean(axis=0)
    wide = flat.shape[1] > WIDE
    axes = principal_axes(flat - centre, size) if wide else np.linalg.eigh(np.cov(flat, rowvar=False))[1][:, -size:]

    def split(items: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        moved = items.reshape(len(items), -1) - centre
        inside = moved @ axes
        return inside, np.linalg.norm(moved - inside @ axes.T, axis=1)

    known, outside = split(images)

    def encode(items: NDArray[np.float32], classes: NDArray[np.int64] | None) -> Items:
        inside, rest = split(items)
        features = np.concatenate([(rest[:, None] - outside.mean()) / outside.std(), inside], axis=1)
        voters = labels[nearest(inside, known, VOTERS)[1]]
        votes = np.stack([(voters == label).sum(axis=1) for label in range(10)], axis=1)
        # A little of every class, as any classifier gives.
        shares = (votes + 0.05) / (VOTERS + 0.5)
        return Items(items, features.astype(np.float32), shares.astype(np.float32), classes)

    return encode


def films(n: int = 300) -> Bench:
    """Moving digits, ``n`` films each to compare with, fresh, for training and to teach the encoder."""
    options = moving_digits.MovingDigitsOptions(count=4 * n, frames=8)
    chunks = list(moving_digits.load(Source(None, Path()), options).train)
    made = np.concatenate([chunk.items for chunk in chunks]).astype(np.float32).transpose(0, 4, 1, 2, 3) / 255
    classes = np.concatenate([chunk.labels for chunk in chunks if chunk.labels is not None])
    parts = np.split(np.random.default_rng(0).permutation(len(made)), 4)
    encode = digit_encoder(made[parts[3]], classes[parts[3]])
    real, fresh, train = (encode(made[part], classes[part]) for part in parts[:3])
    sets = RealSets(
        real.images, fresh.images, fresh.labels, train.images, train.labels, made[parts[3]], classes[parts[3]], "film"
    )
    return Bench(complete(Evidence(real, fresh, train, classes=10), encode), sets, encode)


def sounds(n: int = 1_002) -> Bench:
    """Tones, ``n`` each to compare with, fresh, for training and to teach the encoder."""
    made = list(tones.load(Source(None, Path()), tones.TonesOptions(count=4 * n)).train)
    items = np.concatenate([chunk.items for chunk in made])
    classes = np.concatenate([chunk.labels for chunk in made if chunk.labels is not None])
    parts = np.split(np.arange(4 * n), 4)
    encode = digit_encoder(items[parts[3]], classes[parts[3]])
    real, fresh, train = (encode(items[part], classes[part]) for part in parts[:3])
    taught = items[parts[3]], classes[parts[3]]
    sets = RealSets(real.images, fresh.images, fresh.labels, train.images, train.labels, *taught, "sound")
    return Bench(complete(Evidence(real, fresh, train, classes=5, pixels=False), encode), sets, encode)


def ring(n: int = 1_000) -> Bench:
    """Eight Gaussians on a circle, ``n`` points each to compare with, fresh, for training and spare."""
    rng = np.random.default_rng(1)
    known = mixture()

    def encode(places: NDArray[np.float32], modes: NDArray[np.int64] | None) -> Items:
        return points(places, modes)

    def draw() -> Items:
        modes = rng.integers(len(known.means), size=n)
        return points(known.means[modes] + known.sd * rng.standard_normal((n, 2)), modes)

    real, fresh, train, spare = (draw() for _ in range(4))
    sets = RealSets(
        real.images, fresh.images, fresh.labels, train.images, train.labels, spare.images, spare.labels, "points"
    )
    base = Evidence(real, fresh, train, classes=len(known.means), mixture=known)
    return Bench(complete(base, encode), sets, encode)


def sentences(n: int = 1_000) -> Bench:
    """Sentences, ``n`` each to compare with, fresh, for training and spare; features are projections of their words."""
    options = SentencesOptions(count=4 * n, seed=3, units="parts")
    (raw,) = chunks(options, 4 * n)
    images, labels = raw.items.astype(np.float32) / 255, raw.labels
    assert labels is not None
    words = np.random.default_rng(5).standard_normal((2, images.shape[1], 24)) / 3

    def encode(items: NDArray[np.float32], classes: NDArray[np.int64] | None) -> Items:
        # Which words there are, and which follow which.
        places = items.transpose(0, 2, 1)
        follow = (places[:, :-1] @ words[0]) * (places[:, 1:] @ words[1])
        features = np.concatenate([(places @ words[0]).sum(axis=1), follow.sum(axis=1)], axis=1)
        return Items(items, features.astype(np.float32), labels=classes)

    parts = [slice(start, start + n) for start in range(0, 4 * n, n)]
    real, fresh, train = (encode(images[part], labels[part]) for part in parts[:3])
    spare = images[parts[3]], labels[parts[3]]
    sets = RealSets(real.images, fresh.images, fresh.labels, train.images, train.labels, *spare, "texts")
    number = len(class_names(options.label))
    base = Evidence(real, fresh, train, classes=number, pixels=False, symbols=SYMBOLS, grammar=grammatical)
    return Bench(complete(base, encode), sets, encode)


def complete(base: Evidence, encode: Encode) -> Evidence:
    """``base`` with made-up evidence of every other kind: codes, walks, bounds, curves and seeds."""
    rng = np.random.default_rng(2)
    assert base.train is not None
    codes = made_up_codes(base, rng)
    factors = {
        "across": codes.mean[:, 0],
        "up": codes.mean[:, 1] + 0.1 * rng.standard_normal(len(codes.mean)).astype(np.float32),
        "kind": (codes.mean[:, 0] > 0).astype(np.float32),
    }
    images = base.real.images
    blur = (*(0,) * (images.ndim - 2), 0.7, 0.7)
    blurred = gaussian_filter(images, blur) if images.ndim >= 4 else images + 0.001
    elbo = rng.normal(-100, 10, len(images))
    near, far = base.real.features, base.fake.features
    walks = Walks(
        near=near,
        step=near + 0.001 * rng.standard_normal(near.shape).astype(np.float32),
        epsilon=0.001,
        midpoint=(far + near) / 2,
        ends=far,
    )
    return replace(
        base,
        codes=codes,
        factors=factors,
        reconstructions=encode(blurred, base.real.labels),
        bounds={"elbo": elbo, "iwae": elbo + rng.exponential(1.0, len(elbo))},
        walks=walks,
        fitted=base.fake,
        history=made_up_history(),
        seeds=np.array([0.5, 0.52, 0.47, np.nan]),
    )


def made_up_codes(base: Evidence, rng: np.random.Generator) -> Codes:
    """Standardised features with a posterior around each, and two dimensions that say nothing."""
    assert base.train is not None
    centre, spread = base.train.features.mean(axis=0), base.train.features.std(axis=0)

    def standard(features: NDArray[np.float32]) -> NDArray[np.float32]:
        informed = (features[:, -8:] - centre[-8:]) / spread[-8:]
        return np.concatenate([informed, 1e-3 * rng.standard_normal((len(features), 2))], axis=1).astype(np.float32)

    mean = standard(base.real.features)
    informed = mean.shape[1] - 2
    log_variance = np.concatenate([np.full((len(mean), informed), -3.0), np.zeros((len(mean), 2))], axis=1)
    return Codes(mean, log_variance.astype(np.float32), standard(base.train.features), base.train.labels)


def made_up_history(rows: int = 40) -> tuple[Mapping[str, Any], ...]:
    """Curves of a GAN whose losses fall and jitter; the last rows lack a value, as rows of a real run may."""
    rng = np.random.default_rng(4)
    made = []
    for row in range(rows):
        losses = {
            f"loss/{player}": float(2 + 10 / (row + 1) + 0.1 * rng.normal()) for player in ("critic", "generator")
        }
        norms = {"gradient_norm/critic": 0.5, "gradient_norm/generator": float(np.exp(rng.normal()))}
        made.append({"images": 1000 * row, "vector/kl": [0.1, 0.2], **losses, **norms})
    del made[-1]["loss/critic"]
    return tuple(made)
