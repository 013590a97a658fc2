"""In-painting: what stood where a picture has a hole, or where somebody painted over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import field_validator

from genlab.errors import InputError
from genlab.options import setting
from genlab.tasks._inverse import INVERSE_MEASURES, InverseOptions, contested, opposed
from genlab.tasks._problem import Damage
from genlab.tasks.base import TaskOutcome, TaskSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.corruptions.build import Measuring
    from genlab.space import Random, Space
    from genlab.tasks.inputs import TaskInputs, TaskSubject

LARGEST = 1_024
"""Largest side of a mask in pixels."""

HALF = 128


class InpaintingOptions(InverseOptions):
    """What is lost."""

    since: ClassVar[Mapping[str, Any]] = {"place": "centre"}

    side: float = setting(
        0.5,
        "height and width of the hole, as shares of a picture's; of a text the places and of a film the frames that "
        "are lost",
        gt=0,
        le=1,
    )
    place: Literal["centre", "start", "end"] = setting(
        "centre",
        "where the hole is: at its start or end a text is begun or completed, and a film; of a picture it is the upper "
        "left or lower right",
    )
    mask: str = setting(
        "",
        "what is lost instead: a PNG in base64 of the pictures' size, white there (opaque, where it has transparency)",
        advanced=True,
    )

    @field_validator("mask")
    @classmethod
    def _is_a_mask(cls, mask: str) -> str:
        if mask:
            painted(mask)
        return mask


def painted(mask: str) -> NDArray[np.bool_]:
    """Where something is lost [H, W].

    Raises:
        InputError: When it is no picture, too large, or nothing or everything is lost.
    """
    import base64
    import binascii
    import io

    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(base64.b64decode(mask, validate=True)), formats=("PNG",))
        if max(picture.size) > LARGEST:
            width, height = picture.size
            raise InputError(
                f"A mask of {width} × {height} px is too large.", f"At most {LARGEST} × {LARGEST} px.", kind="bad_mask"
            )
        channel = picture.getchannel("A") if "A" in picture.getbands() else picture.convert("L")
        lost = np.asarray(channel) >= HALF
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InputError("That is no mask.", "Give a PNG in base64.", kind="bad_mask") from error
    if not lost.any():
        raise InputError("Nothing is painted over.", "Paint over what is to be filled in.", kind="bad_mask")
    if lost.all():
        raise InputError("Everything is painted over.", "Leave something from which to go on.", kind="bad_mask")
    return lost


def damage(options: InpaintingOptions) -> Damage:
    """A hole, or what somebody painted over."""
    if not options.mask:
        return Damage.of("hole", {"side": options.side, "place": options.place})
    lost = painted(options.mask)

    def measure(space: Space, count: int, rng: Random) -> Measuring:
        import torch

        from genlab.corruptions.build import Measuring, masked

        if not space.spec.pixels:
            many = space.spec.many
            raise InputError(f"A mask is painted on pictures, which {many} are not.", "Set side.", kind="bad_mask")
        if lost.shape != space.shape[1:]:
            (height, width), (rows, columns) = lost.shape, space.shape[1:]
            raise InputError(
                f"A mask of {width} × {height} px does not fit pictures of {columns} × {rows} px.",
                "Draw it at their size.",
                kind="bad_mask",
            )
        kept = torch.as_tensor(~lost)[None, None]
        return Measuring(masked(space, kept.expand(count, *kept.shape[1:])))

    return Damage(measure)


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Biharmonic in-painting of pictures, else the nearest training item; and a linear model of the data."""
    from genlab.tasks._classical import biharmonic, linear_model, nearest_item

    grid = "grid" in inputs.data.info.spec.gives
    first = biharmonic() if grid else nearest_item(inputs)
    title = "With a hole" if grid else "With a gap"
    return opposed(inputs, damage(inputs.options), title, (first, linear_model(inputs)))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """See `contested`."""
    return contested(inputs, subject, damage(inputs.options))


SPEC = TaskSpec(
    title="In-painting",
    summary="Fill in what a picture has lost in a hole, or where one painted over it; the gap in a text or a film, "
    "or what comes before or after",
    paper="Yeh et al., Semantic Image Inpainting with Deep Generative Models, 2017; Bora et al., Compressed Sensing "
    "using Generative Models, 2017",
    use="in-painting",
    measures=INVERSE_MEASURES,
    decisive="features",
    takes="lattice",
    Options=InpaintingOptions,
    baselines=baselines,
    contest=contest,
)
