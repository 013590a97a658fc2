"""Registry of penalties: one module each."""

from genlab.objectives.base import PenaltySpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("penalties")
REGISTRY = Registry(__name__, PenaltySpec)
