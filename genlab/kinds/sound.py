"""Sounds of a quarter of a second to two seconds, one channel: levels of mel bands over time, heard by way of phases.

An item is float32 [1, bands, frames] in [0, 1], its highest band in the first row: 1 is the loudest band of the sound,
0 is 80 decibels below. 64 bands are 8,000 samples a second, 128 are 16,000; a frame is 16 ms (`genlab.kinds._mel`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from genlab.kinds._recordings import READ, SUFFIXES
from genlab.kinds.base import DataLike, KindSpec, OwnFile, OwnItem, OwnItems, ReadItem, ReadItems, Shape
from genlab.options import Options, setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BANDS = (32, 64, 128)
SHORTEST, LONGEST = 16, 128
"""Frames of an item."""

STEP = 8
"""A length is a multiple of so many frames, so that networks can halve it."""

COLOURS = ((0, 0, 4), (40, 17, 89), (129, 37, 129), (212, 72, 104), (250, 141, 98), (252, 209, 146), (252, 253, 228))
"""Of levels from 0 to 1, at equal distances: lightness grows evenly, so that it is read in grey as well."""


class SoundImportOptions(Options):
    """How sound files become items."""

    seconds: float = setting(
        1.0, "length of an item; longer sounds are cut, shorter ones followed by silence", unit="s", ge=0.25, le=2.05
    )
    bands: Literal[32, 64, 128] = setting(
        64, "rows of the picture: 64 hear up to 4 kHz, enough for speech, 128 up to 8 kHz, 32 up to 2 kHz"
    )
    part: Literal["loudest", "first"] = setting("loudest", "which part of a longer sound is kept")

    @property
    def frames(self) -> int:
        """Length in frames of 16 ms, a multiple of `STEP`."""
        return min(LONGEST, max(SHORTEST, STEP * round(self.seconds * 62.5 / STEP)))


def refuse(shape: Shape) -> str:
    """Why sounds cannot have that shape, or ""."""
    channels, bands, frames = shape
    if channels != 1 or bands not in BANDS:
        return f"Sounds have 1 channel and 32, 64 or 128 bands, not {channels} and {bands}."
    if not SHORTEST <= frames <= LONGEST:
        return f"Sounds have {SHORTEST} to {LONGEST} frames of 16 ms, not {frames}."
    return ""


def words(shape: Shape) -> str:
    """The shape of an item, with length and rate."""
    return f"{shape[2] * 0.016:.2f} s at {shape[1] * 0.125:g} kHz, {shape[1]} bands × {shape[2]} frames"


def gather(files: Sequence[OwnFile], options: SoundImportOptions) -> OwnItems:
    """One item of each file."""
    length = options.frames * 0.016
    kept = "its loudest" if options.part == "loudest" else "the first"
    note = (
        f"Each sound was mixed to one channel at {options.bands * 125:,} Hz; {kept} {length:.2f} s were kept, and "
        "silence follows a shorter one. Its loudest band is 0 dB, whatever its loudness was, and 80 dB below count as "
        "nothing."
    )
    return OwnItems([OwnItem(file.name, partial(_item, file, options)) for file in files], notes=(note,))


def _item(file: OwnFile, options: SoundImportOptions) -> NDArray[np.float32]:
    from genlab.kinds._mel import layout, levels
    from genlab.kinds._recordings import cut, decoded

    how = layout(options.bands)
    wave = cut(decoded(file.read(), how.rate), how.samples(options.frames), options.part)
    item: NDArray[np.float32] = levels(wave[None], options.bands)[0]
    return item


def read_like(files: Sequence[OwnFile], like: DataLike, most: int) -> ReadItems:
    """One item of each file, at the rate and length of the data set's."""
    from genlab.kinds._single import each

    return each(files, partial(_one_like, like=like), most)


