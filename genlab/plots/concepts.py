"""Drawings of how each family works, as SVG: blocks that learn, what flows between them, numbered as in the text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import exp

from genlab.plots.theme import FONT, REAL_COLOUR, translucent

WIDTH, HEIGHT = 780, 220
LEARNED_WIDTH, LEARNED_HEIGHT = 92, 56

DESCRIPTIONS = {
    "vae": "A VAE from left to right: an image goes into the encoder (1), which answers with a bell curve: mean mu and "
    "width sigma. Noise epsilon from outside picks a point of it, z = mu + sigma times epsilon (2). The KL (3) is "
    "the distance of the bell curve from the standard normal prior, drawn behind it. The decoder turns z into a "
    "reconstruction, which is compared with the image (4).",
    "gan": "A GAN from left to right: noise z goes into the generator (1), which makes a sample. Samples and real "
    "images go into the critic (2), which puts each on a scale of scores, real ones to the right. The critic pulls the "
    "two apart, the generator pushes its samples to the right (3): its only teacher is the gradient that comes "
    "back through the critic.",
    "vae_gan": "A VAE-GAN from left to right: an image goes into the encoder, whose code z is held near the prior by "
    "the KL (3). One decoder (1) makes images of codes and of noise from the prior. A critic compares them with real "
    "images: reconstructions by its own features (2); samples, and reconstructions where it is shown them, by its "
    "scores (4).",
}
"""Family -> its drawing in words."""


def concept_svg(family: str, colour: str, ink: str) -> str:
    """The drawing of ``family``, a picture of its own.

    Args:
        family: ``"vae"``, ``"gan"`` or ``"vae_gan"``.
        colour: The family's colour, ``#RRGGBB``; networks wear it.
        ink: Colour of text and lines.
    """
    drawn = {"vae": _vae, "gan": _gan, "vae_gan": _vae_gan}[family](colour)
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    font = f'font-family="{escape(FONT)}" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} color="{ink}" fill="none">{"".join(drawn)}</svg>'


def _vae(colour: str) -> list[str]:
    middle = 96
    return [
        _thing("image x", 4, middle),
        _arrow((84, middle), (108, middle)),
        _network("encoder", 110, middle, colour, 1, narrows=True),
        _arrow((202, middle), (228, middle)),
        _bells(232, middle + 26, 156, colour),
        _text("q(z|x): μ, σ", 310, middle + 46, small=True),
        _number(254, middle - 66, 3, colour),
        _text("KL to the prior N(0, 1)", 266, middle - 62, anchor="start"),
        _arrow((392, middle), (424, middle)),
        f'<circle cx="452" cy="{middle}" r="27" fill="{translucent(colour, 0.16)}" stroke="{colour}"/>',
        _text("z", 452, middle + 5),
        _number(452, middle - 40, 2, colour),
        _text("μ + σ · ε", 466, middle - 36, anchor="start"),
        _arrow((452, middle + 66), (452, middle + 29)),
        _text("ε ~ N(0, 1)", 452, middle + 82),
        _arrow((480, middle), (508, middle)),
        _network("decoder", 510, middle, colour, 0, narrows=False),
        _arrow((602, middle), (628, middle)),
        _thing("reconstruction", 630, middle, 118),
        _path("M44 118V196Q44 204 52 204H681Q689 204 689 196V124", dashed=True),
        _head(689, 118, 0, -1),
        _head(44, 118, 0, -1),
        _number(318, 204, 4, colour),
        _text("reconstruction error", 332, 199, anchor="start", small=True),
    ]


def _gan(colour: str) -> list[str]:
    low, middle = 150, 96
    axis = 132
    return [
        _thing("noise z", 4, low),
        _arrow((84, low), (108, low)),
        _network("generator", 110, low, colour, 1, narrows=False),
        _arrow((202, low), (228, low)),
        _thing("sample", 230, low),
        _thing("real image", 230, 42, 90, real=True),
        _path(f"M310 {low}Q352 {low} 362 {middle + 16}"),
        _head(365, middle + 12, 1, 0),
        _path(f"M322 42Q352 42 362 {middle - 16}"),
        _head(365, middle - 12, 1, 0),
        _network("critic", 368, middle, colour, 2, narrows=True),
        _arrow((460, middle), (492, middle)),
        _path(f"M500 {axis}H764"),
        _head(770, axis, 1, 0),
        _text("score", 768, axis + 20, anchor="end", small=True),
        _hump(578, axis, 52, colour),
        _hump(694, axis, 52, REAL_COLOUR),
        _text("samples", 578, axis - 52, small=True),
        _text("real", 694, axis - 52, small=True),
        _arrow((600, axis + 14), (668, axis + 14)),
        _number(588, axis + 14, 3, colour),
        _text("generator: together · critic: apart", 634, axis + 40, small=True),
        _path(f"M414 {middle + 30}V200Q414 208 406 208H164Q156 208 156 200V{low + 36}", dashed=True),
        _head(156, low + 30, 0, -1),
        _text("gradient: what would score higher?", 290, 202, small=True),
    ]


def _vae_gan(colour: str) -> list[str]:
    top, low, middle = 52, 166, 108
    return [
        _thing("image x", 4, top),
        _arrow((84, top), (108, top)),
        _network("encoder", 110, top, colour, 0, narrows=True),
        _arrow((202, top), (238, top)),
        f'<circle cx="262" cy="{top}" r="22" fill="{translucent(colour, 0.16)}" stroke="{colour}"/>',
        _text("z", 262, top + 5),
        _number(262, low - 62, 3, colour),
        _text("KL", 276, low - 57, anchor="start", small=True),
        _path(f"M262 {top + 26}V{low - 74}M262 {low - 50}V{low - 26}", dashed=True),
        _thing("prior N(0, 1)", 206, low, 112),
        _path(f"M286 {top}Q340 {top} 352 {middle - 14}"),
        _head(357, middle - 10, 1, 0),
        _path(f"M318 {low}Q344 {low} 352 {middle + 14}"),
        _head(357, middle + 10, 1, 0),
        _network("decoder", 360, middle, colour, 1, narrows=False),
        _path(f"M452 {middle - 12}Q462 {top} 474 {top}"),
        _head(480, top, 1, 0),
        _path(f"M452 {middle + 12}Q462 {low} 474 {low}"),
        _head(480, low, 1, 0),
        _thing("reconstruction", 482, top, 112),
        _thing("sample", 482, low, 112),
        _thing("real image", 482, middle, 112, real=True),
        _arrow((594, top), (646, middle - 18)),
        _arrow((594, middle), (646, middle)),
        _arrow((594, low), (646, middle + 18)),
        _network("critic", 650, middle, colour, 4, narrows=True),
        _number(620, 30, 2, colour),
        _text("compared in its features", 634, 34, anchor="start", small=True),
    ]


def _network(name: str, left: float, middle: float, colour: str, number: int, *, narrows: bool) -> str:
    """A block that learns: it narrows towards codes and scores, and widens towards images."""
    tall, short = LEARNED_HEIGHT / 2, LEARNED_HEIGHT / 2 - 12
    first, last = (tall, short) if narrows else (short, tall)
    right = left + LEARNED_WIDTH
    ends = ((left, -first), (right, -last), (right, last), (left, first))
    corners = " ".join(f"{x:g},{middle + up:g}" for x, up in ends)
    shape = (
        f'<polygon points="{corners}" fill="{translucent(colour, 0.16)}" stroke="{colour}" stroke-width="2" '
        'stroke-linejoin="round"/>'
    )
    badge = _number(left + LEARNED_WIDTH / 2, middle - tall - 12, number, colour) if number else ""
    return shape + _text(name, left + LEARNED_WIDTH / 2, middle + 4.5) + badge


def _thing(name: str, left: float, middle: float, width: float = 80, *, real: bool = False) -> str:
    """What flows: data, noise, samples."""
    look = f'stroke="{REAL_COLOUR}" stroke-width="2"' if real else 'stroke="currentColor" stroke-opacity="0.4"'
    box = f'<rect x="{left:g}" y="{middle - 20:g}" width="{width:g}" height="40" rx="20" {look}/>'
    return box + _text(name, left + width / 2, middle + 4.5)


def _bells(left: float, base: float, width: float, colour: str) -> str:
    """The prior, wide and dotted, and the posterior within it."""
    prior = _curve(left, base, width, 0.5, 0.2, 46)
    own = _curve(left, base, width, 0.64, 0.07, 74)
    line = f'<path d="M{left:g} {base:g}H{left + width:g}" stroke="currentColor" stroke-opacity="0.4"/>'
    dotted = f'<path d="{prior}" stroke="currentColor" stroke-opacity="0.55" stroke-dasharray="3 3"/>'
    return line + dotted + f'<path d="{own}" stroke="{colour}" stroke-width="2" fill="{translucent(colour, 0.16)}"/>'


def _curve(left: float, base: float, width: float, centre: float, sd: float, height: float) -> str:
    places: Sequence[float] = [step / 48 for step in range(49)]
    points = [(left + at * width, base - height * exp(-(((at - centre) / sd) ** 2) / 2)) for at in places]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _hump(centre: float, base: float, width: float, colour: str) -> str:
    path = _curve(centre - width, base, 2 * width, 0.5, 0.17, 44)
    return f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="{translucent(colour, 0.18)}"/>'


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A straight arrow; its head looks the way it goes."""
    (x, y), (to_x, to_y) = start, end
    length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5 or 1.0
    right, down = (to_x - x) / length, (to_y - y) / length
    return _path(f"M{x:g} {y:g}L{to_x - 6 * right:g} {to_y - 6 * down:g}") + _head(to_x, to_y, right, down)


def _path(path: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{path}" stroke="currentColor" stroke-opacity="0.55" stroke-width="1.4"{dash}/>'


def _head(x: float, y: float, right: float, down: float) -> str:
    """An arrow's head with its tip at (x, y)."""
    back_x, back_y, side_x, side_y = x - 8 * right, y - 8 * down, -4 * down, 4 * right
    corners = f"M{x:g} {y:g}L{back_x + side_x:g} {back_y + side_y:g}L{back_x - side_x:g} {back_y - side_y:g}Z"
    return f'<path d="{corners}" fill="currentColor" fill-opacity="0.7"/>'


def _number(x: float, y: float, number: int, colour: str) -> str:
    """The number by which the text refers to a place."""
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="{colour}"/>'
    centre = f'x="{x:g}" y="{y + 4:g}" text-anchor="middle"'
    return circle + f'<text {centre} font-size="11" font-weight="700" fill="#FFFFFF">{number}</text>'


def _text(text: str, x: float, y: float, *, anchor: str = "middle", small: bool = False) -> str:
    size = ' font-size="11.5" opacity="0.85"' if small else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor"{size}>{escape(text)}</text>'
