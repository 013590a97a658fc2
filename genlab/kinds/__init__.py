"""Registry of kinds of data: one module each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from genlab.errors import InputError
from genlab.kinds._wording import reworded
from genlab.kinds.base import KindSpec
from genlab.registry import Registry, plugin_paths
from genlab.text import brief

__path__ += plugin_paths("kinds")
REGISTRY = Registry(__name__, KindSpec)

USUAL = "images"
"""The kind that is meant where nothing is known yet, as of a run that has not begun."""


def get(name: str, symbols: tuple[str, ...] = ()) -> KindSpec:
    """The kind called ``name``, as it is where the numbers of an item stand for ``symbols``.

    Raises:
        InputError: When it is not registered here.
    """
    spec = REGISTRY.get(registered(name))
    return spec if spec.spell is None or not symbols else _spelled(name, symbols)


@lru_cache(maxsize=64)
def _spelled(name: str, symbols: tuple[str, ...]) -> KindSpec:
    spec = REGISTRY.get(name)
    assert spec.spell is not None
    return replace(spec, **spec.spell(symbols))


def of(space: Mapping[str, Any] | None) -> KindSpec:
    """The kind of what a run learned from, by the ``space`` that it has noted; the usual one before it has.

    Raises:
        InputError: When it is not registered here.
    """
    known = space or {}
    return get(str(known.get("kind", USUAL)), tuple(map(str, known.get("symbols") or ())))


def registered(name: str) -> str:
    """``name``, which is that of a kind.

    Raises:
        InputError: Of kind ``"not_registered"``, when there is none: the plug-in that brings it is missing.
    """
    if name not in REGISTRY:
        raise InputError(
            f"The kind of data {brief(name)} is not registered here.",
            "Start genlab with GENLAB_PLUGINS set to the folder that brings it.",
            kind="not_registered",
        )
    return name


def of_pictures() -> KindSpec:
    """The kind that picture files are read as."""
    return next(kind for kind in REGISTRY if kind.pixels)


def in_plane() -> KindSpec:
    """The kind whose items are dots in the plane."""
    return next(kind for kind in REGISTRY if not kind.pictured)


def in_words(document: Any, kind: str, told: frozenset[str]) -> Any:
    """A JSON document whose text is about pictures, in the words of ``kind``; of kinds that are not here as it is.

    Args:
        document: The document.
        kind: The kind of the items that it is about.
        told: Names under which text for people stands.
    """
    return document if kind == USUAL or kind not in REGISTRY else reworded(document, get(kind), told)


def fits(entry: Any, kind: str) -> bool:
    """Whether an entry that says what it ``takes`` can be used for data of ``kind``; one that says nothing can."""
    return getattr(entry, "takes", "any") in get(kind).gives


def require(what: str, entry: Any, entries: Iterable[Any], kind: str) -> None:
    """Refuse an entry for data that it does not take.

    Args:
        what: What the entry is, e.g. ``"network"``.
        entry: The entry.
        entries: All of its registry.
        kind: The kind of the data.

    Raises:
        InputError: Naming those that can be used.
    """
    if not fits(entry, kind):
        fitting = ", ".join(other.name for other in entries if fits(other, kind))
        many = get(kind).many
        raise InputError(
            f"The {what} {entry.name!r} is not for {many}.", f"Set {what} to one of: {fitting}.", kind="bad_value"
        )
