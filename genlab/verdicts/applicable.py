"""Whether a claim is asked of data of a kind: what its decisive parts rest on may exist for pictures only. No torch.

`tested` says what was found of a part that is asked.
"""

from __future__ import annotations

from genlab import kinds
from genlab.kinds.base import Taken
from genlab.metrics import REGISTRY as METRICS
from genlab.registry import registry
from genlab.verdicts.claims.base import ClaimSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.scales import describe

NO_FACES = "Not applicable: these data are not said to be photographs of faces."
"""Why nothing is said of faces."""


def not_asked(spec: ClaimSpec, facts: Facts) -> str:
    """Why a claim is not asked of these data, one sentence; empty where it is."""
    kind = kinds.get(facts.kind)
    if spec.faces:
        return "" if facts.faces and kind.pixels else NO_FACES
    for part in spec.decisive:
        if takes_of(part.measure) not in kind.gives:
            return f"Not applicable: {describe(part.measure).title} is not measured of {kind.many}."
    return ""


def takes_of(measure: str) -> Taken:
    """What a metric, or the task that a measure is of, asks of items."""
    if measure in METRICS:
        return "pixels" if "images" in METRICS.get(measure).needs else "any"
    task, _, rest = measure.partition(".")
    takes: Taken = registry("tasks").get(task).takes if rest and task in registry("tasks") else "any"
    return takes
