"""Single files of a person's as items, one of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from genlab.kinds.base import OwnFile, ReadItem, ReadItems


def each(files: Sequence[OwnFile], read: Callable[[OwnFile], ReadItem], most: int) -> ReadItems:
    """At most ``most`` items, one of each file.

    Args:
        files: The files.
        read: Reads one; raises `ValueError` with the reason.
        most: Files that are read.
    """
    items, problems = [], []
    for file in files[:most]:
        try:
            items.append(read(file))
        except ValueError as error:
            problems.append((file.name, f"cannot be read: {error}"))
    return ReadItems(items, problems, max(0, len(files) - most))
