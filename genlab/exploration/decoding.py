"""Pictures of latents as a page asks for them, where its browser cannot run the decoder itself.

Torch is loaded by the first picture, not before.
"""

from __future__ import annotations

import base64
import binascii
import gc
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.store.run import Checkpoint
from genlab.text import whole_number

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from genlab.models.generative import GenerativeModel

MOST_LATENTS = 64
"""Latents decoded for one request."""

LONGEST = 60_000
"""Characters of the latents in an address: what servers take at most."""


class KeptModels:
    """The models that were asked for last; a checkpoint that was written again is loaded again.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._models: OrderedDict[tuple[str, int, int], GenerativeModel] = OrderedDict()

    def __iter__(self) -> Iterator[GenerativeModel]:
        return iter(self._models.values())

    def get(self, checkpoint: Checkpoint, load: Callable[[], GenerativeModel]) -> GenerativeModel:
        """The model of a checkpoint, loaded where it is not kept.

        Raises:
            InputError: When it draws something that is no picture.
        """
        changed = max(file.stat().st_mtime_ns for file in Path(checkpoint.path).iterdir())
        key = (str(checkpoint.path), checkpoint.images, changed)
        if key in self._models:
            self._models.move_to_end(key)
            return self._models[key]
        model = load()
        if not model.space.spec.pictured:
            raise InputError(
                f"{model.space.spec.many.capitalize()} have no pictures of their own.", "Choose another run."
            )
        self._models[key] = model
        while len(self._models) > self.most:
            self._models.popitem(last=False)
        # What a page's rerun collects afterwards need not walk over a million of torch's objects.
        gc.freeze()
        return model


def pixels(model: GenerativeModel, z: str, y: str) -> tuple[bytes, tuple[int, ...]]:
    """Pictures of latents: raw uint8 [n, C, H, W], and that shape; what is given and raised as of `items_of`."""
    pixels = model.space.spec.tiles(items_of(model, z, y))
    return pixels.tobytes(), pixels.shape


def items_of(model: GenerativeModel, z: str, y: str) -> NDArray[np.float32]:
    """Public items [n, *shape] of latents.

    Args:
        model: The model.
        z: Latents, float32 [n, D] little-endian as base64url.
        y: Class numbers separated by commas, for a conditional model: one, or one of each latent; 0 where it is empty.

    Raises:
        InputError: When either cannot be read, or does not fit the model.
    """
    import torch

    latents = _latents(z, model.latent_dim)
    n = len(latents) // (4 * model.latent_dim)
    codes = torch.frombuffer(bytearray(latents), dtype=torch.float32).reshape(n, model.latent_dim)
    if not torch.isfinite(codes).all():
        raise InputError("A latent holds a value that is not a number.", "Reset the sliders.")
    found: NDArray[np.float32] = model.decode(codes, _classes(model, y, n)).numpy()
    return found


def _latents(text: str, dim: int) -> bytes:
    try:
        if len(text) > LONGEST:
            raise ValueError
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InputError("The latents in this address cannot be read.", "Give float32 values as base64url.") from None
    n, rest = divmod(len(content), 4 * dim)
    if rest or not 1 <= n <= MOST_LATENTS:
        raise InputError(
            f"This model's latents have {dim} values each, and at most {MOST_LATENTS} are decoded at once; "
            f"the address holds {len(content) // 4} values.",
            "Check which run the latents belong to.",
        )
    return content


def _classes(model: GenerativeModel, text: str, n: int) -> torch.Tensor | None:
    import torch

    classes = model.space.classes
    if not classes:
        return None
    parts = text.split(",") if text else ["0"]
    numbers = [whole_number(part, classes) for part in parts]
    known = [number for number in numbers if number is not None and number < classes]
    if len(known) < len(parts) or len(parts) not in {1, n}:
        raise InputError(f"y={text[:40]!r} does not name classes of this model.", f"Give numbers below {classes}.")
    return torch.tensor(known * (1 if len(parts) == n else n))
