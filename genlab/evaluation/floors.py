"""Real-data references (floors): what metrics say of real items in the place of generated ones, at the same numbers.

One draw of real items may be lucky, so that several are averaged. Where enough items are held out they are divided anew
for each draw. Where they are not, held-out and training items take turns (cross-validation): a part of all stands in
for the held-out items, the rest for the generated ones. Copies of training items are looked for among held-out items
alone, one half of which is compared with the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.store import Split
from genlab.evaluation.evaluation_request import EVALUATION
from genlab.evaluation.inputs import EvaluationInputs
from genlab.evaluation.reals import joined
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec
from genlab.store import atomic

DRAWS = 5
"""Draws of real items that a reference is the mean of."""

VERSION = 1
"""Changes whenever references would for the same data."""

Way = Literal["plain", "binned", "memorised", "halves"]
Measure = Callable[[MetricSpec, Evidence, int], Measured]


@dataclass(frozen=True)
class Plan:
    """How the real items of one draw are laid out.

    Attributes:
        parts: The items to draw from.
        real: Items that stand for the held-out ones.
        fake: Items that stand for the generated ones.
        train: Items that stand for the training ones; 0 where those are themselves.
    """

    parts: tuple[Items, ...]
    real: int
    fake: int
    train: int = 0

    def drawn(self, rng: np.random.Generator) -> tuple[Items, Items, Items | None]:
        """Disjoint sets in the places of held-out, generated and training items; the first is of the last, if any."""
        order = rng.permutation(sum(map(len, self.parts)))
        rest = self.fake + (self.train or self.real)
        fake, others = (_taken(self.parts, chosen, rng) for chosen in (order[: self.fake], order[self.fake : rest]))
        return (others.take(slice(0, self.real)), fake, others) if self.train else (others, fake, None)


def way_of(spec: MetricSpec, against: Split) -> Way:
    """Which items a metric's reference is drawn from."""
    if against == "train":
        return "halves"
    if spec.group == "memorisation":
        return "memorised"
    return "binned" if "train" in spec.needs else "plain"


