"""Which tasks the claims rest on, and which measures of them. No torch."""

from __future__ import annotations

from collections.abc import Iterable

from genlab.errors import RegistryError
from genlab.registry import registry
from genlab.verdicts.claims.base import AskedTask, ClaimSpec


def asked_claims(faces: bool) -> list[ClaimSpec]:
    """The claims that are asked of photographs of faces, or of other data: those on faces are left out there."""
    return [spec for spec in registry("claims") if faces or not spec.faces]


def asked_tasks(specs: Iterable[ClaimSpec] | None = None) -> list[AskedTask]:
    """The tasks that claims rest on, each once, in the order of their names; of ``specs``, or of all claims.

    Raises:
        RegistryError: When two claims ask for one task in different ways, or name a task that there is not.
    """
    found: dict[str, AskedTask] = {}
    for spec in registry("claims") if specs is None else specs:
        for asked in spec.tasks:
            if asked.task not in registry("tasks"):
                raise RegistryError(f"The claim {spec.name!r} rests on a task {asked.task!r} that there is not.")
            if found.setdefault(asked.task, asked) != asked:
                raise RegistryError(
                    f"Claims ask for the task {asked.task!r} in different ways.", "Ask for the same items and options."
                )
    return [found[name] for name in sorted(found)]


def measures_of(asked: AskedTask) -> list[str]:
    """What the measures of a task are called in a match: ``"task.measure"``."""
    return [f"{asked.task}.{measure.name}" for measure in registry("tasks").get(asked.task).measures]


def resting(specs: Iterable[ClaimSpec] | None = None) -> list[str]:
    """The measures of tasks that parts or cells of claims are about, by their names in a match."""
    every = list(registry("claims") if specs is None else specs)
    measures = {name for asked in asked_tasks(every) for name in measures_of(asked)}
    named = {each.measure for spec in every for each in (*spec.parts, *spec.cells)}
    return sorted(measures & named)
