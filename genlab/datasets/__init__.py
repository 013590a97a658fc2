"""Registry of data sets: one module each."""

from genlab.datasets.base import DatasetSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("datasets")
REGISTRY = Registry(__name__, DatasetSpec)
