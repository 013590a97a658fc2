"""What the files of a run may hold (``docs/run-directory.md``), as whoever reads them believes it. No torch."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, field_validator, model_validator

from genlab import kinds
from genlab.records import Count, Name, Number, Reason, Record, Seconds, Text
from genlab.store import atomic
from genlab.store.lines import lines_of
from genlab.text import displayable

Written = Literal["queued", "running", "paused", "completed", "stopped", "diverged", "failed"]
"""States as they are written; ``interrupted`` is what a reader concludes."""

NUMBERED = re.compile(r"[0-9]{1,18}")

LARGEST = 1e150
"""Numbers of curves lie below this."""


class EntryRecord(Record):
    """A choice from a registry, by its name; its own settings are left to `load_config`."""

    name: Name = ""


def _entry(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Choice = Annotated[EntryRecord, BeforeValidator(_entry)]


class Length(Record):
    """Of the settings of training, what a list shows."""

    images: Count = 100_000
    seed: Count = 0


class Heading(Record):
    """Of ``config.json``, what a list shows; defaults are those of `RunConfig`."""

    name: Name = ""
    preset: Name = ""
    data: Choice = EntryRecord(name="mnist-5k")
    model: Choice = EntryRecord(name="vae")
    network: Choice = EntryRecord(name="conv")
    training: Length = Length()


class Grid(Record):
    """How samples stand in their picture."""

    columns: int = Field(1, ge=1, le=4_096)
    rows: int = Field(1, ge=1, le=4_096)


class Watched(Record):
    """What the collapse watch knows of the data."""

    data: Text = ""
    modes: Count = 0
    kind: Text = ""
    near_duplicates: Number = 0.0
    copies: Number = 0.0
    seconds: Number = 0.0


class StatusRecord(Record):
    """``status.json``."""

    state: Written
    phase: Text = ""
    family: Name = ""
    created: Seconds = 0.0
    updated: Seconds = 0.0
    pid: Annotated[int, Field(gt=0, lt=2**31)] | None = None
    process_started: Number | Text | None = None
    since: Text | None = None
    claim: Text | None = None
    owned: bool = False
    launch: Text | None = None
    images: Count = 0
    seconds: Seconds = 0.0
    speed: Annotated[float, Field(ge=0)] | None = None
    grid: Grid | None = None
    watch: Watched | None = None
    error: Reason | None = None


class SpaceRecord(Record):
    """The space that a model lives in."""

    kind: Annotated[Text, AfterValidator(kinds.registered)]
    shape: list[Annotated[int, Field(ge=1, le=65_536)]] = Field(default_factory=list, max_length=8)
    classes: Count = 0
    scale: Number = 1.0
    symbols: list[Text] = Field(default_factory=list, max_length=65_536)

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        axes = kinds.get(self.kind).axes
        if self.shape and len(self.shape) != axes:
            raise ValueError(f"a shape of {axes} axes is expected for {self.kind}")
        return self


class DataFacts(Record):
    """What is known of the data that a run learned from."""

    name: Name = ""
    fingerprint: Text | None = None
    classes: list[Text] | None = None
    train: Count = 0
    test: Count = 0


class Environment(Record):
    """``environment.json``."""

    genlab: Text = ""
    versions: dict[str, Text | None] = Field(default_factory=dict)
    device: Text = ""
    precision: Text = ""
    processes: Count = 1
    threads: Count = 1
    parameters: dict[str, Count] = Field(default_factory=dict)
    space: SpaceRecord | None = None
    data: DataFacts | None = None


class AlarmRecord(Record):
    """An entry of ``alarms.json``."""

    symptom: Text = ""
    title: Text = ""
    seen: Text = ""
    cause: Text = ""
    images: Count
    last: Count = 0
    numbers: dict[str, Number] = Field(default_factory=dict)
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    pictures: list[Text] = Field(default_factory=list)

    @field_validator("pictures")
    @classmethod
    def _inside(cls, paths: list[str]) -> list[str]:
        for path in map(PurePosixPath, paths):
            if path.is_absolute() or ".." in path.parts:
                raise ValueError("a picture of a run lies within the run")
        return paths


def damaged_rows(file: Path) -> int:
    """How many complete lines of ``metrics.jsonl`` are not whole; 0 where there is no such file.

    Of a file with very many lines those are looked at that pages read, and the number is an estimate.
    """
    try:
        found = lines_of(file)
    except FileNotFoundError:
        return 0
    except OSError:
        return 1
    return round(found.every * sum(not whole for _, whole in map(read_row, found.lines)))


def number_of(name: str) -> int | None:
    """The images that the name of a picture or checkpoint stands for; None for another name."""
    return int(name) if NUMBERED.fullmatch(name) else None


def read_row(line: bytes) -> tuple[dict[str, Any] | None, bool]:
    """One line of ``metrics.jsonl``, and whether it was whole.

    Returns:
        The row with its numbers and lists of numbers; None where not even the images seen can be told.
    """
    try:
        row = atomic.parse_json(line)
    except ValueError:
        return None, False
    images = row.get("images") if isinstance(row, dict) else None
    if not isinstance(images, int | float) or not _is_number(images) or images < 0:
        return None, False
    kept = {displayable(name): value for name, value in row.items() if _is_number(value) or _is_vector(value)}
    return kept, len(kept) == len(row)


def _is_number(value: object) -> bool:
    """Whether a value of a parsed line can be drawn; the limit also keeps squares of it finite."""
    if type(value) is float:
        return -LARGEST < value < LARGEST  # neither does what is not a number
    return type(value) is int and abs(value) < 2**63


def _is_vector(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_number, value))
