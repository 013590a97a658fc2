"""What there is to learn from: points of a built-in distribution, or of one drawn by hand, and where they lie.

No torch: the server gives these points to browsers, which train on them; how they become batches is `plane_stream`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.datasets.base import DatasetSpec, Mixture, Source
from genlab.options import parse
from genlab.playground.scenario import Data, Scenario
from genlab.playground.wire import picture
from genlab.registry import registry
from genlab.space import Space

COUNT = 20_000
"""Points that the models learn from."""

MARGIN = 1.3
"""Half the side of the picture, relative to the outermost points."""

SCATTER = 0.04
"""Standard deviation of points about a place drawn by hand; drawings span -1 to 1."""


@dataclass(frozen=True)
class PlaneData:
    """The data of one playground.

    Attributes:
        points: What is learned from, float32 [COUNT, 2].
        held_out: As many points of the same distribution that no model sees, float32 [COUNT // 5, 2].
        scale: About the standard deviation of a coordinate.
        mixture: The modes, where the distribution has known ones.
        half: Half the side of the square around the origin that pictures show.
    """

    points: NDArray[np.float32]
    held_out: NDArray[np.float32]
    scale: float
    mixture: Mixture | None
    half: float

    @property
    def space(self) -> Space:
        """What the networks are built for."""
        return Space(kinds.in_plane().name, (2,), scale=self.scale)


def data_of(scenario: Scenario) -> PlaneData:
    """The data that the scenario names; its modes are as wide as the noise on the data makes them."""
    drawn = tuple(scenario.drawn) if scenario.data == "drawn" else ()
    found = _load(scenario.data, drawn)
    if not scenario.noise:
        return found
    rng = np.random.default_rng([scenario.seed, 7])
    noisy = found.held_out + np.float32(scenario.noise) * rng.standard_normal(found.held_out.shape, dtype=np.float32)
    modes = found.mixture
    if modes is not None:
        modes = Mixture(modes.means, float(np.hypot(modes.sd, scenario.noise)))
    return replace(found, held_out=noisy, mixture=modes)


@lru_cache(maxsize=16)
def _load(name: str, drawn: tuple[tuple[int, int], ...]) -> PlaneData:
    if name == "drawn":
        points, held_out = _around(drawn, COUNT, 0), _around(drawn, COUNT // 5, 1)
        return PlaneData(points, held_out, max(float(points.std()), 0.1), None, MARGIN)
    spec: DatasetSpec = registry("datasets").get(name.replace("_", "-"))
    options = parse(spec.Options, {"count": COUNT})
    raw = spec.load(Source(None, Path()), options)
    assert raw.test is not None
    points = np.concatenate([chunk.items for chunk in raw.train])
    held_out = np.concatenate([chunk.items for chunk in raw.test])
    mixture = spec.mixture(options) if spec.mixture else None
    return PlaneData(points, held_out, raw.scale, mixture, MARGIN * float(np.quantile(np.abs(points), 0.999)))


def built_in() -> tuple[str, ...]:
    """The distributions that are not drawn by hand."""
    return tuple(name for name in get_args(Data) if name != "drawn")


def sent(name: str) -> bytes:
    """A built-in distribution for the browser: ``learned``, ``held_out`` and ``modes`` as arrays, and how they lie.

    Raises:
        KeyError: When there is none of that name.
    """
    if name not in built_in():
        raise KeyError(name)
    data = _load(name, ())
    arrays = {"learned": data.points, "held_out": data.held_out}
    if data.mixture is not None:
        arrays["modes"] = data.mixture.means.astype(np.float32)
    sd = None if data.mixture is None else data.mixture.sd
    return picture({"kind": "distribution", "scale": data.scale, "half": data.half, "sd": sd}, arrays)


def _around(drawn: tuple[tuple[int, int], ...], count: int, part: int) -> NDArray[np.float32]:
    """Points about the places of a drawing, each place equally likely."""
    rng = np.random.default_rng([len(drawn), part])
    places = (np.asarray(drawn, np.float32) / 127.5 - 1)[rng.integers(len(drawn), size=count)]
    return (places + SCATTER * rng.standard_normal(places.shape)).astype(np.float32)
