"""What holds while a page is drawn: no file is read for its digest, and no folder is looked through twice. No torch."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Drawing:
    """One drawing of a page, or of a part of it that is drawn by itself.

    Attributes:
        note: Whether what is found out may be written down.
        seen: What was looked for -> what told that it is still so, and what was found.
    """

    note: bool
    seen: dict[Hashable, tuple[Hashable, Any]] = field(default_factory=dict)


_DRAWING: ContextVar[Drawing | None] = ContextVar("genlab_drawing", default=None)
"""The page that is being drawn; None while none is."""


@contextmanager
def drawing(*, note: bool) -> Iterator[None]:
    """Be drawing a page; within another drawing, a part of it, which sees what that one has seen.

    Args:
        note: Whether what is found out then may be written down.
    """
    around = _DRAWING.get()
    token = _DRAWING.set(Drawing(note) if around is None else Drawing(note, around.seen))
    try:
        yield
    finally:
        _DRAWING.reset(token)


def is_drawing() -> bool:
    """Whether a page is being drawn."""
    return _DRAWING.get() is not None


def may_note() -> bool:
    """Whether a page is being drawn that may write down what it finds out."""
    now = _DRAWING.get()
    return now is not None and now.note


def once(key: Hashable, stamp: Hashable, look: Callable[[], T]) -> T:
    """What ``look()`` finds: while a page is drawn it is called once, and again where ``stamp`` is another by then.

    Args:
        key: What is looked for, unlike anything else that is.
        stamp: What changes when things come or go; a change without that is seen by the next drawing.
        look: Finds it; nobody may change what it returns.
    """
    now = _DRAWING.get()
    if now is None:
        return look()
    known = now.seen.get(key)
    if known is None or known[0] != stamp:
        known = now.seen[key] = (stamp, look())
    found: T = known[1]
    return found
