"""A model as a detector of anomalies: what each of its parts says of items. Scores are higher for anomalies.

A conditional model is asked about the class in which it draws an item best, as nobody tells it the class of an anomaly.
"""

from __future__ import annotations

import io
import math
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from genlab.encoders.base import Progress
from genlab.kinds.base import as_stored
from genlab.latent.inverter import Inverter
from genlab.models.generative import GenerativeModel
from genlab.tasks._outliers import ENERGY

LAMBDA = 0.1
"""Weight of the critic's features in AnoGAN's score (Schlegl et al., 2017, equation 6)."""

KAPPA = 1.0
"""Weight of the critic's features in f-AnoGAN's score (Schlegl et al., 2019, equation 5)."""

DRAWS = 4
"""Codes that a negative ELBO is the mean over."""

PATCHES = 4
"""Patches along a side, each half over the next, of which the worst counts."""

PATCHED = 4
"""Axes of several pictures; texts have one less."""


@dataclass
class Novelty:
    """Items as a model sees them; everything is worked out when first asked for.

    Attributes:
        model: The model.
        x: The items, public values [n, *shape].
        inverter: What finds codes where there is no encoder; None where there is one, or nothing.
        seed: Of noise.
    """

    model: GenerativeModel
    x: Tensor
    inverter: Inverter | None
    seed: int

    @property
    def can_code(self) -> bool:
        """Whether codes are found in one pass."""
        return self.model.can_encode or self.inverter is not None

    def codes(self, y: Tensor | None) -> Tensor:
        """Codes [n, D] in one pass: posterior means, or what the inverter says."""
        if self.model.can_encode:
            return self.model.encode(self.x, y).mean
        assert self.inverter is not None
        return self.inverter(self.x, y)

    @cached_property
    def y(self) -> Tensor | None:
        """Of a conditional model, the class [n] in which it draws each item best; None of others."""
        count = self.model.space.classes
        if not count or not self.can_code:
            return None
        errors = []
        for label in range(count):
            same = torch.full((len(self.x),), label)
            errors.append(_mean((self.model.decode(self.codes(same), same) - self.x).square()))
        return torch.stack(errors).argmin(dim=0)

    @cached_property
    def code(self) -> Tensor:
        """The codes [n, D]."""
        return self.codes(self.y)

    @cached_property
    def again(self) -> Tensor:
        """What the codes give, [n, *shape]."""
        return self.model.decode(self.code, self.y)

    def errors(self) -> NDArray[np.float32]:
        """Mean squared error of the reconstruction [n]."""
        return _mean((self.again - self.x).square()).numpy()

    def relative_errors(self) -> NDArray[np.floating]:
        """The same as a share of the item's own energy [n]: an item with little on it has little to get wrong."""
        energy: NDArray[np.float32] = _mean(self.x.square()).numpy()
        found: NDArray[np.floating] = self.errors() / np.maximum(energy, ENERGY)
        return found

    def worst_patch(self) -> NDArray[np.float32]:
        """The largest mean squared error of any patch [n]: an anomaly may be small."""
        squared = (self.again - self.x).square()
        squared = (squared[:, None] if squared.ndim == 2 else squared).mean(dim=1, keepdim=True)
        if squared.ndim < PATCHED:
            squared = squared[:, :, None]
        # Frames of a film stand above one another, so that a patch may be of several.
        squared = squared.flatten(2, -2)
        size = [min(side, max(2, side // PATCHES)) for side in squared.shape[2:]]
        pooled = torch.nn.functional.avg_pool2d(squared, size, stride=[max(1, side // 2) for side in size])
        return pooled.flatten(1).amax(dim=1).numpy()

    def negative_elbo(self) -> NDArray[np.float32]:
        """In nats [n], the mean of a few drawn codes."""
        bounds = [self.model.log_likelihood_bound(self.x, 1, self.y, self.seed + draw) for draw in range(DRAWS)]
        return -torch.stack(bounds).mean(dim=0).numpy()

    def negative_bound(self, samples: int) -> NDArray[np.float32]:
        """Minus the importance-weighted bound on the log-likelihood, in nats [n]."""
        return -self.model.log_likelihood_bound(self.x, samples, self.y, self.seed).numpy()

    def criticised(self) -> NDArray[np.float32]:
        """Minus the critic's logits [n]."""
        return -self.model.critic_scores(self.x, self.y).numpy()

    def residual(self, again: Tensor, power: int) -> NDArray[np.float32]:
        """Mean |x - again| to the ``power`` of pixels [n]."""
        return _mean((again - self.x).abs() ** power).numpy()

    def in_features(self, again: Tensor, power: int) -> NDArray[np.float32] | None:
        """The same of the critic's features, which `features` scales by nothing; None without a critic that has any."""
        mine, theirs = features(self.model, self.x), features(self.model, again)
        return None if mine is None or theirs is None else _mean((mine - theirs).abs() ** power).numpy()


def features(model: GenerativeModel, x: Tensor) -> Tensor | None:
    """The critic's features [n, F] of ``x`` [n, *shape], its last layer but the score; None where there are none."""
    critic: Any = model.assembly.critic
    if critic is None or not hasattr(critic, "features"):
        return None
    pack = int(getattr(critic, "pack", 1))
    with torch.no_grad():
        found: Tensor = model.compute(lambda part: critic.features(part.repeat_interleave(pack, dim=0)).float(), x)
    return found


def anogan(of: Novelty, again: Tensor, *, amortised: bool) -> NDArray[np.float32]:
    """AnoGAN's score of what a search gives, f-AnoGAN's of what one pass gives: pixels, and the critic's features.

    Both are means over pixels and features; the papers add up AnoGAN's, so that its weight depends on their numbers.
    """
    power = 2 if amortised else 1
    pixels, seen = of.residual(again, power), of.in_features(again, power)
    if seen is None:
        return pixels
    return pixels + np.float32(KAPPA) * seen if amortised else (1 - LAMBDA) * pixels + LAMBDA * seen


def compressed(
    items: NDArray[np.float32], dtype: str, tell: Progress = lambda share, what: None
) -> NDArray[np.float64]:
    """Bits of each item [n] as it is compressed without loss: the smaller of PNG and zlib.

    Args:
        items: Public values [n, *shape].
        dtype: How they are stored.
        tell: Told the share that is done; may raise to cancel.
    """
    stored = as_stored(items, dtype)
    sizes = np.empty(len(stored))
    for place, item in enumerate(stored):
        if place % 256 == 0:
            tell(place / len(stored), "compressing")
        best = len(zlib.compress(item.tobytes(), 9))
        if item.ndim == 3 and item.shape[0] in {1, 3} and item.dtype == np.uint8:
            file = io.BytesIO()
            Image.fromarray(item[0] if len(item) == 1 else np.moveaxis(item, 0, -1)).save(file, "PNG", optimize=True)
            best = min(best, file.tell())
        sizes[place] = 8 * best
    return sizes


def corrected(negative_bound: NDArray[np.floating], bits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The likelihood's bits less those of complexity (Serrà et al., 2020): simple items are likely to any model.

    Args:
        negative_bound: In nats [n].
        bits: Compressed sizes [n].
    """
    found: NDArray[np.float64] = negative_bound.astype(np.float64) / math.log(2) - bits
    return found


def _mean(values: Tensor) -> Tensor:
    return values.flatten(1).mean(dim=1)
