"""What a kind of data is: everything that depends on whether items are pictures, points or something else. No torch.

An item has three forms. *Stored*, it is what the workspace keeps. *Public*, it is what metrics, notebooks and files
see: float32, in units that mean something. *Centred*, it is what networks see. Integers that are stored stand for
shares of the largest value of their type (of uint8: 255 is 1); floats stand for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from genlab.errors import InputError
from genlab.options import NoOptions, Options
from genlab.registry import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

Shape = tuple[int, ...]

Fit = Literal["crop", "pad"]
"""What becomes of a picture in other proportions than wanted: its edges are cut, or it gets a border."""

Taken = Literal["any", "sequence", "grid", "frames", "lattice", "unit", "symbols", "pixels"]
"""What an entry (a network, a likelihood, a feature extractor) asks of an item: nothing; two axes [V, L], three axes
[C, H, W], or four [C, T, H, W]; any of these with values from 0 to 1; values from 0 to 1; shares of symbols, one
distribution at each place; or the pixels of a picture, which are a grid of values from 0 to 1."""


@dataclass(frozen=True)
class Fitting:
    """How items are made alike before they are stored.

    Attributes:
        size: Height and width in px; None keeps them.
        channels: Number of channels; None keeps it.
        fit: What becomes of other proportions.
    """

    size: tuple[int, int] | None = None
    channels: int | None = None
    fit: Fit = "crop"


@dataclass(frozen=True)
class OwnFile:
    """One file of a person's.

    Attributes:
        name: Its path below the top, with forward slashes, as text that can be shown.
        read: All of its bytes; raises `ValueError` with the reason when it is damaged or too large.
    """

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class OwnItem:
    """One item to be, of one file, of several, or of a part of one.

    Attributes:
        name: A path: its folders can be its class, and it stands in sentences about the item.
        load: The item as a data set's ``load`` gives it; raises `ValueError` with the reason.
    """

    name: str
    load: Callable[[], NDArray[Any]]


@dataclass(frozen=True)
class OwnItems:
    """What a person's files hold.

    Attributes:
        items: The items, in the files' order.
        symbols: What the numbers of an item stand for, where the kind has symbols.
        notes: What was done to the files, one sentence each.
        problems: Files, or parts of them, that cannot be used: (name, why).
    """

    items: Sequence[OwnItem]
    symbols: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class DataLike:
    """The data set that single items of a person's are to be like.

    Attributes:
        shape: Shape of its items.
        symbols: What their numbers stand for, where the kind has symbols.
        options: What was chosen when it was imported, as the kind's `ImportOptions` name it; empty where that is not
            known, or it was not imported.
        written: ``written(text) -> symbols`` of a text, where the data have rules of their own for that; raises
            `ValueError` with the reason. None where they have not.
    """

    shape: Shape
    symbols: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    written: Callable[[str], Sequence[str]] | None = None


@dataclass(frozen=True)
class ReadItem:
    """One item that has been read.

    Attributes:
        name: What it is called, e.g. the name of its file.
        item: The item as a data set's ``load`` gives it.
        notes: What was done to make it fit, one sentence each.
    """

    name: str
    item: NDArray[Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadItems:
    """Single items of a person's.

    Attributes:
        items: Those that have been read.
        problems: Files, or parts of them, that cannot be used: (name, why).
        more: How many items there are beyond the most that were asked for.
    """

    items: Sequence[ReadItem]
    problems: Sequence[tuple[str, str]] = ()
    more: int = 0


@dataclass(frozen=True)
class Watching:
    """How the collapse watch looks at a kind.

    Attributes:
        least: Items between two looks, however often samples are drawn: looking has to stay cheap.
        components: Whether distances are between principal components; else between the values themselves.
        telling: Whether coverage and near-duplicates say much. Of points on narrow modes they say little: such modes
            are hard to cover even for a model that hits them all, and points on them lie close together.
    """

    least: int = 4_096
    components: bool = True
    telling: bool = True


def as_they_are(items: NDArray[Any], fitting: Fitting) -> NDArray[Any]:
    """Items as `load` gives them, unchanged."""
    return items


@dataclass(frozen=True, kw_only=True)
class KindSpec(Spec):
    """A kind of data.

    Attributes:
        one: What one item is called, ``"image"``.
        many: What several are called.
        value: What one number of an item is called, ``"pixel"``.
        phrase: What a data set of the kind holds, in words, ``"points in the plane"``; by default ``many``.
        like: The kind whose presets it takes where it brings none; empty for none.
        axes: Number of axes of an item's shape.
        refuse: ``refuse(shape) -> sentence`` why an item cannot have that shape, or "".
        words: ``words(shape) -> str``: the shape of an item, ``"28 × 28 px, grey"``.
        label: ``label(shape) -> str``: the same for a list to choose from; by default ``words``.
        dtype: Type of the stored values.
        conform: ``conform(items, fitting) -> items``: from what a data set's ``load`` gives to what is stored,
            [N, *shape] of ``dtype``.
        given: ``given(stored) -> items``: the way back, for data that are stored anew.
        resized: ``resized(shape, size, channels) -> shape`` with that size in px and number of channels, where None
            keeps them; None for a kind that has neither.
        suffixes: Endings of the files that it reads.
        read: ``read(content, name) -> item`` as ``load`` gives it, from one file; raises `ValueError` with the reason.
            None where files are read by `genlab.datasets.foreign.importer` itself, or not at all.
        ImportOptions: What can be chosen when files of the kind are imported.
        gather: ``gather(files, options) -> OwnItems`` of the files with its ``suffixes``, where an item is not one
            file: lines of a text, frames in a folder, what has to be known of all files before one can be stored. None
            where ``read`` makes an item of each file.
        read_like: ``read_like(files, like, most) -> ReadItems``: at most so many single items of a person's, as an
            import into the data set ``like`` would read them, and what was done to make each fit. None where ``gather``
            or ``read`` says enough.
        fits: What ``read_like`` does to an item, a sentence for whoever chooses one.
        mine: ``mine(file) -> bool``: whether a file with an ending that pictures have too is of this kind rather than a
            picture; None where none is unless the kind is asked for.
        bounds: Smallest and largest public value; None where there are none.
        centre: ``centre(public, scale) -> what networks see``, on tensors.
        activate: ``activate(raw, scale) -> public values`` of a decoder's raw output, on tensors.
        draw: ``draw(public) -> pictures``: items float32 [n, *shape] as pictures float32 [n, C, H, W] in [0, 1], C of 1
            or 3. None where an item is a place in the plane: then many are drawn together, as dots.
        pixels: Whether an item is its picture, so that ``draw`` changes nothing.
        picture: ``picture(public) -> pictures``, the same as ``draw`` on tensors and in operations that ONNX has, so
            that a browser can draw what a decoder puts out; None where that is not possible: the server draws then.
        moving: ``moving(shape) -> n``: how many frames, from left to right in one row, the picture of an item holds; 1
            where it stands still.
        play: ``play(public) -> (content, MIME type)`` of one item that can be heard or watched; or None.
        text: ``text(public) -> str`` of one item that can be read; or None.
        spell: ``spell(symbols) -> attributes`` in the place of these, for a data set whose numbers stand for these
            symbols (`genlab.kinds.get` takes them); None for a kind without symbols.
        modes: Whether the labels of a data set are the modes that its items were drawn from.
        network: The network of models and inverters when none is chosen.
        likelihood: The likelihood in place of one that does not fit.
        encoder: The feature extractor when none is chosen.
        presets: Name of a preset -> model -> settings of its own.
        damages: Names of the damage that can be done to it (`genlab.evaluation.damage`).
        watching: How the collapse watch looks at it.
    """

    noun: ClassVar[str] = "kind of data"

    one: str
    many: str
    value: str = "value"
    phrase: str = ""
    like: str = ""
    axes: int
    refuse: Callable[[Shape], str] = lambda shape: ""
    words: Callable[[Shape], str]
    label: Callable[[Shape], str] | None = None
    dtype: str = "float32"
    conform: Callable[[NDArray[Any], Fitting], NDArray[Any]] = as_they_are
    given: Callable[[NDArray[Any]], NDArray[Any]] = lambda stored: stored
    resized: Callable[[Shape, int | None, int | None], Shape] | None = None
    suffixes: tuple[str, ...] = ()
    read: Callable[[bytes, str], NDArray[Any]] | None = None
    ImportOptions: type[Options] = NoOptions
    gather: Callable[[Sequence[OwnFile], Any], OwnItems] | None = None
    read_like: Callable[[Sequence[OwnFile], DataLike, int], ReadItems] | None = None
    fits: str = ""
    mine: Callable[[OwnFile], bool] | None = None
    bounds: tuple[float, float] | None = None
    centre: Callable[[Tensor, float], Tensor] = lambda x, scale: x / scale
    activate: Callable[[Tensor, float], Tensor] = lambda raw, scale: raw * scale
    draw: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None
    pixels: bool = False
    picture: Callable[[Tensor], Tensor] | None = None
    moving: Callable[[Shape], int] = lambda shape: 1
    play: Callable[[NDArray[np.float32]], tuple[bytes, str]] | None = None
    text: Callable[[NDArray[np.float32]], str] | None = None
    spell: Callable[[tuple[str, ...]], Mapping[str, Any]] | None = None
    modes: bool = False
    network: str = "mlp"
    likelihood: str = "gaussian"
    encoder: str = "pixels"
    presets: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    damages: tuple[str, ...] = (
        "fresh",
        "identical",
        "one_image",
        "one_class",
        "half_classes",
        "noisy",
        "shuffled_labels",
        "memorised",
    )
    watching: Watching = Watching()

    @property
    def pictured(self) -> bool:
        """Whether every item has a picture of its own; else items are dots in one picture."""
        return self.draw is not None

    @property
    def pixelled(self) -> bool:
        """Whether its values are pixels: of a picture, or of the frames of a film."""
        return self.pixels or {"frames", "unit"} <= self.gives

    @property
    def from_files(self) -> bool:
        """Whether a person's files are read as its items."""
        return self.pixels or any(way is not None for way in (self.read_like, self.gather, self.read))

    @property
    def typed(self) -> bool:
        """Whether an item can be typed: it is made of symbols, in words that are known."""
        return self.spell is not None and self.text is not None

    @property
    def holding(self) -> str:
        """What a data set of the kind holds, in words."""
        return self.phrase or self.many

    @property
    def heading(self) -> str:
        """The same as a heading."""
        return self.holding[:1].upper() + self.holding[1:]

    def labelled(self, shape: Shape) -> str:
        """The shape of an item, short enough for a list to choose from."""
        return (self.label or self.words)(shape)

    @property
    def gives(self) -> frozenset[Taken]:
        """What entries that ask something of an item find in it."""
        held: dict[Taken, bool] = {
            "any": True,
            "sequence": self.axes == 2,
            "grid": self.axes == 3,
            "frames": self.axes == 4,
            "lattice": 2 <= self.axes <= 4 and self.bounds == (0, 1),
            "unit": self.bounds == (0, 1),
            "symbols": self.spell is not None,
            "pixels": self.pixels,
        }
        return frozenset(name for name, holds in held.items() if holds)

    def check(self, shape: Shape) -> None:
        """Refuse a shape that items cannot have.

        Raises:
            InputError: With the reason.
        """
        if len(shape) != self.axes or min(shape) < 1:
            given = " × ".join(map(str, shape)) or "nothing"
            axes = f"{self.axes} {'axis' if self.axes == 1 else 'axes'}"
            raise InputError(f"{self.many.capitalize()} have {axes}, not {given}.", "Correct the shape.")
        why = self.refuse(shape)
        if why:
            raise InputError(why, "Choose another size.", kind="bad_value")

    def pictures(self, public: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pictures float32 [n, C, H, W] in [0, 1] of items float32 [n, *shape].

        Raises:
            InputError: When an item is a dot and has no picture of its own.
        """
        if self.draw is None:
            raise InputError(f"{self.many.capitalize()} have no pictures of their own.", "They are drawn together.")
        return self.draw(public)

    def tiles(self, stored: NDArray[Any]) -> NDArray[np.uint8]:
        """Pictures uint8 [n, C, H, W], C of 1 or 3, of stored or public items."""
        return as_bytes(self.pictures(as_public(stored)))

    def blurred(self, items: NDArray[np.float32], px: float, axes: int = 2) -> NDArray[np.float32]:
        """Public items float32 [n, *shape], blurred along their last axes; unchanged where blur means nothing to them.

        Args:
            items: The items.
            px: Standard deviation of the Gaussian, in steps along an axis: px of a picture.
            axes: Along how many of the last axes: 2 blurs pictures, and each frame of a film by itself.
        """
        import numpy as np
        from scipy.ndimage import gaussian_filter

        if px <= 0 or "blurred" not in self.damages:
            return items
        sigma = (0.0,) * (items.ndim - axes) + (px,) * axes
        return np.asarray(gaussian_filter(items, sigma), np.float32)

    def picture_shape(self, shape: Shape) -> Shape:
        """(C, H, W) of the picture of an item of ``shape``."""
        import numpy as np

        if self.pixels:
            return shape
        found: Shape = self.pictures(np.zeros((1, *shape), np.float32)).shape[1:]
        return found


def as_public(stored: NDArray[Any]) -> NDArray[np.float32]:
    """Public values of stored ones; public values as they are."""
    import numpy as np

    if stored.dtype.kind in "ui":
        return stored.astype(np.float32) / np.float32(np.iinfo(stored.dtype).max)
    return np.ascontiguousarray(stored, dtype=np.float32)


def as_stored(items: NDArray[Any], dtype: str) -> NDArray[Any]:
    """Public values as they are stored, rounded and cut to the range of integers; integers are stored as they are."""
    import numpy as np

    if np.dtype(dtype).kind in "ui" and items.dtype.kind == "f":
        limits = np.iinfo(dtype)
        items = np.rint(np.nan_to_num(items) * limits.max).clip(limits.min, limits.max)
    return np.ascontiguousarray(items, dtype)


def as_bytes(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pictures in [0, 1] as uint8; what is not finite is cut to the range."""
    import numpy as np

    shades: NDArray[np.uint8] = np.rint(np.nan_to_num(pictures).clip(0, 1) * 255).astype(np.uint8)
    return shades
