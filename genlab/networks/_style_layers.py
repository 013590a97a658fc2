"""The decoder whose layers are each told their own style, and the convolution that follows one.

No noise is added to the maps: a picture is a function of its latent alone, on which walks and inversion depend.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genlab.networks import _layers
from genlab.networks._sizes import Size

KEPT = (2 / (1 + _layers.SLOPE**2)) ** 0.5
"""What activations are multiplied by, so that a map of unit variance stays one."""

SMALLEST_POWER = 1e-8
"""Added to the power by which a demodulated map is divided."""


class ModulatedConv(nn.Module):
    """A convolution whose input channels are scaled by a style: maps [B, I, H, W], style [B, W] -> [B, O, H, W].

    Karras et al., Analyzing and improving the image quality of StyleGAN, 2020, equations 1 to 3. The weights of each
    sample are not made: its maps are scaled before and after the one convolution, which gives the same numbers.

    Args:
        inputs: Channels that come in, I.
        outputs: Channels that go out, O.
        width: Size of a style.
        kernel: Height and width of the kernel, odd.
        demodulated: Whether each output channel is divided by what the style makes of its standard deviation.
        gain: Scale of the weights at the start; of no consequence where they are demodulated.
    """

    def __init__(
        self, inputs: int, outputs: int, width: int, kernel: Size, *, demodulated: bool = True, gain: float = 1.0
    ) -> None:
        super().__init__()
        self.demodulated, self.padding = demodulated, ((kernel[0] - 1) // 2, (kernel[1] - 1) // 2)
        self.style = _layers.linear(width, inputs, gain=1 / KEPT)
        nn.init.ones_(self.style.bias)
        self.weight = _layers.conv(inputs, outputs, kernel=kernel, gain=gain).weight
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        scale = self.style(style)
        found = F.conv2d(x * scale[:, :, None, None], self.weight, padding=self.padding)
        if self.demodulated:
            lengths = self.weight.flatten(2).norm(dim=2)
            power = F.linear(scale.square(), lengths.square())
            found = found * (power + SMALLEST_POWER).rsqrt()[:, :, None, None]
        return found + self.bias


class StyledDecoder(nn.Module):
    """Latents [B, D] -> one style for each layer [B, layers, W] -> raw output [B, C, H, W].

    A mapping network makes the latent a style; every layer is told the same one, unless others are given to `draw`.
    What is drawn on is learned and the same for all (Karras et al., A style-based generator architecture for
    generative adversarial networks, 2019, section 2).

    Args:
        mapping: Layers that make a style [B, W] of a latent [B, D].
        layers: Convolutions, the coarsest first.
        sizes: Size of the maps that each layer sees.
        enlarged: Size to which each layer's maps are enlarged by pixel shuffle; None for those that keep theirs.
    """

    def __init__(
        self,
        mapping: nn.Module,
        layers: Sequence[ModulatedConv],
        sizes: Sequence[Size],
        enlarged: Sequence[Size | None],
    ) -> None:
        super().__init__()
        self.mapping = mapping
        self.start = nn.Parameter(torch.randn(layers[0].weight.shape[1], *sizes[0]))
        self.layers = nn.ModuleList(layers)
        self.larger = nn.ModuleList(nn.Identity() if size is None else _layers.Unfold(size) for size in enlarged)
        self.activation = _layers.activation()
        self.style_layers = tuple(f"{height} × {width}" for height, width in sizes)

    def styles(self, z: Tensor) -> Tensor:
        """The style of each layer [B, layers, W], the coarsest first, of latents [B, D]: the same for all of them."""
        style: Tensor = self.mapping(z)
        return style[:, None].expand(-1, len(self.layers), -1)

    def draw(self, styles: Tensor) -> Tensor:
        """Raw output [B, C, H, W] of a style for each layer [B, layers, W]."""
        x = self.start.repeat(styles.shape[0], 1, 1, 1)
        last = len(self.layers) - 1
        for place, (layer, larger) in enumerate(zip(self.layers, self.larger, strict=True)):
            x = larger(layer(x, styles[:, place]))
            x = x if place == last else self.activation(x) * KEPT
        return x

    def forward(self, z: Tensor) -> Tensor:
        return self.draw(self.styles(z))
