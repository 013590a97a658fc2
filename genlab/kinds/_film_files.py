"""Films of people's own: animations, videos and folders of frames as frames of one size, evenly spaced in time.

The format is told by a file's first bytes and given to FFmpeg by name, so that no file can pass for a playlist, which
would open other files and addresses.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageOps

from genlab.kinds._formats import ending
from genlab.kinds._pixels import Pixels, fitted, pixels
from genlab.kinds.base import DataLike, Fit, OwnFile, OwnItem, OwnItems, ReadItem, ReadItems

ANIMATIONS = (".gif", ".webp", ".apng", ".png")
"""Endings of pictures that may move."""

FRAMES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
"""Endings of pictures that are frames where they lie together in a folder."""

Part = Literal["all", "first", "middle"]

LARGEST = 50_000_000
"""Width times height of a frame in px that is decoded."""

MOST_DECODED = 4_000_000_000
"""Width times height of the frames of an animation, in px together: all are decoded to learn how long each stands."""

LONGEST = 200_000
"""Frames of one file that are looked at: an hour at 50 a second."""

SEEK = 5.0
"""Seconds to the next frame that is wanted from which on a video is entered anew at a key frame."""

USUAL_DELAY = 100
"""Milliseconds that an animation's frame stands that does not say how long; browsers take the same for up to 10."""

WHITE = (255, 255, 255, 255)


@dataclass(frozen=True)
class Cutting:
    """What is made of a film.

    Attributes:
        frames: Number of frames.
        size: Side in px.
        part: Whether they are spread over the whole film, or follow each other from its start or about its middle.
        fit: What becomes of frames that are not square.
        colour: Whether colours are kept.
    """

    frames: int
    size: int
    part: Part
    fit: Fit
    colour: bool = True

    def fitted(self, image: Image.Image) -> Pixels:
        """A frame of mode ``RGB`` as it is stored, uint8 [size, size, C]."""
        frame = image if self.colour else image.convert("L")
        return pixels(fitted(frame, (self.size, self.size), self.fit, 255))


def gathered(files: Sequence[OwnFile], cutting: Cutting, notes: tuple[str, ...]) -> OwnItems:
    """An item of each animation and video, and of the pictures of each folder, in the order of the names' numbers."""
    items, problems = [], []
    folders: dict[str, list[OwnFile]] = {}
    for file in files:
        if ending(file.name) in FRAMES:
            folders.setdefault(str(PurePosixPath(file.name).parent), []).append(file)
        else:
            items.append(OwnItem(file.name, partial(decoded, file.read, cutting)))
    for folder, inside in folders.items():
        if len(inside) < 2:
            problems.append((inside[0].name, "is one picture, and a film takes at least 2 frames"))
        else:
            inside.sort(key=lambda file: natural(file.name))
            items.append(OwnItem(folder, partial(of_pictures, inside, cutting)))
    items.sort(key=lambda item: natural(item.name))
    return OwnItems(items, notes=notes, problems=problems)


def alike(files: Sequence[OwnFile], like: DataLike, most: int) -> ReadItems:
    """At most ``most`` films as those of a data set: of each animation, each video, and the pictures of each folder."""
    channels, frames, *sides = like.shape
    part, fit = (like.options.get(name) for name in ("part", "fit"))
    kept: Part = part if part in ("first", "middle") else "all"
    cutting = Cutting(frames, max(sides), kept, "pad" if fit == "pad" else "crop", channels == 3)
    stills: list[OwnFile] = []
    films: list[OwnFile] = []
    for file in files:
        (stills if ending(file.name) in FRAMES and not moves(file) else films).append(file)
    folders: dict[str, list[OwnFile]] = {}
    for file in stills:
        folders.setdefault(str(PurePosixPath(file.name).parent), []).append(file)
    sources = [[film] for film in films] + list(folders.values())
    items, problems = [], []
    for source in sorted(sources, key=lambda source: natural(source[0].name))[:most]:
        try:
            items.append(_alike(sorted(source, key=lambda file: natural(file.name)), cutting))
        except ValueError as error:
            problems.append((source[0].name, f"cannot be read: {error}"))
    return ReadItems(items, problems, max(0, len(sources) - most))


