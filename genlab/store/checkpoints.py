"""Which checkpoint is meant, and whether its files are still those that were saved. No torch."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from genlab.errors import GenlabError, InputError
from genlab.store.atomic import read_json, write_json
from genlab.store.digests import UnreadError, behind, file_digest, remembered
from genlab.store.drawing import is_drawing
from genlab.store.run import ACTIVE, Checkpoint, RunReader

WEIGHTS, PROGRESS, META = "model.safetensors", "state.pt", "meta.json"
DIGESTS = "sha256"
"""Key of ``meta.json``: name of a file -> its SHA-256; checkpoints of older releases have none."""

CRITIC_LEFT_OUT = "critic_left_out"
"""Key of ``meta.json``: true in a shipped checkpoint whose critic, which only training needs, does not travel."""

CATALOGUE = "zoo.json"
"""In the folder of what comes with genlab, which is never written to: the order of the runs, and for each a digest of
its files, how it was made, and in ``weights`` the digest of the weights of checkpoints that say none."""


def weights_digest(checkpoint: Checkpoint) -> str:
    """SHA-256 of a checkpoint's weights, as it was noted when they were saved.

    Checkpoints of older releases say none: their weights are read once, and the digest is added.

    Raises:
        UnreadError: While a page is drawn, for weights that have to be read first: that is begun.
        InputError: When they cannot be read.
    """
    known = _noted(checkpoint)
    if known is not None:
        return known
    if is_drawing():
        behind(checkpoint.path / WEIGHTS, lambda note: _read(checkpoint, note))
        raise UnreadError(
            f"The weights of {checkpoint.path.parents[1].name} after {checkpoint.images:,} images are being read.",
            "What is known of them is found again in a moment.",
        )
    return _read(checkpoint, note=True)


def _noted(checkpoint: Checkpoint) -> str | None:
    """The digest as it stands somewhere."""
    weights = checkpoint.path / WEIGHTS
    saved = (read_json(checkpoint.path / META) or {}).get(DIGESTS)
    found = saved.get(WEIGHTS) if isinstance(saved, dict) else None
    if isinstance(found, str) and found:
        return found
    try:
        return (checkpoint.elsewhere.look(weights) if checkpoint.elsewhere else None) or remembered(weights)
    except OSError:
        return None


def _read(checkpoint: Checkpoint, note: bool) -> str:
    """The digest of weights that say none; with ``note`` whoever asks next need not read them."""
    weights = checkpoint.path / WEIGHTS
    try:
        digest = file_digest(weights)
    except OSError as error:
        what = f"{WEIGHTS} cannot be read ({error.strerror or error})"
        raise damaged(checkpoint.path.parents[1], checkpoint.path, what) from error
    with suppress(GenlabError, OSError):
        if note and checkpoint.elsewhere is not None:
            checkpoint.elsewhere.note(weights, digest)
        elif note:
            _add(checkpoint, digest)
    return digest


def _add(checkpoint: Checkpoint, digest: str) -> None:
    """Add the digest to a checkpoint of a run that nobody works at: a worker may be thinning out its checkpoints."""
    run = checkpoint.path.parents[1]
    about = read_json(checkpoint.path / META)
    if about is None or (run.parents[1] / CATALOGUE).exists() or RunReader(run).status().get("state") in ACTIVE:
        return
    saved = about.get(DIGESTS)
    others = saved if isinstance(saved, dict) else {}
    write_json(checkpoint.path / META, {**about, DIGESTS: {**others, WEIGHTS: digest}})


def pick_checkpoint(directory: RunReader, images: int | None = None) -> Checkpoint:
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
    return {path.name: file_digest(path) for path in sorted(folder.iterdir()) if path.name != META and path.is_file()}


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
            if expected is not None and file_digest(checkpoint / name) != expected:
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
    older = [one for one in RunReader(run).checkpoints() if one.path.name < checkpoint.name]
    intact = next((one for one in reversed(older) if damage(one.path) is None), None)
    return InputError(
        f"The checkpoint {checkpoint.name} of {run.name} is damaged: {what}.",
        f"Choose the one of {intact.images:,} images, which is intact." if intact else "No older one is intact.",
        kind="damaged",
    )