class Floors:
    """References of one data set, feature encoder and number of samples; kept, because models share them.

    Args:
        inputs: The real items.
        measure: ``measure(spec, evidence, seed)``.
        wanted: Metric and what it is measured against: those that are worked out together when the first is asked for.
    """

    def __init__(
        self, inputs: EvaluationInputs, measure: Measure, wanted: Sequence[tuple[MetricSpec, Split]] = ()
    ) -> None:
        self._inputs, self._measure, self._wanted = inputs, measure, tuple(wanted)
        reals, request = inputs.reals, inputs.request
        name = f"references-{inputs.data.fingerprint[:16]}-{inputs.encoder.identity}-{request.samples}"
        version = f"{EVALUATION.version}.{VERSION}"
        name = f"{name}-{request.seed}-{version}-{len(reals.real)}.json"
        self._path = inputs.workspace.encoders / name.replace(":", "_")
        self._known: dict[str, Any] = atomic.read_json(self._path) or {}
        self._failed: dict[str, Exception] = {}

    def of(self, spec: MetricSpec, against: Split = "test") -> Mapping[str, Any]:
        """The mean over draws, the mean interval of one draw, and the spread over draws of ``spec`` for real items.

        Args:
            spec: The metric.
            against: ``"train"`` where too few items are held out, and the model is measured against training items.

        Raises:
            Exception: What the metric raised.
        """
        name = _key(spec, against)
        if name not in self._known:
            self._work_out([*self._wanted, (spec, against)])
        if name in self._failed:
            raise self._failed[name]
        floor: Mapping[str, Any] = self._known[name]
        return floor

    def prepare(self) -> None:
        """Work out all that is wanted and not known; what fails is raised when it is asked for."""
        self._work_out(self._wanted)

    def limited(self, spec: MetricSpec, evidence: Evidence, against: Split = "test") -> Evidence:
        """``evidence`` of a model with no more items than its reference has, where the metric depends on how many."""
        if not spec.sized:
            return evidence
        plan = self._plan(way_of(spec, against))
        fitted = None if evidence.fitted is None else evidence.fitted.take(slice(0, plan.fake))
        if len(evidence.fake) > plan.fake:
            evidence = replace(evidence, fake=evidence.fake.take(slice(0, plan.fake)), fitted=fitted)
        if plan.train and evidence.train is not None and len(evidence.train) > plan.train:
            chosen = np.random.default_rng([self._inputs.request.seed, 4]).permutation(len(evidence.train))
            evidence = replace(evidence, train=evidence.train.take(np.sort(chosen[: plan.train])))
        return evidence

    def _work_out(self, wanted: Sequence[tuple[MetricSpec, Split]]) -> None:
        """All that is not known, draw by draw, so that the items of one draw only are held at a time."""
        todo = {_key(*one): one for one in wanted}
        todo = {name: one for name, one in todo.items() if name not in self._known and name not in self._failed}
        found: dict[str, list[Measured]] = {name: [] for name in todo}
        for draw in range(DRAWS):
            made: dict[Way, Evidence] = {}
            for name, (spec, against) in todo.items():
                if name in self._failed:
                    continue
                way = way_of(spec, against)
                self._inputs.progress(
                    draw / DRAWS / 2, f"real-data references, draw {draw + 1} of {DRAWS}: {spec.title}"
                )
                if way not in made:
                    made[way] = self.evidence(way, draw)
                try:
                    found[name].append(self._measure(spec, made[way], self._inputs.request.seed))
                except Exception as error:
                    self._failed[name] = error
        if not todo:
            return
        for name, (spec, against) in todo.items():
            if name not in self._failed:
                plan = self._plan(way_of(spec, against))
                self._known[name] = _mean(found[name]) | {"real": plan.real, "fake": plan.fake}
        atomic.write_json(self._path, self._known)

    def _plan(self, way: Way) -> Plan:
        reals, samples = self._inputs.reals, self._inputs.request.samples
        if way == "halves":
            halves = self._inputs.halves
            return Plan((halves.real, halves.fresh), len(halves.real), len(halves.fresh))
        held_out = (reals.real, reals.fresh) if reals.fresh_split == "test" else (reals.real,)
        count = sum(map(len, held_out))
        if way == "memorised":
            return Plan(held_out, count // 2, count // 2)
        if reals.fresh_split == "test":
            return Plan(held_out, len(reals.real), min(samples, len(reals.fresh)))
        everything = (*held_out, reals.train)
        count += len(reals.train)
        if way == "binned":
            fake = min(samples, count // 2)
            return Plan(everything, len(reals.real), fake, min(len(reals.train), count - fake))
        return Plan(everything, len(reals.real), min(samples, count - len(reals.real)))

    def evidence(self, way: Way, draw: int) -> Evidence:
        """Real items in the places of held-out and of generated ones, as one draw has them."""
        request = self._inputs.request
        real, fresh, train = self._plan(way).drawn(np.random.default_rng([request.seed, 5, draw]))
        base = self._inputs.base
        return replace(base, real=real, train=train or base.train).floor(fresh)


def _key(spec: MetricSpec, against: Split) -> str:
    version = "" if spec.version == 1 else f"-{spec.version}"
    return f"{spec.name}{version}" + ("" if against == "test" else f"@{against}")


def _taken(parts: Sequence[Items], order: NDArray[np.int64], rng: np.random.Generator) -> Items:
    """Items of several sets, by their position in all of them, in random order: some metrics take the first."""
    found, before = [], 0
    for part in parts:
        inside = np.sort(order[(order >= before) & (order < before + len(part))]) - before
        found.append(part.take(inside))
        before += len(part)
    return joined([part for part in found if len(part)]).take(rng.permutation(len(order)))


def _mean(found: Sequence[Measured]) -> dict[str, Any]:
    """Mean over draws, the mean interval of one, and the standard deviation over draws; nothing where one has none."""
    nothing: dict[str, Any] = {"value": None, "low": None, "high": None, "spread": None, "draws": len(found)}
    values = [one.value for one in found if one.value is not None]
    if len(values) < len(found):
        return nothing
    ends = {
        end: [float(getattr(one, end)) for one in found if getattr(one, end) is not None] for end in ("low", "high")
    }
    means = {end: float(np.mean(kept)) if len(kept) == len(found) else None for end, kept in ends.items()}
    return nothing | means | {"value": float(np.mean(values)), "spread": float(np.std(values, ddof=1))}
