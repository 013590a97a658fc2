"""Methods without a model on pictures that suit them: they beat what they are given, and recover what can be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from genlab.tasks import _classical as classical
from genlab.tasks._inverse import Opponent, solved, tuned
from tests.tasks.problems import blobs, error, posed


def inputs(train: torch.Tensor, **more: Any) -> Any:
    """The training items of a task, and nothing else."""
    return SimpleNamespace(training=lambda most: (train[:most].numpy(), None), brief=False, seed=0, **more)


@pytest.mark.parametrize("method", ["non_local_means", "total_variation", "linear_model"])
@pytest.mark.parametrize("channels", [1, 3])
def test_noise_becomes_less(method: str, channels: int):
    problem = posed(blobs(channels=channels), "noise", {"sigma": 0.3}, 0.3)
    made = getattr(classical, method)
    opponent: Opponent = made(inputs(blobs(400, channels=channels, seed=1))) if method == "linear_model" else made()
    trial = posed(blobs(seed=2, channels=channels), "noise", {"sigma": 0.3}, 0.3)
    found = solved(opponent, problem, tuned(opponent, trial))
    assert found.shape == problem.items.shape and found.dtype == np.float32 and 0 <= found.min() <= found.max() <= 1
    assert error(problem, found) < 0.5 * error(problem, problem.visible)


def test_a_parameter_is_chosen_on_the_items_that_it_is_tried_on():
    opponent = Opponent("scale", "Scale", lambda problem, times: times * problem.visible, (0.2, 0.5, 1.0, 2.0), "Times")
    dimmed = posed(blobs(), "noise", {"sigma": 1e-6})
    assert tuned(opponent, dimmed) == 1.0
    loud = posed(torch.zeros(2, 1, 20, 20), "noise", {"sigma": 0.5}, 0.5)
    assert tuned(opponent, loud) == 0.2


def test_interpolation_beats_blocks_and_means_that_are_put_back_are_right():
    problem = posed(blobs(side=21), "low_resolution", {"factor": 2})
    plain, exact = (solved(classical.bicubic(is_exact), problem, 0.0) for is_exact in (False, True))
    assert error(problem, plain) < 0.5 * error(problem, problem.visible)
    assert error(problem, exact) < error(problem, plain)
    assert problem.consistency(exact).max() < 0.3 * problem.consistency(plain).max()


def test_a_hole_in_something_smooth_is_filled():
    problem = posed(blobs(channels=3), "hole", {"side": 0.3})
    for opponent in (classical.biharmonic(), classical.linear_model(inputs(blobs(400, channels=3, seed=1)))):
        found = solved(opponent, problem, 0.0)
        assert error(problem, found) < 0.1 * error(problem, problem.visible)
        assert problem.consistency(found).max() < 1e-6


@pytest.mark.parametrize("basis", ["pixels", "dct"])
def test_few_numbers_that_are_not_0_are_found_from_few_sums(basis: str):
    rng = np.random.default_rng(0)
    numbers = np.zeros((3, 144))
    for row in numbers:
        row[rng.choice(30, 4, replace=False)] = rng.uniform(0.5, 1, 4)
    values = numbers if basis == "pixels" else numbers @ classical.cosines((1, 12, 12)).T
    problem = posed(
        torch.as_tensor(values.reshape(3, 1, 12, 12), dtype=torch.float32), "compressed", {"measurements": 60}
    )
    found = classical.lasso(basis).solve(problem, 0.01)
    assert error(problem, found) < 0.02 * error(problem, problem.visible)


def test_cosines_are_orthonormal_and_the_first_is_flat():
    waves = classical.cosines((2, 3, 4))
    np.testing.assert_allclose(waves.T @ waves, np.eye(24), atol=1e-12)
    np.testing.assert_allclose(waves[:12, 0], 1 / np.sqrt(12))
    assert not waves[12:, 0].any()


def test_colours_are_those_of_the_training_items():
    train = blobs(50, channels=3, seed=1)
    red = torch.tensor([1.0, 0.2, 0.1]).view(3, 1, 1)
    problem = posed(red * blobs(4), "grey", {})
    by = {name: getattr(classical, f"{name}_colour") for name in ("mean", "nearest")}
    of_all_red = inputs(red * blobs(50, seed=1))
    for name, method in by.items():
        right, wrong = (error(problem, solved(method(of), problem, 0.0)) for of in (of_all_red, inputs(train)))
        assert right < 0.5 * error(problem, problem.visible) and right < wrong, name
    itself = inputs(torch.cat([red * blobs(4), train]))
    assert error(problem, solved(by["nearest"](itself), problem, 0.0)) < 1e-10


def test_a_linear_model_knows_what_a_linear_generator_made():
    rng = torch.Generator().manual_seed(0)
    ways, mean = 0.05 * torch.randn(3, 64, generator=rng), 0.5
    train, x = ((mean + torch.randn(n, 3, generator=rng) @ ways).view(n, 1, 8, 8) for n in (300, 5))
    for corruption, options in (("compressed", {"measurements": 10}), ("hole", {"side": 0.8})):
        problem = posed(x, corruption, options)
        assert error(problem, solved(classical.linear_model(inputs(train)), problem, 0.0)) < 1e-5
