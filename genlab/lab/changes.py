"""Which verbs of the lab change something and which only look; what a lab for looking only says instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from genlab.errors import InputError

READ_ONLY = "GENLAB_READ_ONLY"
"""Environment variable: ``1`` opens the lab for looking only."""

SENTENCE = "This lab is read-only."
HINT = "Start genlab without --read-only."


def is_read_only() -> bool:
    """Whether this process shows a lab for looking only."""
    return os.environ.get(READ_ONLY) == "1"


Verb = TypeVar("Verb", bound=Callable[..., Any])


def changes(verb: Verb) -> Verb:
    """Mark a verb that starts, writes, stops or removes something: a lab for looking only refuses it."""
    vars(verb)["changes"] = True
    return verb


def looks(verb: Verb) -> Verb:
    """Mark a verb that leaves the workspace and what works in it as they are: a lab for looking only has it."""
    vars(verb)["changes"] = False
    return verb


def verbs(lab: type) -> dict[str, bool | None]:
    """Public verbs of a lab -> whether each changes something; None for one that nobody has marked."""
    found = {name: getattr(lab, name) for name in dir(lab) if not name.startswith("_")}
    return {name: getattr(verb, "changes", None) for name, verb in found.items() if callable(verb)}


def refuse(*arguments: Any, **options: Any) -> NoReturn:
    """What stands in the place of a verb that changes something.

    Raises:
        InputError: Always.
    """
    raise InputError(SENTENCE, HINT, kind="read_only")
