"""The modules that the network for films is made of; those of pictures, which it uses too, stand in `_layers`.

Inside, films are [B, T, C, H, W]: frames of a batch are pictures. Full size is left at once, as there: blocks of
2 x 2 x 2 values become channels. PyTorch's convolution over three axes is left alone: on a CPU its gradient for the
weights was now and then not finite (2.14.1, oneDNN).
"""

from __future__ import annotations

from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genlab.networks import _layers
from genlab.networks._sizes import FilmSize

REACH, ZOOM = 0.5, 2.0
"""How far the moving layer goes, in sides, and how many times as large it is, at most; no smaller than one over it."""

GENTLE = 0.25
"""Share of a raw way or zoom that counts: an optimiser's step then moves the layer by about a pixel, not by ten."""


class FoldFilm(nn.Module):
    """Each block of 2 x 2 x 2 values becomes channels: [B, C, T, H, W] -> [B, ⌈T/2⌉, 8C, ⌈H/2⌉, ⌈W/2⌉].

    Odd ends are repeated.
    """

    def forward(self, x: Tensor) -> Tensor:
        for axis in (2, 3, 4):
            if x.shape[axis] % 2:
                x = torch.cat([x, x.narrow(axis, x.shape[axis] - 1, 1)], dim=axis)
        batch, channels, frames, height, width = x.shape
        blocks = x.reshape(batch, channels, frames // 2, 2, height // 2, 2, width // 2, 2)
        whole = blocks.permute(0, 2, 1, 3, 5, 7, 4, 6)
        return whole.reshape(batch, frames // 2, 8 * channels, height // 2, width // 2)


class UnfoldFilm(nn.Module):
    """The way back, by any factors: [B, t, f·C, h, w] -> [B, f₁t, C, f₂h, f₃w], cut to ``size``; f = f₁·f₂·f₃.

    Args:
        size: Frames, height and width of the result.
        factors: By how much each of them grows.
    """

    def __init__(self, size: FilmSize, factors: FilmSize) -> None:
        super().__init__()
        self.size, self.factors = size, factors

    def forward(self, x: Tensor) -> Tensor:
        batch, frames, channels, height, width = x.shape
        longer, higher, wider = self.factors
        left = channels // (longer * higher * wider)
        blocks = x.reshape(batch, frames, left, *self.factors, height, width).permute(0, 1, 3, 2, 6, 4, 7, 5)
        whole = blocks.reshape(batch, longer * frames, left, higher * height, wider * width)
        return whole[:, : self.size[0], :, : self.size[1], : self.size[2]]


class EnlargeFrames(nn.Module):
    """Bilinear interpolation of every frame to ``size``: no lattice of the pixels that a frame is unfolded from."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.enlarge = _layers.Enlarge(size)

    def forward(self, x: Tensor) -> Tensor:
        large: Tensor = self.enlarge(x.flatten(0, 1))
        return large.reshape(-1, x.shape[1], *large.shape[1:])


class ChannelsFirst(nn.Module):
    """[B, T, C, H, W] -> [B, C, T, H, W]."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2)


class FilmConv(nn.Module):
    """A convolution over time, height and width, as one over pictures that hold a frame, the one before and the next.

    [B, T, C, H, W] -> [B, ⌈T/``time``⌉, ``outputs``, ⌈H/``space``⌉, ⌈W/``space``⌉]; before the first frame and after
    the last one is nothing.
    """

    def __init__(self, inputs: int, outputs: int, *, time: int = 1, space: int = 1, gain: float = 1.0) -> None:
        super().__init__()
        self.time = time
        self.pictures = _layers.conv(3 * inputs, outputs, stride=space, gain=gain)

    def forward(self, x: Tensor) -> Tensor:
        frames = x.shape[1]
        padded = F.pad(x, (0, 0, 0, 0, 0, 0, 1, 1))
        beside = [padded[:, start : start + frames : self.time] for start in range(3)]
        seen = self.pictures(torch.cat(beside, dim=2).flatten(0, 1))
        # With frames counted, any number of films will do where the decoder is written as ONNX.
        out: Tensor = seen.reshape(-1, -(-frames // self.time), *seen.shape[1:])
        return out


class Layers(nn.Module):
    """A film of two layers, one still and one that is shifted and zoomed from frame to frame, and what they miss.

    Foreground over background: Vondrick, Pirsiavash and Torralba, Generating videos with scene dynamics, 2016; frames
    as transformed ones: van Amersfoort et al., Transformation-based models of video sequences, 2017; latents of content
    and of motion: Tulyakov et al., MoCoGAN, 2018.

    Args:
        content: Latents -> [B, 2C + 1, H, W]: the moving layer, the still one, and how opaque the moving one is.
        course: Latents -> [B, 3T]: how much further every frame goes down, across and in zoom than the one before.
        rest: Latents -> [B, C, T, H, W], which is added.
        motion: Leading latents that steer ``course`` and ``rest`` alone, the others ``content`` alone; 0 shows all to
            all.
    """

    def __init__(self, content: nn.Module, course: nn.Module, rest: nn.Module, motion: int) -> None:
        super().__init__()
        self.content, self.course, self.rest, self.motion = content, course, rest, motion

    def forward(self, z: Tensor) -> Tensor:
        """Raw values [B, C, T, H, W] of latents [B, D]."""
        moves, shows = (z[:, : self.motion], z[:, self.motion :]) if self.motion else (z, z)
        picture = self.content(shows)
        count, height, width = picture.shape[1:]
        channels = (count - 1) // 2
        steps = self.course(moves).unflatten(1, (-1, 3))
        down, across, zoom = (GENTLE * (steps.cumsum(1) / steps.shape[1] ** 0.5)).tanh().unbind(2)
        scale = torch.exp(log(ZOOM) * zoom)
        rows, columns = _hats(REACH * down, scale, height), _hats(REACH * across, scale, width)
        opaque = picture[:, -1:].sigmoid()
        moving = torch.cat([opaque * picture[:, :channels], opaque], dim=1)
        moved = rows[:, None] @ (moving[:, :, None] @ columns[:, None].transpose(-1, -2))
        still = picture[:, channels:-1, None]
        film: Tensor = moved[:, :-1] + (1 - moved[:, -1:]) * still + self.rest(moves)
        return film


def _hats(shift: Tensor, scale: Tensor, side: int) -> Tensor:
    """What each place of a line takes from each place of the line before it was moved, linearly: [B, T, side, side].

    Beyond its ends is nothing.

    Args:
        shift: Way in sides [B, T].
        scale: Magnification [B, T].
        side: Places.
    """
    ticks = torch.arange(side, dtype=shift.dtype, device=shift.device)
    centre = (side - 1) / 2
    places = (ticks - centre - side * shift[..., None]) / scale[..., None] + centre
    return F.relu(1 - (places[..., None] - ticks).abs())
