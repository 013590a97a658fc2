"""How much compute an image costs, measured on training steps."""

from __future__ import annotations

import pytest
import torch

from genlab.lab import Lab
from genlab.worker import timing

TINY = {"network": "mlp", "network.width": 32, "batch_size": 32, "training.threads": 1}


def test_what_costs_more_is_slower_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(timing, "ROUNDS", 3)
    monkeypatch.setattr(timing, "STEPS", 4)
    lab = Lab(tmp_path)
    configs = {
        "small": lab.configs.make("vae", "digits", "quick", TINY),
        "large": lab.configs.make("vae", "digits", "quick", {**TINY, "network.width": 1_024, "network.layers": 4}),
    }
    data = lab.data.open("digits")
    threads, drawn, told = torch.get_num_threads(), torch.get_rng_state(), []
    speeds = timing.compute_speeds(configs, data, lambda share, what: told.append(share))
    assert set(speeds) == set(configs) and speeds["small"] > 2 * speeds["large"] > 0
    assert told == sorted(told) and told[0] >= 0 and told[-1] < 1
    assert torch.get_num_threads() == threads and torch.equal(torch.get_rng_state(), drawn)
    assert lab.runs.all() == []


def test_measuring_can_be_cancelled(tmp_path):
    lab = Lab(tmp_path)

    def cancel(share, what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        timing.compute_speeds(
            {"vae": lab.configs.make("vae", "digits", "quick", TINY)}, lab.data.open("digits"), cancel
        )
