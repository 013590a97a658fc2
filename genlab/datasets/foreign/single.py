"""One picture of the user's, as a model's data look."""

from __future__ import annotations

import io

from PIL import Image

from genlab.datasets.foreign._archive import BadPictureError, Limits
from genlab.datasets.foreign._decode import decode
from genlab.errors import InputError
from genlab.kinds._pixels import Size, fitted, pixels, to_channels


def fit_picture(content: bytes, size: Size, channels: int, *, invert: bool = False) -> bytes:
    """A picture file as a PNG of that size; the centre is kept where its proportions are others.

    Args:
        content: A picture of any common format.
        size: Height and width in px.
        channels: 1 for grey, 3 for colour.
        invert: Whether dark and light change places.

    Raises:
        InputError: When it is no picture, damaged or too large.
    """
    try:
        image = decode(io.BytesIO(content), Limits(), at_least=max(size))
    except BadPictureError as error:
        raise InputError(
            f"The picture {error}.", "Choose another picture, a PNG or JPEG for instance.", kind="bad_picture"
        ) from error
    array = to_channels(pixels(fitted(image, size, "crop")), channels)
    if invert:
        array = 255 - array
    buffer = io.BytesIO()
    Image.fromarray(array[..., 0] if channels == 1 else array).save(buffer, format="PNG")
    return buffer.getvalue()
