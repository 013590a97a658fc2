"""Straw models: generators whose behaviour is known beforehand, for claims and measures to be tried on.

Their world is a small one: 8 × 8 pictures of a blob, whose place, width and height are the three things that vary, all
uniform; its class is the half that it is in. Whoever samples these uniformly is perfect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from genlab.encoders.base import Encoded
from genlab.matches.measures.subject import CodedItems, Subject, closest
from genlab.metrics.base import Items
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Assembly
from genlab.objectives.likelihoods._modules import FixedSigma
from genlab.space import Space
from genlab.verdicts.facts import Facts
from genlab.verdicts.match_run import MatchRun, Outcome

Floats = NDArray[np.float64]
Images = NDArray[np.float32]

SIDE, FACTORS = 8, 3
HELD_OUT, TRAIN = 240, 400
SEARCHED = 3_000
"""Latents among which the code of an image is looked for, in every model that has no better way."""


def pictures(factors: Floats) -> Images:
    """Pictures [n, 1, 8, 8] of factors [n, 3] in [0, 1]: place to the right, place downwards, width."""
    right, down = 1.2 + 4.6 * factors[:, 0], 1.2 + 4.6 * factors[:, 1]
    width = 0.8 + 0.7 * factors[:, 2]
    at = np.arange(SIDE, dtype=np.float64)
    across = np.exp(-((at - right[:, None]) ** 2) / (2 * width[:, None] ** 2))
    along = np.exp(-((at - down[:, None]) ** 2) / (2 * width[:, None] ** 2))
    return np.asarray((along[:, :, None] * across[:, None, :])[:, None], np.float32)


def classes(images: Images) -> NDArray[np.int64]:
    """The half [n] that a blob is in: 0 left, 1 right."""
    halves = images.reshape(-1, SIDE, SIDE)
    return (halves[:, :, SIDE // 2 :].sum(axis=(1, 2)) > halves[:, :, : SIDE // 2].sum(axis=(1, 2))).astype(np.int64)


class Eye:
    """Features are the pixels, the classifier knows the half."""

    identity, facts, portion = "eye", {}, 4_096

    def __call__(self, items: Any) -> Encoded:
        images = np.asarray(items, np.float32)
        halves = images.reshape(-1, SIDE, SIDE)
        right, left = halves[:, :, SIDE // 2 :].sum(axis=(1, 2)), halves[:, :, : SIDE // 2].sum(axis=(1, 2))
        second = 1 / (1 + np.exp(-(right - left)))
        return Encoded(images.reshape(len(images), -1), np.stack([1 - second, second], axis=1).astype(np.float32))


@dataclass(frozen=True)
class World:
    """Training and held-out pictures, and fresh ones.

    Attributes:
        train: Factors [m, 3].
        held_out: Factors [n, 3].
    """

    train: Floats
    held_out: Floats

    @classmethod
    @lru_cache(maxsize=1)
    def made(cls) -> World:
        """The one world of all tests."""
        rng = np.random.default_rng(0)
        return cls(rng.random((TRAIN, FACTORS)), rng.random((HELD_OUT, FACTORS)))


Paint = Callable[[Floats, World, int], Images]
"""Places [n, 3] in [0, 1], the world and a seed -> pictures."""


def perfect(places: Floats, world: World, seed: int) -> Images:
    """Every dimension of the latent space is one of the things that vary."""
    return pictures(places)


def turned(places: Floats, world: World, seed: int) -> Images:
    """As perfect, but what a dimension does depends on the others: the place is read along a spiral."""
    right, down = places[:, 0] - 0.5, places[:, 1] - 0.5
    angle = 2 * np.pi * (places[:, 2] + places[:, 0])
    spun = np.column_stack([np.cos(angle) * right - np.sin(angle) * down, np.sin(angle) * right + np.cos(angle) * down])
    return pictures(np.column_stack([np.clip(spun + 0.5, 0, 1), places[:, 2]]))


def rotated(places: Floats, world: World, seed: int) -> Images:
    """As perfect, in a latent space that was turned: the three things lie across its dimensions."""
    from scipy.special import ndtri

    turn, _ = np.linalg.qr(np.random.default_rng(8).standard_normal((FACTORS, FACTORS)))
    return pictures(ndtr(ndtri(np.clip(places, 1e-6, 1 - 1e-6)) @ turn))


CELLS = 6


def _cells(places: Floats) -> NDArray[np.int64]:
    return np.minimum((places * CELLS).astype(np.int64), CELLS - 1) @ np.array([CELLS**2, CELLS, 1])


def shuffled(places: Floats, world: World, seed: int) -> Images:
    """A perfect sampler without structure: the cells of the latent space are exchanged at random."""
    order = np.random.default_rng([1, seed]).permutation(CELLS**FACTORS)
    to = order[_cells(places)]
    corner = np.stack([to // CELLS**2, to // CELLS % CELLS, to % CELLS], axis=1)
    return pictures((corner + places * CELLS - np.floor(np.minimum(places * CELLS, CELLS - 1e-9))) / CELLS)


def _looked_up(places: Floats, factors: Floats, seed: int) -> Images:
    fine = np.floor(places * 40).astype(np.int64) @ np.array([1_600, 40, 1])
    mixed = (fine * 2_654_435_761 + 97 * seed) % 2**32 >> 7
    return pictures(factors[mixed % len(factors)])


def lookup(places: Floats, world: World, seed: int) -> Images:
    """A table of training pictures: the latent is hashed to one of them."""
    return _looked_up(places, world.train, seed)


def lookup_with_holes(places: Floats, world: World, seed: int) -> Images:
    """A table of the training pictures of one half."""
    return _looked_up(places, world.train[world.train[:, 0] < 0.5], seed)


def ghosts(places: Floats, world: World, seed: int) -> Images:
    """Fresh pictures, every other one laid over another."""
    fresh = pictures(np.random.default_rng([2, seed]).random((4_096, FACTORS)))
    index = np.floor(places * 40).astype(np.int64) @ np.array([1_600, 40, 1]) * 2_654_435_761 % 2**32 >> 7
    first, second = fresh[index % 4_096], fresh[(index + 1_777) % 4_096]
    return np.where((index % 2 == 0)[:, None, None, None], (first + second) / 2, first).astype(np.float32)


def collapsed(places: Floats, world: World, seed: int) -> Images:
    """Perfect pictures of one corner."""
    return pictures(0.1 + 0.3 * places)


def blurred(places: Floats, world: World, seed: int) -> Images:
    """Perfect pictures, blurred."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(pictures(places), (0, 0, 0.9, 0.9)), np.float32)


