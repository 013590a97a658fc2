"""Points in the plane, in the data's own coordinates; drawn together, as dots."""

from __future__ import annotations

from genlab.kinds.base import KindSpec, Shape, Watching


def refuse(shape: Shape) -> str:
    """Why points cannot have that shape, or ""."""
    return "" if shape == (2,) else f"Points in the plane have 2 coordinates, not {shape[0]}."


SPEC = KindSpec(
    title="Points",
    summary="Points in the plane, in their own coordinates",
    one="point",
    many="points",
    value="coordinate",
    phrase="points in the plane",
    axes=1,
    refuse=refuse,
    words=lambda shape: "points in the plane",
    draw=None,
    modes=True,
    watching=Watching(least=16_384, components=False, telling=False),
)
