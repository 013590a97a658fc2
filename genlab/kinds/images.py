"""Pictures in grey or colour, of any proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genlab.kinds._formats import SUFFIXES
from genlab.kinds.base import Fitting, KindSpec, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST, LARGEST = 8, 512
"""Sides in px that can be stored."""


def refuse(shape: Shape) -> str:
    """Why pictures cannot have that shape, or ""."""
    channels, *sides = shape
    if channels not in {1, 3}:
        return f"Pictures have 1 channel or 3, not {channels}."
    if not all(SMALLEST <= side <= LARGEST for side in sides):
        return f"Pictures have sides from {SMALLEST} to {LARGEST} px, not {sides[0]} × {sides[1]}."
    return ""


def resized(shape: Shape, size: int | None, channels: int | None) -> Shape:
    """The shape with its longer side scaled to ``size``, in the same proportions."""
    if size is not None:
        longest = max(shape[1:])
        shape = (shape[0], *(max(1, round(side * size / longest)) for side in shape[1:]))
    return (channels or shape[0], *shape[1:])


def conform(items: NDArray[Any], fitting: Fitting) -> NDArray[Any]:
    """Images uint8 [N, H, W, C] as they are stored, uint8 [N, C, H, W]."""
    import numpy as np

    from genlab.kinds._pixels import resize, to_channels

    if fitting.size is not None:
        items = resize(items, fitting.size, fitting.fit)
    return np.ascontiguousarray(np.moveaxis(to_channels(items, fitting.channels), -1, 1), np.uint8)


def given(stored: NDArray[Any]) -> NDArray[Any]:
    """Stored images uint8 [N, C, H, W] as [N, H, W, C]."""
    import numpy as np

    return np.moveaxis(stored, 1, -1)


def draw(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The images themselves; of two channels, or more than three, the first."""
    return images if images.shape[1] in {1, 3} else images[:, :1]


SPEC = KindSpec(
    title="Images",
    summary="Pictures in grey or colour, 8 to 512 px a side",
    one="image",
    many="images",
    value="pixel",
    axes=3,
    refuse=refuse,
    words=lambda shape: f"{shape[1]} × {shape[2]} px, {'colour' if shape[0] == 3 else 'grey'}",
    label=lambda shape: f"{shape[1]} × {shape[2]}{', colour' if shape[0] == 3 else ''}",
    dtype="uint8",
    conform=conform,
    given=given,
    resized=resized,
    suffixes=tuple(sorted(SUFFIXES)),
    fits="It is cut to its centre square and made as small as the model's images.",
    bounds=(0, 1),
    centre=lambda x, scale: x * 2 - 1,
    activate=lambda raw, scale: raw.sigmoid(),
    draw=draw,
    pixels=True,
    picture=lambda images: images,
    network="conv",
    encoder="in-domain",
    damages=(
        "fresh",
        "identical",
        "one_image",
        "one_class",
        "half_classes",
        "blurred",
        "noisy",
        "shuffled_labels",
        "memorised",
    ),
)
