"""Has a run diverged? A loss that explodes ends it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from genlab.errors import DivergedError

EXPLODED = 1e4
"""A loss of this many times its size in the untrained networks, and at least of this size, has exploded.

No constant in nats would do: an untrained VAE loses 2 nats per point of a ring, 45 per image of 8 x 8 and 550 per
image of 28 x 28, and 5.8 million per image of 8 x 8 when its standard deviation is fixed at 0.001. Nor would the first
rows of the curves: where the learning rate is far too high the first step explodes already, and they are what is to be
judged. What the networks lose before their first step depends on nothing but configuration, seed and data. Training
that goes well grew by a factor of 20 at most (a generator in its first steps against R1 + R2; presets quick and
balanced, three families, images and points, and every run of the zoo); with a learning rate of 1 at least one loss grew
by 1e5 to 1e15 within twelve steps, whatever the family, the loss, the penalty and the likelihood.
"""


def advice(name: str) -> str:
    """What to do against a divergence of ``name``, e.g. ``loss/critic``."""
    alone = name.endswith(("/vae", "elbo", "/nats", "kl/total"))
    return f"Start a run with a lower learning rate{'' if alone else ', or a penalty (R1 + R2) on the critic'}."


@dataclass(frozen=True)
class DivergenceWatch:
    """Ends a run whose loss has exploded, given the rows of its curves one by one. It remembers nothing of them.

    Attributes:
        untrained: Name of a loss -> what the untrained networks give. What is missing or not finite counts as 1.
    """

    untrained: Mapping[str, float] = field(default_factory=dict)

    def bound(self, name: str) -> float:
        """The size beyond which the loss ``name`` has exploded."""
        size = abs(self.untrained.get(name, 1.0))
        return EXPLODED * max(1.0, size if math.isfinite(size) else 1.0)

    def exploded(self, row: Mapping[str, object]) -> str | None:
        """The first loss in ``row`` that is not finite or beyond its bound; None when all is well."""
        for name, value in row.items():
            if name.startswith("loss/") and isinstance(value, float) and not abs(value) <= self.bound(name):
                return name
        return None

    def look(self, row: Mapping[str, object], images: int) -> None:
        """Look at one row.

        Raises:
            DivergedError: When a loss is not finite or beyond its bound.
        """
        name = self.exploded(row)
        if name is not None:
            raise DivergedError(
                f"Training diverged after {images:,} images: {name} grew to {row[name]:.3g}.", advice(name)
            )
