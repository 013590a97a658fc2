"""Tones: one note of a synthesised instrument per sound, made from known factors, so that latents can be judged.

Additive synthesis (Moorer, Signal processing aspects of computer music, 1977): partials whose amplitudes follow the
instrument's spectrum, under one envelope. What tells instruments apart is which partials they have and how these die
away; pitch, attack, decay and brightness are drawn independently of that, alike for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.options import Options, setting

COUNT = 5_000
CHUNK = 125
BANDS, FRAMES = 64, 64
BEGINS = 0.032
"""Seconds before a note begins."""

BEYOND = 2
"""Frames that are made and left out again: the last one that is kept sees the note go on."""

NAMES = ("flute", "clarinet", "strings", "bell", "pluck")

PITCHES = (45.0, 69.0)
"""MIDI numbers: 110 to 440 Hz."""

ATTACKS = (0.005, 0.2)
DECAYS = (0.1, 1.0)
"""Seconds, drawn evenly on a logarithmic scale: until full loudness, and until loudness has fallen to a third (1/e)."""

BRIGHTNESS = (0.0, 1.0)
SLOPES = (12.0, 3.0)
"""Decibels that partials lose from one octave to the next, at a brightness of 0 and of 1."""

RATIOS = (1.0, 2.0, 2.4, 3.0, 4.5, 5.33, 6.0)
"""Partials of a bell, as multiples of the strike note (Rossing, Science of percussion instruments, 2000, chapter 11,
with the hum left out)."""

VIBRATO = (5.5, 0.006)
"""Of the strings: times a second, and share of the pitch."""

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]


class TonesOptions(Options):
    """How many sounds, how long and how fine."""

    count: int = setting(COUNT, "sounds, training and test together", ge=100, le=200_000)
    bands: Literal[32, 64, 128] = setting(BANDS, "rows of a spectrogram: 64 hear up to 4 kHz, 32 up to 2, 128 up to 8")
    frames: int = setting(FRAMES, "length in frames of 16 ms", ge=16, le=128, step=8)
    seed: int = setting(0, "seed of the factors", ge=0, le=2**31 - 1, advanced=True)


def extent(options: TonesOptions) -> Extent:
    """Shape and counts that these options ask for."""
    test = round(options.count * TEST_SHARE)
    return Extent((1, options.bands, options.frames), options.count - test, test)


def load(source: Source, options: TonesOptions) -> RawData:
    """Sounds and their factors; the label is the instrument and the store splits them."""
    return RawData(_chunks(options), class_names=NAMES)


def _chunks(options: TonesOptions) -> Iterator[Raw]:
    from genlab.kinds._mel import levels

    rng = np.random.default_rng(options.seed)
    for start in range(0, options.count, CHUNK):
        count = min(CHUNK, options.count - start)
        instrument = rng.integers(len(NAMES), size=count)
        pitch = rng.uniform(*PITCHES, size=count)
        attack, decay = (np.exp(rng.uniform(log(least), log(most), size=count)) for least, most in (ATTACKS, DECAYS))
        brightness = rng.uniform(*BRIGHTNESS, size=count)
        turns = rng.random((count, 1))
        factors = {
            "instrument": instrument,
            "pitch": pitch,
            "attack": np.log10(attack),
            "decay": np.log10(decay),
            "brightness": brightness,
        }
        size = (options.bands, options.frames + BEYOND)
        waves = synthesise(instrument, pitch, attack, decay, brightness, turns, rng, size)
        known = {name: values.astype(np.float32) for name, values in factors.items()}
        yield Raw(levels(waves, options.bands)[..., : options.frames], instrument, known)


def synthesise(
    instrument: NDArray[np.int64],
    pitch: Doubles,
    attack: Doubles,
    decay: Doubles,
    brightness: Doubles,
    turns: Doubles,
    rng: np.random.Generator,
    size: tuple[int, int] = (BANDS, FRAMES),
) -> Array:
    """Waves float32 [n, samples] of notes that begin after `BEGINS`.

    Args:
        instrument: Index into `NAMES`, [n].
        pitch: MIDI number, [n]; 69 is 440 Hz.
        attack: Seconds until full loudness, [n].
        decay: Seconds in which loudness then falls to 1/e, [n].
        brightness: From 0, where partials fall by 12 dB an octave, to 1, where they fall by 3, [n].
        turns: Where the vibrato begins, in turns, [n, 1].
        rng: Where a flute's breath comes from.
        size: Bands, which say the rate, and frames, which say the length.
    """
    from genlab.kinds._mel import layout

    how = layout(size[0])
    seconds = np.arange(how.samples(size[1])) / how.rate - BEGINS
    hertz = 440 * 2 ** ((pitch[:, None] - 69) / 12)
    slope = (SLOPES[0] + (SLOPES[1] - SLOPES[0]) * brightness[:, None]) / (20 * np.log10(2))
    out = np.zeros((len(pitch), len(seconds)), np.float32)
    for index, name in enumerate(NAMES):
        mine = instrument == index
        if mine.any():
            made = _partials(name, hertz[mine], slope[mine], seconds, turns[mine], how.rate)
            breath = rng.standard_normal(made.shape, dtype=np.float32) if name == "flute" else 0
            out[mine] = made + np.float32(0.03) * breath
    rise = np.clip(seconds / attack[:, None], 0, 1)
    fall = np.exp(-np.maximum(0, seconds - attack[:, None]) / decay[:, None])
    out *= (rise * fall).astype(np.float32)
    return out


def _partials(name: str, hertz: Doubles, slope: Doubles, seconds: Doubles, turns: Doubles, rate: int) -> Array:
    """Partials of one instrument, added up, [n, samples]; none lies above half the rate."""
    speed, depth = VIBRATO if name == "strings" else (0.0, 0.0)
    swing = depth / (2 * np.pi * speed) * np.sin(2 * np.pi * (speed * seconds + turns)) if depth else 0.0
    phase = (2 * np.pi * hertz * (seconds + swing)).astype(np.float32)
    ratios = _ratios(name, rate / 2 / float(hertz.min()))
    out = np.zeros(phase.shape, np.float32)
    for ratio in ratios:
        gain = np.where(ratio * hertz < 0.48 * rate, ratio**-slope, 0)
        if name == "flute" and ratio > 1:
            gain = gain * 0.3
        loudness = gain.astype(np.float32)
        if name == "pluck":
            loudness = loudness * np.exp(-2.5 * ratio * seconds).astype(np.float32)
        out += loudness * np.sin(np.float32(ratio) * phase)
    return out


def _ratios(name: str, most: float) -> tuple[float, ...]:
    """Frequencies of partials as multiples of the lowest, below ``most``."""
    if name == "bell":
        return RATIOS
    if name == "flute":
        return (1.0, 2.0, 3.0)
    return tuple(float(ratio) for ratio in range(1, int(most) + 1, 2 if name == "clarinet" else 1))


SPEC = DatasetSpec(
    title="Tones",
    summary="single notes of five synthesised instruments, with known pitch, attack, decay and brightness",
    paper="Additive synthesis: Moorer, Signal processing aspects of computer music, 1977",
    Options=TonesOptions,
    kind="sound",
    shape=(1, BANDS, FRAMES),
    count=COUNT,
    class_names=NAMES,
    licence="Generated; free to use",
    load=load,
    extent=extent,
)
