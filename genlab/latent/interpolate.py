"""Ways between latents: straight or along the sphere, between two to four corners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from genlab.errors import InputError

Kind = Literal["linear", "spherical"]
"""Straight lines, or great circles with the length interpolated."""

NEARLY = 1e-6
"""Angles in radians (and lengths) below this are taken for zero."""


def lerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """Linear interpolation of rows ``a`` and ``b`` [n, D] at ``t`` (a number, or [n, 1])."""
    return a + (b - a) * t


def slerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """Spherical interpolation of rows, with lengths interpolated linearly (White, Sampling generative networks, 2016).

    Half-way between two samples of N(0, I) the straight line passes nearer to zero than samples ever are; the circle
    keeps their length. Rows that point the same way, or of which one is zero, are interpolated linearly; between
    opposite ones, where every great circle is as short, the way goes through the axis that both are least along.

    Args:
        a: [n, D].
        b: [n, D].
        t: 0 at ``a``, 1 at ``b``; a number, or [n, 1].

    Returns:
        [n, D] in the type of ``a``.
    """
    start, end = a.double(), b.double()
    long_a, long_b = start.norm(dim=-1, keepdim=True), end.norm(dim=-1, keepdim=True)
    unit_a, unit_b = start / long_a.clamp_min(1e-300), end / long_b.clamp_min(1e-300)
    # Half the angle from the lengths of difference and sum: exact where the cosine is not, near 0 and pi.
    apart, together = (unit_a - unit_b).norm(dim=-1, keepdim=True), (unit_a + unit_b).norm(dim=-1, keepdim=True)
    angle = 2 * torch.atan2(apart, together)
    across = unit_b - (unit_a * unit_b).sum(dim=-1, keepdim=True) * unit_a
    across = torch.where(together < NEARLY, _perpendicular(unit_a), across)
    across = across / across.norm(dim=-1, keepdim=True).clamp_min(1e-300)
    turned = (t * angle).cos() * unit_a + (t * angle).sin() * across
    along = turned * lerp(long_a, long_b, t)
    # On a line there is no way round the middle.
    straight = (apart < NEARLY) | (long_a < NEARLY) | (long_b < NEARLY) | (a.shape[-1] == 1)
    return torch.where(straight, lerp(start, end, t), along).to(a.dtype)


def path(corners: Tensor, steps: int, kind: Kind, *, closed: bool = False) -> Tensor:
    """The way from corner to corner.

    Args:
        corners: [k, D], k of 2 or more.
        steps: Latents per leg; each leg begins at its corner.
        kind: Straight or spherical.
        closed: Whether it leads back to the first corner, so that it can be played in a loop.

    Returns:
        [(k - 1) steps + 1, D] with both ends, or [k steps, D] where closed: the first corner is not repeated.

    Raises:
        InputError: When there are fewer than two corners, or no step.
    """
    if corners.ndim != 2 or len(corners) < 2:
        raise InputError("A walk needs at least two points.", "Choose another point.")
    if steps < 1:
        raise InputError(f"A walk cannot have {steps} steps.", "Ask for at least one step per leg.")
    start, end = corners, corners.roll(-1, dims=0)
    if not closed:
        start, end = start[:-1], end[:-1]
    legs = [_between(kind)(start, end, step / steps) for step in range(steps)]
    way = torch.stack(legs, dim=1).flatten(0, 1)
    return way if closed else torch.cat([way, corners[-1:]])


def triangle(corners: Tensor, side: int, kind: Kind = "linear") -> list[Tensor]:
    """Latents of a triangle, row by row: the first row is the first corner, the last one leads from second to third.

    Each latent has barycentric coordinates with denominator ``side - 1``. Spherical ones go along the two sides that
    meet in the first corner, and from the one to the other.

    Args:
        corners: [3, D].
        side: Latents along a side, 2 or more.
        kind: Straight or spherical.

    Returns:
        ``side`` tensors, the r-th (from 0) of shape [r + 1, D].

    Raises:
        InputError: When there are not three corners, or a side is too short.
    """
    _expect(corners, 3, "triangle", side)
    between = _between(kind)
    rows = []
    for row in range(side):
        left, right = (between(corners[:1], corners[corner : corner + 1], row / (side - 1)) for corner in (1, 2))
        rows.append(between(left.expand(row + 1, -1), right.expand(row + 1, -1), _shares(row + 1, corners)))
    return rows


def sheet(corners: Tensor, rows: int, columns: int, kind: Kind = "linear") -> Tensor:
    """A rectangle of latents between four corners: bilinear, or a great circle between great circles.

    Args:
        corners: [4, D]: top left, top right, bottom left, bottom right.
        rows: 2 or more.
        columns: 2 or more.
        kind: Straight or spherical.

    Returns:
        [rows, columns, D].

    Raises:
        InputError: When there are not four corners, or a side is too short.
    """
    _expect(corners, 4, "sheet", min(rows, columns))
    between = _between(kind)
    down = _shares(rows, corners)
    left, right = (between(corners[i : i + 1].expand(rows, -1), corners[i + 2 : i + 3], down) for i in (0, 1))
    across = _shares(columns, corners)
    pairs = zip(left, right, strict=True)
    return torch.stack([between(a.expand(columns, -1), b.expand(columns, -1), across) for a, b in pairs])


def _between(kind: Kind) -> Callable[[Tensor, Tensor, Tensor | float], Tensor]:
    if kind not in ("linear", "spherical"):
        raise InputError(
            f"There is no interpolation of kind {kind!r}.", "Choose linear or spherical.", kind="unknown_name"
        )
    return slerp if kind == "spherical" else lerp


def _perpendicular(unit: Tensor) -> Tensor:
    """To each of the unit vectors [n, D], the part at right angles to it of the axis that it is least along."""
    axis = torch.nn.functional.one_hot(unit.abs().argmin(dim=-1), unit.shape[-1]).to(unit.dtype)
    return axis - (axis * unit).sum(dim=-1, keepdim=True) * unit


def _shares(count: int, like: Tensor) -> Tensor:
    """From 0 to 1 in ``count`` steps, [count, 1]."""
    return torch.linspace(0, 1, count, dtype=torch.float64).to(like.dtype)[:, None]


def _expect(corners: Tensor, count: int, name: str, side: int) -> None:
    if corners.ndim != 2 or len(corners) != count:
        raise InputError(f"A {name} needs {count} points, not {len(corners)}.", f"Choose {count} points.")
    if side < 2:
        raise InputError(f"A {name} of {side} latents to a side has no side.", "Ask for at least 2.")
