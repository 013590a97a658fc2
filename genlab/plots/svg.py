"""Small static charts as inline SVG, for pages that must work without scripts and on paper. No plotly, no torch.

Colours are CSS variables (``--ink``, ``--family-vae``, …) of the page that the chart stands in, so that it follows its
theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10

from genlab.numbers import short

WIDTH = 340
LEFT, RIGHT = 64, 14
ROW = 24
DASHES = {"solid": "", "dash": "6 3", "dot": "1.5 3", "dashdot": "6 3 1.5 3"}
MOST_POINTS = 160
"""Points of a line; longer ones are averaged."""


@dataclass(frozen=True)
class Dot:
    """A value with its interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DotRow:
    """One line of a dot chart.

    Attributes:
        label: What stands to the left.
        colour: CSS colour.
        dots: One for each seed.
        symbol: ``"circle"``, ``"triangle-up"`` or ``"diamond"``; a square for any other.
    """

    label: str
    colour: str
    dots: Sequence[Dot]
    symbol: str = "circle"


@dataclass(frozen=True)
class ChartLine:
    """One line of a line chart: its points (x, y), rising in x."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    dash: str = "solid"
    opacity: float = 1.0


def dot_chart(rows: Sequence[DotRow], alt: str, real: float | None = None) -> str:
    """Values with whiskers, a row for each label, on one axis; ``real`` is where real data stand.

    Args:
        rows: From top to bottom; a row without dots says so.
        alt: The text alternative.
        real: The value of real data, drawn as a dashed line.
    """
    numbers = [number for row in rows for dot in row.dots for number in (dot.value, dot.low, dot.high)]
    ends = _ends([*numbers, real])
    height = ROW * len(rows) + 26

    def x(value: float) -> float:
        return _place(value, ends, LEFT, WIDTH - RIGHT)

    parts = [_axis_x(ends, ROW * len(rows) + 4, 4)]
    if real is not None:
        parts.append(
            f'<line x1="{x(real):.1f}" x2="{x(real):.1f}" y1="2" y2="{ROW * len(rows) + 4}" class="real">'
            f"<title>real data {short(real)}</title></line>"
        )
    for place, row in enumerate(rows):
        middle = ROW * place + ROW / 2 + 2
        parts.append(f'<text x="0" y="{middle + 4:.1f}" class="name">{escape(row.label)}</text>')
        if not row.dots:
            parts.append(f'<text x="{LEFT + 8}" y="{middle + 4:.1f}" class="tick">none</text>')
        step = min(5.0, (ROW - 8) / max(1, len(row.dots)))
        for index, dot in enumerate(row.dots):
            y = middle + step * (index - (len(row.dots) - 1) / 2)
            if dot.low is not None and dot.high is not None:
                parts.append(
                    f'<line x1="{x(dot.low):.1f}" x2="{x(dot.high):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
                    f'stroke="{row.colour}" stroke-width="1.4"/>'
                )
            parts.append(_symbol(row.symbol, x(dot.value), y, row.colour))
    return _svg("".join(parts), WIDTH, height, alt)


def line_chart(lines: Sequence[ChartLine], alt: str, *, height: int = 150, unit: str = "images") -> str:
    """Lines over images seen.

    Args:
        lines: Drawn in their order; names are not written, the page has a legend.
        alt: The text alternative.
        height: In pixels.
        unit: What x counts.
    """
    thin = [_thinned(line.points) for line in lines]
    across = _ends([x for points in thin for x, _ in points])
    up = _ends(_without_spikes([y for points in thin for _, y in points]))
    bottom = height - 22
    parts = [_axis_x(across, bottom, 6, unit), _axis_y(up, bottom)]
    for line, points in zip(lines, thin, strict=True):
        path = " ".join(
            f"{_place(x, across, LEFT, WIDTH - RIGHT):.1f},{_place(min(max(y, up[0]), up[1]), up, bottom, 6):.1f}"
            for x, y in points
        )
        dash = f' stroke-dasharray="{DASHES[line.dash]}"' if DASHES.get(line.dash) else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="1.3" '
            f'opacity="{line.opacity:g}"{dash}><title>{escape(line.name)}</title></polyline>'
        )
    return _svg("".join(parts), WIDTH, height, alt)


def _svg(content: str, width: int, height: int, alt: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" class="chart" role="img" aria-label="{escape(alt)}">'
        f"<title>{escape(alt)}</title>{content}</svg>"
    )


def _symbol(kind: str, x: float, y: float, colour: str) -> str:
    if kind == "triangle-up":
        return f'<path d="M{x - 4:.1f} {y + 3:.1f}h8l-4 -7z" fill="{colour}"/>'
    if kind == "diamond":
        return f'<path d="M{x:.1f} {y - 4.5:.1f}l4 4.5l-4 4.5l-4 -4.5z" fill="{colour}"/>'
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.3" fill="{colour}"/>'
    return f'<path d="M{x - 3.2:.1f} {y - 3.2:.1f}h6.4v6.4h-6.4z" fill="{colour}"/>'


def _axis_x(ends: tuple[float, float], y: float, top: float, unit: str = "") -> str:
    parts = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" class="grid"/>']
    for value in ticks(*ends):
        x = _place(value, ends, LEFT, WIDTH - RIGHT)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{y}" class="grid"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 14}" class="tick" text-anchor="middle">{_written(value)}</text>')
    if unit:
        parts.append(f'<text x="0" y="{y + 14}" class="tick">{escape(unit)}</text>')
    return "".join(parts)


def _axis_y(ends: tuple[float, float], bottom: float) -> str:
    parts = []
    for value in ticks(*ends):
        y = _place(value, ends, bottom, 6)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" class="tick" text-anchor="end">{_written(value)}</text>')
    return "".join(parts)


def ticks(low: float, high: float) -> list[float]:
    """Two to six round values within the ends."""
    raw = (high - low) / 4
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    first = -floor(-low / step)
    return [round((first + place) * step, 12) for place in range(7) if (first + place) * step <= high + 1e-9 * step]


def _written(value: float) -> str:
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.10g}"


def _ends(values: Sequence[float | None]) -> tuple[float, float]:
    """The range of the finite values, with a little room at each side; (0, 1) where there are none."""
    known = [value for value in values if value is not None and isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = 0.04 * (high - low) or 0.05 * abs(high) or 0.5
    return (low if low == 0 else low - room), high + room


def _without_spikes(values: Sequence[float]) -> list[float]:
    """Values between the first and the last hundredth: one spike must not flatten the rest."""
    known = sorted(value for value in values if isfinite(value))
    cut = len(known) // 100
    return known[cut : len(known) - cut]


def _place(value: float, ends: tuple[float, float], first: float, last: float) -> float:
    return first + (last - first) * (value - ends[0]) / (ends[1] - ends[0])


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most `MOST_POINTS` points: means over stretches of equal length."""
    known = [(x, y) for x, y in points if isfinite(x) and isfinite(y)]
    size = -(-len(known) // MOST_POINTS)
    groups = [known[at : at + size] for at in range(0, len(known), max(1, size))]
    return [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]
