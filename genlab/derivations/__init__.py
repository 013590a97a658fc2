"""Registry of derivations, the kinds of work that jobs do and keep the results of: one module each.

An entry says what there is to know without doing it; what it names is imported when a job begins.
"""

from genlab.jobs.derivation import Derivation
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("derivations")
REGISTRY = Registry(__name__, Derivation)
