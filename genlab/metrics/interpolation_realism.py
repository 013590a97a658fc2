"""Interpolation realism: whether half-way between two latents there is a picture as real as at either of them."""

from __future__ import annotations

import numpy as np

from genlab.metrics._neighbours import KEEP, count_balls
from genlab.metrics._resample import clipped, of_contributions, shrunk
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class InterpolationOptions(Options):
    """Settings of interpolation realism."""

    neighbours: int = setting(
        5, "k: a real item's ball reaches its k-th neighbour; higher is more lenient", ge=1, le=KEEP
    )


def compute(evidence: Evidence, options: InterpolationOptions, rng: np.random.Generator) -> Measured:
    """Share of midpoints that lie in the nearest-neighbour ball of some real item, relative to that of ends.

    A share of its own would judge the generator, not the way between; above 1, the middle is more real than the ends.
    """
    walks = evidence.walks
    assert walks is not None
    if len(evidence.table.real) <= options.neighbours:
        return Measured(None, why=f"It takes more than {options.neighbours} real items.")
    table, n = evidence.table, len(walks.ends)
    radii = table.within_real[0][:, options.neighbours - 1]
    middle, ends = (count_balls(points, table.real, radii) for points in (walks.midpoint, walks.ends))
    real_middle, real_ends = ((balls.of_item > 0).astype(np.float64) for balls in (middle, ends))
    if not real_ends.any():
        return Measured(None, why="None of the samples looks real, so there is nothing to compare with.")
    share = float(real_ends.mean())
    value = float(real_middle.mean()) / share
    # To first order a ratio moves as its parts do: with each way, and with each real item whose ball is the only one.
    of_ways = (real_middle - value * real_ends) / share
    of_real = len(table.real) * (shrunk(middle.alone) - value * shrunk(ends.alone)) / (n * share)
    low, high = clipped(of_contributions(value, [of_ways, of_real], rng), SPEC.limits)
    detail = {"midpoints": float(real_middle.mean()), "ends": share, "realistic": middle.of_item > 0}
    return Measured(value, low, high, n=n, detail=detail)


SPEC = MetricSpec(
    title="Interpolation realism",
    summary="Share of midpoints between latents that look real, relative to that of ordinary samples",
    paper="After Kynkäänniemi et al., Improved Precision and Recall Metric, 2019, equation 1",
    Options=InterpolationOptions,
    group="latent",
    needs=("features", "walks"),
    better="up",
    limits=(0, None),
    ideal=1,
    minimum=100,
    floored=False,
    compute=compute,
)
