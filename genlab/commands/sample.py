"""``genlab sample``: new samples of a trained model, as one picture or as numbers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab.commands.console import (
    CheckpointOption,
    JsonOption,
    RunArgument,
    WorkspaceOption,
    check_target,
    emit,
    open_lab,
    say,
)
from genlab.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.store.run import RunReader

FORMATS = (".png", ".npz")


def sample(
    run: RunArgument,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=65_536, help="How many samples.")] = 64,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="A .png (one picture) or an .npz (the numbers).")
    ] = Path("samples.png"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of the latents.")] = 0,
    label: Annotated[
        str | None, typer.Option(help="The class, by number or name (conditional models).", show_default=False)
    ] = None,
    checkpoint: CheckpointOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw new samples from a trained model."""
    from genlab.store import atomic

    target = check_target(out, FORMATS)
    lab = open_lab(workspace)
    directory = lab.runs.read(run)
    chosen = None if label is None else class_number(label, directory)
    model = lab.models.load(directory.summary(), checkpoint)
    samples = model.sample(number, seed, chosen)
    labels = model.labels(number, chosen)
    if target.suffix.lower() == ".png":
        from genlab.models.picture import draw

        content = draw(samples, model.space)[0]
    else:
        content = pack(samples.numpy(), None if labels is None else labels.numpy())
    atomic.write_bytes(target, content)
    if as_json:
        emit({"run": directory.path.name, "samples": number, "seed": seed, "label": chosen, "path": str(target)})
    else:
        say(f"{number:,} samples of {directory.path.name} written to {target}")


def class_number(label: str, directory: RunReader) -> int:
    """The number of the class that ``label`` names.

    Raises:
        InputError: When the run's data set has no such class.
    """
    names = directory.environment().get("data", {}).get("classes") or []
    if label in names:
        return int(names.index(label))
    if label.isdecimal():
        return int(label)
    known = f"Classes: {', '.join(names)}." if names else "Give the class as a number from 0 on."
    raise InputError(f"There is no class {label!r}.", known, kind="unknown_name")


def pack(samples: NDArray[np.float32], labels: NDArray[np.int64] | None) -> bytes:
    """An npz with ``samples`` (float32) and, for a conditional model, ``labels`` (int64)."""
    import numpy as np

    arrays: dict[str, Any] = {"samples": samples}
    if labels is not None:
        arrays["labels"] = labels
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
