"""Registry of metrics: one module each, pure: evidence in, numbers out."""

from collections.abc import Mapping
from typing import Any

from genlab.metrics.base import MetricSpec
from genlab.numbers import against
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("metrics")
REGISTRY = Registry(__name__, MetricSpec)

EARLIER = "Computed by an earlier version of this metric: evaluate again."


def is_current(name: str, line: Mapping[str, Any]) -> bool:
    """Whether a kept ``line`` is of today's version of the metric ``name``; of one that is not installed, as it is."""
    return name not in REGISTRY or REGISTRY.get(name).is_current(line)


def alarms(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What guards say against a model: metric -> sentence, of the ``lines`` of its evaluation; empty for none."""
    return {name: str(line["alarm"]) for name, line in lines.items() if line.get("alarm")}


def remarks(name: str, line: Mapping[str, Any]) -> str:
    """What stands behind the title of a score that was not computed as today, against held-out items; else ""."""
    blunt = f" (does not tell {', '.join(line['blunt'])} from real data here)" if line.get("blunt") else ""
    return against(line) + blunt + ("" if is_current(name, line) else " (earlier version of this metric)")


def decides(line: Mapping[str, Any]) -> bool:
    """Whether a measure of quality may decide on the data of ``line``: it tells straw sets from real items there."""
    return not line.get("blunt")
