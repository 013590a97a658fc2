"""One picture of the user's, as a model's data look."""

from __future__ import annotations

import io

from PIL import Image

from genlab.datasets._archive import BadPictureError, Limits
from genlab.datasets._decode import decode
from genlab.datasets._pixels import pixels, square, to_channels
from genlab.errors import InputError


def fit_picture(content: bytes, side: int, channels: int, *, invert: bool = False) -> bytes:
    """A picture file as a PNG of ``side`` by ``side`` pixels; the centre is kept where it is not square.

    Args:
        content: A picture of any common format.
        side: In px.
        channels: 1 for grey, 3 for colour.
        invert: Whether dark and light change places.

    Raises:
        InputError: When it is no picture, damaged or too large.
    """
    try:
        image = decode(io.BytesIO(content), Limits(), at_least=side)
    except BadPictureError as error:
        raise InputError(
            f"The picture {error}.", "Choose another picture, a PNG or JPEG for instance.", kind="bad_picture"
        ) from error
    array = to_channels(pixels(square(image, side, "crop")), channels)
    if invert:
        array = 255 - array
    buffer = io.BytesIO()
    Image.fromarray(array[..., 0] if channels == 1 else array).save(buffer, format="PNG")
    return buffer.getvalue()
