"""The items of a sheet of pictures, kept beside it (``NAME.npz`` beside ``NAME.png``) where they say more than it does.

A page can so play or read what is drawn on it, without the model. `pictures` reads the sheet itself.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds._media import speaks
from genlab.kinds.base import KindSpec, as_public, as_stored
from genlab.store import atomic
from genlab.store.reading import damaged
from genlab.store.workspace import Workspace

MOST_BYTES = 1 << 20
"""Of the items of one sheet, before they are compressed; those beyond are left out."""


OF_RUN, OF_DATA = "sheet", "baselines"
"""Places of sheets: below a run's folder, or among what is known of a run's data."""


def place_of(sheet: Path, run: Path, workspace: Workspace) -> str:
    """Where the items of a sheet are asked for, as ``run/place/sheet`` without an ending; `file_of` is the way back.

    Args:
        sheet: The sheet, or the items beside it.
        run: Folder of the run that it is shown with; the sheet may be another run's.
        workspace: The workspace.

    Raises:
        ValueError: When it lies nowhere that is served.
    """
    bare = sheet.with_suffix("")
    for runs in (run.parent, workspace.runs):
        if bare.is_relative_to(runs):
            owner, *rest = bare.relative_to(runs).parts
            return "/".join([owner, OF_RUN, *rest])
    return f"{run.name}/{OF_DATA}/{bare.relative_to(workspace.encoders).as_posix()}"


def file_of(place: str, sheet: str, run: Path, workspace: Workspace) -> Path:
    """The file of the items that `place_of` names."""
    return (run if place == OF_RUN else workspace.encoders) / f"{sheet}.npz"


def keep(sheet: Path, items: NDArray[Any], kind: KindSpec) -> None:
    """Keep public items [n, *shape] in the order of the tiles of ``sheet``; nothing where the kind is its picture."""
    content = packed(items, kind)
    if content:
        atomic.write_bytes(sheet.with_suffix(".npz"), content)


def packed(items: NDArray[Any], kind: KindSpec) -> bytes:
    """The same as bytes; empty where there is nothing to keep."""
    if not kind.pictured or not len(items) or not speaks(kind, items.shape[1:]):
        return b""
    stored = as_stored(np.nan_to_num(np.asarray(items, np.float32)), kind.dtype)
    most = max(1, MOST_BYTES // max(1, stored[0].nbytes))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, items=stored[:most])
    return buffer.getvalue()


def kept(sheet: Path) -> NDArray[np.float32] | None:
    """The public items [n, *shape] beside a sheet; None where there are none.

    Raises:
        InputError: When the file is damaged.
    """
    path = sheet.with_suffix(".npz")
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as found:
            return as_public(found["items"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged(f"{path.name} cannot be read", "Delete it; what is drawn stays.") from error
