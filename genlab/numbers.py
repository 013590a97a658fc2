"""Numbers as they are written: with their interval, and no more digits than it justifies. No streamlit, no torch."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any


def decimals(width: float) -> int:
    """Decimal places that an interval of this width justifies: two digits of the width."""
    return max(0, 1 - floor(log10(width)))


def short(value: float | None) -> str:
    """Three digits of a number without an interval; empty for None."""
    return "" if value is None else f"{value:.3g}"


def against(line: Mapping[str, Any]) -> str:
    """What stands behind the title of a score that was not measured against held-out items; else ""."""
    return " (against training items)" if line.get("against") == "train" else ""


def reference_items(came: object) -> str:
    """Which items real-data references are of, given ``floor_from`` of an evaluation, e.g. ``"held-out items"``."""
    words = {
        "test": "held-out items",
        "cross-validation": "held-out and training items in turns (cross-validation)",
    }
    return words.get(str(came), "training items, in one draw")


def interval(line: Mapping[str, Any]) -> str:
    """A value and its interval with no more digits than it justifies, e.g. ``0.610 (0.590 to 0.630)``.

    Args:
        line: ``value``, ``low`` and ``high``, as one metric's entry of an evaluation.
    """
    value, low, high = line["value"], line.get("low"), line.get("high")
    if low is None or high is None or not high - low > 1e-9 * max(1.0, abs(value)):
        return short(value)
    digits = decimals(high - low)
    return f"{value:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def plus_minus(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A value and half the width of its interval, e.g. ``0.61 ± 0.02``; the value alone where there is no interval."""
    if value is None or low is None or high is None or not high > low:
        return short(value)
    half = float(f"{(high - low) / 2:.1e}")
    if half < 1e-9 * max(1.0, abs(value)):
        return short(value)
    # One digit of the half-width, two where the first is a 1.
    digits = max(0, -floor(log10(half)) + (f"{half:e}"[0] == "1"))
    return f"{value:,.{digits}f} ± {half:,.{digits}f}"


def nats(value: float, low: float | None = None, high: float | None = None) -> str:
    """A number of nats: with its interval where it has one, else ``0.0078 nats``, ``29.5 nats``, ``5,500 nats``."""
    if low is not None and high is not None and high > low:
        return f"{plus_minus(value, low, high)} nats"
    return f"{value:,.0f} nats" if abs(value) >= 100 else f"{value:.2g} nats" if abs(value) < 1 else f"{value:.3g} nats"


def share(value: float, low: float | None = None, high: float | None = None) -> str:
    """A share with half the width of its interval, rounded as `percent` does: ``25 ± 2 %``."""
    words = percent(value, low, high)
    if low is None or high is None or not high > low or words.startswith("under"):
        return words
    digits = len(words.removesuffix(" %").partition(".")[2])
    return f"{words.removesuffix(' %')} ± {50 * (high - low):.{digits}f} %"


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """A share as a percentage with the digits its interval justifies: ``87 %``, ``0.5 %``."""
    if low is not None and high is not None and high > low:
        digits = min(2, max(0, -floor(log10(100 * (high - low) / 2))))
    else:
        digits = 1 if 0 < share < 0.0995 else 0
    words = f"{100 * share:.{digits}f}"
    # Not nothing, but less than the interval can tell from it.
    return f"under {10.0**-digits:.{digits}f} %" if share > 0 and float(words) == 0 else f"{words} %"
