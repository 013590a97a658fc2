"""Registry of likelihoods: one module each."""

from genlab.objectives.base import LikelihoodSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("likelihoods")
REGISTRY = Registry(__name__, LikelihoodSpec)
