"""The modules that the networks are made of, chosen for speed on a CPU as much as for quality.

Full resolution is left at once by moving each 2x2 block of pixels into channels (and entered last the same way), so
that no convolution runs there but in `FullResolutionUNet`, whose pictures are compared with the true ones pixel by
pixel. No normalisation: a sample's features depend on that sample alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genlab.networks._sizes import Size

SLOPE = 0.2
"""Negative slope of every LeakyReLU."""

LAST_GAIN = 0.1
"""Scale of a decoder's last layer, so that pictures start out grey."""

THROUGH = 2.5
"""How often a network from image to image adds what it is given at first: of all multiples of a value in [-1, 1] the
sigmoid of this one is nearest to the value itself, as a share of the range."""

LayerT = TypeVar("LayerT", nn.Conv2d, nn.Linear)


class LayeredTrunk(nn.Sequential):
    """Layers that turn data [B, *shape] into features [B, out_features]."""

    def __init__(self, layers: Sequence[nn.Module], out_features: int) -> None:
        super().__init__(*layers)
        self.out_features = out_features


class UNet(nn.Module):
    """Data [B, C, H, W] -> data of the same size: down level by level, and up again beside what the way down made.

    Ronneberger, Fischer and Brox, U-Net, 2015.

    Args:
        down: Layers of each level, largest first; the first sees the folded data.
        up: Between a level and the one below, layers that enlarge it, and layers that see the result beside what the
            way down made there; largest first.
        last: Layers that see the folded data beside the largest level.
    """

    def __init__(
        self,
        down: Sequence[Sequence[nn.Module]],
        up: Sequence[tuple[Sequence[nn.Module], Sequence[nn.Module]]],
        last: Sequence[nn.Module],
    ) -> None:
        super().__init__()
        self.fold = Fold()
        self.down = nn.ModuleList(nn.Sequential(*layers) for layers in down)
        self.larger = nn.ModuleList(nn.Sequential(*layers) for layers, _ in up)
        self.merged = nn.ModuleList(nn.Sequential(*layers) for _, layers in up)
        self.last = nn.Sequential(*last)

    def forward(self, x: Tensor) -> Tensor:
        folded = x = self.fold(x)
        made = [x := level(x) for level in self.down]
        for larger, merged, beside in reversed(list(zip(self.larger, self.merged, made[:-1], strict=True))):
            x = merged(torch.cat([larger(x), beside], dim=1))
        out: Tensor = self.last(torch.cat([x, folded], dim=1))
        return out


class FullResolutionUNet(nn.Module):
    """A U-Net between convolutions at full resolution, whose output is added to a multiple of what it was given.

    Pixel shuffle alone gives neighbouring pixels to different channels, which nothing brings together again.
    Ronneberger, Fischer and Brox, U-Net, 2015; the sum as in Ledig et al. 2017 and He et al. 2016.

    Args:
        body: Features [B, F, H, W] -> features [B, F, H, W].
        first: Layers that make features of data [B, C, H, W], C possibly with channels that say the class.
        last: Layers that make raw output of the body's features beside the first ones [B, 2 F, H, W].
        channels: Channels of the raw output: the first ones of what is given.
    """

    def __init__(self, body: nn.Module, first: Sequence[nn.Module], last: Sequence[nn.Module], channels: int) -> None:
        super().__init__()
        self.body, self.channels = body, channels
        self.first, self.last = nn.Sequential(*first), nn.Sequential(*last)
        self.through = nn.Parameter(torch.full((channels, 1, 1), THROUGH))

    def forward(self, x: Tensor) -> Tensor:
        features = self.first(x)
        made: Tensor = self.last(torch.cat([self.body(features), features], dim=1))
        return made + self.through * x[:, : self.channels]


class Fold(nn.Module):
    """Each 2x2 block of pixels becomes channels: [B, C, H, W] -> [B, 4C, ⌈H/2⌉, ⌈W/2⌉]; an odd edge is repeated."""

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[-2] % 2:
            x = torch.cat([x, x[..., -1:, :]], dim=-2)
        if x.shape[-1] % 2:
            x = torch.cat([x, x[..., -1:]], dim=-1)
        return F.pixel_unshuffle(x, 2)


class Unfold(nn.Module):
    """The way back: [B, 4C, h, w] -> [B, C, 2h, 2w], cut to ``size`` (pixel shuffle, Shi et al. 2016)."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        height, width = self.size
        return F.pixel_shuffle(x, 2)[..., :height, :width]


class Halve(nn.Module):
    """Mean of each 2x2 block (bilinear to half the size); at an odd edge of what there is."""

    def forward(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, 2, ceil_mode=True)


class Enlarge(nn.Module):
    """Bilinear interpolation to ``size``."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, size=self.size, mode="bilinear", align_corners=False)


class Residual(nn.Module):
    """Input plus a branch of 1x1, 3x3 and 1x1 convolutions that starts at zero (fix-up, Zhang et al. 2019).

    Args:
        channels: Channels in and out.
        blocks: Residual blocks in the whole network, L: the branch's m = 3 layers are scaled by L^(-1/(2m-2)).
    """

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        gain = blocks**-0.25
        self.branch = nn.Sequential(
            conv(channels, channels, kernel=1, gain=gain),
            activation(),
            conv(channels, channels, gain=gain),
            activation(),
            conv(channels, channels, kernel=1, gain=0),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.branch(x)
        return out


def activation() -> nn.Module:
    """The one activation used everywhere."""
    return nn.LeakyReLU(SLOPE)


def conv(inputs: int, outputs: int, *, kernel: int | Size = 3, stride: int = 1, gain: float = 1.0) -> nn.Conv2d:
    """A convolution that keeps the size (or divides it by ``stride``, rounding up), He-initialised times ``gain``."""
    height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
    padding = ((height - 1) // 2, (width - 1) // 2)
    return _initialise(nn.Conv2d(inputs, outputs, (height, width), stride, padding), gain)


def linear(inputs: int, outputs: int, *, gain: float = 1.0) -> nn.Linear:
    """A linear layer, He-initialised times ``gain``."""
    return _initialise(nn.Linear(inputs, outputs), gain)


def mlp(inputs: int, width: int, layers: int) -> Iterator[nn.Module]:
    """Hidden layers of a perceptron: [B, inputs] -> [B, width]; none leave the inputs as they are."""
    for fan_in in ([inputs] + [width] * layers)[:layers]:
        yield linear(fan_in, width)
        yield activation()


def _initialise(layer: LayerT, gain: float) -> LayerT:
    nn.init.kaiming_normal_(layer.weight, a=SLOPE, nonlinearity="leaky_relu")
    with torch.no_grad():
        layer.weight.mul_(gain)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