def noisy(places: Floats, world: World, seed: int) -> Images:
    """Perfect pictures with noise, which has more edges than they."""
    made = pictures(places)
    return np.clip(made + 0.15 * np.random.default_rng([3, seed]).standard_normal(made.shape), 0, 1).astype(np.float32)


def copier(share: float, how: str = "exact") -> Paint:
    """Perfect, but for a share of training pictures: ``exact``, ``shifted`` by a pixel, or ``flipped``."""

    def paint(places: Floats, world: World, seed: int) -> Images:
        made, copies = pictures(places), lookup(places, world, seed)
        changed = {"exact": copies, "shifted": np.roll(copies, 1, axis=3), "flipped": copies[..., ::-1]}[how]
        chosen = np.random.default_rng([4, seed]).random(len(made)) < share
        return np.where(chosen[:, None, None, None], changed, made).astype(np.float32)

    return paint


@dataclass(frozen=True)
class Straw:
    """A generator that is looked at as a trained model is.

    Attributes:
        paint: Its pictures.
        seed: Of what it leaves to chance.
    """

    paint: Paint
    seed: int = 0
    world: World = field(default_factory=World.made)
    latent_dim: int = FACTORS
    can_encode: bool = False

    def sample_latents(self, n: int, seed: int = 0) -> torch.Tensor:
        """Draws [n, 3] of a normal distribution; other ones for each seed of the straw."""
        return torch.from_numpy(np.random.default_rng([5, seed, self.seed]).standard_normal((n, FACTORS))).float()

    def labels(self, n: int) -> None:
        """Nothing is conditional."""

    def decode(self, z: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        """Pictures [n, 1, 8, 8] of latents [n, 3]."""
        return torch.from_numpy(self.paint(ndtr(np.asarray(z, np.float64)), self.world, self.seed))

    @property
    def space(self) -> Space:
        """Unconditional pictures."""
        return Space("images", (1, SIDE, SIDE))

    def samples(self, n: int) -> Items:
        """As an evaluation draws them."""
        images = self.decode(self.sample_latents(n, 77)).numpy()
        return items(images)

    def coded(self, images: Images) -> tuple[NDArray[np.float32], Floats]:
        """Codes [n, 3], the best of many draws, each then bettered by small steps; and mean squared errors [n]."""
        rng = np.random.default_rng([6, self.seed])
        z = rng.standard_normal((SEARCHED, FACTORS))
        made = self.decode(torch.from_numpy(z)).numpy().reshape(SEARCHED, -1)
        flat = images.reshape(len(images), -1)
        apart = (flat**2).sum(1)[:, None] - 2 * flat @ made.T + (made**2).sum(1)
        codes = z[apart.argmin(axis=1)]
        errors = _errors(self, codes, flat)
        for step in (0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02):
            for _ in range(6):
                tried = codes + step * rng.standard_normal(codes.shape)
                found = _errors(self, tried, flat)
                better = found < errors
                codes, errors = np.where(better[:, None], tried, codes), np.where(better, found, errors)
        return codes.astype(np.float32), errors


def _errors(straw: Straw, codes: Floats, flat: NDArray[np.floating]) -> Floats:
    made = straw.decode(torch.from_numpy(codes)).numpy().reshape(len(codes), -1)
    return np.asarray(((made - flat).astype(np.float64) ** 2).mean(axis=1))


def items(images: Images) -> Items:
    """Pictures with their features and classes."""
    said = Eye()(images)
    return Items(images, said.features, said.probabilities, classes(images))


def subject(straw: Straw) -> Subject:
    """What measures look at, of a straw model."""
    held_out, train = items(pictures(straw.world.held_out)), items(pictures(straw.world.train))
    codes, residuals = straw.coded(held_out.images)
    of_train, _ = straw.coded(train.images)
    few = residuals[:64]
    errors = dict.fromkeys(("own", "pass", "steps", "inverted"), few)
    took = {"pass": 0.001, "steps": 0.02, "inverted": 0.1}
    given: Any = (straw, Eye(), CodedItems(held_out, codes), CodedItems(train, of_train), {}, 2, errors, 0.1, took)
    return Subject(*given, residuals, closest(held_out.images, train.images))


STRAWS: Mapping[str, Paint] = {
    "perfect": perfect,
    "rotated": rotated,
    "turned": turned,
    "shuffled": shuffled,
    "lookup": lookup,
    "holes": lookup_with_holes,
    "ghosts": ghosts,
    "collapsed": collapsed,
    "blurred": blurred,
    "noisy": noisy,
}
"""Name -> straw model. Those that copy in part stand apart: they differ from a perfect one in nothing but copies."""

JUDGED = ("laplacian", "frechet", "copies", "precision")
"""Metrics of evaluations that claims on straw models rest on."""


@lru_cache(maxsize=128)
def scores(name: str, seed: int) -> Mapping[str, Mapping[str, Any]]:
    """Everything that is measured of a straw model, as lines."""
    from genlab.matches.measures.take import line_of, of_subject
    from genlab.metrics import REGISTRY
    from genlab.metrics.base import Evidence

    straw = Straw(STRAWS[name], seed)
    looked_at = subject(straw)
    found = of_subject(looked_at, lambda share, what: None)
    lines = {measure: line_of(measure, measured) for measure, measured in found.items()}
    evidence = Evidence(looked_at.held_out.items, straw.samples(TRAIN), looked_at.train.items, 2)
    for metric in JUDGED:
        spec = REGISTRY.get(metric)
        told = spec.measure(evidence, spec.Options(), np.random.default_rng(seed))
        lines[metric] = {"value": told.value, "low": told.low, "high": told.high, "n": told.n, "alarm": told.alarm}
    return lines


def _ran(family: str, seed: int, found: Mapping[str, Mapping[str, Any]]) -> MatchRun:
    outcome = Outcome("completed", scores=found)
    return MatchRun(family=family, model=family, seed=seed, role="seed", lr_factor=1.0, run=None, outcome=outcome)


def meeting(first: str, second: str, seeds: int = 3) -> Facts:
    """A match in which one straw model stands for the VAE and another for the GAN; no seed is that of the other."""
    runs = tuple(
        _ran(family, seed, scores(name, seed + start))
        for family, name, start in (("vae", first, 0), ("gan", second, seeds))
        for seed in range(seeds)
    )
    return Facts("straw", "straw", ("vae", "gan"), tuple(range(seeds)), runs)


@dataclass(frozen=True)
class LinearGaussian:
    """A VAE whose likelihood is known: two normal latents, turned and stretched to points, with noise around them.

    Attributes:
        stretch: Of each latent.
        turn: Angle of the plane, in radians.
        noise: Standard deviation of the likelihood.
        width: Standard deviations of its posterior over the true one's; 1 for the true posterior.
    """

    stretch: tuple[float, float] = (1.5, 0.5)
    turn: float = 0.7
    noise: float = 0.3
    width: float = 1.0

    @property
    def weights(self) -> Floats:
        """W [2, 2] of x = W z + noise; its columns are orthogonal, so that the posterior is diagonal."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return np.array([[cos, -sin], [sin, cos]]) @ np.diag(self.stretch)

    def drawn(self, n: int, seed: int) -> NDArray[np.float32]:
        """Points [n, 2] of it."""
        rng = np.random.default_rng([8, seed])
        points = rng.standard_normal((n, 2)) @ self.weights.T + self.noise * rng.standard_normal((n, 2))
        return points.astype(np.float32)

    def log_p(self, x: NDArray[np.floating]) -> Floats:
        """Exact log p(x) in nats [n]: x is normal with covariance W W' + noise^2."""
        covariance = self.weights @ self.weights.T + self.noise**2 * np.eye(2)
        return np.asarray(multivariate_normal(np.zeros(2), covariance).logpdf(x))

    @property
    def gap(self) -> float:
        """By how much the ELBO falls short of log p on average: the KL of its posterior from the true one, in nats."""
        return 2 * 0.5 * (self.width**2 - 1 - 2 * float(np.log(self.width)))

    def model(self) -> GenerativeModel:
        """As a trained model, whose decoder and encoder are these matrices."""
        space, weights = Space("points", (2,)), torch.from_numpy(self.weights).float()
        variance = 1 / (1 + (weights**2).sum(0) / self.noise**2)
        decoder, encoder = (
            Matrix(weights.T),
            Matrix(weights * variance / self.noise**2, (self.width**2 * variance).log()),
        )
        parts = Assembly(decoder=decoder, encoder=encoder, likelihood=FixedSigma(space, self.noise))
        return GenerativeModel(parts, space, 2)


class Matrix(torch.nn.Module):
    """Rows times a matrix; with the logarithms of variances [D] beside them where these are given."""

    def __init__(self, matrix: torch.Tensor, log_variance: torch.Tensor | None = None) -> None:
        super().__init__()
        self.matrix, self.log_variance = matrix, log_variance

    def forward(self, rows: torch.Tensor, y: torch.Tensor | None = None) -> Any:
        """Points of latents, or mean and log-variance [n, D] of the posterior of points."""
        made = rows @ self.matrix
        return made if self.log_variance is None else (made, self.log_variance.expand_as(made))
