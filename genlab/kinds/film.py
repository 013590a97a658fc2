"""Short films in grey or colour, without sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from genlab.kinds.base import DataLike, Fitting, KindSpec, OwnFile, OwnItems, ReadItems, Shape
from genlab.options import Options, setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST, LARGEST = 8, 128
"""Sides in px that can be stored."""

FEWEST, MOST = 2, 64
"""Frames that can be stored."""

RATE = 10
"""Frames a second when an item is played; what is stored knows no time."""


SUFFIXES = (".gif", ".webp", ".apng", ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")
FRAMES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
"""Endings of the files that films are read from, and of pictures whose folder is a film."""


class FilmImportOptions(Options):
    """How animations, videos and folders of frames become items."""

    frames: int = setting(16, "frames of an item", ge=FEWEST, le=MOST)
    size: int = setting(32, "side of a frame; time and memory grow with its square", unit="px", ge=16, le=LARGEST)
    part: Literal["all", "first", "middle"] = setting(
        "all",
        "what is kept of a longer film: frames spread evenly over all of it, or as many in a row, the first or those "
        "about the middle",
    )
    fit: Literal["crop", "pad"] = setting("crop", "whether frames that are not square lose their edges or get borders")
    colour: bool = setting(True, "keep colours, where there are any; off makes every film grey")


def gather(files: Sequence[OwnFile], options: FilmImportOptions) -> OwnItems:
    """An item of each animation or video, and of each folder of pictures."""
    from genlab.kinds._film_files import Cutting, gathered

    kept = {
        "all": f"{options.frames} frames, spread evenly over its length, were taken",
        "first": f"the first {options.frames} frames were taken",
        "middle": f"{options.frames} frames about the middle were taken",
    }
    size = f"{options.size} × {options.size} px"
    note = f"Of each film {kept[options.part]}, at {size}; where it has fewer, some stand longer."
    cutting = Cutting(options.frames, options.size, options.part, options.fit, options.colour)
    return gathered(files, cutting, (note,))


def read_like(files: Sequence[OwnFile], like: DataLike, most: int) -> ReadItems:
    """Films of the size and with the frames of the data set's."""
    from genlab.kinds._film_files import alike

    return alike(files, like, most)


def mine(file: OwnFile) -> bool:
    """Whether a file that pictures are read from as well has several frames."""
    from genlab.kinds._film_files import moves

    return moves(file)


def refuse(shape: Shape) -> str:
    """Why films cannot have that shape, or ""."""
    channels, frames, *sides = shape
    if channels not in {1, 3}:
        return f"Films have 1 channel or 3, not {channels}."
    if not FEWEST <= frames <= MOST:
        return f"Films have {FEWEST} to {MOST} frames, not {frames}."
    if not all(SMALLEST <= side <= LARGEST for side in sides):
        return f"Films have sides from {SMALLEST} to {LARGEST} px, not {sides[0]} × {sides[1]}."
    return ""


def words(shape: Shape) -> str:
    """Frames, sides and colour."""
    channels, frames, height, width = shape
    return f"{frames} frames, {height} × {width} px, {'colour' if channels == 3 else 'grey'}"


def label(shape: Shape) -> str:
    """The same for a list to choose from."""
    channels, frames, height, width = shape
    return f"{frames} × {height} × {width}{', colour' if channels == 3 else ''}"


def resized(shape: Shape, size: int | None, channels: int | None) -> Shape:
    """The shape with the longer side of a frame scaled to ``size``, in the same proportions; as many frames."""
    if size is not None:
        longest = max(shape[2:])
        shape = (*shape[:2], *(max(1, round(side * size / longest)) for side in shape[2:]))
    return (channels or shape[0], *shape[1:])


def conform(items: NDArray[Any], fitting: Fitting) -> NDArray[Any]:
    """Films uint8 [N, T, H, W, C] as they are stored, uint8 [N, C, T, H, W]."""
    import numpy as np

    from genlab.kinds._pixels import resize, to_channels

    if fitting.size is not None:
        frames = resize(items.reshape(-1, *items.shape[2:]), fitting.size, fitting.fit)
        items = frames.reshape(*items.shape[:2], *frames.shape[1:])
    return np.ascontiguousarray(np.moveaxis(to_channels(items, fitting.channels), -1, 1), np.uint8)


def given(stored: NDArray[Any]) -> NDArray[Any]:
    """Stored films uint8 [N, C, T, H, W] as [N, T, H, W, C]."""
    import numpy as np

    return np.moveaxis(stored, 1, -1)


def draw(films: NDArray[np.float32]) -> NDArray[np.float32]:
    """A strip of each film, its frames from left to right: [n, C, T, H, W] -> [n, C, H, T·W]."""
    count, channels, frames, height, width = films.shape
    return films.transpose(0, 1, 3, 2, 4).reshape(count, channels, height, frames * width)


def picture(films: Any) -> Any:
    """The same on tensors."""
    return films.permute(0, 1, 3, 2, 4).flatten(3)


def play(film: NDArray[np.float32]) -> tuple[bytes, str]:
    """A film [C, T, H, W] in [0, 1] as an animated WebP that begins again at its end, `RATE` frames a second."""
    import io

    from PIL import Image

    from genlab.kinds.base import as_bytes

    shades = as_bytes(film).transpose(1, 2, 3, 0)
    frames = [Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame).convert("RGB") for frame in shades]
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=1_000 // RATE,
        loop=0,
        lossless=True,
        quality=0,
        method=0,
    )
    return buffer.getvalue(), "image/webp"


SPEC = KindSpec(
    title="Film",
    summary="Short films in grey or colour, without sound",
    one="film",
    many="films",
    value="pixel",
    axes=4,
    refuse=refuse,
    words=words,
    label=label,
    dtype="uint8",
    conform=conform,
    given=given,
    resized=resized,
    suffixes=(*SUFFIXES, *FRAMES),
    ImportOptions=FilmImportOptions,
    gather=gather,
    read_like=read_like,
    fits="Animations (GIF, WebP, PNG), videos (MP4, WebM, MKV, AVI) and the pictures of a folder are read; of each, as "
    "many frames as the model's films have are cut to their centre square and made as small.",
    mine=mine,
    bounds=(0, 1),
    centre=lambda x, scale: x * 2 - 1,
    activate=lambda raw, scale: raw.sigmoid(),
    draw=draw,
    picture=picture,
    moving=lambda shape: shape[1],
    play=play,
    network="film",
    encoder="in-domain",
    damages=(
        "fresh",
        "identical",
        "one_image",
        "one_class",
        "half_classes",
        "blurred",
        "noisy",
        "shuffled_labels",
        "memorised",
        "frozen",
        "shuffled_frames",
    ),
)
