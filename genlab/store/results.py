"""What jobs work out of a run and keep, as whoever reads it believes it (``docs/run-directory.md``). No torch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from genlab.errors import InputError
from genlab.records import Count, Number, Record, Text
from genlab.store.reading import read_document
from genlab.store.run_files import DataFacts, Grid

FileName = Annotated[str, Field(pattern=r"^[0-9A-Za-z_][0-9A-Za-z_.-]{0,119}$")]
"""A file beside the document: never a path."""

Word = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,60}$")]
"""A name of which a file's name is made."""

Side = Annotated[int, Field(ge=1, le=65_536)]


class LineRecord(Record):
    """What one metric or measure found."""

    value: Number | None
    low: Number | None = None
    high: Number | None = None
    floor: Number | None = None
    floor_low: Number | None = None
    floor_high: Number | None = None
    floor_spread: Number | None = None
    floor_draws: Count | None = None
    n: Count | None = None
    better: Text | None = None
    encoder: Text | None = None
    seconds: Number | None = None
    why: Text | None = None
    alarm: Text | None = None
    blunt: list[Text] | None = None
    version: Count | None = None
    items: list[Number] | None = None


class EvaluationRecord(Record):
    """A document of ``evaluations/``."""

    key: Text = ""
    images: Count
    encoder: Text
    samples: Count
    real: Count
    seed: Count
    metrics: dict[str, LineRecord]
    encoder_facts: dict[str, JsonValue] = Field(default_factory=dict)
    data: DataFacts = DataFacts()


class PortraitRecord(Record):
    """``portrait.json``."""

    images: Count = 0
    sheets: dict[Word, Grid]
    effects: list[Number] = Field(default_factory=list)
    dimensions: list[Count] = Field(default_factory=list)
    neighbour_distances: list[Number] | None = None


class MeasuresRecord(Record):
    """A document of ``measures/``."""

    measures: dict[str, LineRecord]


class SandboxRecord(Record):
    """What metrics say of real items that are damaged on purpose."""

    strengths: list[Number]
    samples: Count
    real: Count
    encoder: Text
    metrics: dict[str, list[LineRecord]]
    sheets: list[FileName] = Field(default_factory=list)


class PartRecord(Record):
    """Where the items of a kind stand in an exploration."""

    name: Text
    title: Text = ""
    start: Count
    stop: Count


class AttributeRecord(Record):
    """A value of every item of an exploration."""

    name: Word
    title: Text
    kind: Text = ""


class DirectionRecord(Record):
    """A direction of a latent space."""

    name: Text
    title: Text
    method: Text = ""
    scale: Number
    strength: Number | None = None
    note: Text = ""


class AtlasRecord(Record):
    """How small pictures stand on their sheets."""

    tile: Side
    height: Side | None = None
    columns: Side
    rows: Side


class AlongRecord(DirectionRecord):
    """A direction that comes with a decoder: the number of its dimension, or its vector, float32 in base64."""

    axis: Count | None = None
    vector: Text | None = None


class OpeningRecord(Record):
    """The opening film that goes with a decoder: frames of a closed walk on one sheet, and what the walk is made of."""

    file: FileName
    frames: Annotated[int, Field(ge=2, le=1_024)]
    columns: Annotated[int, Field(ge=1, le=1_024)]
    waves: Text


class DecoderRecord(Record):
    """``decoder-….json``."""

    images: Count
    latent_dim: Side
    graph: FileName | None
    weights: Annotated[list[Count], Field(min_length=2, max_length=2)] | None = None
    directions: list[AlongRecord] = Field(default_factory=list)
    opening: OpeningRecord | None = None


class ExplorationRecord(Record):
    """``exploration.json``."""

    run: Text = ""
    images: Count
    n: Count
    latent_dim: Side
    shape: list[Side] = Field(default_factory=list)
    classes: list[Text] | None = None
    conditional: bool
    codes: Text
    parts: list[PartRecord]
    projections: list[Word]
    attributes: list[AttributeRecord]
    directions: list[DirectionRecord]
    atlas: AtlasRecord
    pending: list[Word] = Field(default_factory=list)
    changes: Count = 0


class WayRecord(Record):
    """One way of a walk: how real its pictures are, and those in the middle of each leg."""

    realism: list[Number]
    midpoints: list[Number]
    lengths: list[Number] = Field(default_factory=list)


class WalkRecord(Record):
    """``walk-….json``."""

    images: Count = 0
    label: Count | None = None
    rows: list[Literal["linear", "spherical"]]
    linear: WayRecord
    spherical: WayRecord
    files: dict[Literal["gif", "mp4", "png"], FileName]


class SpotRecord(Record):
    """Of ``place-….json``, where the image lies: its code, and its place on each map."""

    z: list[Number]
    places: dict[str, Annotated[list[Number], Field(min_length=2, max_length=2)]]


class PlaceRecord(SpotRecord):
    """``place-….json``."""

    label: Count | None = None
    residual: Number
    percentile: Number
    relative: Number
    neighbours: list[Count]
    neighbour_classes: list[Text]
    distances: list[Number]


class LayerRecord(Record):
    """What is drawn of a layer: ``maps`` of its maps of ``height`` x ``width``, or units of a plain layer."""

    maps: Side
    height: Side
    width: Side
    of: Side


class FlowDrawRecord(Record):
    """One draw of the noise for an item: the code, and what the decoder makes of it. Pictures are bytes in base64."""

    noise: list[Number]
    z: list[Number]
    layers: Text
    picture: Text
    mse: Number
    nats: Number | None = None
    loss: Number | None = None
    terms: dict[Text, Number] = Field(default_factory=dict)
    score: Number | None = None


class FlowItemRecord(Record):
    """A held-out item: its code, where there is an encoder, and what the critic says of it, where there is one."""

    index: Count
    label: Text | None = None
    picture: Text
    layers: Text = ""
    mean: list[Number] = Field(default_factory=list)
    sigma: list[Number] = Field(default_factory=list)
    kl: list[Number] = Field(default_factory=list)
    total_kl: Number | None = None
    score: Number | None = None
    draws: list[FlowDrawRecord] = Field(default_factory=list)


class FlowSampleRecord(Record):
    """A latent from the prior: what becomes of it, and the gradient that comes back, where there is a critic."""

    z: list[Number]
    label: Text | None = None
    layers: Text
    picture: Text
    score: Number | None = None
    critic_layers: Text = ""
    against: Count | None = None
    loss: Number | None = None
    gradient: Text | None = None
    largest: Number | None = None
    pull: list[Number] = Field(default_factory=list)
    length: Number | None = None


class FlowRecord(Record):
    """A document of ``flows/``."""

    images: Count
    seed: Count
    shape: Annotated[list[Side], Field(min_length=3, max_length=3)]
    latent_dim: Side
    dimensions: list[Count]
    loss: Text = ""
    likelihood: Text = ""
    encoder: list[LayerRecord] | None = None
    decoder: list[LayerRecord]
    critic: list[LayerRecord] | None = None
    items: list[FlowItemRecord]
    samples: Annotated[list[FlowSampleRecord], Field(min_length=1)]


def read_evaluations(folder: Path, of: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The evaluations in a folder, by images seen, and a sentence for each that is damaged."""
    good, why = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            good.append(read_document(path, EvaluationRecord, of))
        except InputError as error:
            why.append(error.message)
    return sorted(good, key=lambda document: int(document["images"])), why


def read_result(path: Path, model: type[Record], of: str = "run") -> dict[str, Any] | None:
    """What was worked out and kept in a file; None where it is missing or damaged, so that it is made again."""
    try:
        return read_document(path, model, of)
    except InputError:
        return None
