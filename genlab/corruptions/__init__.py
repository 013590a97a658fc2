"""Registry of corruptions (what happens to items that are to be restored): one module each."""

from __future__ import annotations

from genlab.corruptions.base import CorruptionSpec
from genlab.registry import Registry, plugin_paths
from genlab.space import Space

__path__ += plugin_paths("corruptions")
REGISTRY = Registry(__name__, CorruptionSpec)


def fitting(space: Space) -> list[CorruptionSpec]:
    """Those that can be done to items of ``space`` and change them."""
    return [spec for spec in REGISTRY if spec.changes and not spec.objection(space)]
