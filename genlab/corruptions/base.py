"""What a corruption is: what is left of an item, and what it asks of the data. No torch at import.

A corruption measures an item: it keeps a part of it, or sums of its values, and adds noise. What is random in it
(noise, the place of a hole) is drawn first, as a `genlab.corruptions.build.Measuring`, which can then be done to any
items, as often as one likes: to candidates of a restoration as to the item itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import Shape, Taken
from genlab.options import Options, setting
from genlab.registry import Spec
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class MeasuredOptions(Options):
    """Settings of every corruption that measures something else than the item itself."""

    noise: float = setting(
        0.0,
        "standard deviation of noise on what is left, as a share of the range of values",
        ge=0,
        le=2,
        advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class CorruptionSpec(Spec):
    """Something that happens to items.

    Attributes:
        takes: What it asks of the data.
        refuse: ``refuse(shape) -> sentence`` why it cannot be done to items of that shape, or "".
        draw: ``draw(space, strength, options, rng) -> Measuring`` for as many items as ``strength`` [n] has values,
            each from 0 (nothing) to 1 (what the options say). All noise comes from ``rng``. None where nothing is done.
        linear: Whether what is measured of an item, noise aside, is linear in its values.
        graded: Whether there is less of it for a strength below 1; else that is refused.
    """

    noun: ClassVar[str] = "corruption"

    takes: Taken = "any"
    refuse: Callable[[Shape], str] = lambda shape: ""
    draw: Callable[[Space, Tensor, Any, Random], Measuring] | None
    linear: bool = True
    graded: bool = False

    @property
    def changes(self) -> bool:
        """Whether it does anything at all."""
        return self.draw is not None

    def objection(self, space: Space) -> str:
        """Why it cannot be done to items of ``space``, as a sentence, or ""."""
        if not kinds.fits(self, space.kind):
            return f"The corruption {self.name!r} is not for {space.spec.many}."
        return self.refuse(space.shape)

    def check(self, space: Space, least: float = 1.0) -> None:
        """Refuse items that it cannot be done to, and strengths from ``least`` up that it does not have.

        Raises:
            InputError: With the reason.
        """
        why = self.objection(space)
        if why:
            raise InputError(why, "Choose another corruption.", kind="bad_value")
        if least < 1 and not self.graded:
            raise InputError(
                f"The corruption {self.name!r} has one strength only.", "Set its strength to 1.", kind="bad_value"
            )

    def measuring(
        self, space: Space, count: int, rng: Random, options: Options | None = None, strength: float | Tensor = 1.0
    ) -> Measuring:
        """What happens to ``count`` items, drawn from ``rng``.

        Args:
            space: Kind and shape of the items.
            count: How many.
            rng: Where noise comes from, on the device of the items; a `genlab.training.seeding.SharedRandom` will do.
            options: Its settings; None for the defaults.
            strength: From 0 (nothing) to 1 (what the options say), of all items or of each [count]; whether there are
                such strengths is checked of one for all items only.

        Raises:
            InputError: When it cannot be done to such items, or not so weakly.
        """
        import torch

        from genlab.corruptions.build import Measuring, Untouched

        each = torch.as_tensor(strength, dtype=torch.float32).expand(count)
        self.check(space, 1.0 if isinstance(strength, torch.Tensor) else strength)
        if self.draw is None:
            return Measuring(Untouched(space.shape))
        drawn: Measuring = self.draw(space, each, self.Options() if options is None else options, rng)
        return drawn

    def apply(
        self,
        x: Tensor,
        space: Space,
        rng: Random,
        options: Options | None = None,
        strength: float | Tensor = 1.0,
    ) -> Tensor:
        """Corrupted items [n, *shape] in public units, not cut to their bounds, of ``x`` [n, *shape].

        The other arguments, and what is raised, are those of `measuring`.
        """
        done = self.measuring(space, len(x), rng, options, strength)
        return done.as_items(done(x))
