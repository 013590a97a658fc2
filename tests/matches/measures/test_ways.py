"""Ways between codes: straight in a structured space, jumping in a table of pictures, ghosts in the middle."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from genlab.encoders.base import Encoded
from genlab.matches.measures import ways
from genlab.space import Space
from tests.support import straw


def of(name: str, measure: str) -> float:
    return float(straw.scores(name, 0)[measure]["value"])


def test_ways_go_straight_only_where_there_is_structure() -> None:
    assert of("perfect", "path_detour") < 1.6
    assert of("shuffled", "path_detour") > 3 and of("lookup", "path_detour") > 6


def test_blur_alone_makes_no_way_shorter() -> None:
    """Of the same latent space: unblurred, the perfect sampler's ways were 1.16 times as long as its blurred twin's.

    What has no structure is told apart as before.
    """
    perfect = of("perfect", "path_detour")
    assert perfect / of("blurred", "path_detour") < 1.08
    assert of("noisy", "path_detour") / perfect < 1.05
    assert of("turned", "path_detour") / perfect > 2
    assert all(of(name, "path_detour") / perfect > 4 for name in ("shuffled", "lookup", "holes", "ghosts"))


@dataclass(frozen=True)
class Wide(straw.Straw):
    """A perfect sampler of a kind of data, whose pictures are twice as wide as high."""

    kind: str = "images"

    @property
    def space(self) -> Space:
        return Space(self.kind, (1, straw.SIDE, 2 * straw.SIDE))

    def decode(self, z: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        return torch.cat([super().decode(z, y)] * 2, dim=3)


@pytest.mark.parametrize(("kind", "blurs"), [("images", True), ("film", True), ("texts", False), ("sound", False)])
def test_pictures_are_blurred_for_the_length_only_and_where_their_kind_knows_blur(kind: str, blurs: bool) -> None:
    """By a share of the shorter side; middles, and items of which blur means nothing, are seen as they are."""
    seen: list[straw.Images] = []

    def look(items: straw.Images) -> Encoded:
        seen.append(items)
        return straw.Eye()(items[..., : straw.SIDE])

    given = straw.subject(straw.Straw(straw.perfect))
    ways.ways(replace(given, model=Wide(straw.perfect, kind=kind), encoder=look))
    along, middles = seen[: ways.PARTS + 1], seen[ways.PARTS + 1 :]
    assert len(middles) == 3
    sigma = (0, 0, *(straw.SIDE * ways.BLUR,) * 2) if blurs else (0, 0, 0, 0)
    for blurred, sharp in zip((along[0], along[ways.PARTS // 2], along[-1]), middles, strict=True):
        np.testing.assert_allclose(blurred, gaussian_filter(sharp, sigma) if blurs else sharp, atol=1e-6)
        assert np.allclose(blurred, sharp, atol=1e-3) != blurs


def test_middles_are_real_wherever_pictures_are() -> None:
    """So that this alone proves no structure; but a ghost in the middle is seen."""
    for name in ("perfect", "shuffled", "lookup"):
        assert of(name, "midpoint_realism") > 0.95
    assert of("ghosts", "midpoint_realism") < 0.85


def test_a_way_is_measured_by_its_own_ends() -> None:
    line = np.linspace(0, 1, 9)[:, None, None] * np.ones((1, 4, 2))
    assert ways.detour(line).value == pytest.approx(1) == ways.detour(0.01 * line).value
    there = np.concatenate([line, line[::-1], line])
    found = ways.detour(there)
    assert found.value == pytest.approx(3) and found.detail["items"] == pytest.approx([3] * 4)
    same = ways.detour(np.zeros((9, 4, 2)))
    assert same.value is None and same.why.endswith("of all held-out images.")
    line[:, 0] = 0
    some = ways.detour(line)
    assert some.n == 3 and some.detail["items"] is None, "what is left out is no pair with another family's"


def test_middles_are_held_against_their_ends() -> None:
    real = np.random.default_rng(0).normal(size=(200, 2))
    far = np.full((9, 50, 2), 100.0)
    assert ways.realism(far, real).value is None
    near = np.repeat(real[None, :50], 9, axis=0)
    assert ways.realism(near, real).value == 1
    near[4, :25] = 100.0
    found = ways.realism(near, real)
    assert found.value == pytest.approx(0.5) and found.detail["items"].mean() == pytest.approx(0.5)
