"""The explorer of the Latent page: maps, sliders and walks that follow the hand in the browser, without a rerun.

Python says what is explored and is told what has been settled: a selection, a latent, the points of a walk.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab.exploration.explored import BrowserDecoder
from genlab.ui.components import assets

HEIGHT = 860
MOST_POINTS = 4
FORMATS = ("gif", "mp4", "png", "wav", "txt")
HTML = '<div class="explorer" role="group" aria-label="Explorer of the latent space"></div>'


@dataclass(frozen=True)
class ExplorerSource:
    """A model to show, and its exploration as far as there is one.

    Attributes:
        run: Identifier of the run.
        key: Name of the exploration's folder; empty before there is one.
        version: Changes when its arrays do; the browser keeps files of one version for ever.
        changes: Changes when only its description, directions or classes do.
        projections: Projections that are there; one more makes the browser read the description again.
        directions: Further directions: dicts of ``name``, ``title``, ``method``, ``scale``, ``strength``, ``note`` and
            ``vector`` (D numbers).
        model: What is known of the model without an exploration: ``name``, ``images``, ``latent_dim``, ``shape``,
            ``classes``, ``conditional``, ``data``, ``fingerprint``; ``media`` (``one``, what an item is called;
            ``play``, ``text``, ``frames``) of items that can be heard, watched or read. It is all that sliders need.
        decoder: How the decoder is run in the browser; None where the server has to decode.
    """

    run: str
    key: str
    version: str = "1"
    changes: int = 0
    projections: tuple[str, ...] = ()
    directions: tuple[Mapping[str, Any], ...] = ()
    model: Mapping[str, Any] | None = None
    decoder: BrowserDecoder | None = None

    def document(self) -> dict[str, Any]:
        """What the browser is told."""
        graph = None if self.decoder is None else self.decoder.graph
        address = f"genlab/runs/{self.run}/decoder/{graph}?v=1" if graph else None
        shared = self.decoder is not None and self.decoder.weights is not None
        media = (self.model or {}).get("media")
        known = {} if self.model is None else {**self.model, "run": self.run, "directions": self._without_data()}
        return {
            "id": [self.run, graph, known.get("images", self.key)],
            "run": self.run,
            "base": f"genlab/runs/{self.run}/latent/{self.key}/" if self.key else "",
            "decode": f"genlab/runs/{self.run}/decode",
            "version": self.version,
            "changes": self.changes,
            "projections": list(self.projections),
            "directions": [dict(direction) for direction in self.directions],
            "model": known or None,
            "graph": address,
            "media": {**media, "address": f"genlab/media/runs/{self.run}/latents"} if media else None,
            "weights": address.replace(".onnx", ".weights") if address and shared else None,
        }

    def _without_data(self) -> list[dict[str, Any]]:
        return [] if self.decoder is None else [dict(direction) for direction in self.decoder.directions]


@dataclass(frozen=True)
class Group:
    """Items with a name, drawn as an outline.

    Attributes:
        name: What the outline is called.
        items: Indices into each source's items; None where a source has none of them.
        sizes: Number of items of each source.
    """

    name: str
    items: tuple[NDArray[np.int64] | None, ...]
    sizes: tuple[int, ...]

    def document(self) -> dict[str, Any]:
        """What the browser is told."""
        bits = [None if items is None else pack(items, n) for items, n in zip(self.items, self.sizes, strict=True)]
        return {"name": self.name, "bits": bits}


@dataclass(frozen=True)
class Latent:
    """A latent that somebody has settled on, or that the explorer is to start with.

    Attributes:
        z: D numbers.
        y: Class it is decoded with, for a conditional model.
        source: Which of the sources it belongs to.
        item: The item whose code it is; None after any change.
    """

    z: tuple[float, ...]
    y: int | None = None
    source: int = 0
    item: int | None = None


@dataclass(frozen=True)
class Point:
    """A point of a walk: an item of the exploration, or a latent.

    Attributes:
        item: The item; None for a latent.
        z: D numbers; None for an item.
    """

    item: int | None = None
    z: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Walk:
    """The points of a walk and how they are joined."""

    points: tuple[Point, ...] = ()
    loop: bool = False
    y: int | None = None
    source: int = 0


@dataclass(frozen=True)
class SavedGroup:
    """A selection that was given a name just now; items as in `ExplorerState.selection`."""

    name: str
    items: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class ExplorerState:
    """What has been settled in the browser.

    Attributes:
        selection: Selected items of each source, ascending indices.
        latent: The latent after the last change; None before the first.
        walk: The walk.
        projection: Projection that is shown; empty before anybody chose one.
        colour: Attribute that colours mean; likewise.
        save_group: Set in the one run after somebody saved a group.
        send_to_compare: Items of each source, in the one run after somebody sent them to Compare.
        export_walk: one of `FORMATS` in the one run after somebody asked for a film of ``walk``.
    """

    selection: tuple[NDArray[np.int64], ...] = ()
    latent: Latent | None = None
    walk: Walk = field(default_factory=Walk)
    projection: str = ""
    colour: str = ""
    save_group: SavedGroup | None = None
    send_to_compare: tuple[NDArray[np.int64], ...] | None = None
    export_walk: str | None = None


def explorer(
    key: str,
    sources: Sequence[ExplorerSource],
    *,
    colour: str | None = None,
    projection: str | None = None,
    parts: Sequence[str] | None = None,
    groups: Sequence[Group] = (),
    select: tuple[str, Group] | None = None,
    latent: tuple[str, Latent] | None = None,
    height: int = HEIGHT,
    decode: Literal["auto", "server"] = "auto",
    address: bool = False,
) -> ExplorerState:
    """Show one or two explorations under one selection.

    Args:
        key: Key of the component in the session.
        sources: One or two explorations.
        colour: Attribute to colour by: the first by default; when it changes, the browser follows.
        projection: Projection to show: the first by default; when it changes, the points glide there.
        parts: Names of the parts that are shown at first; all by default.
        groups: Drawn as outlines.
        select: A token and the items to select; done once for each token.
        latent: A token and the latent to go to; done once for each token.
        height: Least height in px.
        decode: ``"server"`` leaves the browser's decoder out; ``?decode=server`` in the address does so too.
        address: Whether the browser keeps the latent of the first source, the walk, map and colour in the page's
            address: ``z`` (which is then the token of a wish for it), ``y``, ``w`` for each point, ``map``, ``colour``.

    Returns:
        What has been settled. Whatever the browser sends is checked; what does not fit is left out.
    """
    data = {
        "module": assets.entry("explorer"),
        "sources": [source.document() for source in sources],
        "colour": colour,
        "projection": projection,
        "parts": None if parts is None else list(parts),
        "groups": [group.document() for group in groups],
        "select": None if select is None else {"token": select[0], "bits": select[1].document()["bits"]},
        "latent": None if latent is None else {"token": latent[0], **_latent_document(latent[1])},
        "height": height,
        "decode": decode,
        "address": address,
    }
    settled = {f"on_{name}_change": _nothing for name in (*STATES, *TRIGGERS)}
    found = assets.component("explorer", "The explorer", HTML)(key=key, data=data, **settled)
    bases = [source.document()["base"] or source.run for source in sources]
    mine = {name: found.get(name) for name in (*STATES, *TRIGGERS) if belongs(found.get(name), bases)}
    return parse(mine, len(sources))


STATES = ("selection", "latent", "walk", "view")
TRIGGERS = ("save_group", "send_to_compare", "export_walk")


def belongs(value: Any, bases: Sequence[str]) -> bool:
    """Whether a value was settled on what is shown now, and not on explorations that were there before."""
    return isinstance(value, Mapping) and value.get("of") == list(bases)


def parse(found: Mapping[str, Any], sources: int) -> ExplorerState:
    """What the browser sent, checked: nothing in it is trusted.

    Args:
        found: Value by name, as in `STATES` and `TRIGGERS`.
        sources: Number of explorations shown.
    """
    view = found.get("view")
    view = view if isinstance(view, Mapping) else {}
    saved, sent, film = (found.get(name) for name in TRIGGERS)
    group = None
    if isinstance(saved, Mapping) and isinstance(saved.get("name"), str) and saved["name"].strip():
        group = SavedGroup(saved["name"].strip()[:40], _items(saved, sources))
    kind = film.get("format") if isinstance(film, Mapping) else None
    return ExplorerState(
        selection=_items(found.get("selection"), sources),
        latent=_latent(found.get("latent"), sources),
        walk=_walk(film if kind in FORMATS else found.get("walk"), sources),
        projection=_word(view.get("projection")),
        colour=_word(view.get("colour")),
        save_group=group,
        send_to_compare=_items(sent, sources) if isinstance(sent, Mapping) else None,
        export_walk=kind if kind in FORMATS else None,
    )


def pack(items: NDArray[np.int64] | Sequence[int], n: int) -> str:
    """Indices below ``n`` as bits in base64, the first item in the lowest bit of the first byte."""
    flags = np.zeros(n, np.uint8)
    flags[np.asarray(items, np.int64)] = 1
    return base64.b64encode(np.packbits(flags, bitorder="little").tobytes()).decode()


def unpack(text: str) -> NDArray[np.int64]:
    """The inverse of `pack`: ascending indices.

    Raises:
        ValueError: When it is not base64.
    """
    content = base64.b64decode(text, validate=True)
    return np.flatnonzero(np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")).astype(np.int64)


def _nothing() -> None:
    """Streamlit keeps a component's values only where somebody listens."""


