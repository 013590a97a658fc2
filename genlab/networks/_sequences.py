"""The modules of networks over sequences [B, C, L]; what networks of every shape share is in `_layers`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genlab.networks._layers import SLOPE, activation


class SequenceResidual(nn.Module):
    """Input plus a branch of two convolutions over three places that starts at zero (fix-up, Zhang et al. 2019).

    Args:
        channels: Channels in and out.
        blocks: Residual blocks in the whole network, L: with m = 2 layers the first is scaled by L^(-1/(2m-2)).
    """

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            activation(),
            conv(channels, channels, gain=blocks**-0.5),
            activation(),
            conv(channels, channels, gain=0),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.branch(x)
        return out


class Lengthen(nn.Module):
    """Channels become places: [B, 2C, l] -> [B, C, 2l], cut to ``length``."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, length = x.shape
        pairs = x.view(batch, channels // 2, 2, length).transpose(2, 3)
        return pairs.reshape(batch, channels // 2, 2 * length)[..., : self.length]


def conv(inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1, gain: float = 1.0) -> nn.Conv1d:
    """A convolution that keeps the length (or divides it by ``stride``, rounding up), He-initialised times ``gain``."""
    layer = nn.Conv1d(inputs, outputs, kernel, stride, (kernel - 1) // 2)
    nn.init.kaiming_normal_(layer.weight, a=SLOPE, nonlinearity="leaky_relu")
    with torch.no_grad():
        layer.weight.mul_(gain)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def embedding(inputs: int, width: int) -> nn.Conv1d:
    """A vector of its own for each of ``inputs`` symbols; a mixture of symbols gets the mixture of theirs."""
    layer = nn.Conv1d(inputs, width, 1)
    nn.init.normal_(layer.weight)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer
