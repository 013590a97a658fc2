"""Films whose frames are drawn one by one, and films that are drawn whole: how much they flicker. Numpy only.

The models are the best linear decoders of frames and of films: principal components (Tipping and Bishop, Probabilistic
Principal Component Analysis, 1999), of which means are shown, as of a VAE.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics.base import Evidence, Items
from genlab.registry import registry

Floats = NDArray[np.float32]

DRAWN, SHOWN, MOST = 200, 8, 4_000
"""Films that are drawn each way; frames that are shown of one; frames that the model of frames learns from at most."""

WAYS = ("real", "stills", "frames", "films")
"""Real films; real frames of other films each; a model of frames; a model of films."""


def drawn(items: NDArray[np.uint8], learned: int, latents: int, seed: int) -> dict[str, Any]:
    """Draw films frame by frame and whole, and hold their flicker beside that of films that nobody has learned from.

    Args:
        items: Films uint8 [N, C, T, H, W].
        learned: Films that are learned from; as many others are compared with.
        latents: Dimensions of the latent of a frame, and of that of a film.
        seed: Of the films that are taken and of all draws.

    Returns:
        For each of `WAYS` the ``flicker`` with ``low`` and ``high``, relative to that of real films, and ``shown``, the
        first frames of one film, uint8 [n, C, H, W].
    """
    rng = np.random.default_rng(seed)
    number = min(learned, len(items) // 2)
    taken = rng.permutation(len(items))[: 2 * number]
    films = items[np.sort(taken)][rng.permutation(2 * number)].astype(np.float32) / np.float32(255)
    own, others = films[:number], films[number:]
    frames = _frames(own)
    made: dict[str, Floats] = {
        "real": own[:DRAWN],
        "stills": _films(frames[rng.integers(len(frames), size=DRAWN * own.shape[2])], own.shape),
        "frames": _films(_draw(_some(frames, rng), latents, DRAWN * own.shape[2], rng), own.shape),
        "films": _draw(own, latents, DRAWN, rng),
    }
    return {way: _measured(others, made[way], rng) for way in WAYS}


def _measured(real: Floats, made: Floats, rng: np.random.Generator) -> dict[str, Any]:
    nothing = np.zeros((0, 0), np.float32)
    evidence = Evidence(Items(real, nothing), Items(made, nothing))
    found = registry("metrics").get("flicker").compute(evidence, None, rng)
    shown = np.rint(_frames(made[:1])[:SHOWN] * 255).astype(np.uint8)
    return {"flicker": found.value, "low": found.low, "high": found.high, "shown": shown}


def _frames(films: Floats) -> Floats:
    """Frames [N * T, C, H, W] of films [N, C, T, H, W], those of a film behind each other."""
    return np.moveaxis(films, 2, 1).reshape(-1, films.shape[1], *films.shape[3:])


def _films(frames: Floats, like: tuple[int, ...]) -> Floats:
    """Films [N, C, T, H, W] of frames [N * T, C, H, W]; the way back."""
    _, channels, length, height, width = like
    return np.moveaxis(frames.reshape(-1, length, channels, height, width), 1, 2)


def _some(items: Floats, rng: np.random.Generator) -> Floats:
    return items[rng.permutation(len(items))[:MOST]]


def _draw(items: Floats, latents: int, number: int, rng: np.random.Generator) -> Floats:
    """Items [number, ...] in [0, 1] that a linear decoder makes of latents N(0, I)."""
    flat = items.reshape(len(items), -1)
    centre = flat.mean(axis=0)
    decoder = _components(flat - centre, latents)
    latent = rng.standard_normal((number, len(decoder)), dtype=np.float32)
    made: Floats = (centre + latent @ decoder).clip(0, 1).reshape(number, *items.shape[1:])
    return made


def _components(centred: Floats, latents: int) -> Floats:
    """Principal components [D, P] of ``centred`` [N, P], each as long as data spread along it."""
    if len(centred) < centred.shape[1]:
        # Fewer items than values: the same components, from how items lie to each other.
        _, mixed = np.linalg.eigh(centred @ centred.T)
        found = mixed[:, ::-1][:, :latents].T @ centred / np.sqrt(len(centred))
        return np.asarray(found, np.float32)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = np.sqrt(np.maximum(spread[::-1][:latents], 0))
    return np.asarray((axes[:, ::-1][:, :latents] * kept).T, np.float32)
