"""The block diagram of a model family, drawn as SVG from the arrows of its spec; all text is escaped.

Blocks stand in columns by how far they are from the start; the longest chain runs through the middle, other sources
stand above it, and arrows that skip blocks or lead back run below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from genlab.plots.theme import FONT, translucent

Arrow = tuple[str, str, str]

LEARNED = frozenset({"encoder", "decoder", "generator", "critic"})
"""Blocks that are networks; the others are data, noise and what the networks make."""

WIDTH, HEIGHT, GAP, ABOVE = 104, 44, 84, 66
"""Width and height of a block, space between columns and between rows, in units of the drawing."""

FIRST_LANE, LANE, MARGIN = 22, 24, 6
LETTER, LINE = 6, 13
"""Width of a letter of a label, at most, and the distance between two of its lines."""


@dataclass(frozen=True)
class BlockPlace:
    """Where a block stands: column from the left, and rows above the middle one."""

    column: int
    above: int = 0

    @property
    def left(self) -> float:
        """Left edge."""
        return MARGIN + self.column * (WIDTH + GAP)

    def middle(self, highest: int) -> float:
        """Height of its middle, from the top of a drawing with ``highest`` rows above the middle one."""
        return MARGIN + HEIGHT / 2 + (highest - self.above) * ABOVE


def diagram_svg(arrows: Iterable[Arrow], colour: str, ink: str, parameters: Mapping[str, int] | None = None) -> str:
    """The diagram as SVG, a picture of its own that needs no page around it.

    Args:
        arrows: The diagram of an objective's spec: (from, to, label).
        colour: The family's colour, ``#RRGGBB``; networks wear it.
        ink: Colour of text and lines.
        parameters: Block -> number of parameters, written into the block.
    """
    arrows = list(arrows)
    places = arrange(arrows)
    highest = max((place.above for place in places.values()), default=0)
    lanes = _lanes(arrows, places)
    base = MARGIN + highest * ABOVE + HEIGHT
    width = max((place.left for place in places.values()), default=0) + WIDTH + MARGIN
    height = base + (FIRST_LANE + LANE * (len(lanes) - 1) + MARGIN if lanes else MARGIN)
    drawn = [_block(name, place.left, place.middle(highest), colour, parameters) for name, place in places.items()]
    for arrow in arrows:
        start, end = places[arrow[0]], places[arrow[1]]
        if arrow in lanes:
            drawn.append(_lane(arrow, start, end, base, lanes, leads_back(arrows, arrow[0], arrow[1])))
        else:
            drawn.append(_forward(arrow[2], start, end, highest))
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    font = f'font-family="{escape(FONT)}" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} color="{ink}" fill="none">{"".join(drawn)}</svg>'


def describe_diagram(title: str, arrows: Iterable[Arrow]) -> str:
    """The diagram in words."""
    steps = "; ".join(f"{start} to {end}" + (f" ({label})" if label else "") for start, end, label in arrows)
    return f"Block diagram of {title}: {steps}."


def arrange(arrows: Sequence[Arrow]) -> dict[str, BlockPlace]:
    """Block -> its place: columns by the longest way to it, sources as late as they can be."""
    blocks = list(dict.fromkeys(name for start, end, _ in arrows for name in (start, end)))
    forward = [(start, end) for start, end, _ in arrows if not leads_back(arrows, start, end)]
    columns = dict.fromkeys(blocks, 0)
    for _ in blocks:
        for start, end in forward:
            columns[end] = max(columns[end], columns[start] + 1)
    chain = _chain(forward, columns)
    for name in blocks:
        after = [columns[end] for start, end in forward if start == name]
        if name not in chain and after and not any(end == name for _, end in forward):
            columns[name] = min(after) - 1
    taken: dict[int, int] = {}
    places = {name: BlockPlace(columns[name]) for name in blocks if name in chain}
    for name in blocks:
        if name not in chain:
            column = columns[name]
            taken[column] = taken.get(column, 0) + 1
            places[name] = BlockPlace(column, taken[column])
    return places


def leads_back(arrows: Iterable[Arrow], start: str, end: str) -> bool:
    """Whether the arrow from ``start`` to ``end`` closes a loop made of arrows that stand before it."""
    earlier: list[tuple[str, str]] = []
    for first, second, _ in arrows:
        if (first, second) == (start, end):
            break
        earlier.append((first, second))
    reached, before = {end}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {second for first, second in earlier if first in reached}
    return start in reached


def _chain(forward: Sequence[tuple[str, str]], columns: Mapping[str, int]) -> set[str]:
    """The blocks of the longest way through the diagram, found from its end."""
    if not columns:
        return set()
    block = max(columns, key=lambda name: columns[name])
    chain = {block}
    while before := [start for start, end in forward if end == block and columns[start] == columns[block] - 1]:
        block = before[0]
        chain.add(block)
    return chain


def _lanes(arrows: Sequence[Arrow], places: Mapping[str, BlockPlace]) -> list[Arrow]:
    """Arrows that run below the blocks, from the highest lane to the lowest: short ones above long ones."""

    def span(arrow: Arrow) -> int:
        return places[arrow[1]].column - places[arrow[0]].column

    middle = [arrow for arrow in arrows if places[arrow[0]].above == 0 and places[arrow[1]].above == 0]
    return sorted((arrow for arrow in middle if span(arrow) != 1), key=lambda arrow: abs(span(arrow)))


def _block(name: str, left: float, middle: float, colour: str, parameters: Mapping[str, int] | None) -> str:
    learned = name in LEARNED
    outline = f'fill="{translucent(colour, 0.16)}" stroke="{colour}" stroke-width="2"'
    plain = 'stroke="currentColor" stroke-opacity="0.4"'
    size = f'width="{WIDTH}" height="{HEIGHT}" rx="{6 if learned else HEIGHT / 2:g}"'
    box = f'<rect x="{left:g}" y="{middle - HEIGHT / 2:g}" {size} {outline if learned else plain}/>'
    count = (parameters or {}).get(name)
    centre = f'x="{left + WIDTH / 2:g}" text-anchor="middle" fill="currentColor"'
    title = f'<text {centre} y="{middle + (4.5 if count is None else -2):g}">{escape(name)}</text>'
    number = (
        "" if count is None else f'<text {centre} y="{middle + 14:g}" font-size="11" opacity="0.8">{count:,}</text>'
    )
    return box + title + number


def _forward(label: str, start: BlockPlace, end: BlockPlace, highest: int) -> str:
    """An arrow to the right, or down onto the top of a block in a lower row."""
    x, y = start.left + WIDTH, start.middle(highest)
    if start.above == end.above:
        to = end.left
        lines = wrapped(label, (to - x - 8) // LETTER)
        words = [_label(line, (x + to) / 2, y - 6 - LINE * above) for above, line in enumerate(reversed(lines))]
        return _line(f"M{x:g} {y:g}H{to - 7:g}") + _head(to, y, 1, 0) + "".join(words)
    landing = end.left + WIDTH / 2 - (14 if end.column - start.column > 1 else 0)
    top = end.middle(highest) - HEIGHT / 2
    path = f"M{x:g} {y:g}H{landing - 10:g}Q{landing:g} {y:g} {landing:g} {y + 10:g}V{top - 7:g}"
    return _line(path) + _head(landing, top, 0, 1) + _label(label, landing + 6, top - 14, "start")


def wrapped(label: str, letters: float) -> list[str]:
    """``label`` in lines of at most so many letters, as far as it has places to break."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _lane(arrow: Arrow, start: BlockPlace, end: BlockPlace, base: float, lanes: Sequence[Arrow], back: bool) -> str:
    """An arrow out of the bottom of one block, along a lane and up into the bottom of another."""
    lane = lanes.index(arrow)
    depth = base + FIRST_LANE + lane * LANE
    sign = 1 if end.left > start.left else -1
    shift = 12 * (lane - (len(lanes) - 1) / 2)
    x, to = start.left + WIDTH / 2 - shift * sign, end.left + WIDTH / 2 + shift * sign
    path = (
        f"M{x:g} {base:g}V{depth - 8:g}Q{x:g} {depth:g} {x + 8 * sign:g} {depth:g}"
        f"H{to - 8 * sign:g}Q{to:g} {depth:g} {to:g} {depth - 8:g}V{base + 7:g}"
    )
    return _line(path, dashed=back) + _head(to, base, 0, -1) + _label(arrow[2], (x + to) / 2, depth - 5)


def _line(path: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{path}" stroke="currentColor" stroke-opacity="0.55" stroke-width="1.3"{dash}/>'


def _head(x: float, y: float, right: int, down: int) -> str:
    """An arrow's head with its tip at (x, y)."""
    back_x, back_y, side_x, side_y = x - 8 * right, y - 8 * down, 4 * down, 4 * right
    corners = f"M{x:g} {y:g}L{back_x + side_x:g} {back_y + side_y:g}L{back_x - side_x:g} {back_y - side_y:g}Z"
    return f'<path d="{corners}" fill="currentColor" fill-opacity="0.7"/>'


def _label(text: str, x: float, y: float, anchor: str = "middle") -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text {place} font-size="11" fill="currentColor" opacity="0.8">{escape(text)}</text>' if text else ""
