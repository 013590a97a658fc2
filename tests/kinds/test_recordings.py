"""Odd files of people's own: each is read right, or refused in one sentence."""

from __future__ import annotations

import io
import struct
import wave

import av
import numpy as np
import pytest

from genlab.kinds._recordings import as_wav, cut, decoded

RATE = 8_000
LONG = 11_025


def sine(seconds: float = 1.0, rate: int = 44_100) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def wav(samples: np.ndarray, rate: int = 44_100, width: int = 2, channels: int = 1) -> bytes:
    """A WAV of whole numbers of ``width`` bytes."""
    if width == 1:
        data = (np.rint(samples * 127) + 128).astype("u1").tobytes()
    else:
        whole = np.rint(samples.astype(np.float64) * (2 ** (8 * width - 1) - 1)).astype("<i4")
        data = whole.view("u1").reshape(-1, 4)[:, :width].tobytes()
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)
    return buffer.getvalue()


def float_wav(samples: np.ndarray, rate: int = 44_100) -> bytes:
    data = samples.astype("<f4").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate, 4 * rate, 4, 32)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + len(data), b"WAVE") + form + struct.pack("<4sI", b"data", len(data)) + data
    )


def encoded(codec: str, form: str, rate: int = 44_100, seconds: float = 1.0, tags: bool = False) -> bytes:
    """The sine in a compressed file."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        if tags:
            container.metadata["title"] = "ä" * 500
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (sine(seconds, rate) * 32_767).astype("<i2")[None], format="s16", layout="mono"
        )
        frame.sample_rate = rate
        stream.codec_context.open()
        to = av.AudioResampler(stream.format.name, "mono", rate, stream.codec_context.frame_size or None)
        for piece in (*to.resample(frame), *to.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def left_and_right(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([left, right], axis=1).reshape(-1)


READ = {
    "16 bits": lambda: wav(sine()),
    "8 bits": lambda: wav(sine(), width=1),
    "24 bits": lambda: wav(sine(), width=3),
    "32 bits": lambda: wav(sine(), width=4),
    "floats": lambda: float_wav(sine()),
    "floats beyond full scale": lambda: float_wav(30 * sine()),
    "stereo": lambda: wav(left_and_right(sine(), sine()), channels=2),
    "on the left only": lambda: wav(left_and_right(sine(), 0 * sine()), channels=2),
    "96 kHz": lambda: wav(sine(1.0, 96_000), rate=96_000),
    "11,025 Hz": lambda: wav(sine(1.0, LONG), rate=LONG),
    "8 kHz": lambda: wav(sine(1.0, RATE), rate=RATE),
    "streamed, of unknown length": lambda: (w := wav(sine()))[:40] + b"\xff" * 4 + w[44:],
    "flac": lambda: encoded("flac", "flac"),
    "mp3": lambda: encoded("libmp3lame", "mp3"),
    "mp3 with a long tag": lambda: encoded("libmp3lame", "mp3", tags=True),
    "ogg": lambda: encoded("libopus", "ogg", 48_000),
    "a tag before the flac": lambda: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + encoded("flac", "flac"),
    "10 minutes": lambda: wav(sine(600, 8_000), rate=8_000),
}
REFUSED = {
    "empty": (lambda: b"", "it is empty"),
    "text": (lambda: b"this is no sound at all", "it is none of WAV, FLAC, OGG and MP3"),
    "a playlist": (lambda: b"#EXTM3U\nhttp://localhost/a.wav\n", "it is none of"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "it is none of"),
    "a head alone": (lambda: wav(sine())[:30], "it is damaged"),
    "no samples": (lambda: wav(sine()[:0]), "it holds no sound"),
    "cut off": (lambda: wav(sine())[:40_000], "it breaks off after 0.5 of 1.0 seconds"),
    "flac cut off": (lambda: (f := encoded("flac", "flac"))[: len(f) // 2], "damaged|breaks off"),
    "mp3 cut off": (lambda: (f := encoded("libmp3lame", "mp3"))[: len(f) // 2], "it breaks off after 0.5 of 1.0"),
    "silent": (lambda: wav(0 * sine()), "it holds nothing but silence"),
    "channels that cancel": (lambda: wav(left_and_right(sine(), -sine()), channels=2), "nothing but silence"),
    "not numbers": (lambda: float_wav(np.where(sine() > 0.4, np.nan, sine())), "values that are not numbers"),
    "half an hour and more": (lambda: encoded("flac", "flac", 8_000, 1_860), "it is longer than 30 minutes"),
}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_right(name: str) -> None:
    found = decoded(READ[name](), RATE)
    assert found.dtype == np.float32 and found.ndim == 1
    assert len(found) / RATE == pytest.approx(600 if name == "10 minutes" else 1, abs=0.1)
    middle = found[2_000:6_000]
    loudness = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert loudness.argmax() * RATE / len(middle) == pytest.approx(440, abs=2)
    assert loudness[300:].max() < 0.05 * loudness.max(), "nothing else is heard"


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(name: str) -> None:
    content, why = REFUSED[name]
    with pytest.raises(ValueError, match=why) as found:
        decoded(content(), RATE)
    assert "\n" not in str(found.value) and len(str(found.value)) < 80


def test_what_stands_before_the_samples_of_a_wav_is_none_of_them() -> None:
    """Notes of 60 kB and half of the samples are half of the samples."""
    whole = wav(sine())
    notes = struct.pack("<4sI", b"LIST", 60_000) + bytes(60_000)
    with_notes = whole[:36] + notes + whole[36:]
    assert len(decoded(with_notes, RATE)) / RATE == pytest.approx(1, abs=0.01)
    with pytest.raises(ValueError, match=r"breaks off after 0\.5 of 1\.0 seconds"):
        decoded(with_notes[: len(with_notes) - 44_100], RATE)


def test_the_loudest_part_is_kept_and_short_sounds_are_followed_by_silence() -> None:
    sound = np.concatenate([np.full(1_000, 0.1), np.full(500, 0.9), np.full(1_000, 0.1)]).astype(np.float32)
    assert (cut(sound, 500, "loudest") == np.float32(0.9)).all()
    assert (cut(sound, 500, "first") == np.float32(0.1)).all()
    short = cut(sound[:100], 500, "loudest")
    assert len(short) == 500 and (short[:100] == sound[:100]).all() and not short[100:].any()


def test_a_wav_is_what_it_was() -> None:
    samples = sine(0.1, RATE)
    with wave.open(io.BytesIO(as_wav(samples, RATE))) as file:
        assert file.getparams()[:4] == (1, 2, RATE, len(samples))
        back = np.frombuffer(file.readframes(len(samples)), "<i2") / 32_767
    np.testing.assert_allclose(back, samples, atol=1 / 32_767)
