"""A hole, in the middle, at an end or anywhere: a rectangle of a picture, places of a text, frames of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.options import setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


PICTURE_AXES = 3

FIXED = {"centre": 0.5, "start": 0.0, "end": 1.0}
"""Places that are not drawn -> the share of what remains that stands before the hole."""


class LostSquareOptions(MeasuredOptions):
    """Size and place of the hole."""

    side: float = setting(
        0.5,
        "height and width of the hole, as shares of a picture's; of a text the places, of a film the frames",
        gt=0,
        le=1,
    )
    place: Literal["centre", "start", "end", "anywhere"] = setting(
        "centre",
        "where it is: of a text or film at its start or end, of a picture in the upper left or lower right; anywhere "
        "is drawn for each item",
    )


def draw(space: Space, strength: Tensor, options: LostSquareOptions, rng: Random) -> Measuring:
    """A hole whose sides are ``side`` times the strength."""
    import torch

    from genlab.corruptions.build import masked, noisy

    drawn = rng.uniform(len(strength), 2)
    if options.place in FIXED:
        drawn = torch.full_like(drawn, FIXED[options.place])
    share = (options.side * strength).to(drawn.device)
    whole = [1] * (len(space.shape) + 1)
    lost = torch.ones(len(strength), *whole[1:], dtype=torch.bool, device=drawn.device)
    # Height and width of a picture; the one axis along which texts and films go on.
    for axis, place in zip((2, 3) if len(space.shape) == PICTURE_AXES else (2,), drawn.unbind(1), strict=False):
        length = space.shape[axis - 1]
        size = (share * length).round()
        start = (place * (length - size)).round()[:, None]
        at = torch.arange(length, device=drawn.device)
        inside = (at >= start) & (at < start + size[:, None])
        lost = lost & inside.view(-1, *[length if each == axis else 1 for each in range(1, len(whole))])
    hole = masked(space, ~lost)
    return noisy(hole, options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Hole",
    summary="A rectangle of a picture is lost, or a part of a text or film; filling it in is in-painting",
    paper="Pathak et al., Context Encoders: Feature Learning by Inpainting, 2016",
    Options=LostSquareOptions,
    takes="lattice",
    draw=draw,
    graded=True,
)
