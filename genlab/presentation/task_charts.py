"""Charts of the Tasks page: those that a task brings, of all methods in one, and a plane of its two main measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from genlab.plots.tasks import MethodChart, MethodLine
from genlab.presentation.lineup import Entrant
from genlab.presentation.tasks import Method
from genlab.tasks.base import TaskMeasure, TaskSpec


def charts_of(
    baselines: Mapping[str, Any] | None, results: Sequence[tuple[Entrant, Mapping[str, Any] | None]]
) -> list[MethodChart]:
    """A chart for each name: what methods without a model and all models have to say in it, in one figure."""
    found: dict[str, MethodChart] = {}
    sources: list[tuple[str, str, int, Mapping[str, Any]]] = []
    if baselines is not None:
        sources.append(("", "", 0, baselines))
    for entrant, document in results:
        if document is not None:
            sources.append((entrant.label, entrant.run.family, entrant.place, document))
    for label, family, place, document in sources:
        for chart in document["charts"]:
            lines = tuple(_line(curve, label, family, place, variant) for variant, curve in enumerate(chart["curves"]))
            known = found.get(chart["name"])
            if known is None:
                axes = {"x": chart["x"], "y": chart["y"], "log_x": chart["log_x"], "step": chart["step"]}
                found[chart["name"]] = MethodChart(title=chart["title"], lines=lines, **axes)
            else:
                found[chart["name"]] = replace(known, lines=known.lines + lines)
    return list(found.values())


def plane_of(spec: TaskSpec, methods: Sequence[Method]) -> MethodChart | None:
    """Every method as a point between the decisive measure and the first other one that has a better; None without.

    Of a restoration these are perception and distortion, which no method can both have (Blau and Michaeli, 2018).
    """
    decisive = spec.measure(spec.decisive)
    others = [measure for measure in spec.measures if measure.better and measure.name != spec.decisive]
    for other in others:
        points = _points(methods, other, decisive)
        if len(points) > 1:
            return MethodChart(f"{decisive.title} against {other.title}", _axis(other), _axis(decisive), tuple(points))
    return None


def _axis(measure: TaskMeasure) -> str:
    unit = f"{measure.unit}, " if measure.unit else ""
    return f"{measure.title} ({unit}{'higher' if measure.better == 'up' else 'lower'} is better)"


def _points(methods: Sequence[Method], across: TaskMeasure, up: TaskMeasure) -> list[MethodLine]:
    found = []
    count: dict[str, int] = {}
    for method in methods:
        x, y = method.value(across.name), method.value(up.name)
        if x is None or y is None:
            continue
        variant = count.get(method.owner, 0)
        count[method.owner] = variant + 1
        low, high = (method.scores[up.name].get(end) for end in ("low", "high"))
        ends = [method.scores[across.name].get(end) for end in ("low", "high")]
        found.append(
            MethodLine(
                name=method.full,
                family=method.family,
                place=method.place,
                x=(x,),
                y=(y,),
                low=() if low is None or high is None else (float(low),),
                high=() if low is None or high is None else (float(high),),
                across=() if None in ends else ((float(ends[1]) - float(ends[0])) / 2,),  # type: ignore[arg-type]
                variant=variant,
            )
        )
    return found


def _line(curve: Mapping[str, Any], label: str, family: str, place: int, variant: int) -> MethodLine:
    parts = {name: tuple(map(float, curve[name])) for name in ("x", "y", "low", "high")}
    name = f"{curve['name']} of {label}" if label else str(curve["name"])
    return MethodLine(name=name, family=family, place=place, variant=variant, **parts)
