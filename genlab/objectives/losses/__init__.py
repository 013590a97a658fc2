"""Registry of losses: one module each."""

from genlab.objectives.base import LossSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("losses")
REGISTRY = Registry(__name__, LossSpec)
