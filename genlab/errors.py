"""The errors a person can meet: one sentence, one cause, one next step. No torch."""

from __future__ import annotations

from genlab.text import displayable


class GenlabError(Exception):
    """Something that happened to the user's run, data or workspace.

    Args:
        message: One sentence that says what is wrong, with the value that is wrong.
        hint: The next step to try. Empty when there is none.
        kind: A stable, machine-readable word such as ``"unknown_name"`` or ``"disk_full"``.
    """

    default_kind = "error"
    exit_code = 1

    def __init__(self, message: str, hint: str = "", *, kind: str | None = None) -> None:
        self.message, self.hint = displayable(message), displayable(hint)
        super().__init__(self.message)
        self.kind = kind or self.default_kind

    def as_dict(self) -> dict[str, str]:
        """The error as it stands in ``status.json`` and in the command line's JSON."""
        return {"kind": self.kind, "message": self.message, "hint": self.hint}


class InputError(GenlabError):
    """Bad input: an unknown name, a value out of range, a file that cannot be used. Exit code 2."""

    default_kind = "bad_input"
    exit_code = 2


class RegistryError(GenlabError):
    """A registry entry is broken: it does not import, defines no spec, or its name is taken."""

    default_kind = "registry"


class DivergedError(GenlabError):
    """Training produced a value that is not finite, or a loss that exploded."""

    default_kind = "diverged"
