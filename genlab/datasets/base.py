"""What a data set is, before it is decoded into the workspace's store. No torch at import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import TypeAdapter

from genlab import kinds
from genlab.registry import Spec
from genlab.store.workspace import Source as Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.kinds.base import KindSpec

TEST_SHARE = 1 / 6
"""Share of the items that is split off for testing where a data set has no test part of its own."""

Subject = Literal["", "faces"]
"""What items are pictures of, as far as somebody has said so; "" where nobody has. Nothing is recognised in them."""

Progress = Callable[[float, str], None]
"""``progress(share, what)`` with ``share`` from 0 to 1."""


@dataclass(frozen=True)
class Raw:
    """One decoded chunk of the training or test part of a data set.

    Attributes:
        items: Images uint8 [N, H, W, C] with C in {1, 3}, points float32 [N, 2], or as the kind takes them (`conform`).
        labels: Class numbers int64 [N], or None.
        factors: Name -> known factor of variation, float32 [N] (empty where none is known).
    """

    items: NDArray[Any]
    labels: NDArray[np.int64] | None = None
    factors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True)
class RawData:
    """Training part and, where the data set has one of its own, test part.

    Each is an iterator of chunks, so that a large set is never in memory as a whole. Without a test part, the store
    splits off ``test_share`` of the items by the split seed, class by class.
    """

    train: Iterator[Raw]
    test: Iterator[Raw] | None = None
    class_names: tuple[str, ...] | None = None
    test_share: float = TEST_SHARE
    scale: float = 1.0


@dataclass(frozen=True)
class Extent:
    """What a data set holds with given options.

    Attributes:
        shape: Shape of one item, e.g. (C, H, W).
        train: Number of training items.
        test: Number of test items.
        symbols: What the numbers of an item stand for, where the kind has symbols.
        classes: Names of the classes, where they depend on the options; else the data set's own.
    """

    shape: tuple[int, ...]
    train: int
    test: int
    symbols: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mixture:
    """The known modes of a 2-D data set: equally likely round Gaussians.

    Attributes:
        means: Centres of the modes, float64 [K, 2]; the label of a point is the row it was drawn from.
        sd: Standard deviation of each coordinate within a mode.
    """

    means: NDArray[np.float64]
    sd: float


@dataclass(frozen=True, kw_only=True)
class DatasetSpec(Spec):
    """A built-in data set.

    Attributes:
        kind: Name of the kind of data.
        shape: Shape of one item as stored without resizing, e.g. (C, H, W). Images of another size that ``load`` gives
            are resized to it.
        count: Number of items, training and test together (with default options).
        test: Size of the test part it comes with; None when the store splits one off.
        class_names: Names of the classes, or None where it has none.
        licence: Under which it may be used.
        load: ``load(source, options) -> RawData``; raises `InputError` of kind ``"data_unavailable"`` with the next
            step when files are missing and cannot be downloaded.
        available: ``available(source) -> None`` when it can be had now without a network, or the sentence why not.
        extent: ``extent(options) -> Extent`` where shape or counts depend on the options.
        resolve: ``resolve(source, options) -> options`` as they take effect here (e.g. which base set is at hand).
        mixture: ``mixture(options) -> Mixture`` for points drawn from known modes.
        grammar: ``grammar(text) -> bool``: whether it is a text that the data are drawn from, where a rule says so.
        written: ``written(options)`` gives what writes a text that a person types in the data's symbols: ``write(text)
            -> symbols`` raises `ValueError` with the reason. None where symbols are simply its words or characters.
        channel_classes: Number of classes of a single channel where each channel is a picture of its own and the class
            number is written in that base; else 0.
        about: What its items are pictures of.
    """

    noun: ClassVar[str] = "data set"

    kind: str
    shape: tuple[int, ...]
    count: int
    test: int | None = None
    class_names: tuple[str, ...] | None = None
    licence: str = ""
    load: Callable[[Source, Any], RawData]
    available: Callable[[Source], str | None] = lambda source: None
    extent: Callable[[Any], Extent] | None = None
    resolve: Callable[[Source, Any], Any] = lambda source, options: options
    mixture: Callable[[Any], Mixture] | None = None
    grammar: Callable[[str], bool] | None = None
    written: Callable[[Any], Callable[[str], Sequence[str]] | None] = lambda options: None
    channel_classes: int = 0
    about: Subject = ""

    def __post_init__(self) -> None:
        kinds.get(self.kind).check(self.shape)

    def extent_for(self, options: Any) -> Extent:
        """Shape and counts with these options."""
        if self.extent is not None:
            return self.extent(options)
        test = round(self.count * TEST_SHARE) if self.test is None else self.test
        return Extent(self.shape, self.count - test, test)


@dataclass(frozen=True, kw_only=True)
class DatasetInfo:
    """What a picker, a table and the command line say of a data set.

    Attributes:
        name: The name it is asked for by.
        title: The name a person reads.
        kind: Name of the kind of data.
        shape: Shape of one item, e.g. (C, H, W).
        count: Number of items, ``train`` + ``test``.
        train: Number of training items.
        test: Number of test items.
        classes: Names of the classes, or None where it has none.
        available: Whether it can be had now without a network.
        why: The sentence why not, or None.
        source: ``"built-in"`` or ``"added"``.
        fingerprint: SHA-256 over items and labels; None until it is in the store.
        licence: Under which it may be used.
        summary: One line.
        skipped: Files that could not be read and were left out when it was added.
        notes: What was done to the files when it was added, one sentence each.
        about: What its items are pictures of, as far as somebody has said so: claims on faces are judged on faces.
        symbols: What the numbers of an item stand for, where the kind has symbols.
    """

    name: str
    title: str
    kind: str
    shape: tuple[int, ...]
    count: int
    train: int
    test: int
    classes: tuple[str, ...] | None = None
    available: bool = True
    why: str | None = None
    source: Literal["built-in", "added"] = "built-in"
    fingerprint: str | None = None
    licence: str = ""
    summary: str = ""
    skipped: int = 0
    notes: tuple[str, ...] = ()
    about: Subject = ""
    symbols: tuple[str, ...] = ()

    @property
    def spec(self) -> KindSpec:
        """What depends on its kind, and on its symbols.

        Raises:
            InputError: When its kind is not registered here.
        """
        return kinds.get(self.kind, self.symbols)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        document = asdict(self)
        document["shape"] = list(self.shape)
        document["classes"] = None if self.classes is None else list(self.classes)
        document["notes"] = list(self.notes)
        document["symbols"] = list(self.symbols)
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> DatasetInfo:
        """The inverse of `as_json`; what it does not know is left alone.

        Raises:
            ValueError: When a value is missing or not what it should be; a `ValidationError` where its type is wrong.
            InputError: When its kind of data is not registered here.
        """
        info = _checked().validate_python(document)
        if min(info.count, info.train, info.test, info.skipped) < 0:
            raise ValueError("a number of items is below 0")
        if len(info.shape) != kinds.get(info.kind).axes or not all(0 < side < 65_536 for side in info.shape):
            raise ValueError(f"the shape {info.shape} is none of {info.kind}")
        return info


@lru_cache(maxsize=1)
def _checked() -> TypeAdapter[DatasetInfo]:
    return TypeAdapter(DatasetInfo)
