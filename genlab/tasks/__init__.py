"""Registry of tasks: what people use generative models for, one module each, beside what they would use instead."""

from genlab.registry import Registry, plugin_paths
from genlab.tasks.base import TaskSpec, check

__path__ += plugin_paths("tasks")
REGISTRY = Registry(__name__, TaskSpec, check=check)
