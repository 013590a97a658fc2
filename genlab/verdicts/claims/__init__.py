"""Registry of claims: what textbooks say of VAEs, GANs and hybrids, one module each, as parts that can be tested."""

from genlab.registry import Registry, plugin_paths
from genlab.verdicts.claims.base import ClaimSpec

__path__ += plugin_paths("claims")
REGISTRY = Registry(__name__, ClaimSpec)
