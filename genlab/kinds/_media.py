"""Items as files that can be heard, watched or read, alone or one after the other. `base` says how a kind makes one."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlab.kinds.base import KindSpec, Shape, as_bytes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUFFIXES = {
    "audio/wav": ".wav",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "text/plain": ".txt",
    "image/png": ".png",
}
"""MIME type -> ending of a file; whatever else a kind plays has the second part of its type."""

OVERLAP = 0.15
"""Share of a sound in which it fades into the next."""


@dataclass(frozen=True)
class Media:
    """A file to be heard, watched or read.

    Attributes:
        content: Its bytes.
        mime: Its MIME type.
    """

    content: bytes
    mime: str

    @property
    def suffix(self) -> str:
        """The ending of its name, with the dot."""
        return SUFFIXES.get(self.mime, "." + self.mime.rpartition("/")[2])


def speaks(kind: KindSpec, shape: Shape) -> bool:
    """Whether an item says more than its picture: it can be played or read, or moves."""
    return kind.play is not None or kind.text is not None or kind.moving(shape) > 1


def media(kind: KindSpec, item: NDArray[np.float32]) -> Media:
    """One public item [*shape] played, else as text, else as a picture."""
    if kind.play is not None:
        return Media(*kind.play(item))
    if kind.text is not None:
        return Media(f"{kind.text(item)}\n".encode(), "text/plain")
    return Media(_png(kind, item), "image/png")


def joined(kind: KindSpec, items: NDArray[np.float32]) -> Media:
    """Public items [n, *shape] one after the other: a sound that fades from each to the next, a film, or lines."""
    parts = [media(kind, item) for item in items]
    mimes = {part.mime for part in parts}
    if len(mimes) == 1 and len(parts) > 1:
        mime = mimes.pop()
        if mime == "text/plain":
            return Media(b"".join(part.content for part in parts), mime)
        if mime == "audio/wav":
            return Media(_sounds([part.content for part in parts]), mime)
        if mime in {"image/gif", "image/webp"}:
            return Media(_films([part.content for part in parts], mime), mime)
    return parts[0]


def _sounds(parts: Sequence[bytes]) -> bytes:
    import numpy as np

    read = []
    for part in parts:
        with wave.open(io.BytesIO(part)) as file:
            about = file.getparams()
            read.append(np.frombuffer(file.readframes(about.nframes), "<i2").astype(np.float32))
    overlap = int(OVERLAP * min(map(len, read))) // about.nchannels * about.nchannels
    fade = np.linspace(0, 1, overlap, dtype=np.float32)
    whole = read[0]
    for sound in read[1:]:
        if overlap:
            whole[-overlap:] = whole[-overlap:] * (1 - fade) + sound[:overlap] * fade
        whole = np.concatenate([whole, sound[overlap:]])
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams(about)
        file.writeframes(np.rint(whole).clip(-32_768, 32_767).astype("<i2").tobytes())
    return buffer.getvalue()


def _films(parts: Sequence[bytes], mime: str) -> bytes:
    from PIL import Image, ImageSequence

    frames, durations = [], []
    for part in parts:
        for frame in ImageSequence.Iterator(Image.open(io.BytesIO(part))):
            frames.append(frame.convert("RGB"))
            durations.append(int(frame.info.get("duration", 100)) or 100)
    buffer = io.BytesIO()
    how = {"lossless": True} if mime == "image/webp" else {}
    frames[0].save(
        buffer,
        mime.rpartition("/")[2].upper(),
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        **how,
    )
    return buffer.getvalue()


def _png(kind: KindSpec, item: NDArray[np.float32]) -> bytes:
    import numpy as np
    from PIL import Image

    (picture,) = as_bytes(kind.pictures(item[None]))
    buffer = io.BytesIO()
    Image.fromarray(picture[0] if len(picture) == 1 else np.moveaxis(picture, 0, -1)).save(buffer, "PNG")
    return buffer.getvalue()
