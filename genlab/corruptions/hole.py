"""A square hole, in the middle or anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.options import setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class LostSquareOptions(MeasuredOptions):
    """Size and place of the hole."""

    side: float = setting(0.5, "height and width of the hole, as shares of the item's", gt=0, le=1)
    place: Literal["centre", "anywhere"] = setting("centre", "where it is; anywhere is drawn for each item")


def draw(space: Space, strength: Tensor, options: LostSquareOptions, rng: Random) -> Measuring:
    """A hole whose sides are ``side`` times the strength."""
    import torch

    from genlab.corruptions.build import masked, noisy

    drawn = rng.uniform(len(strength), 2)
    if options.place == "centre":
        drawn = torch.full_like(drawn, 0.5)
    share = (options.side * strength).to(drawn.device)
    lost = torch.ones(len(strength), 1, 1, 1, dtype=torch.bool, device=drawn.device)
    for axis, (place, length) in enumerate(zip(drawn.unbind(1), space.shape[1:], strict=True), start=2):
        size = (share * length).round()
        start = (place * (length - size)).round()[:, None]
        at = torch.arange(length, device=drawn.device)
        inside = (at >= start) & (at < start + size[:, None])
        lost = lost & inside.view(-1, 1, *((length, 1) if axis == 2 else (1, length)))
    hole = masked(space, ~lost)
    return noisy(hole, options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Hole",
    summary="A rectangle is lost, in the middle or anywhere; filling it in is in-painting",
    paper="Pathak et al., Context Encoders: Feature Learning by Inpainting, 2016",
    Options=LostSquareOptions,
    takes="grid",
    draw=draw,
    graded=True,
)
