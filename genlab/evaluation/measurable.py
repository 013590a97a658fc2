"""Which metrics a data set is large enough for: against held-out items, against training items, or not. No torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genlab import kinds
from genlab.datasets import REGISTRY as DATASETS
from genlab.datasets.base import DatasetInfo
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import MetricSpec

NAMED = 5
"""Most metrics that a sentence names."""


@dataclass(frozen=True)
class Measurable:
    """What can be measured on a data set, by the size of its parts alone; models may lack what a metric needs.

    Attributes:
        test: Number of held-out items.
        held_out: Metrics that enough items are held out for.
        training: Metrics that compare with training items instead, because too few are held out.
        short: Metrics for which there are too few items.
    """

    test: int
    held_out: tuple[MetricSpec, ...]
    training: tuple[MetricSpec, ...]
    short: tuple[MetricSpec, ...]

    def sentences(self) -> list[str]:
        """What a person has to know of it; empty where the data are large enough for everything."""
        found = []
        held_out = f"{self.test:,} item{'' if self.test == 1 else 's'} held out"
        if self.training:
            found.append(
                f"With {held_out}, {_count(self.training)} will be measured against training items as well, and marked "
                f"so: {_names(self.training)}. Memorised training items raise such scores."
            )
        if self.short:
            least = min(spec.minimum for spec in self.short)
            found.append(
                f"With {held_out}, {_count(self.short)} cannot be measured: {_names(self.short)}. "
                f"The first of them needs {least:,}."
            )
        return found


def enough(spec: MetricSpec, items: int) -> bool:
    """Whether ``items``, training and held out together, make two sets as large as a metric asks for."""
    return items // 2 >= spec.minimum


def measurable(info: DatasetInfo) -> Measurable:
    """What can be measured on the data set ``info``."""
    specs = list(_fitting(info))
    held_out = [spec for spec in specs if spec.minimum <= info.test]
    rest = [spec for spec in specs if spec.minimum > info.test]
    training = [spec for spec in rest if spec.compares_sets and enough(spec, info.train + info.test)]
    return Measurable(info.test, tuple(held_out), tuple(training), tuple(spec for spec in rest if spec not in training))


def _fitting(info: DatasetInfo) -> Iterator[MetricSpec]:
    """Metrics that the kind of the data and its classes allow; known factors and seeds are another matter."""
    for spec in METRICS:
        kind = kinds.get(info.kind)
        held = {"images": kind.pixelled, "frames": kind.pixelled and "frames" in kind.gives, "mixture": kind.modes}
        if any(need in spec.needs and not there for need, there in held.items()):
            continue
        if not info.classes and {"labels", "probabilities"} & set(spec.needs):
            continue
        if {"factors", "seeds"} & set(spec.needs):
            continue
        if ("symbols" in spec.needs and not info.symbols) or ("grammar" in spec.needs and not _has_grammar(info)):
            continue
        yield spec


def _has_grammar(info: DatasetInfo) -> bool:
    return info.name in DATASETS and DATASETS.get(info.name).grammar is not None


def _count(specs: Sequence[MetricSpec]) -> str:
    return f"{len(specs)} metric{'' if len(specs) == 1 else 's'}"


def _names(specs: Sequence[MetricSpec]) -> str:
    more = f" and {len(specs) - NAMED} more" if len(specs) > NAMED else ""
    return ", ".join(spec.title for spec in specs[:NAMED]) + more
