"""The opening film: one closed walk through a latent space as a sheet of small pictures, kept beside the decoder.

A browser shows it within the second in which its runtime (14 MB) and the decoder are still on their way, and goes on
from the same place on the same walk as soon as it can decode itself.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from genlab.errors import InputError
from genlab.exploration.exploration_request import kept_decoder
from genlab.latent.circuit import circuit, circuit_waves
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader

FRAMES = 64
COLUMNS = 8
SEED = 0
"""One walk for all models of one latent size, so that they go through the same latents in step."""


def add_opening(directory: RunReader, images: int | None = None) -> dict[str, Any]:
    """Add the opening film to a decoder that has been prepared; returns its document.

    Args:
        directory: The run.
        images: Its newest checkpoint up to here; None for the newest of all.

    Raises:
        InputError: When there is no such checkpoint, or no decoder that a browser could run after the film.
    """
    checkpoint = pick_checkpoint(directory, images)
    place = kept_decoder(directory, checkpoint)
    document = place.read()
    if document is None or document["graph"] is None:
        raise InputError(
            f"{directory.path.name} has no decoder for browsers.", "Prepare the decoder first.", kind="no_decoder"
        )
    model = load_model(directory, checkpoint.images, device="cpu")
    waves = circuit_waves(model.latent_dim, SEED)
    target = place.path.with_suffix(".png")
    atomic.write_bytes(target, _png(_pictures(model, waves)))
    opening = {
        "file": target.name,
        "frames": FRAMES,
        "columns": COLUMNS,
        "waves": base64.b64encode(waves.astype("<f4").tobytes()).decode(),
    }
    place.write({**document, "opening": opening})
    return {**document, "opening": opening}


def _pictures(model: GenerativeModel, waves: NDArray[np.float32]) -> NDArray[np.uint8]:
    """One way round, [FRAMES, H, W, C]; a conditional model is asked for its first class."""
    latents = torch.from_numpy(circuit(waves, np.arange(FRAMES) / FRAMES))
    decoded = model.decode(latents, model.labels(FRAMES, 0 if model.space.classes else None))
    pixels: NDArray[np.uint8] = (decoded.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return pixels


def _png(pictures: NDArray[np.uint8]) -> bytes:
    """The pictures [n, H, W, C] row by row on one sheet."""
    n, height, width, channels = pictures.shape
    rows = pictures.reshape(n // COLUMNS, COLUMNS, height, width, channels)
    sheet = rows.transpose(0, 2, 1, 3, 4).reshape(n // COLUMNS * height, COLUMNS * width, channels)
    buffer = io.BytesIO()
    Image.fromarray(sheet[..., 0] if channels == 1 else sheet).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
