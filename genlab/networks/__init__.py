"""Registry of networks: one module each."""

from genlab.networks.base import NetworkSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("networks")
REGISTRY = Registry(__name__, NetworkSpec)
