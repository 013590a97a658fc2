"""What is asked of networks that restore in one pass: how long that takes, and what nothing surpasses."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks._common import Bar

QUICK = 20.0
"""Milliseconds that one pass may take for an image."""

PASSES = 200
"""How often that is timed."""

MEASURED = ("psnr", "features")
"""Distortion and perception."""


def passes(lab: Any, run: str) -> list[float]:
    """Milliseconds of each of `PASSES` passes through a restorer, one image at a time; the first is not counted."""
    import torch

    model, taken = lab.models.load(run), []
    given = torch.rand(1, *model.space.shape, generator=torch.Generator().manual_seed(0))
    model.restore(given)
    for _ in range(PASSES):
        begun = time.perf_counter()
        model.restore(given)
        taken.append(1_000 * (time.perf_counter() - begun))
    return taken


def quick(title: str, name: str, taken: Sequence[float]) -> Bar:
    """Whether one pass takes no longer than it may, for an image that comes alone."""
    middle = statistics.median(taken)
    figure = f"{middle:.2f} ms (least of {len(taken)}: {min(taken):.2f})"
    return Bar(f"{title}: {name}, an image alone, median", figure, f"< {QUICK:g} ms", middle < QUICK)


def unbeaten(
    baselines: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[str, ...]:
    """Methods than which none is better in both distortion and perception, from the least distortion on."""
    points = [
        (f"{who}{', ' if who else ''}{answer['title']}", *(float(answer["scores"][m]["value"]) for m in MEASURED))
        for who, found in (("", baselines), *answers.items())
        for answer in found
        if answer["role"] in {"baseline", "model"} and all(m in answer["scores"] for m in MEASURED)
    ]
    best = [one for one in points if not any(other[1] > one[1] and other[2] < one[2] for other in points)]
    return tuple(f"{name} ({psnr:.1f} dB, {apart:.3f})" for name, psnr, apart in sorted(best, key=lambda one: -one[1]))
