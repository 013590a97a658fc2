"""The models of a comparison: who stands where, at which checkpoint, with what results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from genlab import kinds
from genlab.config import RunConfig
from genlab.errors import GenlabError, InputError
from genlab.families import may_have
from genlab.kinds.base import KindSpec
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_glyph, family_title
from genlab.registry import registry
from genlab.store.run import Run, RunReader

Axis = Literal["images seen", "share of training"]
AXES: tuple[Axis, ...] = ("images seen", "share of training")

MOST = 6
"""Models shown at once."""

MIXED = "items"
"""What is counted where models have learned from different kinds of data."""

STEP = 1e-9
"""What rounding may take from a share of training."""


@dataclass(frozen=True)
class Entrant:
    """One model of a comparison.

    Attributes:
        run: Its run.
        config: What it was told to do.
        environment: What its results depend on besides.
        label: A name that no other model of the comparison has.
        place: Its place among those of its family: chooses the shade.
        moments: Images seen at each of its checkpoints, oldest first.
        documents: Its readable evaluations.
        damaged: Number of evaluation files that cannot be read.
        samples: (images seen, picture) of its own sample grids, oldest first.
    """

    run: Run
    config: RunConfig
    environment: Mapping[str, Any]
    label: str
    place: int
    moments: tuple[int, ...]
    documents: tuple[Mapping[str, Any], ...]
    damaged: int = 0
    samples: tuple[tuple[int, Path], ...] = ()

    @property
    def data(self) -> str:
        """What its data are: their fingerprint, or their name where training has not begun."""
        return str(self.environment.get("data", {}).get("fingerprint") or self.run.data)

    @property
    def kind(self) -> KindSpec:
        """The kind of its data; the usual one where training has not begun."""
        return kinds.of(self.environment.get("space"))

    @property
    def can_encode(self) -> bool:
        """Whether it has an encoder, as far as its parameter counts tell."""
        parts = self.environment.get("parameters")
        return not parts or "encoder" in parts or may_have(self.run.family, "encoder")

    def at(self, axis: Axis, position: float | None) -> int | None:
        """Images seen at its newest checkpoint at or before ``position``; None when it has none that early."""
        if position is None:
            return self.moments[-1] if self.moments else None
        early = [images for images in self.moments if self.position(axis, images) <= position + STEP]
        return early[-1] if early else None

    def position(self, axis: Axis, images: int) -> float:
        """Where a checkpoint stands on ``axis``."""
        return float(images) if axis == "images seen" else min(1.0, images / max(1, self.run.target))


def gather(lab: ReadOnlyLab, runs: Sequence[Run]) -> tuple[list[Entrant], list[GenlabError]]:
    """The models of ``runs`` in their order, and a refusal for each that cannot be shown."""
    found: list[Entrant] = []
    refused: list[GenlabError] = []
    for run in runs:
        try:
            reader = lab.runs.read(run)
            documents, damaged = _documents(reader)
            alike = sum(entrant.run.family == run.family for entrant in found)
            moments = tuple(checkpoint.images for checkpoint in reader.checkpoints())
            facts = (reader.config(), reader.environment())
            found.append(Entrant(run, *facts, _label(run), alike, moments, documents, damaged, tuple(reader.samples())))
        except GenlabError as error:
            refused.append(error)
    return _told_apart(found), refused


def counted(entrants: Sequence[Entrant]) -> str:
    """What the models have seen so many of, in the plural."""
    words = {entrant.kind.many for entrant in entrants}
    return words.pop() if len(words) == 1 else MIXED


def positions(entrants: Sequence[Entrant], axis: Axis) -> list[float]:
    """Every place on ``axis`` at which some model has a checkpoint, rising."""
    return sorted({entrant.position(axis, images) for entrant in entrants for images in entrant.moments})


def seed_sets(entrants: Sequence[Entrant]) -> list[list[Entrant]]:
    """Models that differ in their seed (and name) only, together; sets of two and more."""
    sets: dict[str, list[Entrant]] = {}
    for entrant in entrants:
        sets.setdefault(repr((entrant.data, entrant.config.recipe())), []).append(entrant)
    return [members for members in sets.values() if len({member.run.seed for member in members}) > 1]


def by_data(entrants: Sequence[Entrant]) -> dict[str, list[Entrant]]:
    """Models by their data: only those of the same data can be compared by numbers."""
    found: dict[str, list[Entrant]] = {}
    for entrant in entrants:
        found.setdefault(entrant.data, []).append(entrant)
    return found


def called(run: Run) -> str:
    """The name that its owner gave a run, or else what it is."""
    return run.name if run.name != run.id else f"{family_title(run.family)} on {run.data}"


def run_label(run: Run) -> str:
    """A run in a picker: family, model, data, seed, name."""
    name = run.name if run.name != run.id else run.id.rpartition("-")[2]
    words = f"{family_glyph(run.family)} {model_title(run.model)} · {run.data} · seed {run.seed} · {name}"
    return f"{words} · shipped" if run.shipped else words


def model_title(name: str) -> str:
    """The model as the field writes it; its bare name where no such model is installed any more."""
    models = registry("objectives")
    return str(models.get(name).title) if name in models else name


def latent_note(entrants: Sequence[Entrant]) -> str:
    """What to know about "the same latents" for these models; empty when there is nothing to say."""
    sizes = {entrant.label: entrant.config.latent_dim for entrant in entrants}
    if len(set(sizes.values())) < 2:
        return ""
    words = ", ".join(f"{label}: {size}" for label, size in sizes.items())
    return (
        f"Latent sizes differ ({words}): these models cannot be shown the same latents. "
        "Only columns of one size correspond tile by tile."
    )


def _label(run: Run) -> str:
    named = run.name if run.name != run.id else model_title(run.model)
    return f"{named}, seed {run.seed}"


def _told_apart(entrants: list[Entrant]) -> list[Entrant]:
    """Add the data where they differ, and the end of the identifier where two would still read the same."""
    if len({entrant.run.data for entrant in entrants}) > 1:
        entrants = [replace(item, label=f"{item.label}, {item.run.data}") for item in entrants]
    labels = [entrant.label for entrant in entrants]
    return [
        item if labels.count(item.label) == 1 else replace(item, label=f"{item.label} ({_tail(item.run)})")
        for item in entrants
    ]


def _tail(run: Run) -> str:
    return run.id.rpartition("-")[2]


def _documents(reader: RunReader) -> tuple[tuple[Mapping[str, Any], ...], int]:
    """Evaluations that hold what they should, and the number of files that do not."""
    read, damaged = reader.evaluations()
    good = tuple(document for document in read if _is_usable(document))
    return good, len(damaged) + len(read) - len(good)


def _is_usable(document: Mapping[str, Any]) -> bool:
    try:
        whole = all(isinstance(document[name], int) for name in ("images", "samples", "seed", "real"))
        lines = document["metrics"].values()
        return whole and isinstance(document["encoder"], str) and all(_is_line(line) for line in lines)
    except (KeyError, TypeError, AttributeError):
        return False


def _is_line(line: Any) -> bool:
    numbers = (line["value"], *(line.get(name) for name in ("low", "high", "floor", "floor_low", "floor_high")))
    return isinstance(line["n"], int) and all(number is None or isinstance(number, (int, float)) for number in numbers)


def need_checkpoint(entrant: Entrant, moment: int | None) -> InputError | None:
    """Why there is nothing to show of a model at this moment; None when there is."""
    if moment is not None:
        return None
    if entrant.moments:
        first = entrant.moments[0]
        return InputError(f"No checkpoint before {first:,} images.", "Move the slider on.", kind="no_checkpoint")
    hint = "It appears during training." if entrant.run.active else "Resume the run, or train it again."
    return InputError("No checkpoint.", hint, kind="no_checkpoint")
