"""A network whose decoder is told at each layer in which style to draw, so that styles of items can be mixed."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from genlab.networks import conv
from genlab.networks._sizes import Size, channels, sizes
from genlab.networks.base import NetworkSpec
from genlab.options import setting

if TYPE_CHECKING:
    from torch import nn


class StyleOptions(conv.ConvOptions):
    """Size of the style-based network; encoder and critic are those of the convolutional one."""

    mapping: int = setting(
        2, "hidden layers between the latent and the styles; more help to separate modes", ge=1, le=8
    )
    mapping_width: int | None = setting(
        None,
        "units of each of them, and numbers of a style; empty takes the channels of the first map",
        ge=2,
        le=4_096,
        step=32,
        advanced=True,
    )


@dataclass(frozen=True)
class _Layer:
    """A convolution of the decoder: channels in and out, size of its maps, and to which size they are enlarged."""

    inputs: int
    outputs: int
    size: Size
    enlarged: Size | None = None

    @property
    def kernel(self) -> Size:
        """3 × 3; along a side of one pixel only its middle, since a map is divided by the power of all weights."""
        return 3 if self.size[0] > 1 else 1, 3 if self.size[1] > 1 else 1


def decoder(inputs: int, shape: tuple[int, ...], options: StyleOptions) -> nn.Module:
    """At each resolution `depth` modulated convolutions and one that doubles the size, as wide as those of `conv`.

    Each has a style of its own. The latent is not brought to one length before it is mapped, as in the paper: how long
    it is would else be lost to truncation and to a VAE's codes.
    """
    from torch import nn

    from genlab.networks import _layers, _style_layers

    *plan, last = _plan(shape, options)
    width = _style_width(shape, options)
    return _style_layers.StyledDecoder(
        nn.Sequential(*_layers.mlp(inputs, width, options.mapping)),
        [
            *(_style_layers.ModulatedConv(layer.inputs, layer.outputs, width, layer.kernel) for layer in plan),
            _style_layers.ModulatedConv(
                last.inputs, last.outputs, width, last.kernel, demodulated=False, gain=_layers.LAST_GAIN
            ),
        ],
        [layer.size for layer in (*plan, last)],
        [layer.enlarged for layer in (*plan, last)],
    )


def work(shape: tuple[int, ...], latents: int, options: StyleOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    trunk, _ = conv.work(shape, latents, options)
    plan, width = _plan(shape, options), _style_width(shape, options)
    made = float(latents * width + (options.mapping - 1) * width**2)
    for layer in plan:
        made += width * layer.inputs + prod(layer.kernel) * layer.inputs * layer.outputs * prod(layer.size)
    return trunk, made + sum(layer.inputs * layer.outputs for layer in plan[:-1])


def _plan(shape: tuple[int, ...], options: StyleOptions) -> list[_Layer]:
    """The decoder's convolutions, the coarsest first; the last one draws."""
    levels = sizes(shape[1], shape[2])
    widths = channels(options.width, levels)
    wide = [*(each // 2 for each in widths[:-1]), widths[-1]]
    found = []
    for level in reversed(range(len(levels))):
        found += [_Layer(wide[level], wide[level], levels[level])] * options.depth
        if level:
            found.append(_Layer(wide[level], 4 * wide[level - 1], levels[level], levels[level - 1]))
    return [*found, _Layer(wide[0], 4 * shape[0], levels[0], (shape[1], shape[2]))]


def _style_width(shape: tuple[int, ...], options: StyleOptions) -> int:
    return options.mapping_width or channels(options.width, sizes(shape[1], shape[2]))[-1]


SPEC = NetworkSpec(
    title="Style-based",
    summary="Convolutions that are each told a style made of the latent: coarse layers can take that of one item and "
    "fine layers that of another",
    paper="Karras, Laine and Aila, A style-based generator architecture for generative adversarial networks, 2019; "
    "modulation: Karras et al., Analyzing and improving the image quality of StyleGAN, 2020",
    Options=StyleOptions,
    trunk=conv.trunk,
    decoder=decoder,
    styled=True,
    translator=conv.translator,
    work=work,
    translating=conv.translating,
)