def _alike(source: Sequence[OwnFile], cutting: Cutting) -> ReadItem:
    """A film of one file, or of several pictures."""
    first = source[0]
    if ending(first.name) in FRAMES and not moves(first):
        if len(source) < 2:
            raise ValueError("it is one picture, and a film takes at least 2 frames")
        film, count = of_pictures(source, cutting), len(source)
        folder = PurePosixPath(first.name).parent
        name = folder.name or f"{count} pictures"
    else:
        film, count = sampled(first.read(), cutting)
        name = first.name
    where = {
        "all": "spread evenly over it",
        "first": "its first",
        "middle": "those about its middle",
    }[cutting.part]
    size = f"{cutting.size} × {cutting.size} px, in {'colour' if cutting.colour else 'grey'}"
    if count > cutting.frames:
        return ReadItem(name, film, (f"Of its {count:,} frames {cutting.frames} are kept, {where}, at {size}.",))
    longer = ", some of which stand longer" if count < cutting.frames else ""
    return ReadItem(name, film, (f"It has {count} frames{longer}; they are kept at {size}.",))


def natural(name: str) -> list[tuple[int, int | str]]:
    """A key that sorts names by the numbers in them: ``frame2`` before ``frame10``."""
    parts = re.split(r"(\d+)", name.lower())
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts if part]


def moves(file: OwnFile) -> bool:
    """Whether a file that could be a picture has several frames; what cannot be read has not."""
    if ending(file.name) not in ANIMATIONS:
        return False
    try:
        with _opened(file.read()) as image:
            return _count(image) > 1
    except ValueError:
        return False


def decoded(read: Callable[[], bytes], cutting: Cutting) -> Pixels:
    """The film in a file, uint8 [T, size, size, C].

    Raises:
        ValueError: With the reason, to follow the file's name and "cannot be read:".
    """
    return sampled(read(), cutting)[0]


def sampled(content: bytes, cutting: Cutting) -> tuple[Pixels, int]:
    """The same, with the number of frames in the file."""
    form = _form(content)
    if not form:
        return _animation(content, cutting)
    return _video(content, form, cutting)


def of_pictures(files: Sequence[OwnFile], cutting: Cutting) -> Pixels:
    """The film whose frames are the pictures in ``files``.

    Raises:
        ValueError: Naming the picture that cannot be read.
    """
    wanted = chosen([float(place) for place in range(len(files) + 1)], cutting)
    found: dict[int, Pixels] = {}
    for place in sorted(set(wanted)):
        try:
            with _opened(files[place].read()) as image:
                found[place] = _frame(image, cutting)
        except ValueError as error:
            raise ValueError(f"{PurePosixPath(files[place].name).name}: {error}") from error
    return np.stack([found[place] for place in wanted])


def chosen(times: Sequence[float], cutting: Cutting) -> list[int]:
    """Which frames are taken: those seen at moments that are evenly apart.

    Over a whole film the moments are spread evenly, its first and its last frame among them; of a part, they are apart
    as far as its frames usually are, and where a film is too short its last frame stays.

    Args:
        times: When each frame begins, rising, and behind them when the last one ends.
        cutting: What is made of it.
    """
    starts, count = np.asarray(times[:-1]), cutting.frames
    if cutting.part == "all":
        moments = np.linspace(starts[0], starts[-1], count)
    else:
        step = float(np.median(np.diff(times)))
        spare = max(0.0, starts[-1] - starts[0] - (count - 1) * step)
        begins = starts[0] + (spare / 2 if cutting.part == "middle" else 0.0)
        moments = begins + step * np.arange(count)
    tolerance = 1e-6 * max(1.0, abs(float(starts[-1])))
    found = np.searchsorted(starts, moments + tolerance, side="right") - 1
    return [int(place) for place in found.clip(0, len(starts) - 1)]


