"""Registry of objectives (the model families and their variants): one module each."""

from genlab.objectives.base import ObjectiveSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("objectives")
REGISTRY = Registry(__name__, ObjectiveSpec)
