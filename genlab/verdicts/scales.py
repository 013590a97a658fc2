"""What measures are called, what their values may be, and how they are written. No torch."""

from __future__ import annotations

from functools import lru_cache

from genlab.metrics import REGISTRY as METRICS
from genlab.numbers import decimals, interval, short
from genlab.registry import registry
from genlab.verdicts.measures import MEASURES, MeasureSpec


@lru_cache(maxsize=256)
def describe(name: str) -> MeasureSpec:
    """Title, unit, limits of a measure of the match or of a task, or of a metric; a name of its own otherwise."""
    if name in MEASURES:
        return MEASURES[name]
    if name in METRICS:
        spec = METRICS.get(name)
        return MeasureSpec(spec.title, spec.summary, spec.better, spec.limits, spec.unit, spec.version)
    task, _, measure = name.partition(".")
    if measure and task in registry("tasks"):
        of_task = registry("tasks").get(task)
        found = of_task.measure(measure)
        title = f"{found.title} ({of_task.title.lower()})"
        return MeasureSpec(title, found.summary, found.better or "none", found.limits, found.unit)
    return MeasureSpec(name.replace("_", " ").capitalize(), "", "none", (None, None))


def written(value: float, low: float | None, high: float | None, unit: str = "") -> str:
    """A number with its interval and unit, with no more digits than the interval justifies."""
    words = interval({"value": value, "low": low, "high": high})
    return f"{words} {unit}".strip() if unit and unit != "×" else f"{words}{unit}"


def plain(value: float, width: float | None) -> str:
    """A number beside an interval of ``width``."""
    return f"{value:,.{decimals(width)}f}" if width else short(value)
