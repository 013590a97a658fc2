"""Signals: 32 values of one course, drawn as a curve."""

from genlab.kinds.base import KindSpec

HEIGHT = 24


def refuse(shape):
    """Why signals cannot have that shape, or ""."""
    return "" if shape == (32,) else f"Signals have 32 values, not {shape[0]}."


def read(content, name):
    """A text file of 32 numbers from -1 to 1."""
    import numpy as np

    values = np.array([float(word) for word in content.decode().split()], np.float32)
    if not (np.abs(values) <= 1).all():
        raise ValueError("its values are not from -1 to 1")
    return values


def draw(signals):
    """Each signal as a white curve on black, 24 px high."""
    import numpy as np

    places = np.rint((1 - signals.clip(-1, 1)) / 2 * (HEIGHT - 1))
    before = np.concatenate([places[:, :1], places[:, :-1]], axis=1)
    low, high = np.minimum(places, before)[:, None], np.maximum(places, before)[:, None]
    rows = np.arange(HEIGHT)[None, :, None]
    return ((rows >= low) & (rows <= high)).astype(np.float32)[:, None]


def play(signal):
    """The signal a hundred times over, as a WAV."""
    import io
    import wave

    import numpy as np

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes((np.tile(signal, 100) * 32_767).astype("<i2").tobytes())
    return buffer.getvalue(), "audio/wav"


SPEC = KindSpec(
    title="Signals",
    summary="Courses of 32 values",
    one="signal",
    many="signals",
    phrase="short signals",
    like="points",
    axes=1,
    refuse=refuse,
    words=lambda shape: f"{shape[0]} values",
    dtype="int16",
    suffixes=(".signal",),
    read=read,
    bounds=(-1, 1),
    centre=lambda x, scale: x,
    activate=lambda raw, scale: raw.tanh(),
    draw=draw,
    play=play,
    text=lambda signal: " ".join(f"{value:.1f}" for value in signal[:8]),
)
