"""Noise is a function of (seed, names), and processes share one batch's noise."""

from __future__ import annotations

import torch

from genlab.training.seeding import SharedRandom, derive, generator


def test_derived_seeds_are_stable_and_distinct():
    assert derive(0, "weights") == derive(0, "weights")
    seeds = {derive(seed, name) for seed in range(20) for name in ("weights", "data", 1, 2)}
    assert len(seeds) == 80
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert derive(1, 23) != derive(12, 3), "names do not run together"


def test_seeds_are_those_of_earlier_releases():
    """A run that is resumed with other ones would draw other noise."""
    assert derive(0, "weights") == 1055468394997592402
    assert derive(7, 3, "critic", 0) == 1040846678953737665
    assert SharedRandom(7, "a").normal(2).tolist() == torch.randn(2, generator=generator(7, "a")).tolist()


def test_two_processes_draw_the_rows_of_one():
    whole = SharedRandom(7, 3, "critic")
    halves = [SharedRandom(7, 3, "critic", rank=rank, world=2) for rank in range(2)]
    for draw in ("normal", "uniform"):
        one = getattr(whole, draw)(8, 3)
        two = torch.cat([getattr(half, draw)(4, 3) for half in halves])
        assert torch.equal(one, two)


def test_normal_and_uniform_are_what_they_say():
    noise = SharedRandom(0).normal(20_000)
    assert abs(noise.mean().item()) < 0.03
    assert abs(noise.std().item() - 1) < 0.03
    flat = SharedRandom(0).uniform(20_000)
    assert flat.min() >= 0 and flat.max() < 1
    assert abs(flat.mean().item() - 0.5) < 0.02
