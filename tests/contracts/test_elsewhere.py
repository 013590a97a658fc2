"""The device that only pretends: what a GPU would refuse is refused, because a test that cannot fail says nothing."""

from __future__ import annotations

import sys
from importlib import import_module

import numpy as np
import pytest
import torch
from torch import nn

from genlab import devices
from tests.support.elsewhere import DEVICE, IMPORTERS, Misplaced, pretending


def test_what_a_gpu_would_refuse_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pretending(monkeypatch):
        there, here = torch.ones(3, 3).to(DEVICE), torch.ones(3, 3)
        assert there.device == DEVICE and here.device == torch.device("cpu")
        for wrong in (
            lambda: there + here,
            lambda: torch.cat([there, here]),
            lambda: there[here.long()],
            lambda: there.numpy(),
            lambda: np.asarray(there),
            lambda: nn.Linear(3, 3)(there),
            lambda: nn.Linear(3, 3).to(DEVICE)(here),
            lambda: torch.randn(3, device=DEVICE, generator=torch.Generator()),
            lambda: here @ here,
            lambda: nn.Conv2d(1, 1, 1)(torch.ones(1, 1, 2, 2)),
        ):
            with pytest.raises(Misplaced):
                wrong()
        layer = nn.Linear(3, 3).to(DEVICE)
        assert layer.weight.device == layer(there).device == DEVICE
        assert [row.device for row in there] == [DEVICE] * 3
        assert type(there.cpu()) is torch.Tensor and float(there.sum()) == 9
        assert (there * torch.tensor(2.0)).device == torch.zeros_like(there).device == DEVICE


def test_gradients_are_over_there_too(monkeypatch: pytest.MonkeyPatch):
    with pretending(monkeypatch):
        layer = nn.Linear(2, 1).to(DEVICE)
        optimiser = torch.optim.AdamW(layer.parameters(), 0.1)
        before = layer.weight.detach().clone()
        layer(torch.ones(4, 2, device=DEVICE)).sum().backward()
        assert layer.weight.grad is not None and layer.weight.grad.device == DEVICE
        optimiser.step()
        assert not torch.equal(layer.weight, before)


def test_modules_that_nobody_had_imported_keep_the_real_place(monkeypatch: pytest.MonkeyPatch):
    """One that came in while its source was patched took the pretended function along, into all tests after it."""
    for name in IMPORTERS:
        parent, _, last = name.rpartition(".")
        monkeypatch.setattr(import_module(parent), last, import_module(name))  # so that both come back afterwards
        monkeypatch.delitem(sys.modules, name)
    with pretending(monkeypatch):
        assert {import_module(name).place() for name in IMPORTERS} == {DEVICE}
    assert all(import_module(name).place is devices.place for name in IMPORTERS)