def _one_like(file: OwnFile, like: DataLike) -> ReadItem:
    from genlab.kinds._mel import layout, levels
    from genlab.kinds._recordings import Part, cut, recorded, silent

    _, bands, frames = like.shape
    how = layout(bands)
    part: Part = "first" if like.options.get("part") == "first" else "loudest"
    found = recorded(file.read(), how.rate)
    samples = how.samples(frames)
    kept = cut(found.wave, samples, part)
    seconds, length = len(found.wave) / how.rate, samples / how.rate
    if silent(kept):
        raise ValueError(f"its first {length:.2f} s, which are kept, hold nothing but silence")
    notes = []
    if found.channels > 1:
        notes.append(f"Its {found.channels} channels are mixed to one.")
    if found.rate != how.rate:
        notes.append(f"It is resampled from {found.rate:,} to {how.rate:,} Hz.")
    if len(found.wave) > samples:
        whose = "its loudest" if part == "loudest" else "its first"
        notes.append(f"It lasts {_lasting(seconds)}: {whose} {length:.2f} s are kept.")
    elif samples - len(found.wave) > how.hop:
        notes.append(f"It lasts {_lasting(seconds)}: silence follows, up to {length:.2f} s.")
    return ReadItem(file.name, levels(kept[None], bands)[0], tuple(notes))


def _lasting(seconds: float) -> str:
    """A length in words: ``1.30 s``, ``10 min 5 s``."""
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def draw(sounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels in colour, high bands above, time from left to right."""
    import numpy as np

    places = np.linspace(0, 1, len(COLOURS))
    table = np.array(COLOURS, np.float32) / 255
    shares = np.nan_to_num(sounds[:, 0])
    return np.stack([np.interp(shares, places, table[:, c]) for c in range(3)], axis=1).astype(np.float32)


def picture(sounds: Any) -> Any:
    """The same of tensors: each piece of the colours' course adds its bend from where it begins."""
    pieces = len(COLOURS) - 1
    slopes = [[(c1 - c0) * pieces / 255 for c0, c1 in zip(*ends, strict=True)] for ends in pairwise(COLOURS)]
    bends = [slopes[0], *([b - a for a, b in zip(*ends, strict=True)] for ends in pairwise(slopes))]
    shares = sounds[:, :1].clamp(0, 1)
    found = shares.new_tensor(COLOURS[0]).view(1, 3, 1, 1) / 255 + 0 * shares
    for at, bend in enumerate(bends):
        found = found + shares.new_tensor(bend).view(1, 3, 1, 1) * (shares - at / pieces).clamp(min=0)
    return found


def play(sound: NDArray[np.float32]) -> tuple[bytes, str]:
    """The sound as a WAV, with phases made up; several one after another in time, [1, bands, any], are one sound."""
    from genlab.kinds._mel import layout, wave
    from genlab.kinds._recordings import as_wav

    return as_wav(wave(sound), layout(sound.shape[-2]).rate), "audio/wav"


SPEC = KindSpec(
    title="Sound",
    summary="Sounds of up to two seconds, as levels of their bands over time",
    one="sound",
    many="sounds",
    value="level",
    like="images",
    axes=3,
    refuse=refuse,
    words=words,
    label=lambda shape: f"{shape[2] * 0.016:.2f} s, {shape[1] * 0.125:g} kHz",
    dtype="uint8",
    suffixes=SUFFIXES,
    ImportOptions=SoundImportOptions,
    gather=gather,
    read_like=read_like,
    fits=f"{READ} are read, mixed to one channel, and resampled and cut to the rate and the length of the model's "
    "sounds; silence follows a shorter one.",
    bounds=(0, 1),
    centre=lambda x, scale: x * 2 - 1,
    activate=lambda raw, scale: raw.sigmoid(),
    draw=draw,
    picture=picture,
    play=play,
    network="conv",
    encoder="in-domain",
    damages=(
        *("fresh", "identical", "one_image", "one_class", "half_classes", "noisy", "silenced", "raised"),
        *("shuffled_labels", "memorised"),
    ),
)
