"""Sound as a picture of its bands over time, and the way back; numpy and scipy, so that playing loads no torch.

A sound of ``bands`` bands has 125 × ``bands`` samples a second, and a frame every 16 ms: 64 bands are 8 kHz, so that
all that follows is known from the shape of an item. librosa has the same filters, as a test finds, and the same
reconstruction; it is not used here, because it takes seconds to import and compile before the first sound is heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

Floats = NDArray[np.float32]

RANGE = 80.0
"""Decibels between a level of 0 and a level of 1."""

FRAMES_PER_SECOND = 62.5
STEPS = 32
"""Steps of phase reconstruction; 64 bring a tenth of a decibel and take twice as long."""

MOMENTUM = 0.99
"""Of the fast Griffin-Lim algorithm, its alpha."""

UNMIXING = 40
"""Multiplicative steps that find the spectrum from its bands."""

QUIET = 1e-10
"""Power of a band, of a full-scale sine about 1e4, that counts as nothing."""


@dataclass(frozen=True)
class Bands:
    """How sounds of so many bands are cut into frames.

    Attributes:
        bands: Number of mel bands, from 0 Hz to half the rate.
    """

    bands: int

    @property
    def rate(self) -> int:
        """Samples a second."""
        return 125 * self.bands

    @property
    def hop(self) -> int:
        """Samples from one frame to the next: 16 ms."""
        return 2 * self.bands

    @property
    def length(self) -> int:
        """Samples of the transform: 64 ms."""
        return 8 * self.bands

    @cached_property
    def window(self) -> Floats:
        """A Hann window of 48 ms in the middle of the transform's length."""
        inner = 6 * self.bands
        raised = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(inner) / inner)
        found: Floats = np.pad(raised.astype(np.float32), self.bands)
        return found

    @cached_property
    def filters(self) -> Floats:
        """Triangles [bands, frequencies] of height 1 between places at equal distances in mel (Slaney's scale)."""
        at = np.fft.rfftfreq(self.length, 1 / self.rate)
        edges = _hertz(np.linspace(0, _mel(np.array(self.rate / 2)), self.bands + 2))
        rising = (at - edges[:-2, None]) / np.diff(edges)[:-1, None]
        falling = (edges[2:, None] - at) / np.diff(edges)[1:, None]
        return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)

    def samples(self, frames: int) -> int:
        """Number of samples of so many frames."""
        return self.hop * frames

    def spectrum(self, waves: Floats) -> NDArray[np.complex64]:
        """Short-time Fourier transform [..., frames, frequencies] of waves [..., samples].

        Frames lie centred; where they hang over an end they see the wave mirrored, so that a sound that is cut there
        does not click.
        """
        aside = (self.length - self.hop) // 2
        padded = np.pad(waves, [(0, 0)] * (waves.ndim - 1) + [(aside, aside)], mode="reflect")
        cut = np.lib.stride_tricks.sliding_window_view(padded, self.length, axis=-1)[..., :: self.hop, :]
        found: NDArray[np.complex64] = rfft(cut * self.window, axis=-1)
        return found

    def wave(self, spectrum: NDArray[np.complex64]) -> Floats:
        """The wave [samples] whose transform is nearest to ``spectrum`` [frames, frequencies] (least squares)."""
        pieces = irfft(spectrum, self.length, axis=-1) * self.window
        aside = (self.length - self.hop) // 2
        inner = slice(aside, aside + self.samples(len(pieces)))
        squares = np.broadcast_to(self.window**2, pieces.shape)
        summed, weights = self._added(pieces)[inner], self._added(squares)[inner]
        found: Floats = (summed / np.maximum(weights, 1e-3)).astype(np.float32)
        return found

    def _added(self, pieces: Floats) -> Floats:
        """Frames [n, length] laid one `hop` apart and added, [n hops and what hangs over]."""
        over = self.length // self.hop
        out = np.zeros((len(pieces) + over - 1, self.hop), np.float32)
        for part in range(over):
            out[part : part + len(pieces)] += pieces[:, part * self.hop : (part + 1) * self.hop]
        return out.reshape(-1)


@lru_cache(maxsize=8)
def layout(bands: int) -> Bands:
    """The one layout of so many bands, with its filters kept."""
    return Bands(bands)


def levels(waves: Floats, bands: int) -> Floats:
    """Levels [n, 1, bands, frames] in [0, 1] of waves [n, samples]: the highest band is the first row.

    1 is the loudest band of each sound, whatever its loudness; 0 is `RANGE` decibels below, and everything under that.
    """
    how = layout(bands)
    power = np.square(np.abs(how.spectrum(waves))) @ how.filters.T
    loudest = np.maximum(power.max(axis=(-1, -2), keepdims=True), QUIET)
    decibels = 10 * np.log10(np.maximum(power / loudest, 10 ** (-RANGE / 10)))
    shares = (1 + decibels / RANGE).astype(np.float32)
    return np.ascontiguousarray(shares.swapaxes(-1, -2)[:, None, ::-1])


def wave(item: Floats, seed: int = 0) -> Floats:
    """A wave [samples] in [-1, 1] that has the levels ``item`` [1, bands, frames], or nearly.

    The spectrum is what is nowhere negative and explains the bands (multiplicative updates of Lee and Seung, 2001);
    its phases come from the fast Griffin-Lim algorithm (Perraudin, Balazs and Søndergaard, 2013), which starts from
    random ones of ``seed``. A level of 1 is as loud as a sine of half of full scale that fills one band.
    """
    how = layout(item.shape[-2])
    shares = np.clip(np.nan_to_num(item[0, ::-1].T), 0, 1).astype(np.float32)
    power = np.where(shares > 0, 10 ** ((shares - 1) * np.float32(RANGE / 10)), 0).astype(np.float32)
    size = np.sqrt(_unmixed(power, how.filters))
    found = _with_phases(size, how, seed)
    # A sine of amplitude a stands in the transform as a times half the window's sum; here a is a half.
    found *= how.window.sum() / 4
    return found / max(1.0, float(np.abs(found).max()))


def _unmixed(power: Floats, filters: Floats) -> Floats:
    """What frequencies hold, [frames, frequencies], when bands hold ``power`` [frames, bands]."""
    wanted = power @ filters
    found = wanted + np.float32(1e-12)
    for _ in range(UNMIXING):
        found *= wanted / np.maximum((found @ filters.T) @ filters, np.float32(1e-20))
    return found


def _with_phases(size: Floats, how: Bands, seed: int) -> Floats:
    turns = np.random.default_rng(seed).random(size.shape, np.float32)
    phases = np.exp(2j * np.pi * turns).astype(np.complex64)
    before: NDArray[np.complex64] | float = 0.0
    for _ in range(STEPS):
        rebuilt = how.spectrum(how.wave(size * phases))
        ahead = rebuilt - MOMENTUM / (1 + MOMENTUM) * before
        phases = (ahead / np.maximum(np.abs(ahead), np.float32(1e-12))).astype(np.complex64)
        before = rebuilt
    return how.wave(size * phases)


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's scale: linear up to 1 kHz, logarithmic above (Auditory Toolbox, 1998)."""
    above = 15 + 27 * np.log(np.maximum(hertz, 1) / 1_000) / np.log(6.4)
    return np.where(hertz < 1_000, hertz * 3 / 200, above)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < 15, mel * 200 / 3, 1_000 * np.exp(np.log(6.4) / 27 * (mel - 15)))
