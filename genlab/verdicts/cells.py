"""The cells of the comparison table: what each family had, as numbers with intervals over seeds. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.families import may_have
from genlab.families.base import Part
from genlab.metrics import REGISTRY as METRICS
from genlab.numbers import against
from genlab.verdicts.applicable import measured_of
from genlab.verdicts.claims.base import EVENTS, CellSpec, ClaimSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.scales import describe, written
from genlab.verdicts.statistics import FEWEST, mean_interval, wilson

RESTS_ON: Mapping[str, tuple[Part, str]] = {
    "likelihood": ("likelihood", "has none"),
    "codes": ("encoder", "has no encoder"),
}
"""Evidence of a metric -> the part that it comes from, and what stands in the cell of a family without that part."""


def cells_of(spec: ClaimSpec, facts: Facts, family: str) -> list[dict[str, Any]]:
    """What the table shows of ``family`` under a claim."""
    makers = {"mean": _mean, "spread": _spread, "event": _event, "sensitivity": _sensitivity}
    return [makers[cell.kind](cell, facts, family) for cell in spec.cells if measured_of(cell.measure, facts)]


def by_nature(measure: str, family: str) -> str:
    """What stands in the cell of a family that by its nature has no number of ``measure``; empty where it may."""
    needs = METRICS.get(measure).needs if measure in METRICS else ()
    lacking = (RESTS_ON[need] for need in needs if need in RESTS_ON)
    return next((words for part, words in lacking if not may_have(family, part)), "")


def _mean(cell: CellSpec, facts: Facts, family: str) -> dict[str, Any]:
    about, sample, lines = describe(cell.measure), facts.sample(family, cell.measure), facts.lines(family, cell.measure)
    unit = cell.unit or about.unit
    entry = _entry(cell, about.title + next(filter(None, map(against, lines)), ""), unit)
    if not sample.n:
        none = by_nature(cell.measure, family) if facts.of(family) else ""
        return entry | {"text": none or facts.why_not(family, cell.measure)}
    interval = mean_interval(sample)
    low, high = (None, None) if interval is None else (cell.factor * end for end in _within(interval, about.limits))
    floors = [cell.factor * float(line["floor"]) for line in lines if line.get("floor") is not None]
    value = cell.factor * sample.mean
    return entry | {
        "value": value,
        "low": low,
        "high": high,
        "floor": sum(floors) / len(floors) if floors else None,
        "n": min(int(line.get("n") or 0) for line in lines),
        "seeds": sample.n,
        "text": written(value, low, high, unit),
    }


def _spread(cell: CellSpec, facts: Facts, family: str) -> dict[str, Any]:
    about, sample = describe(cell.measure), facts.sample(family, cell.measure)
    entry = _entry(cell, f"{about.title}, spread over seeds", "%")
    if sample.n < FEWEST or min(sample.values) <= 0:
        return entry | {
            "text": facts.why_not(family, cell.measure) or "At least two seeds are needed.",
            "seeds": sample.n,
        }
    logs = sample.logs()
    share = 100 * (sum((value - logs.mean) ** 2 for value in logs.values) / (logs.n - 1)) ** 0.5
    low, high = _sd_interval(share, logs.n)
    return entry | {
        "value": share,
        "low": low,
        "high": high,
        "n": sample.n,
        "seeds": sample.n,
        "text": f"± {share:.2g} % over {sample.n} seeds",
    }


def _event(cell: CellSpec, facts: Facts, family: str) -> dict[str, Any]:
    count, n = facts.events(family, cell.measure)
    entry = _entry(cell, f"Runs that {EVENTS[cell.measure]}", "")
    if not n:
        return entry | {"text": facts.why_not(family, cell.measure)}
    low, high = wilson(count, n)
    return entry | {
        "value": count / n,
        "low": low,
        "high": high,
        "n": n,
        "seeds": n,
        "text": f"{count} of {n} runs",
    }


def _sensitivity(cell: CellSpec, facts: Facts, family: str) -> dict[str, Any]:
    found = facts.sensitivity(family)
    entry = _entry(cell, "Worst over best at half, once, twice the learning rate", "×")
    if found is None:
        return entry | {"text": "No trials at other learning rates were made."}
    return entry | {"value": found, "n": 3, "seeds": 1, "text": f"{found:.2g}×"}


def _entry(cell: CellSpec, title: str, unit: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"value": None, "low": None, "high": None, "floor": None, "n": 0, "seeds": 0, "text": ""}
    about = {"measure": cell.measure, "version": describe(cell.measure).version, "kind": cell.kind}
    return {**about, "title": title, "unit": unit, **nothing}


def _within(interval: tuple[float, float], limits: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = interval
    least, most = limits
    return (low if least is None else max(low, least)), (high if most is None else min(high, most))


def _sd_interval(deviation: float, n: int) -> tuple[float, float]:
    """95 % interval of a standard deviation of ``n`` normal values, by the chi-squared distribution."""
    from scipy.special import chdtri

    low, high = ((n - 1) ** 0.5 * deviation / float(chdtri(n - 1, tail)) ** 0.5 for tail in (0.025, 0.975))
    return low, high
