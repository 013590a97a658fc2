"""Single items of a person's, as a model's data look: read as an import into these data would read them."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.foreign._archive import BadPictureError, Limits
from genlab.datasets.foreign._decode import decode
from genlab.datasets.foreign._names import short
from genlab.datasets.store import check_options
from genlab.datasets.store._opened import read_meta
from genlab.errors import GenlabError, InputError
from genlab.kinds._pixels import Size, fitted, pixels, to_channels
from genlab.kinds._single import each
from genlab.kinds.base import DataLike, Fitting, KindSpec, OwnFile, ReadItem, ReadItems, Shape, as_public, as_stored
from genlab.options import parse

MOST_BYTES = Limits().file
"""Bytes of a file that are read."""

NOT_FITTED = "Make it fit first (`lab.latents.fit`, `lab.tasks.fit`)."


@dataclass(frozen=True)
class FittedItem:
    """One item of a person's, as data of a kind and shape look.

    Attributes:
        name: What it is called, e.g. the name of its file.
        content: The item as placements and tasks take it; `unpacked` reads it.
        notes: What was done to make it fit, one sentence each.
    """

    name: str
    content: bytes
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The content in base64, as requests and arguments of jobs hold it."""
        return base64.b64encode(self.content).decode()


@dataclass(frozen=True)
class FittedItems:
    """Items of a person's, as data of a kind and shape look.

    Attributes:
        items: Those that can be used.
        problems: Why others cannot be used, one sentence each.
        more: How many items there are beyond the most that are read.
        hint: What to do about the problems.
    """

    items: tuple[FittedItem, ...]
    problems: tuple[str, ...] = ()
    more: int = 0
    hint: str = ""

    def first(self, one: str, many: str) -> FittedItem:
        """The first item, which says when there are others.

        Args:
            one: What an item is called.
            many: What several are called.

        Raises:
            InputError: When none can be used.
        """
        if not self.items:
            raise InputError(self.problems[0] if self.problems else f"There is no {one}.", self.hint, kind="bad_file")
        item = self.items[0]
        if not self.more:
            return item
        said = f"There are {self.more + 1:,} {many}: the first is taken."
        return FittedItem(item.name, item.content, (*item.notes, said))


def data_like(data: DataConfig, space: Mapping[str, Any], datasets: Path) -> tuple[KindSpec, DataLike]:
    """What single items are to be like.

    Args:
        data: The data that a model learned from.
        space: What its run has noted of their kind, shape and symbols.
        datasets: The workspace's folder of data sets.

    Raises:
        InputError: When the kind is not registered here.
    """
    kind, symbols = kinds.of(space), tuple(map(str, space.get("symbols") or ()))
    shape = tuple(int(side) for side in space.get("shape") or ())
    if data.name in REGISTRY:
        spec = REGISTRY.get(data.name)
        return kind, DataLike(shape, symbols, written=spec.written(check_options(data)))
    recipe = (read_meta(datasets / "added" / data.name) or {}).get("recipe")
    chosen = recipe.get("options") if isinstance(recipe, Mapping) else None
    try:
        options = parse(kind.ImportOptions, chosen if isinstance(chosen, Mapping) else {}).model_dump()
    except GenlabError:
        options = {}
    return kind, DataLike(shape, symbols, options)


def fit_items(
    files: Sequence[OwnFile], kind: KindSpec, like: DataLike, *, invert: bool = False, most: int = 1
) -> FittedItems:
    """Files of a person's as items that are like the data.

    Args:
        files: The files.
        kind: The kind of the data, with its symbols.
        like: The data.
        invert: Whether dark and light change places, where items have pixels.
        most: Items that are read.

    Raises:
        InputError: When items of the kind are not read from files, or dark and light cannot change places.
    """
    if not kind.from_files:
        many = kind.many.capitalize()
        raise InputError(f"{many} are not read from files.", "Take a model of another kind of data.", kind="bad_value")
    if invert and not kind.pixelled:
        raise InputError(f"Of {kind.many} dark and light cannot change places.", "Leave that out.", kind="bad_value")
    sized = [OwnFile(file.name, partial(_within, file, MOST_BYTES)) for file in files]
    found = _read_like(sized, kind, like, most)
    items, problems = [], [f"{short(name)} {why}." for name, why in found.problems]
    for one in found.items:
        try:
            items.append(FittedItem(one.name, _packed(one.item, kind, like, invert), one.notes))
        except ValueError as error:
            problems.append(f"{short(one.name)} cannot be used: {error}.")
    return FittedItems(tuple(items), tuple(problems), found.more, f"Choose another {kind.one}. {kind.fits}".strip())


def _within(file: OwnFile, most: int) -> bytes:
    content = file.read()
    if len(content) > most:
        raise ValueError(f"it has {len(content) / 2**20:,.0f} MiB, and at most {most >> 20} MiB are read")
    return content


