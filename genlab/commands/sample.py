"""``genlab sample``: new samples of a trained model, as one picture, as numbers, or as files to hear, watch or read."""

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
from genlab.kinds._media import SUFFIXES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.kinds.base import KindSpec
    from genlab.models.generative import GenerativeModel
    from genlab.store.run import RunReader

SHEETS = (".png", ".npz")
"""What every kind can be written as, all samples in one file."""

USUAL, PLAYED = 64, 8
"""Samples where no number is given: in one file, and as files of their own."""


def sample(
    run: RunArgument,
    number: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--number",
            min=1,
            max=65_536,
            help=f"How many samples; by default {USUAL}, or {PLAYED} that are files of their own.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="A .png (one picture), an .npz (the numbers), or what the kind of data can be: a .txt of lines; a "
            ".wav, .webp or the like, of which further samples stand beside it under numbers.",
            show_default="samples, with the ending that suits the kind",
        ),
    ] = None,
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

    lab = open_lab(workspace)
    if out is not None:
        check_target(out, sorted({*SHEETS, *SUFFIXES.values()}))
    directory = lab.runs.read(run)
    chosen = None if label is None else class_number(label, directory)
    model = lab.models.load(directory.summary(), checkpoint)
    formats = endings(model)
    target = check_target(out or Path(f"samples{formats[0]}"), formats)
    ending = target.suffix.lower()
    alone = ending not in {*SHEETS, ".txt"}
    number = number or (PLAYED if alone else USUAL)
    samples, labels = model.sample(number, seed, chosen), model.labels(number, chosen)
    if ending in SHEETS:
        contents = {target: sheet(samples, model) if ending == ".png" else pack(samples, labels)}
    else:
        contents = written(model.space.spec, samples.numpy(), target)
    for path, content in contents.items():
        atomic.write_bytes(path, content)
    if as_json:
        about = {"run": directory.path.name, "samples": number, "seed": seed, "label": chosen, "path": str(target)}
        emit({**about, "files": [str(path) for path in contents]})
    else:
        first, *others = contents
        last = f" to {others[-1].name}" if others else ""
        say(f"{number:,} samples of {directory.path.name} written to {first}{last}")


def sheet(samples: Any, model: GenerativeModel) -> bytes:
    """A tensor of samples [n, *shape] in one picture, as PNG."""
    from genlab.models.picture import draw

    return draw(samples, model.space)[0]


def endings(model: GenerativeModel) -> tuple[str, ...]:
    """What samples can be written as, the usual one first: a file that plays, lines, one picture, or numbers."""
    from genlab.kinds._media import media

    kind = model.space.spec
    known = [".txt"] if kind.text is not None else []
    if kind.play is not None:
        known.insert(0, media(kind, model.sample(1).numpy()[0]).suffix)
    return (*known, *SHEETS)


def written(kind: KindSpec, samples: NDArray[np.float32], target: Path) -> dict[Path, bytes]:
    """Samples [n, *shape] as lines of one file, or played in files of their own, numbered where there are several."""
    from genlab.kinds._media import media

    if target.suffix.lower() == ".txt":
        assert kind.text is not None
        return {target: "".join(f"{kind.text(item)}\n" for item in samples).encode()}
    digits = len(str(len(samples)))
    names = [target.with_stem(f"{target.stem}-{place + 1:0{digits}}") for place in range(len(samples))]
    names = names if len(samples) > 1 else [target]
    return {name: media(kind, item).content for name, item in zip(names, samples, strict=True)}


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


def pack(samples: Any, labels: Any | None) -> bytes:
    """An npz with ``samples`` (float32) and, for a conditional model, ``labels`` (int64), of tensors."""
    import numpy as np

    arrays: dict[str, Any] = {"samples": samples.numpy()}
    if labels is not None:
        arrays["labels"] = labels.numpy()
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
