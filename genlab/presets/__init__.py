"""Registry of presets (complete, named configurations): one module each."""

from genlab.presets.base import PresetSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("presets")
REGISTRY = Registry(__name__, PresetSpec)