def _read_like(files: Sequence[OwnFile], kind: KindSpec, like: DataLike, most: int) -> ReadItems:
    if kind.read_like is not None:
        return kind.read_like(files, like, most)
    if kind.pixels:
        return each(files, partial(_picture, like=like), most)
    if kind.gather is None:
        return each(files, partial(_alone, kind=kind), most)
    gathered = kind.gather(files, parse(kind.ImportOptions, like.options))
    items, problems = [], list(gathered.problems)
    for item in gathered.items[:most]:
        try:
            items.append(ReadItem(item.name, item.load()))
        except ValueError as error:
            problems.append((item.name, f"cannot be read: {error}"))
    return ReadItems(items, problems, max(0, len(gathered.items) - most))


def _alone(file: OwnFile, kind: KindSpec) -> ReadItem:
    assert kind.read is not None
    return ReadItem(file.name, kind.read(file.read(), file.name))


def _picture(file: OwnFile, like: DataLike) -> ReadItem:
    channels, height, width = like.shape
    try:
        return ReadItem(file.name, _cut(file.read(), (height, width), channels, file.name))
    except BadPictureError as error:
        raise ValueError(f"it {error}") from error


def _cut(content: bytes, size: Size, channels: int, name: str = "") -> NDArray[np.uint8]:
    """A picture file as uint8 [H, W, C]; the centre is kept where its proportions are others.

    Raises:
        BadPictureError: When it is no picture, damaged or too large.
    """
    image = decode(io.BytesIO(content), Limits(), at_least=max(size), name=name)
    return to_channels(pixels(fitted(image, size, "crop")), channels)


def _packed(item: NDArray[Any], kind: KindSpec, like: DataLike, invert: bool) -> bytes:
    """An item as `load` gives it, as placements and tasks take it: a picture as PNG, all else compressed.

    Raises:
        ValueError: When it has another shape than the data.
    """
    sized = kind.resized is not None
    fit = "pad" if like.options.get("fit") == "pad" else "crop"
    fitting = Fitting((like.shape[-2], like.shape[-1]), like.shape[0], fit) if sized else Fitting()  # type: ignore[arg-type]
    stored = as_stored(kind.conform(item[None], fitting), kind.dtype)
    if stored.shape[1:] != like.shape:
        raise ValueError(
            f"it has {kind.words(stored.shape[1:])}; the model's {kind.many} have {kind.words(like.shape)}"
        )
    if invert:
        stored = np.iinfo(stored.dtype).max - stored
    return _png(np.moveaxis(stored[0], 0, -1)) if kind.pixels else zlib.compress(stored.tobytes(), 6)


def _png(array: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array[..., 0] if array.shape[-1] == 1 else array).save(buffer, format="PNG")
    return buffer.getvalue()


def unpacked(content: bytes, kind: KindSpec, shape: Shape) -> NDArray[np.float32]:
    """The public item [*shape] that `FittedItem.content` holds.

    Raises:
        InputError: When it holds none, or one of another shape.
    """
    if kind.pixels:
        return as_public(_planes(content, shape))
    dtype = np.dtype(kind.dtype)
    size = prod(shape) * dtype.itemsize
    try:
        values = zlib.decompressobj().decompress(content, size + 1)
    except zlib.error as error:
        raise InputError(f"That is no {kind.one}.", NOT_FITTED, kind="bad_file") from error
    if len(values) != size:
        raise InputError(f"This {kind.one} does not fit the model.", NOT_FITTED, kind="bad_file")
    return as_public(np.frombuffer(values, dtype).reshape(shape))


def _planes(content: bytes, shape: Shape) -> NDArray[np.uint8]:
    """The values of a PNG [C, H, W]."""
    try:
        picture = np.asarray(Image.open(io.BytesIO(content)))
    except (UnidentifiedImageError, OSError) as error:
        raise InputError("That is no picture.", "Choose a PNG or JPEG.", kind="bad_picture") from error
    planes = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    if planes.shape != tuple(shape):
        raise InputError(
            f"A picture of {planes.shape[-1]} × {planes.shape[-2]} px does not fit the model.",
            "Bring it to the model's size first (`lab.tasks.fit`).",
            kind="bad_picture",
        )
    return planes


def fit_picture(content: bytes, size: Size, channels: int, *, invert: bool = False) -> bytes:
    """A picture file as a PNG of that size; the centre is kept where its proportions are others.

    Args:
        content: A picture of any common format.
        size: Height and width in px.
        channels: 1 for grey, 3 for colour.
        invert: Whether dark and light change places.

    Raises:
        InputError: When it is no picture, damaged or too large.
    """
    try:
        array = _cut(content, size, channels)
    except BadPictureError as error:
        raise InputError(
            f"The picture {error}.", "Choose another picture, a PNG or JPEG for instance.", kind="bad_picture"
        ) from error
    return _png(255 - array if invert else array)
