"""Corrupted items in training: what is done to them, drawn anew for every item of every turn. No torch at import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genlab.corruptions.base import CorruptionSpec
from genlab.options import setting
from genlab.registry import Choice, registry
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

WHAT = "what is done to items before the encoder sees them, which then learns to restore them; none trains as usual"


def corruption(default: str = "none", why: str = WHAT) -> Any:
    """The setting that chooses a corruption; folded away where most will want none."""
    return setting(default, why, advanced=default == "none")


def least() -> Any:
    """The setting that says how weak the corruption may be."""
    return setting(
        1.0,
        "smallest strength of the corruption: below 1 each item gets a strength between it and 1",
        ge=0,
        le=1,
        advanced=True,
    )


class Corrupter:
    """Corrupts items as the options of an objective say.

    Args:
        options: They have the settings `corruption` and `corruption_least`.
        space: Kind and shape of the items.

    Raises:
        InputError: When that cannot be done to such items.
    """

    def __init__(self, options: Any, space: Space) -> None:
        chosen: Choice = options.corruption
        self.space, self.options, self.least = space, chosen.options, float(options.corruption_least)
        self.spec: CorruptionSpec = registry("corruptions").get(chosen.name)
        self.spec.check(space, self.least)

    @property
    def changes(self) -> bool:
        """Whether anything is done."""
        return self.spec.changes

    def __call__(self, x: Tensor, rng: Random) -> Tensor:
        """Corrupted items [n, *shape]; the items themselves, without a draw from ``rng``, where nothing is done."""
        if not self.changes:
            return x
        strength = 1.0 if self.least == 1 else self.least + (1 - self.least) * rng.uniform(len(x))
        return self.spec.apply(x, self.space, rng, self.options, strength)


def check(options: Any, space: Space) -> None:
    """Refuse a corruption that cannot be done to items of ``space``.

    Raises:
        InputError: With the reason.
    """
    Corrupter(options, space)
