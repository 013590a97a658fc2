"""The layers that the networks are made of."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genlab.networks import _layers


def spread(layer: nn.Module) -> float:
    """Standard deviation of a layer's weights."""
    assert isinstance(layer, nn.Linear | nn.Conv2d)
    return float(layer.weight.detach().std())


@pytest.mark.parametrize("size", [(8, 8), (9, 9), (28, 28), (5, 12)])
def test_unfolding_undoes_folding(size: tuple[int, int]) -> None:
    x = torch.rand(2, 3, *size)
    folded = _layers.Fold()(x)
    assert folded.shape == (2, 12, (size[0] + 1) // 2, (size[1] + 1) // 2)
    assert _layers.Unfold(size)(folded).equal(x)


def test_an_odd_edge_is_repeated() -> None:
    x = torch.rand(1, 1, 3, 3)
    folded = _layers.Fold()(x)
    last = folded[0, :, 1, 1]
    assert last.tolist() == [float(x[0, 0, 2, 2])] * 4


def test_halving_takes_means_even_at_an_odd_edge() -> None:
    x = torch.tensor([[1.0, 3.0, 10.0], [5.0, 7.0, 20.0], [2.0, 4.0, 8.0]])[None, None]
    assert _layers.Halve()(x)[0, 0].tolist() == [[4.0, 15.0], [3.0, 8.0]]


@pytest.mark.parametrize("size", [(6, 6), (5, 7)])
def test_enlarging_keeps_a_flat_picture(size: tuple[int, int]) -> None:
    out = _layers.Enlarge(size)(torch.full((1, 2, 3, 4), 0.3))
    assert out.shape == (1, 2, *size)
    torch.testing.assert_close(out, torch.full_like(out, 0.3))


def test_a_residual_block_starts_as_the_identity() -> None:
    block = _layers.Residual(8, blocks=4)
    x = torch.randn(2, 8, 5, 5)
    assert block(x).equal(x)
    last = block.branch[-1]
    assert isinstance(last, nn.Conv2d)
    nn.init.normal_(last.weight)
    assert not block(x).allclose(x)


def test_fix_up_scales_a_branch_by_the_depth_of_the_network() -> None:
    torch.manual_seed(0)
    shallow, deep = _layers.Residual(64, blocks=1), _layers.Residual(64, blocks=16)
    ratio = spread(deep.branch[2]) / spread(shallow.branch[2])
    assert ratio == pytest.approx(16**-0.25, rel=0.05)


def test_layers_start_at_the_standard_deviation_of_he() -> None:
    torch.manual_seed(0)
    expected = (2 / (1 + _layers.SLOPE**2) / 400) ** 0.5
    layer = _layers.linear(400, 300)
    assert spread(layer) == pytest.approx(expected, rel=0.03)
    assert not layer.bias.any()
    assert spread(_layers.linear(400, 300, gain=0.1)) == pytest.approx(0.1 * expected, rel=0.03)
    assert spread(_layers.conv(100, 300, kernel=2)) == pytest.approx(expected, rel=0.03)
