"""Drawings of how families work, as SVG: blocks that learn, what flows between them, numbered as in the text.

A family's file says what is drawn where (`genlab.families.base.Concept.drawing`), with the pieces of a `Pen`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import exp

from genlab.families.base import Concept
from genlab.plots.theme import FONT, REAL_COLOUR, translucent

WIDTH, HEIGHT = 780, 220
LEARNED_WIDTH, LEARNED_HEIGHT = 92, 56


def concept_svg(concept: Concept, colour: str, ink: str) -> str:
    """The drawing of a family, a picture of its own.

    Args:
        concept: How the family works.
        colour: The family's colour, ``#RRGGBB``; networks wear it.
        ink: Colour of text and lines.
    """
    drawn = concept.drawing(Pen(colour)) if concept.drawing else ()
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    font = f'font-family="{escape(FONT)}" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} color="{ink}" fill="none">{"".join(drawn)}</svg>'


@dataclass(frozen=True)
class Pen:
    """Draws the pieces, on a sheet of `WIDTH` by `HEIGHT` px.

    Attributes:
        colour: ``#RRGGBB`` of networks and numbers.
    """

    colour: str

    def network(self, name: str, left: float, middle: float, number: int = 0, *, narrows: bool = False) -> str:
        """A block that learns: it narrows towards codes and scores, and widens towards images."""
        tall, short = LEARNED_HEIGHT / 2, LEARNED_HEIGHT / 2 - 12
        first, last = (tall, short) if narrows else (short, tall)
        right = left + LEARNED_WIDTH
        ends = ((left, -first), (right, -last), (right, last), (left, first))
        corners = " ".join(f"{x:g},{middle + up:g}" for x, up in ends)
        shape = (
            f'<polygon points="{corners}" fill="{translucent(self.colour, 0.16)}" stroke="{self.colour}" '
            'stroke-width="2" stroke-linejoin="round"/>'
        )
        badge = self.number(left + LEARNED_WIDTH / 2, middle - tall - 12, number) if number else ""
        return shape + self.text(name, left + LEARNED_WIDTH / 2, middle + 4.5) + badge

    def thing(self, name: str, left: float, middle: float, width: float = 80, *, real: bool = False) -> str:
        """What flows: data, noise, samples."""
        look = f'stroke="{REAL_COLOUR}" stroke-width="2"' if real else 'stroke="currentColor" stroke-opacity="0.4"'
        box = f'<rect x="{left:g}" y="{middle - 20:g}" width="{width:g}" height="40" rx="20" {look}/>'
        return box + self.text(name, left + width / 2, middle + 4.5)

    def disc(self, x: float, y: float, radius: float) -> str:
        """A code."""
        fill = translucent(self.colour, 0.16)
        return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{self.colour}"/>'

    def bells(self, left: float, base: float, width: float) -> str:
        """The prior, wide and dotted, and the posterior within it."""
        prior = _curve(left, base, width, 0.5, 0.2, 46)
        own = _curve(left, base, width, 0.64, 0.07, 74)
        line = f'<path d="M{left:g} {base:g}H{left + width:g}" stroke="currentColor" stroke-opacity="0.4"/>'
        dotted = f'<path d="{prior}" stroke="currentColor" stroke-opacity="0.55" stroke-dasharray="3 3"/>'
        fill = translucent(self.colour, 0.16)
        return line + dotted + f'<path d="{own}" stroke="{self.colour}" stroke-width="2" fill="{fill}"/>'

    def hump(self, centre: float, base: float, width: float, *, real: bool = False) -> str:
        """A distribution: the family's own, or that of real data."""
        colour = REAL_COLOUR if real else self.colour
        path = _curve(centre - width, base, 2 * width, 0.5, 0.17, 44)
        return f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="{translucent(colour, 0.18)}"/>'

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """A straight arrow; its head looks the way it goes."""
        (x, y), (to_x, to_y) = start, end
        length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5 or 1.0
        right, down = (to_x - x) / length, (to_y - y) / length
        return self.path(f"M{x:g} {y:g}L{to_x - 6 * right:g} {to_y - 6 * down:g}") + self.head(to_x, to_y, right, down)

    def path(self, path: str, *, dashed: bool = False) -> str:
        """A line; ``path`` as SVG writes it."""
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        return f'<path d="{path}" stroke="currentColor" stroke-opacity="0.55" stroke-width="1.4"{dash}/>'

    def head(self, x: float, y: float, right: float, down: float) -> str:
        """An arrow's head with its tip at (x, y)."""
        back_x, back_y, side_x, side_y = x - 8 * right, y - 8 * down, -4 * down, 4 * right
        corners = f"M{x:g} {y:g}L{back_x + side_x:g} {back_y + side_y:g}L{back_x - side_x:g} {back_y - side_y:g}Z"
        return f'<path d="{corners}" fill="currentColor" fill-opacity="0.7"/>'

    def number(self, x: float, y: float, number: int) -> str:
        """The number by which the text refers to a place."""
        circle = f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="{self.colour}"/>'
        centre = f'x="{x:g}" y="{y + 4:g}" text-anchor="middle"'
        return circle + f'<text {centre} font-size="11" font-weight="700" fill="#FFFFFF">{number}</text>'

    def text(self, text: str, x: float, y: float, *, anchor: str = "middle", small: bool = False) -> str:
        """Words at a place."""
        size = ' font-size="11.5" opacity="0.85"' if small else ""
        return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor"{size}>{escape(text)}</text>'


def _curve(left: float, base: float, width: float, centre: float, sd: float, height: float) -> str:
    places: Sequence[float] = [step / 48 for step in range(49)]
    points = [(left + at * width, base - height * exp(-(((at - centre) / sd) ** 2) / 2)) for at in places]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
