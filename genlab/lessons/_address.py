"""The address of a lesson with its settings, ``?lesson=posterior-collapse&beta=50&seed=1``: written and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from genlab.errors import InputError
from genlab.lessons.base import LessonSpec
from genlab.options import Options, parse

PREDICTED, CHECKED = "predicted", "checked"
"""What the address keeps of a learner: the choice that was committed, and whether it has been checked."""

NOT_OPTIONS = frozenset({"lesson", "section", "match", "claim", "present", PREDICTED, CHECKED})
"""What the address of the guide may hold besides a lesson's options."""


def read_options(spec: LessonSpec, parameters: Mapping[str, Iterable[str]]) -> Options:
    """The options that an address asks for; what it does not name has its default.

    Args:
        spec: The lesson.
        parameters: Name -> its values, as they stand in the address.

    Raises:
        InputError: When a parameter is unknown, given twice, or its value not allowed.
    """
    given: dict[str, str] = {}
    for name, values in parameters.items():
        if name in NOT_OPTIONS:
            continue
        listed = list(values)
        if len(listed) > 1:
            raise InputError(
                f"The address gives {name!r} {len(listed)} times.", "Leave one of them in it.", kind="bad_value"
            )
        given[name] = listed[0] if listed else ""
    return parse(spec.Options, given, where=f"the lesson {spec.name}")


def parameters(spec: LessonSpec, options: Options) -> dict[str, str]:
    """What stands in the address of the lesson: its name, and the options that differ from their defaults."""
    usual = spec.Options()
    changed = {name: value for name, value in options.model_dump().items() if value != getattr(usual, name)}
    return {"lesson": spec.name, **{name: _written(value) for name, value in changed.items()}}


def query(spec: LessonSpec, options: Options) -> str:
    """What stands behind the question mark, e.g. ``lesson=hybrid&seed=1``."""
    return urlencode(parameters(spec, options))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
