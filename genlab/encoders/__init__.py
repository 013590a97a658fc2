"""Registry of feature encoders: one module each."""

from genlab.encoders.base import EncoderSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("encoders")
REGISTRY = Registry(__name__, EncoderSpec)
