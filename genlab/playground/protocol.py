"""What page, server and host may say to each other: one strict schema for each message, checked before it is used.

The server reads a page's text with `command`, and passes it on as an `Order`; the host reads that with `order`, and
answers with reports, which the server reads with `report`. Nothing that fails its schema goes any further. No torch.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from genlab.errors import InputError

LARGEST_COMMAND = 64 * 2**10
"""Characters of a command, which is refused unread when it is longer."""

LARGEST_FILE = 12 * 2**20
"""Bytes of a saved playground; the largest networks with three models take about eight million."""

LOADS = re.compile(r'\s*\{\s*"do"\s*:\s*"load"\s*,')
"""How the only command begins that may be as long as a file."""

ENVELOPE = 1_024
"""Characters around the document of the command that loads it."""

LONGEST_SENTENCE = 2_000
"""Characters of what a visitor is told."""

MOST_SESSIONS = 16
"""Places in the host."""

FARTHEST = 2**53 - 1
"""Largest whole number that a browser counts exactly."""


def _short(text: str) -> str:
    """The text of a file, unless it has too many bytes."""
    if len(text.encode()) > LARGEST_FILE:
        raise ValueError("too long")
    return text


Count = Annotated[int, Field(ge=0, le=FARTHEST)]
Word = Annotated[str, Field(max_length=64)]
Sentence = Annotated[str, Field(max_length=LONGEST_SENTENCE)]
File = Annotated[str, Field(max_length=LARGEST_FILE), AfterValidator(_short)]
Whole = Annotated[int, Field(ge=-FARTHEST, le=FARTHEST)]
Place = tuple[Whole, Whole]
Value = (
    bool
    | Whole
    | float
    | Word
    | Annotated[list[Word], Field(max_length=16)]
    | Annotated[list[Place], Field(max_length=512)]
)
Settings = Annotated[dict[Word, Value], Field(max_length=64)]
"""Settings by name, of a kind that some setting has; which names and ranges there are is the scenario's business."""


class Message(BaseModel):
    """Base of all messages: frozen, no conversion between types, no unknown names, finite numbers only."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Numbered(Message):
    """A command; its number comes back with the picture that shows its effect."""

    serial: Count = 0


class Open(Numbered):
    """Begin a session, or go on with one that is there; ``resume`` takes the copy that the server has kept."""

    do: Literal["open"]
    scenario: Settings = {}
    resume: bool = False


class Set(Numbered):
    """Turn knobs."""

    do: Literal["set"]
    changes: Settings


class GoOn(Numbered):
    """Go on by itself, or rest."""

    do: Literal["run"]
    on: bool


class OneStep(Numbered):
    """One step of all, or one turn of one player."""

    do: Literal["step"]
    player: Literal["", "critic", "maker"] = ""


class Load(Numbered):
    """Go on from a saved playground, which stands in the message's bytes where the server passes it on."""

    do: Literal["load"]
    document: File


class Poll(Numbered):
    """The visitor is there, and has drawn the pictures up to that number."""

    do: Literal["poll"]
    drawn: Count = 0


class Plain(Numbered):
    """A command that is its name alone."""

    do: Literal["reset", "save", "close"]


Command = Annotated[Open | Set | GoOn | OneStep | Load | Poll | Plain, Field(discriminator="do")]


class Order(Message):
    """A command on its way from the server to the host; a document to go on from stands in the message's bytes."""

    session: Word
    command: Command


class Ready(Message):
    """The host has started."""

    kind: Literal["ready"] = "ready"


class Picture(Message):
    """A picture stands in the message's bytes: a frame under its number, or the world, which has none."""

    kind: Literal["picture"] = "picture"
    session: Word
    number: Count | None = None


class KeptState(Message):
    """A copy of the state stands in the bytes, for the server to keep."""

    kind: Literal["kept"] = "kept"
    session: Word
    step: Count


class Told(Message):
    """The session was dropped or is not there, or its saved document stands in the bytes."""

    kind: Literal["dropped", "gone", "saved"]
    session: Word


class Refused(Message):
    """Why a command was not done (``refused``), or why the whole session has ended (``ended``)."""

    kind: Literal["refused", "ended"] = "refused"
    session: Word
    message: Sentence
    hint: Sentence
    error: Word = "error"
    serial: Count = 0


Report = Annotated[Ready | Picture | KeptState | Told | Refused, Field(discriminator="kind")]

_COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


class ProtocolError(Exception):
    """A message between server and host that fails its schema."""


def command(text: str, *, files: bool = True) -> Command:
    """What a page says; its length is looked at before it is parsed.

    Args:
        text: What was sent.
        files: Whether a saved playground is taken.

    Raises:
        InputError: When it is no command, too long for one, or a file where none is taken.
    """
    longest = LARGEST_FILE + ENVELOPE if files and LOADS.match(text) else LARGEST_COMMAND
    try:
        if len(text) <= longest:
            found = _COMMAND.validate_json(text)
            if files or not isinstance(found, Load):
                return found
    except ValidationError:
        pass
    if not files and LOADS.match(text):
        raise InputError("This lab takes no files.", "Start genlab without --read-only.", kind="read_only")
    raise InputError("The server did not understand the page.", "Reload the page.", kind="bad_message")


def order(text: bytes) -> Order:
    """What the server passes on.

    Raises:
        ProtocolError: When it fails its schema.
    """
    try:
        return Order.model_validate_json(text)
    except ValidationError as error:
        raise ProtocolError(_why(error)) from error


def report(text: bytes) -> Report:
    """What the host says.

    Raises:
        ProtocolError: When it fails its schema.
    """
    try:
        return _REPORT.validate_json(text)
    except ValidationError as error:
        raise ProtocolError(_why(error)) from error


def _why(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))[:80]}: {first['msg'][:200]}"
