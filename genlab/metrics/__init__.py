"""Registry of metrics: one module each, pure: evidence in, numbers out."""

from genlab.metrics.base import MetricSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("metrics")
REGISTRY = Registry(__name__, MetricSpec)
