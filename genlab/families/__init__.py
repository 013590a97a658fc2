"""Registry of model families: one module each; and what may be asked of one by its name, known or not. No torch.

A run keeps the name of its family. Where the plug-in that brought the family has gone, the run is still there: what is
not known is grey, comes last, and is taken to have every part.
"""

from __future__ import annotations

from genlab.errors import InputError
from genlab.families.base import FamilySpec, Part
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("families")
REGISTRY = Registry(__name__, FamilySpec)


def known(name: str) -> FamilySpec | None:
    """The family called ``name``, or that of a contender (``vae:modern``); None where there is none of that name."""
    family = name.partition(":")[0]
    return REGISTRY.get(family) if family in REGISTRY else None


def in_order() -> list[FamilySpec]:
    """All families, in the order in which pages name them."""
    return sorted(REGISTRY, key=lambda spec: place(spec.name))


def place(name: str) -> tuple[bool, float, str]:
    """A key to sort families by: those that are known in their order, then the others by name."""
    spec = known(name)
    return spec is None, spec.order if spec else 0.0, name


def may_have(name: str, part: Part) -> bool:
    """Whether models of the family have ``part``; True for a family that is not known, whose models may."""
    spec = known(name)
    return spec is None or part in spec.parts


def may_sample(name: str) -> bool:
    """Whether models of the family draw samples; True for a family that is not known, whose models may."""
    spec = known(name)
    return spec is None or spec.samples


def why_no_samples(name: str) -> str:
    """Why models of the family are not sampled, scored or explored, as a sentence; "" where they can be."""
    if may_sample(name):
        return ""
    one = REGISTRY.get(name).one
    return (
        f"{one[:1].upper()}{one[1:]} turns items into others and draws no samples, so that there is nothing to score."
    )


def require_samples(name: str) -> None:
    """Refuse a family whose models are not sampled, where samples are what is asked for.

    Raises:
        InputError: With the reason.
    """
    why = why_no_samples(name)
    if why:
        raise InputError(why, "See what it makes of items on Curves, or take another model.", kind="no_samples")


def with_part(part: Part) -> list[FamilySpec]:
    """The families whose models have ``part``, in order."""
    return [spec for spec in in_order() if part in spec.parts]
