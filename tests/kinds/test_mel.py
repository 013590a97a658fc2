"""Sound to levels and back: the filters and the reconstruction are librosa's, and what is lost on the way is known."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.kinds import _mel


def sine(hertz: float, bands: int = 64, frames: int = 64) -> np.ndarray:
    how = _mel.layout(bands)
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(how.samples(frames)) / how.rate)).astype(np.float32)


def error(one: np.ndarray, other: np.ndarray) -> float:
    """Log-spectral distance in decibels."""
    return float(_mel.RANGE * np.sqrt(np.mean((one - other) ** 2)))


@pytest.mark.parametrize("bands", [32, 64, 128])
def test_filters_are_those_of_librosa(bands: int) -> None:
    filters = pytest.importorskip("librosa.filters")
    how = _mel.layout(bands)
    theirs = filters.mel(sr=how.rate, n_fft=how.length, n_mels=bands, norm=None)
    np.testing.assert_allclose(how.filters, theirs, atol=1e-5)


@pytest.mark.parametrize("hertz", [220, 1_000, 3_000])
def test_a_sine_lights_its_band(hertz: float) -> None:
    item = _mel.levels(sine(hertz)[None], 64)[0, 0]
    assert item.shape == (64, 64) and item.dtype == np.float32
    how = _mel.layout(64)
    at = np.fft.rfftfreq(how.length, 1 / how.rate)
    loudest = 63 - int(item[:, 32].argmax())
    assert abs(at[how.filters[loudest].argmax()] - hertz) < 60
    assert item.max() == pytest.approx(1)


def test_a_sound_that_is_cut_does_not_click() -> None:
    item = _mel.levels(sine(440)[None], 64)[0, 0]
    assert item[:20, [0, -1]].max() < 0.5, "high bands stay at least 40 dB below at both ends"


def test_loudness_is_left_out() -> None:
    quiet, loud = (_mel.levels(gain * sine(440)[None], 64) for gain in (0.01, 1))
    np.testing.assert_allclose(quiet, loud, atol=1e-3)


@pytest.mark.parametrize("bands", [32, 64, 128])
def test_a_wave_is_the_one_that_is_nearest_to_its_own_spectrum(bands: int) -> None:
    how = _mel.layout(bands)
    noise = np.random.default_rng(0).standard_normal(how.samples(20)).astype(np.float32)
    np.testing.assert_allclose(how.wave(how.spectrum(noise)), noise, atol=1e-4)


@pytest.mark.parametrize("bands", [32, 64, 128])
@pytest.mark.parametrize("frames", [16, 64])
def test_the_round_trip_keeps_levels(bands: int, frames: int) -> None:
    item = _mel.levels((sine(300, bands, frames) + sine(700, bands, frames))[None], bands)[0]
    back = _mel.wave(item)
    assert back.shape == (_mel.layout(bands).samples(frames),) and np.abs(back).max() <= 1
    there = item > 0.5
    again = _mel.levels(back[None], bands)[0]
    assert error(item[there], again[there]) < 5
    assert error(item[there], np.roll(again, 8, axis=1)[there]) > 10, "levels elsewhere are not taken for these"


def test_the_same_item_sounds_the_same_and_another_seed_differs() -> None:
    item = _mel.levels(sine(440)[None], 64)[0]
    np.testing.assert_array_equal(_mel.wave(item), _mel.wave(item))
    assert np.abs(_mel.wave(item) - _mel.wave(item, seed=1)).max() > 0.01


def test_silence_stays_silent_and_what_is_no_number_is_none() -> None:
    assert np.abs(_mel.wave(np.zeros((1, 64, 32), np.float32))).max() == 0
    assert np.isfinite(_mel.wave(np.full((1, 64, 32), np.nan, np.float32))).all()


def test_items_one_after_another_in_time_are_one_sound() -> None:
    item = _mel.levels(sine(440)[None], 64)[0]
    assert _mel.wave(np.concatenate([item] * 3, axis=-1)).shape == (3 * 8_192,)
