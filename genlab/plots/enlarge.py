"""The same figure for a hall: larger letters, thicker lines, more height; `theme` says how figures begin, not this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

GROWING = frozenset(
    {
        "size",
        "width",
        "height",
        "l",
        "r",
        "t",
        "b",
        "standoff",
        "xshift",
        "yshift",
        "ax",
        "ay",
        "thickness",
        "itemwidth",
    }
)
"""Properties that are lengths in pixels wherever plotly has them."""

LINE, MARKER, FONT = 2.0, 6.0, 12.0
"""What plotly takes where a figure says nothing, in pixels."""


def enlarge(figure: go.Figure, factor: float) -> go.Figure:
    """A copy of ``figure`` in which every length in pixels is ``factor`` times as long.

    Args:
        figure: Stays as it is.
        factor: At least 1; at 1 the copy is equal to the figure.
    """
    import plotly.graph_objects as go

    found = figure.to_dict()
    layout, template = _grown(found["layout"], factor), found["layout"].get("template", {})
    layout["template"] = {**template, "layout": _grown(template.get("layout", {}), factor)}
    layout.setdefault("font", {}).setdefault("size", _font(template) * factor)
    data = [_trace(trace, factor) for trace in found["data"]]
    return go.Figure(data=data, layout=layout)


def _trace(trace: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """A trace; what plotly would choose of its lines and markers is said, so that it grows too."""
    known = dict(trace)
    if trace.get("type", "scatter") in {"scatter", "scattergl", "scatterpolar"}:
        known["line"] = {"width": LINE, **trace.get("line", {})}
        known["marker"] = {"size": MARKER, **trace.get("marker", {})}
    # What a bar's width means is an amount on an axis, not a length on the screen.
    own = {name: known[name] for name in ("width", "x", "y", "z", "customdata") if name in known}
    return _grown(known, factor) | own


def _grown(found: Mapping[str, Any], factor: float) -> dict[str, Any]:
    return {name: _value(name, value, factor) for name, value in found.items() if name != "template"}


def _value(name: str, value: Any, factor: float) -> Any:
    if isinstance(value, Mapping):
        return _grown(value, factor)
    if isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        return [_grown(each, factor) if isinstance(each, Mapping) else each for each in value]
    if name not in GROWING:
        return value
    if isinstance(value, list | tuple):
        return [each * factor if _is_number(each) else each for each in value]
    return value * factor if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _font(template: Mapping[str, Any]) -> float:
    size = template.get("layout", {}).get("font", {}).get("size")
    return float(size) if _is_number(size) else FONT
