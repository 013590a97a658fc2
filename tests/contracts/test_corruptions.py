"""What every corruption must keep to, on all data that it takes."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor

from genlab.corruptions.base import CorruptionSpec
from genlab.corruptions.build import Measuring
from genlab.presentation.fields import describe
from genlab.registry import registry
from genlab.space import Space
from tests.objectives.toys import Noise
from tests.support.elsewhere import DEVICE, pretending

SPACES = {
    "grey": Space("images", (1, 12, 12)),
    "colour": Space("images", (3, 13, 10)),
    "points": Space("points", (2,), scale=2.0),
}
CASES = [(spec, name) for spec, name in product(registry("corruptions"), SPACES) if not spec.objection(SPACES[name])]
PAIRS = pytest.mark.parametrize(("spec", "name"), CASES, ids=[f"{spec.name}-{name}" for spec, name in CASES])


def items(space: Space, count: int = 5, seed: int = 1) -> Tensor:
    return Noise(seed).uniform(count, *space.shape)


def drawn(spec: CorruptionSpec, space: Space, seed: int = 0, count: int = 5) -> Measuring:
    return spec.measuring(space, count, Noise(seed))


@pytest.mark.parametrize("spec", registry("corruptions"), ids=registry("corruptions").names())
def test_it_can_be_done_to_something_and_its_settings_have_widgets(spec: CorruptionSpec) -> None:
    assert any(not spec.objection(space) for space in SPACES.values())
    assert all(field.why and field.kind != "json" for field in describe(spec.Options()))


@PAIRS
def test_a_measurement_has_the_shape_that_it_says_and_the_size_of_an_item_where_it_is_shown(spec, name) -> None:
    space = SPACES[name]
    x, done = items(space), drawn(spec, space)
    y = done(x)
    assert y.shape == (5, *done.shape) and y.isfinite().all()
    assert done.as_items(y).shape == x.shape and done.as_items(y).isfinite().all()
    assert bool((done.as_items(y) != x).any()) == spec.changes


@PAIRS
def test_the_same_noise_does_the_same(spec, name) -> None:
    space = SPACES[name]
    x = items(space)
    assert torch.equal(spec.apply(x, space, Noise(3)), spec.apply(x, space, Noise(3)))


@PAIRS
def test_what_is_linear_is_linear(spec, name) -> None:
    if not spec.linear:
        pytest.skip("not linear")
    space = SPACES[name]
    done, a, b = drawn(spec, space), items(space, seed=1), items(space, seed=2)
    torch.testing.assert_close(done.exact(2 * a - b), 2 * done.exact(a) - done.exact(b), atol=1e-5, rtol=1e-4)


@PAIRS
def test_what_is_shown_has_the_measurement(spec, name) -> None:
    space = SPACES[name]
    done, x = drawn(spec, space), items(space)
    y = done.exact(x)
    assert done.misfit(done.as_items(y), y).max() < 1e-10
    assert done.misfit(x, y).max() < 1e-10
    if spec.changes and bool((done.as_items(y) == x).all()):  # noise alone: another item is not measured alike
        assert done.misfit(items(space, seed=2), y).min() > 1e-4


@PAIRS
def test_candidates_can_descend_on_the_misfit(spec, name) -> None:
    space = SPACES[name]
    done, x = drawn(spec, space), items(space)
    y, guess = done(x), items(space, seed=5).requires_grad_()
    before = done.misfit(guess, y)
    (slope,) = torch.autograd.grad(before.sum(), guess)
    assert slope.isfinite().all() and slope.any()
    assert (done.misfit(guess - 1e-3 * slope, y) <= before).all()


@PAIRS
def test_rows_are_those_items(spec, name) -> None:
    space = SPACES[name]
    done, x = drawn(spec, space), items(space)
    index = torch.tensor([4, 0, 0])
    torch.testing.assert_close(done.rows(index)(x[index]), done(x)[index])


@PAIRS
def test_strength_zero_is_nothing_and_less_is_less(spec, name) -> None:
    if not spec.graded:
        pytest.skip("has one strength")
    space = SPACES[name]
    x = items(space, 64)
    errors = [
        float((spec.apply(x, space, Noise(), strength=strength) - x).square().mean()) for strength in (0.0, 0.5, 1.0)
    ]
    assert errors[0] == 0
    assert errors[0] < errors[1] < errors[2] or not spec.changes


@PAIRS
def test_it_is_done_where_the_items_are(monkeypatch: pytest.MonkeyPatch, spec, name) -> None:
    class NoiseThere(Noise):
        def normal(self, *shape: int) -> Tensor:
            return super().normal(*shape).to(DEVICE)

        def uniform(self, *shape: int) -> Tensor:
            return super().uniform(*shape).to(DEVICE)

    space = SPACES[name]
    expected = spec.apply(items(space), space, Noise())
    strength = torch.ones(5)
    with pretending(monkeypatch):
        x = items(space).to(DEVICE)
        found = spec.apply(x, space, NoiseThere())
        assert found.device == DEVICE
        assert spec.apply(x, space, NoiseThere(), strength=strength.to(DEVICE)).device == DEVICE
        assert torch.equal(found.cpu(), expected)


@PAIRS
def test_what_was_drawn_here_can_be_asked_there(monkeypatch: pytest.MonkeyPatch, spec, name) -> None:
    space = SPACES[name]
    x, done = items(space), drawn(spec, space)
    expected = done.misfit(x.flip(0), done(x))
    with pretending(monkeypatch):
        there = done.to(DEVICE)
        found = there.misfit(x.flip(0).to(DEVICE), there(x.to(DEVICE)))
        assert found.device == DEVICE
        assert torch.equal(found.cpu(), expected)
