"""An exploration as it is kept: arrays and pictures that pages and notebooks read without a model. No torch."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from PIL import Image

from genlab.errors import InputError
from genlab.exploration.exploration_request import AGAIN, EXPLORATION
from genlab.store.atomic import write_json
from genlab.store.checkpoints import WEIGHTS
from genlab.store.kept import Kept
from genlab.store.pictures import load_picture
from genlab.store.results import DecoderRecord as DecoderDocument
from genlab.store.results import ExplorationRecord as Document
from genlab.store.results import read_result


@dataclass(frozen=True)
class Opening:
    """The opening film of a decoder, as `genlab.exploration.opening` makes it.

    Attributes:
        file: Its sheet of pictures in the run's ``latent/``.
        frames: How many they are, evenly spread over one way round.
        columns: How many stand side by side.
        waves: What the walk is made of, float32 [2 K, D], little-endian, in base64.
    """

    file: str
    frames: int
    columns: int
    waves: str


@dataclass(frozen=True)
class BrowserDecoder:
    """How a checkpoint's decoder is run in a browser.

    Attributes:
        images: Images seen at the checkpoint.
        graph: File of the ONNX graph in the run's ``latent/``; None where the server has to decode.
        weights: Bytes of the checkpoint's weights that the graph reads; None where it holds them itself.
        directions: Directions that come with it: dicts of ``name``, ``title``, ``method``, ``scale``, ``strength``,
            ``note`` and ``vector`` (D numbers).
        opening: What is shown while it is loaded; None where that has not been made.
    """

    images: int
    graph: str | None
    weights: tuple[int, int] | None
    directions: tuple[Mapping[str, Any], ...]
    opening: Opening | None = None

    @classmethod
    def of(cls, place: Kept) -> BrowserDecoder | None:
        """What is kept at ``place``, or None when it is missing or damaged, or cannot be told yet."""
        document = place.read()
        return None if document is None else cls._made(place.path, document)

    @classmethod
    def read(cls, path: Path) -> BrowserDecoder | None:
        """What ``path`` says, or None when it is missing or damaged."""
        document = read_result(path, DecoderDocument)
        return None if document is None else cls._made(path, document)

    @classmethod
    def _made(cls, path: Path, document: Mapping[str, Any]) -> BrowserDecoder | None:
        if document["graph"] is not None and not (path.parent / document["graph"]).is_file():
            return None
        try:
            dim = int(document["latent_dim"])
            directions = tuple({**each, "vector": _vector(each, dim)} for each in document["directions"])
        except (KeyError, ValueError):
            return None
        weights = document.get("weights")
        opening = _opening(path.parent, document.get("opening"), dim)
        return cls(int(document["images"]), document["graph"], tuple(weights) if weights else None, directions, opening)

    def shared(self, run: Path) -> bytes | None:
        """The bytes of the checkpoint's weights that the graph reads; None where it needs none.

        Args:
            run: The run's folder.

        Raises:
            OSError: When the checkpoint cannot be read.
        """
        if self.weights is None:
            return None
        first, last = self.weights
        with (run / "checkpoints" / f"{self.images:012d}" / WEIGHTS).open("rb") as weights:
            weights.seek(first)
            return weights.read(last - first)


@dataclass(frozen=True)
class Exploration:
    """The latent space of one model as it has been worked out.

    Attributes:
        folder: Where its files are.
        document: What is in them (``docs/run-directory.md``).
    """

    folder: Path
    document: Mapping[str, Any]

    @classmethod
    def of(cls, place: Kept) -> Exploration | None:
        """What is kept at ``place``, or None when it is missing or damaged, or cannot be told yet."""
        document = place.read()
        return None if document is None else cls(place.folder, document)

    @classmethod
    def read(cls, folder: Path) -> Exploration | None:
        """The exploration in ``folder``, or None when there is none."""
        document = read_result(folder / EXPLORATION.file, Document)
        return None if document is None else cls(folder, document)

    def __len__(self) -> int:
        return int(self.document["n"])

    @property
    def pending(self) -> tuple[str, ...]:
        """What of it is still to come."""
        return tuple(self.document.get("pending", ()))

    def has(self, attribute: str) -> bool:
        """Whether there is an attribute of that name."""
        return any(each["name"] == attribute for each in self.document["attributes"])

    @property
    def latent_dim(self) -> int:
        """Size of the latent space."""
        return int(self.document["latent_dim"])

    def part(self, name: str) -> slice:
        """Where the items of ``"data"`` or ``"samples"`` stand."""
        for part in self.document["parts"]:
            if part["name"] == name:
                return slice(int(part["start"]), int(part["stop"]))
        return slice(0, 0)

    def codes(self) -> NDArray[np.float32]:
        """Latents [n, D]: posterior means or inverted images, then samples of the prior."""
        return self._array("codes.f32", (len(self), self.latent_dim))

    def map(self, method: str) -> NDArray[np.float32]:
        """The codes in the plane [n, 2].

        Raises:
            InputError: When they have not been projected that way yet.
        """
        if method not in self.document["projections"]:
            have = ", ".join(self.document["projections"])
            raise InputError(f"There is no {method} map here yet.", f"Make it first; there is: {have}.", kind="no_map")
        return self._array(f"map-{method}.f32", (len(self), 2))

    def attribute(self, name: str) -> NDArray[np.float32]:
        """A value of every item [n], NaN where it is unknown.

        Raises:
            InputError: When there is no such attribute.
        """
        known = [attribute["name"] for attribute in self.document["attributes"]]
        if name not in known:
            raise InputError(
                f"There is no attribute {name!r} here.", f"There is: {', '.join(known)}.", kind="bad_value"
            )
        return self._array(f"attribute-{name}.f32", (len(self),))

    def pictures(self, items: Sequence[int], *, again: bool = False) -> list[Image.Image]:
        """The small pictures of some items; with ``again`` what the codes of real images give.

        Raises:
            InputError: When there is no such item, or its sheet is missing.
        """
        atlas = self.document["atlas"]
        columns, per_sheet = int(atlas["columns"]), int(atlas["columns"]) * int(atlas["rows"])
        tile = int(atlas["tile"])
        height = int(atlas.get("height", tile))
        most = self.part("data").stop if again else len(self)
        found: list[Image.Image] = []
        sheets: dict[int, Image.Image] = {}
        for item in items:
            if not 0 <= item < most:
                raise InputError(f"There is no item {item}.", f"Items go from 0 to {most - 1}.", kind="bad_value")
            sheet, place = divmod(int(item), per_sheet)
            if sheet not in sheets:
                sheets[sheet] = self._sheet(f"{AGAIN if again else 'atlas'}-{sheet}.png")
            left, top = (place % columns) * tile, (place // columns) * height
            found.append(sheets[sheet].crop((left, top, left + tile, top + height)))
        return found

    def _sheet(self, name: str) -> Image.Image:
        return load_picture(self.folder / name, "Delete that folder and explore again.")

    def directions(self) -> list[tuple[Mapping[str, Any], NDArray[np.float32]]]:
        """What is known of each direction, with its unit vector [D]."""
        known = self.document["directions"]
        vectors = self._array("directions.f32", (len(known), self.latent_dim))
        return list(zip(known, vectors, strict=True))

    def between(self, group: NDArray[Any], others: NDArray[Any]) -> tuple[NDArray[np.float32], float]:
        """The direction from the mean of one group of items to that of another (Larsen et al., 2016, section 4.2).

        Args:
            group: Indices of the items that have an attribute.
            others: Indices of those that do not.

        Returns:
            Its unit vector [D], and the standard deviation of all codes along it.

        Raises:
            InputError: When a group is empty, or both are in one place.
        """
        if not len(group) or not len(others):
            raise InputError(
                "A group is empty.", "Put at least one item into each of the two groups.", kind="bad_value"
            )
        codes = self.codes()
        step = codes[group].mean(axis=0, dtype=np.float64) - codes[others].mean(axis=0, dtype=np.float64)
        length = float(np.linalg.norm(step))
        if length < 1e-6:
            raise InputError("The two groups have the same mean code.", "Choose groups that differ.", kind="bad_value")
        vector = step / length
        return vector.astype(np.float32), float((codes @ vector).std()) or length

    def _array(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        try:
            array: NDArray[np.float32] = np.fromfile(self.folder / name, dtype="<f4").reshape(shape)
        except (OSError, ValueError) as error:
            raise InputError(
                f"{name} of the exploration {self.folder.name} is missing or damaged.",
                "Delete that folder and explore again.",
                kind="damaged",
            ) from error
        return array


def _opening(folder: Path, document: Mapping[str, Any] | None, dim: int) -> Opening | None:
    """The opening film that a decoder's description names; None where it is missing or damaged."""
    if not document or not (folder / document["file"]).is_file():
        return None
    try:
        waves = np.frombuffer(base64.b64decode(document["waves"], validate=True), "<f4")
    except ValueError:
        return None
    if not len(waves) or len(waves) % (2 * dim) or not np.isfinite(waves).all():
        return None
    return Opening(document["file"], document["frames"], document["columns"], document["waves"])


def _vector(direction: Mapping[str, Any], dim: int) -> list[float]:
    """The vector of a direction that `genlab.exploration.decoder` wrote.

    Raises:
        KeyError, ValueError: When it is none.
    """
    if "axis" in direction:
        return [float(place == direction["axis"]) for place in range(dim)]
    found = np.frombuffer(base64.b64decode(direction["vector"], validate=True), "<f4")
    if len(found) != dim or not np.isfinite(found).all():
        raise ValueError(f"{direction['name']} has no vector of {dim} numbers")
    return [round(float(value), 6) for value in found]


def amend_document(folder: Path, amend: Callable[[dict[str, Any]], None]) -> None:
    """Change the description of an exploration; two processes that do so wait for each other.

    Args:
        folder: The exploration.
        amend: Changes the document in place.
    """
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        document = read_result(folder / EXPLORATION.file, Document)
        if document is not None:
            amend(document)
            write_json(folder / EXPLORATION.file, document)
