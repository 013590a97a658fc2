"""What a file holds, as pydantic models: strict about types, finite numbers, text that can be shown. No torch.

`genlab.store.reading` reads them; packages that know no files build on them too.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from genlab.text import displayable

LONGEST_NAME = 200
"""Characters of a name that are shown."""

LATEST = 253_402_300_799.0
"""The last second of the year 9999: later times cannot be written as a date."""


def shortened(name: str) -> str:
    """``name`` as it can be shown, cut where it is endless."""
    shown = displayable(name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


Text = Annotated[str, AfterValidator(displayable)]
"""Text that can be shown."""

Name = Annotated[str, AfterValidator(shortened)]
"""A name that can be shown, cut where it is endless."""

Count = Annotated[int, Field(ge=0, lt=2**63)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=LATEST, allow_inf_nan=False)]
"""A duration, or a time since 1970."""


class Record(BaseModel):
    """Base of what a file holds: strict about types, finite numbers only; keys that are not known are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


class Reason(Record):
    """Why something went wrong, as `GenlabError.as_dict` writes it."""

    kind: Text = ""
    message: Text = ""
    hint: Text = ""

    def as_dict(self) -> dict[str, str] | None:
        """The same as a mapping; None where it says nothing."""
        found = {"kind": self.kind, "message": self.message, "hint": self.hint}
        return found if any(found.values()) else None
