"""What a density says of items that it has not seen, before and after the correction for complexity. Numpy only.

The density is that of the best linear decoder, probabilistic PCA (Tipping and Bishop, 1999), whose likelihood is known
in closed form; complexity is the size of the compressed picture (Serrà et al., 2020).
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.lessons._gradients import linear_decoder

Floats = NDArray[np.float64]


def scored(
    items: NDArray[np.uint8], labels: NDArray[np.int64], normal: int, other: int, latents: int, seed: int
) -> dict[str, Any]:
    """Learn one class from half of its items, and score the other half and another class.

    Args:
        items: Images uint8 [N, C, H, W].
        labels: Their classes [N].
        normal: The class that is learned.
        other: The class that is not.
        latents: Latent dimensions of the density.
        seed: Which half is learned from.

    Returns:
        For ``likelihood`` (bits that an item takes by the density) and ``corrected`` (the same less the bits of the
        compressed item): the scores of both classes (``normal``, ``other``) and the ``auroc``, the chance that an item
        of the other class scores higher. ``compressed`` has the mean bits of both.
    """
    own = np.random.default_rng(seed).permutation(np.flatnonzero(labels == normal))
    learned, held_out = own[: len(own) // 2], own[len(own) // 2 :]
    groups = {"normal": items[held_out], "other": items[labels == other]}
    density = linear_decoder(_flat(items[learned]), latents)
    bits = {name: code_length(_flat(group), *density) for name, group in groups.items()}
    sizes = {name: compressed(group) for name, group in groups.items()}
    found: dict[str, Any] = {"compressed": {name: float(size.mean()) for name, size in sizes.items()}}
    for name, scores in (("likelihood", bits), ("corrected", {key: bits[key] - sizes[key] for key in bits})):
        higher = _chance_higher(scores["other"], scores["normal"])
        found[name] = {"auroc": higher, **{key: values.tolist() for key, values in scores.items()}}
    return found


def code_length(data: Floats, centre: Floats, components: Floats, variance: float) -> Floats:
    """Bits [N] that pictures of 256 levels take by the density N(centre, W'W + variance I).

    Args:
        data: Pixels in [0, 1], [N, P].
        centre: [P].
        components: W [D, P].
        variance: Of each pixel beside that.
    """
    gap, pixels = data - centre, data.shape[1]
    inner = components @ components.T + variance * np.eye(len(components))
    seen = gap @ components.T
    quadratic = (np.square(gap).sum(axis=1) - (seen * np.linalg.solve(inner, seen.T).T).sum(axis=1)) / variance
    spread = np.linalg.slogdet(inner)[1] + (pixels - len(components)) * np.log(variance)
    nats = 0.5 * (quadratic + spread + pixels * np.log(2 * np.pi))
    found: Floats = nats / np.log(2) + pixels * np.log2(255)
    return found


def compressed(items: NDArray[np.uint8]) -> Floats:
    """Bits [N] of each item as zlib compresses it."""
    return np.array([8.0 * len(zlib.compress(item.tobytes(), 9)) for item in items])


def _chance_higher(one: Floats, other: Floats) -> float:
    """The chance that an item of ``one`` is above one of ``other``; ties count half."""
    apart = one[:, None] - other[None]
    return float((apart > 0).mean() + 0.5 * (apart == 0).mean())


def _flat(items: NDArray[np.uint8]) -> Floats:
    return items.reshape(len(items), -1).astype(np.float64) / 255
