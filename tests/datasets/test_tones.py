"""Tones: what their factors say is what is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets import tones
from genlab.datasets.base import Source
from genlab.datasets.store import prepare
from genlab.kinds._mel import layout

HOW = layout(tones.BANDS)
NOTE = {"pitch": 57.0, "attack": 0.02, "decay": 0.3, "brightness": 0.5}


def note(name: str, **factors: float) -> np.ndarray:
    said = {key: np.array([{**NOTE, **factors}[key]]) for key in NOTE}
    index = np.array([tones.NAMES.index(name)])
    return tones.synthesise(index, **said, turns=np.zeros((1, 1)), rng=np.random.default_rng(0))[0]


def loudness(wave: np.ndarray, hertz: float) -> float:
    """Loudness of one frequency in the second quarter, in decibels."""
    part = wave[2_048:4_096] * np.hanning(2_048)
    return float(10 * np.log10(abs(np.exp(-2j * np.pi * hertz * np.arange(2_048) / HOW.rate) @ part) ** 2 + 1e-12))


@pytest.mark.parametrize("name", tones.NAMES)
@pytest.mark.parametrize("pitch", [45.0, 57.0, 69.0])
def test_the_pitch_is_heard(name: str, pitch: float) -> None:
    wave = note(name, pitch=pitch)
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    for aside in (0.9, 1.12):
        assert loudness(wave, hertz) > loudness(wave, aside * hertz) + 10


def test_instruments_have_the_partials_they_are_known_for() -> None:
    hertz = 220.0
    odd, all_of_them, bell = (note(name) for name in ("clarinet", "strings", "bell"))
    assert loudness(odd, 3 * hertz) > loudness(odd, 2 * hertz) + 20
    assert loudness(all_of_them, 2 * hertz) > loudness(odd, 2 * hertz) + 20
    assert loudness(bell, 2.4 * hertz) > loudness(all_of_them, 2.4 * hertz) + 20
    plucked = note("pluck", decay=1.0)
    lost = [loudness(plucked, partial * hertz) - loudness(plucked[4_000:], partial * hertz) for partial in (1, 6)]
    assert lost[1] > lost[0] + 20, "high partials die first"


def test_brightness_is_what_high_partials_have() -> None:
    dull, bright = (note("strings", brightness=value) for value in (0.0, 1.0))
    assert loudness(bright, 8 * 220) > loudness(dull, 8 * 220) + 20


def test_attack_and_decay_are_seconds() -> None:
    at = round(tones.BEGINS * HOW.rate)
    for attack in (0.05, 0.2):
        wave = np.abs(note("clarinet", attack=attack, decay=1.0))
        assert wave[:at].max() < 1e-6
        half = wave[at : at + round(0.5 * attack * HOW.rate)].max()
        assert half == pytest.approx(0.5 * wave.max(), rel=0.2)
    for decay in (0.1, 0.5):
        wave = np.abs(note("clarinet", attack=0.005, decay=decay))
        later = at + round((0.005 + decay) * HOW.rate)
        assert wave[later : later + 80].max() == pytest.approx(wave.max() / np.e, rel=0.15)


def test_factors_are_kept_and_independent(stores: Path, source: Source) -> None:
    data = prepare(DataConfig(name="tones", options={"count": 600}), stores, source)
    factors = data.factors("train")
    assert set(factors) == {"instrument", "pitch", "attack", "decay", "brightness"}
    np.testing.assert_array_equal(factors["instrument"], data.labels("train"))
    table = np.corrcoef(np.stack(list(factors.values())))
    assert np.abs(table - np.eye(len(table))).max() < 0.2
    assert factors["pitch"].min() >= 45 and factors["pitch"].max() <= 69
    assert np.std(factors["pitch"]) > 5


def test_the_same_seed_makes_the_same_sounds(stores: Path, source: Source) -> None:
    one, again, other = (
        prepare(DataConfig(name="tones", options={"count": 200, "seed": seed}), folder, source)
        for seed, folder in ((0, stores), (0, stores / "again"), (1, stores))
    )
    assert one.info.fingerprint == again.info.fingerprint != other.info.fingerprint


def test_length_and_bands_can_be_chosen(stores: Path, source: Source) -> None:
    options = {"count": 200, "bands": 32, "frames": 24}
    data = prepare(DataConfig(name="tones", options=options), stores, source)
    assert data.info.shape == data.items("train").shape[1:] == (1, 32, 24)
