"""What is checked before anything is corrupted, and which corruptions suit which data."""

from __future__ import annotations

import pytest
import torch

from genlab.corruptions import fitting
from genlab.errors import InputError
from genlab.registry import registry
from genlab.space import Space
from genlab.training.seeding import SharedRandom
from tests.objectives.toys import Noise

GREY, COLOUR, POINTS = Space("images", (1, 8, 8)), Space("images", (3, 8, 8)), Space("points", (2,), scale=2.0)


def names(space: Space) -> set[str]:
    return {spec.name for spec in fitting(space)}


def test_what_fits_depends_on_what_items_are_and_nothing_is_no_corruption() -> None:
    assert names(POINTS) == {"noise", "scattered"}
    assert names(COLOUR) - names(GREY) == {"grey"}
    assert {"noise", "hole", "scattered", "low_resolution", "compressed"} <= names(GREY)
    assert "none" not in names(COLOUR) and not registry("corruptions").get("none").objection(POINTS)


@pytest.mark.parametrize(
    ("name", "space", "why"),
    [
        ("hole", POINTS, "corruption 'hole' is not for points"),
        ("grey", GREY, "no colour to lose"),
        ("compressed", POINTS, "2 values are too small"),
    ],
)
def test_items_that_it_is_not_for_are_refused_in_a_sentence(name: str, space: Space, why: str) -> None:
    with pytest.raises(InputError, match=why):
        registry("corruptions").get(name).measuring(space, 3, Noise())


def test_a_strength_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="'grey' has one strength only"):
        registry("corruptions").get("grey").measuring(COLOUR, 3, Noise(), strength=0.5)


def test_strengths_may_differ_between_items() -> None:
    x = torch.full((3, 1, 8, 8), 0.5)
    spec = registry("corruptions").get("hole")
    done = spec.measuring(GREY, 3, Noise(), strength=torch.tensor([0.0, 0.5, 1.0]))
    lost = (done(x) == 0).flatten(1).sum(1)
    assert lost.tolist() == [0, 4, 16]


def test_corrupted_items_are_what_is_left_at_the_items_size() -> None:
    x = Noise(1).uniform(4, 3, 8, 8)
    spec = registry("corruptions").get("low_resolution")
    done = spec.measuring(COLOUR, 4, Noise())
    assert done(x).shape == (4, *done.shape) == (4, 3, 4, 4)
    torch.testing.assert_close(spec.apply(x, COLOUR, Noise()), done.as_items(done(x)))


def test_two_processes_share_the_noise_of_one() -> None:
    x = Noise(1).uniform(6, 1, 8, 8)
    spec = registry("corruptions").get("noise")
    together = spec.apply(x, GREY, SharedRandom(0, "step"))
    halves = [spec.apply(x[3 * r : 3 * r + 3], GREY, SharedRandom(0, "step", rank=r, world=2)) for r in range(2)]
    assert torch.equal(torch.cat(halves), together)
