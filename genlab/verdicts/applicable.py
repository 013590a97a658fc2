"""Which claims, and which of their parts, are asked of data of a kind: some measures exist for pictures only. No torch.

A claim is judged by those of its decisive parts that items of the kind have; where there are none, it is not asked.
`tested` says what was found of a part that is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from genlab import kinds
from genlab.kinds.base import Taken
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import Need
from genlab.registry import registry
from genlab.verdicts.claims.base import ClaimSpec, PartSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.scales import describe

NO_FACES = "Not applicable: these data are not said to be photographs of faces."
"""Why nothing is said of faces."""

NEEDED: Mapping[Need, Taken] = {"images": "pixels", "symbols": "symbols", "frames": "frames"}
"""What a metric needs -> what items have to be for it."""


def not_asked(spec: ClaimSpec, facts: Facts) -> str:
    """Why a claim is not asked of these data, one sentence; empty where it is, if only by some of its parts."""
    kind = kinds.get(facts.kind)
    if spec.faces:
        return "" if facts.faces and kind.pixels else NO_FACES
    if any(asked_of(part, facts) for part in spec.decisive):
        return ""
    return f"Not applicable: {unmeasured(spec.decisive[0], facts)}"


def asked_of(part: PartSpec, facts: Facts) -> bool:
    """Whether what a part rests on can be measured of items of the data's kind."""
    return measured_of(part.measure, facts)


def measured_of(measure: str, facts: Facts) -> bool:
    """Whether items of the data's kind have what a measure asks of them."""
    return takes_of(measure) in kinds.get(facts.kind).gives


def unmeasured(part: PartSpec, facts: Facts) -> str:
    """Why a part is not asked of these data, one sentence."""
    return f"{describe(part.measure).title} is not measured of {kinds.get(facts.kind).many}."


def left_out(spec: ClaimSpec, facts: Facts) -> tuple[str, ...]:
    """Why decisive parts are not asked of these data, a sentence of each, with what is asked instead."""
    told = []
    for part in spec.decisive:
        if part.instead or asked_of(part, facts):
            continue
        others = [other for other in spec.decisive if other.instead == part.name and asked_of(other, facts)]
        instead = others[0].measure if others else ""
        sentence = unmeasured(part, facts)
        told.append(f"{sentence[:-1]}; instead: {describe(instead).title}." if instead else sentence)
    return tuple(told)


def takes_of(measure: str) -> Taken:
    """What a metric, or the task that a measure is of, asks of items."""
    if measure in METRICS:
        return next((takes for need, takes in NEEDED.items() if need in METRICS.get(measure).needs), "any")
    task, _, rest = measure.partition(".")
    takes: Taken = registry("tasks").get(task).takes if rest and task in registry("tasks") else "any"
    return takes
