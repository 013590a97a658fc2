"""Which checkpoint is meant, and whether its files are still those that were saved. No torch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from genlab.errors import InputError
from genlab.store.atomic import read_json
from genlab.store.run import Checkpoint, RunDirectory

WEIGHTS, PROGRESS, META = "model.safetensors", "state.pt", "meta.json"
DIGESTS = "sha256"
"""Key of ``meta.json``: name of a file -> its SHA-256; checkpoints of older releases have none."""

CRITIC_LEFT_OUT = "critic_left_out"
"""Key of ``meta.json``: true in a shipped checkpoint whose critic, which only training needs, does not travel."""

_KNOWN: dict[Path, tuple[tuple[int, int, int], str]] = {}
"""File -> inode, size and time of change when it was last read in this process, and its digest then."""


def weights_digest(checkpoint: Checkpoint) -> str:
    """SHA-256 of a checkpoint's weights.

    Raises:
        InputError: When they cannot be read.
    """
    try:
        return _digest(checkpoint.path / WEIGHTS)
    except OSError as error:
        what = f"{WEIGHTS} cannot be read ({error.strerror or error})"
        raise damaged(checkpoint.path.parents[1], checkpoint.path, what) from error


def pick_checkpoint(directory: RunDirectory, images: int | None = None) -> Checkpoint:
    """The newest checkpoint at or before ``images``; the newest of all by default.

    Raises:
        InputError: When there is none.
    """
    checkpoints = [c for c in directory.checkpoints() if images is None or c.images <= images]
    if not checkpoints:
        limit = "" if images is None else f" up to {images:,} images"
        raise InputError(
            f"The run {directory.path.name} has no checkpoint{limit} yet.",
            "Wait until it has written one.",
            kind="no_checkpoint",
        )
    return checkpoints[-1]


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a checkpoint but its description, by name."""
    return {path.name: _digest(path) for path in sorted(folder.iterdir()) if path.name != META and path.is_file()}


def damage(checkpoint: Path, names: Iterable[str] = (WEIGHTS,)) -> str | None:
    """What is wrong with the first of these files of a checkpoint that is not what was saved; None when all are.

    Each file is read once in a process as long as it does not change. Files without a digest pass when they are there.
    """
    saved = (read_json(checkpoint / META) or {}).get(DIGESTS)
    for name in names:
        expected = saved.get(name) if isinstance(saved, dict) else None
        try:
            if not (checkpoint / name).is_file():
                return f"{name} is missing"
            if expected is not None and _digest(checkpoint / name) != expected:
                return f"{name} is not what was saved"
        except OSError as error:
            return f"{name} cannot be read ({error.strerror or error})"
    return None


def damaged(run: Path, checkpoint: Path, what: str) -> InputError:
    """The refusal of a damaged checkpoint, with the newest older one whose weights are still those that were saved.

    Args:
        run: The run directory.
        checkpoint: Folder of the checkpoint.
        what: Which file is damaged, and how.
    """
    older = [one for one in RunDirectory(run).checkpoints() if one.path.name < checkpoint.name]
    intact = next((one for one in reversed(older) if damage(one.path) is None), None)
    return InputError(
        f"The checkpoint {checkpoint.name} of {run.name} is damaged: {what}.",
        f"Choose the one of {intact.images:,} images, which is intact." if intact else "No older one is intact.",
        kind="damaged",
    )


def _digest(path: Path) -> str:
    seen = path.stat()
    stamp = (seen.st_ino, seen.st_size, seen.st_mtime_ns)
    known = _KNOWN.get(path)
    if known is None or known[0] != stamp:
        with path.open("rb") as file:
            known = stamp, hashlib.file_digest(file, "sha256").hexdigest()
        _KNOWN[path] = known
    return known[1]
