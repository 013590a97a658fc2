"""Registry of objectives (the models and their variants, each of a family): one module each."""

from genlab.errors import RegistryError
from genlab.families import REGISTRY as FAMILIES
from genlab.objectives.base import ObjectiveSpec
from genlab.registry import Registry, plugin_paths


def of_a_family(spec: ObjectiveSpec) -> None:
    """Refuse an objective whose family is not there.

    Raises:
        RegistryError: With the file to add.
    """
    if spec.family not in FAMILIES:
        others = ", ".join(FAMILIES.names())
        raise RegistryError(
            f"objectives/{spec.name}.py is of the family {spec.family!r}, which there is not.",
            f"Add families/{spec.family}.py beside the folder objectives, or name one of: {others}.",
        )


__path__ += plugin_paths("objectives")
REGISTRY = Registry(__name__, ObjectiveSpec, check=of_a_family)