def _form(content: bytes) -> str:
    """FFmpeg's name of the format of a video; "" for what may be an animation.

    Raises:
        ValueError: When it is neither.
    """
    if not content:
        raise ValueError("it is empty")
    if content[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free"} and content[8:12] not in {b"avif", b"avis"}:
        return "mov"
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if content[:4] == b"RIFF" and content[8:12] == b"AVI ":
        return "avi"
    if content[:4] in {b"GIF8", b"\x89PNG"} or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return ""
    raise ValueError("it is neither a GIF, WebP or PNG that moves nor an MP4, WebM, Matroska or AVI video")


def _opened(content: bytes) -> Image.Image:
    """A picture or an animation, not yet decoded.

    Raises:
        ValueError: When it is none, or damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=("GIF", "WEBP", "PNG", "JPEG", "BMP", "TIFF"))
    except Exception as error:
        # Pillow's decoders raise errors of many kinds on damaged files.
        raise ValueError("it is damaged") from error
    _check(image.width, image.height)
    return image


def _count(image: Image.Image) -> int:
    """How many frames an animation has.

    Raises:
        ValueError: When it is damaged.
    """
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception as error:
        # Pillow's decoders raise errors of many kinds on damaged files.
        raise ValueError("it is damaged") from error


def _check(width: int, height: int) -> None:
    if width * height > LARGEST:
        raise ValueError(f"its frames have {width:,} × {height:,} px, more than {LARGEST / 1e6:g} megapixels")


def _animation(content: bytes, cutting: Cutting) -> tuple[Pixels, int]:
    with _opened(content) as image:
        count = min(LONGEST, _count(image))
        _enough(count)
        if count * image.width * image.height > MOST_DECODED:
            size = f"{image.width:,} × {image.height:,} px"
            raise ValueError(f"its {count:,} frames of {size} have more than {MOST_DECODED / 1e6:,g} megapixels")
        try:
            times = [0.0]
            for place in range(count):
                image.seek(place)
                image.load()  # a WebP tells how long a frame stands when it is decoded
                delay = float(image.info.get("duration") or 0)
                times.append(times[-1] + (delay if delay > 10 else USUAL_DELAY))
            wanted = chosen(times, cutting)
            found = {}
            for place in sorted(set(wanted)):
                image.seek(place)
                found[place] = _frame(image, cutting)
        except Exception as error:
            # Pillow's decoders raise errors of many kinds on damaged files.
            raise ValueError("it is damaged") from error
    return np.stack([found[place] for place in wanted]), count


def _video(content: bytes, form: str, cutting: Cutting) -> tuple[Pixels, int]:
    import av

    try:
        with av.open(io.BytesIO(content), format=form, metadata_errors="replace") as container:
            if not container.streams.video:
                raise ValueError("it holds no pictures")
            stream = container.streams.video[0]
            _check(stream.width, stream.height)
            times = _times(container, stream)
            wanted = chosen(times, cutting)
            found = dict(_taken(container, stream, times, sorted(set(wanted)), cutting))
    except av.FFmpegError as error:
        raise ValueError("it is damaged") from error
    if not found:
        raise ValueError("it is damaged")
    if max(found) < max(wanted):
        raise ValueError(f"it breaks off after {len(found)} of {len(set(wanted))} frames that were looked for")
    return np.stack([found[place] for place in wanted]), len(times) - 1


def _times(container: Any, stream: Any) -> list[float]:
    """When frames begin, in seconds, and when the last one ends, as the file says without being decoded."""
    base = float(stream.time_base or 1)
    starts, last = [], 0.0
    for packet in container.demux(stream):
        if packet.pts is None or packet.is_discard:
            continue
        starts.append(packet.pts * base)
        last = max(last, float(packet.duration or 0) * base)
        if len(starts) == LONGEST:
            break
    starts = sorted(set(starts))
    _enough(len(starts))
    return [*starts, starts[-1] + (last or starts[-1] - starts[-2])]


def _taken(
    container: Any, stream: Any, times: list[float], wanted: list[int], cutting: Cutting
) -> Iterator[tuple[int, Pixels]]:
    """The frames at ``wanted`` places, as far as there are."""
    base = float(stream.time_base or 1)
    stream.thread_count = 1
    entered: list[list[int]] = []
    for before, place in pairwise([-1, *wanted]):
        far = before < 0 or times[place] - times[before] > SEEK
        entered = [*entered, [place]] if far else [*entered[:-1], [*entered[-1], place]]
    for places in entered:
        container.seek(int(times[places[0]] / base), stream=stream, backward=True)
        left = list(places)
        for frame in container.decode(stream):
            if frame.pts is None or frame.pts * base < times[left[0]] - base / 2:
                continue
            image = frame.to_image()
            if frame.rotation:
                image = image.rotate(frame.rotation, expand=True)
            shades = cutting.fitted(image)
            while left and frame.pts * base >= times[left[0]] - base / 2:
                yield left.pop(0), shades
            if not left:
                break


def _enough(frames: int) -> None:
    if frames < 2:
        raise ValueError(f"it has {frames} frame{'' if frames == 1 else 's'}, and a film takes at least 2")


def _frame(image: Image.Image, cutting: Cutting) -> Pixels:
    """One frame of an animation or picture, on white where it is transparent: uint8 [size, size, C].

    Raises:
        ValueError: When it is damaged.
    """
    try:
        image.load()
        still = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("it is damaged") from error
    whole = Image.alpha_composite(Image.new("RGBA", still.size, WHITE), still).convert("RGB")
    return cutting.fitted(whole)
