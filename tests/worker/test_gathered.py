"""Means of what steps measured: the same, bit for bit, as adding up the mean of each value, and few operations."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from genlab.worker import gathered
from genlab.worker.gathered import Gathered
from tests.support.counted import OperationCount


def _one_by_one(steps: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of every value by itself, summed in the order of steps."""
    sums: dict[str, Tensor] = {}
    counts: dict[str, int] = {}
    for values in steps:
        for name, value in values.items():
            mean = value if name.startswith("vector/") else value.float().mean()
            sums[name] = sums[name] + mean if name in sums else mean
            counts[name] = counts.get(name, 0) + 1
    return {name: sums[name] / counts[name] for name in sorted(sums)}


def _step(seed: int, batch: int, penalty: bool = True) -> dict[str, Tensor]:
    rng = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return 1e3 * torch.randn(shape, generator=rng)

    values = {"score/real": normal(batch), "kl/total": normal(batch), "loss/critic": normal(), "vector/kl": normal(5)}
    values |= {"every second": normal(2 * batch)[::2], "half": normal(batch).bfloat16(), "pairs": normal(batch, 2)}
    values |= {"count": torch.tensor(seed), "double": normal(batch).double(), "packs": normal(batch // 2)}
    return values | ({"penalty": normal(batch), "gradient_norm/critic": normal()} if penalty else {})


def _gathered(steps: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    found = Gathered()
    for values in steps:
        found.add(values)
    assert found.steps == len(steps)
    means = found.means()
    assert found.steps == 0 and not found.means()
    return means


def _same(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    return list(found) == list(expected) and all(torch.equal(found[name], expected[name]) for name in expected)


@pytest.mark.parametrize("batch", [2, 3, 8, 16, 63, 64, 100, 256, 1_000])
def test_means_are_those_of_each_value_by_itself_bit_for_bit(batch: int):
    steps = [_step(seed, batch) for seed in range(17)]
    assert _same(_gathered(steps), _one_by_one(steps))


@pytest.mark.parametrize("every", [2, 3, 4])
def test_sums_go_on_by_name_where_steps_measure_different_things(every: int):
    steps = [_step(seed, 64, penalty=seed % every == 0) for seed in range(19)]
    assert _same(_gathered(steps), _one_by_one(steps))


def test_a_row_begins_anew_and_steps_without_numbers_change_nothing():
    found, first, second = Gathered(), [_step(seed, 8) for seed in range(3)], [_step(seed, 8, False) for seed in (7, 8)]
    for values in (*first, {}):
        found.add(values)
    assert found.steps == 4
    assert _same(found.means(), _one_by_one(first))
    for values in second:
        found.add(values)
    assert _same(found.means(), _one_by_one(second))


def test_long_values_are_averaged_by_themselves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathered, "MOST_TOGETHER", 64)
    steps = [_step(seed, 64) for seed in range(3)]
    assert _same(_gathered(steps), _one_by_one(steps))


def test_what_is_given_is_neither_changed_nor_kept():
    """An objective may log a number that it goes on changing, and a step's report is looked at afterwards."""
    found, values = Gathered(), {"sigma": torch.tensor(1.0), "score": torch.ones(4), "vector/kl": torch.ones(2)}
    for _ in range(3):
        found.add(values)
    assert values["score"].tolist() == [1.0] * 4
    values["sigma"].fill_(100.0)
    values["score"].fill_(100.0)
    assert {name: mean.tolist() for name, mean in found.means().items()} == {
        "score": 1.0,
        "sigma": 1.0,
        "vector/kl": [1.0, 1.0],
    }


def test_a_step_costs_as_few_operations_however_much_it_measures():
    def operations(names: int) -> int:
        values = {f"score/{place}": torch.ones(8) for place in range(names)}
        values |= {f"loss/{place}": torch.ones(()) for place in range(names)}
        found = Gathered()
        found.add(values)
        with OperationCount() as counted:
            found.add(values)
        return counted.number

    assert operations(20) == operations(2) <= 6
