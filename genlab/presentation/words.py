"""How numbers, times and names are written on the pages."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

STATE_GLYPHS: Mapping[str, str] = {
    "queued": "◷",
    "running": "▶",
    "paused": "❚❚",
    "completed": "✓",
    "stopped": "■",
    "diverged": "⚠",
    "failed": "✕",
    "interrupted": "⚡",
}
"""State of a run -> a character that tells it without colour."""


def plain(text: str) -> str:
    """``text`` as Markdown that shows just that: names are the user's own.

    Addresses in it become no links either: those are found after escapes have been taken away, so that only a character
    without width between their parts keeps them apart.
    """
    for address, apart in (("://", ":\u2060//"), ("www.", "www\u2060."), ("@", "\u2060@")):
        text = re.sub(re.escape(address), apart, text, flags=re.IGNORECASE)
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>()#+-.!|~$:" else character for character in text)


def sentence(text: str) -> str:
    """One of our sentences, with names of the user in it, as Markdown that shows just that.

    Only `code` in backticks stays; what a name or an address brings along (links, emphasis) is shown as typed.
    """
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return plain("`".join(parts))
    return "".join(f"`{part}`" if place % 2 and part.strip() else plain(part) for place, part in enumerate(parts))


def duration(seconds: float) -> str:
    """Seconds in words a person can take in at a glance."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def span(low: float, high: float) -> str:
    """A range of seconds: ``"4 to 9 min"``, ``"50 s to 3 min"``, ``"about 2 h"`` where both ends read the same."""
    first, last = duration(low), duration(high)
    if first == last:
        return f"about {first}"
    number, unit = first.split()
    return f"{number} to {last}" if last.endswith(f" {unit}") else f"{first} to {last}"


def ago(moment: float, now: float | None = None) -> str:
    """How long ago ``moment`` (seconds since 1970) was; a date when it was more than a week."""
    passed = (time.time() if now is None else now) - moment
    if passed < 45:
        return "just now"
    if passed < 60 * 60:
        return f"{max(1, round(passed / 60))} min ago"
    if passed < 24 * 3600:
        return f"{round(passed / 3600)} h ago"
    if passed < 7 * 24 * 3600:
        days = round(passed / 86_400)
        return f"{days} day{'s' if days > 1 else ''} ago"
    return time.strftime("%-d %b %Y" if time.strftime("%-d") != "%-d" else "%d %b %Y", time.localtime(moment))


def count(number: int) -> str:
    """A count short enough for a card: ``950``, ``20k``, ``1.2M``."""
    if number < 10_000:
        return f"{number:,}"
    if number < 999_500:
        return f"{number / 1_000:.0f}k"
    return f"{number / 1_000_000:.1f}M"


def extractor(name: str) -> str:
    """A feature extractor where a page first names it; later its ``name`` is enough.

    Args:
        name: Its entry in the registry.
    """
    return (
        "the feature extractor trained on this data (in-domain)" if name == "in-domain" else f"feature extractor {name}"
    )


def how_many(number: int, one: str, many: str = "") -> str:
    """A number and its noun: ``"1 run"``, ``"2,000 runs"``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
