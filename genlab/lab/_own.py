"""A person's own items, read as the data of a run are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import OwnFile
from genlab.store.reading import damaged
from genlab.store.run import RunReader
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.foreign.single import FittedItem, FittedItems


def fit_files(
    directory: RunReader, workspace: Workspace, files: Iterable[tuple[str, bytes | str]], invert: bool, most: int
) -> FittedItems:
    """Files, or texts that were typed, as items that are like a run's data.

    Args:
        directory: The run.
        workspace: Where its data are.
        files: Name and content of each; text that was typed has no encoding.
        invert: Whether dark and light change places.
        most: Items that are read.

    Raises:
        InputError: When such data are not read from files, or a text was typed for others.
    """
    from genlab.datasets.foreign.single import data_like, fit_items

    space = directory.environment().get("space") or {}
    kind, like = data_like(directory.config().data, space, workspace.datasets)
    if len(like.shape) != kind.axes:
        what = f"environment.json of the run {directory.path.name} does not say how large its {kind.many} are"
        raise damaged(what)
    own = []
    for name, content in files:
        if isinstance(content, str) and not kind.typed:
            raise InputError(f"{kind.many.capitalize()} cannot be typed.", "Give a file.", kind="bad_value")
        read = content.encode() if isinstance(content, str) else content
        own.append(OwnFile(name or f"Your {kind.one}", lambda read=read: read))  # type: ignore[misc]
    return fit_items(own, kind, like, invert=invert, most=most)


def fit_one(directory: RunReader, workspace: Workspace, content: bytes | str, name: str, invert: bool) -> FittedItem:
    """The first item in a file, or in a text that was typed; see `fit_files`.

    Raises:
        InputError: When it cannot be read as an item of the run's kind of data.
    """
    found = fit_files(directory, workspace, [(name, content)], invert, 1)
    kind = kinds.of(directory.environment().get("space"))
    return found.first(kind.one, kind.many)
