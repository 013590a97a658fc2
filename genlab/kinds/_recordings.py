"""Sound files of people's own as waves: which formats are read, by which demuxer of FFmpeg, and what becomes of them.

The format is told by a file's first bytes and given to FFmpeg by name, so that no file can pass for a playlist, which
would open other files and addresses.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Part = Literal["loudest", "first"]

SUFFIXES = (".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3")
READ = "WAV, FLAC, OGG and MP3"
LONGEST = 30 * 60
"""Seconds of one file that are read."""

SILENT = 1e-4
"""Size of a sample, of 1, under which a sound is silent: 80 decibels below full scale."""

STREAMED = 2**32 - 1
"""Bytes that a WAV declares whose length was not known when it was begun."""

WHOLE = 0.97
"""Share of the length that a file declares that has to be there; MP3 declares a little more than it holds."""


@dataclass(frozen=True)
class Recording:
    """The sound in a file.

    Attributes:
        wave: One channel, float32 [samples] at the rate that was asked for, full scale at 1.
        rate: Samples a second in the file.
        channels: Channels in the file.
    """

    wave: Floats
    rate: int
    channels: int


def decoded(content: bytes, rate: int) -> Floats:
    """The sound in a file as one channel, float32 [samples] at ``rate`` samples a second, full scale at 1.

    Raises:
        ValueError: With the reason, to follow the file's name and "cannot be read:".
    """
    return recorded(content, rate).wave


def recorded(content: bytes, rate: int) -> Recording:
    """The same, with what it was in the file.

    Raises:
        ValueError: With the reason, to follow the file's name and "cannot be read:".
    """
    import av

    form = _form(content)
    try:
        with av.open(io.BytesIO(content), format=form, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise ValueError("it holds no sound")
            stream = container.streams.audio[0]
            declared, before, channels = _declared(stream), int(stream.rate or rate), int(stream.channels or 1)
            share = _present(content) if form == "wav" else 1.0
            pieces = list(_pieces(container, rate))
    except av.FFmpegError as error:
        raise ValueError("it is damaged") from error
    wave = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    if not len(wave):
        raise ValueError("it holds no sound")
    if not np.isfinite(wave).all():
        raise ValueError("it holds values that are not numbers")
    whole = len(wave) / rate / share if share < 1 else declared or 0.0
    if len(wave) / rate < WHOLE * whole - 0.01:
        raise ValueError(f"it breaks off after {len(wave) / rate:.1f} of {whole:.1f} seconds")
    if silent(wave):
        raise ValueError("it holds nothing but silence")
    return Recording(wave, before, channels)


def silent(wave: Floats) -> bool:
    """Whether a wave [samples], of which there is one, is so quiet that nothing is heard."""
    return float(np.abs(wave).max()) < SILENT


def cut(wave: Floats, samples: int, part: Part) -> Floats:
    """``samples`` of a wave: its loudest or its first part; a shorter one is followed by silence."""
    if len(wave) <= samples:
        return np.pad(wave, (0, samples - len(wave)))
    if part == "first":
        return wave[:samples]
    energy = np.concatenate([[0.0], np.cumsum(np.square(wave, dtype=np.float64))])
    start = int(np.argmax(energy[samples:] - energy[:-samples]))
    return wave[start : start + samples]


def _form(content: bytes) -> str:
    """FFmpeg's name of the format."""
    if not content:
        raise ValueError("it is empty")
    start = content[_after_tags(content) :][:12]
    if start[:4] in {b"RIFF", b"RIFX", b"RF64"} and start[8:12] == b"WAVE":
        return "wav"
    if start[:4] == b"fLaC":
        return "flac"
    if start[:4] == b"OggS":
        return "ogg"
    if len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0 and start[1] & 0x06:
        return "mp3"
    raise ValueError(f"it is none of {READ}")


def _after_tags(content: bytes) -> int:
    """Where the sound begins: behind the ID3 tags that a file may begin with."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) >= at + 10:
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size
    return at


def _present(content: bytes) -> float:
    """Share of the samples that a WAV declares that is there; 1 where it was written before its length was known."""
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name == b"data":
            return 1.0 if size in {0, STREAMED} else min(1.0, (len(content) - at - 8) / size)
        at += 8 + size + size % 2
    return 1.0


def _declared(stream: Any) -> float | None:
    """Seconds that a file says it holds; None where it does not say."""
    if stream.duration is None or stream.time_base is None:
        return None
    seconds = float(stream.duration * stream.time_base)
    return seconds if 0 < seconds < 24 * 3600 else None


def _pieces(container: Any, rate: int) -> Iterator[Floats]:
    from av import AudioResampler

    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    total = 0
    for frame in container.decode(audio=0):
        for piece in resampler.resample(frame):
            yield (found := _values(piece))
            total += len(found)
        if total > LONGEST * rate:
            raise ValueError(f"it is longer than {LONGEST // 60} minutes")
    for piece in resampler.resample(None):
        yield _values(piece)


def _values(frame: Any) -> Floats:
    found: Floats = frame.to_ndarray().reshape(-1).astype(np.float32)
    return found


def as_wav(wave: Floats, rate: int) -> bytes:
    """A wave [samples] in [-1, 1] as a WAV file of 16 bits."""
    values = np.rint(np.clip(wave, -1, 1) * 32_767).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(values), b"WAVE")
    return head + form + struct.pack("<4sI", b"data", len(values)) + values