def _items(found: Any, sources: int) -> tuple[NDArray[np.int64], ...]:
    bits = found.get("bits") if isinstance(found, Mapping) else None
    bits = bits if isinstance(bits, list) else []
    nothing = np.empty(0, np.int64)
    return tuple(_unpacked(bits[place]) if place < len(bits) else nothing for place in range(sources))


def _unpacked(text: Any) -> NDArray[np.int64]:
    try:
        return unpack(text) if isinstance(text, str) else np.empty(0, np.int64)
    except (ValueError, binascii.Error):
        return np.empty(0, np.int64)


def _latent(found: Any, sources: int) -> Latent | None:
    if not isinstance(found, Mapping):
        return None
    z, source = _numbers(found.get("z")), _whole(found.get("source")) or 0
    if z is None or source >= sources:
        return None
    return Latent(z, _whole(found.get("y")), source, _whole(found.get("item")))


def _walk(found: Any, sources: int) -> Walk:
    if not isinstance(found, Mapping) or not isinstance(found.get("points"), list):
        return Walk()
    points = []
    for each in found["points"][:MOST_POINTS]:
        item, z = (_whole(each.get("index")), _numbers(each.get("z"))) if isinstance(each, Mapping) else (None, None)
        if item is not None or z is not None:
            points.append(Point(item, None if item is not None else z))
    source = _whole(found.get("source")) or 0
    return (
        Walk(tuple(points), found.get("loop") is True, _whole(found.get("y")), source) if source < sources else Walk()
    )


def _latent_document(latent: Latent) -> dict[str, Any]:
    return {"z": list(latent.z), "y": latent.y, "source": latent.source}


def _numbers(found: Any) -> tuple[float, ...] | None:
    if not isinstance(found, list) or not found:
        return None
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in found):
        return None
    return tuple(float(value) for value in found)


def _whole(found: Any) -> int | None:
    """A whole number of zero or more; a JSON number that stands for one may come as a float."""
    if isinstance(found, bool) or not isinstance(found, int | float) or found != found // 1 or found < 0:
        return None
    return int(found)


def _word(found: Any) -> str:
    return found if isinstance(found, str) and len(found) <= 60 else ""
