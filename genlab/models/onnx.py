"""Decoders as ONNX, so that a browser can run them: exported in single precision and checked against torch."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Assembly
from genlab.space import Space
from genlab.store.atomic import staging_name, storage_errors

OPSET = 17
"""Version of ONNX's operators: old enough for every browser runtime, new enough for all that our networks need."""

TOLERANCE = 1 / 255
"""Largest difference from torch, in units of a value's range: one step of an 8-bit picture."""

CHECKED = 16
"""Random latents on which the exported decoder is compared."""


class _Picture(nn.Module):
    """Decoder, the likelihood's mean and, where it is wanted, how it is drawn, in one: latents [n, D] -> [n, ...]."""

    def __init__(self, assembly: Assembly, space: Space, drawn: Callable[[Tensor], Tensor] | None) -> None:
        super().__init__()
        self.decoder, self.likelihood, self.space = assembly.sampler, assembly.likelihood, space
        self.drawn = drawn

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        raw: Tensor = self.decoder(z, y)
        items: Tensor = self.space.activate(raw) if self.likelihood is None else self.likelihood.mean(raw)
        return items if self.drawn is None else self.drawn(items)


def export_decoder(model: GenerativeModel, path: Path, *, drawn: bool = False) -> float:
    """Write the decoder of ``model`` as ONNX in one step.

    Its inputs are ``z`` float32 [n, D] and, for a conditional model, ``y`` int64 [n]; its output ``image`` is float32
    [n, *shape], public values (of images in [0, 1]), or where it is to be ``drawn`` their pictures [n, C, H, W] in
    [0, 1]. Any n will do.

    Args:
        model: A trained model; its weights must be on the CPU.
        path: The file to write; a file that is there stays until the new one has been checked.
        drawn: Whether it ends in the kind's ``picture``, as a browser wants it.

    Returns:
        Largest absolute difference from torch over `CHECKED` random latents, in the data's own unit or the picture's.

    Raises:
        InputError: When the decoder has a part that ONNX lacks, its items cannot be drawn by ONNX, or the file does not
            give the same pictures.
    """
    spec = model.space.spec
    if drawn and spec.picture is None:
        raise InputError(
            f"A browser cannot draw {spec.many} from what the decoder puts out.",
            "Use the decoder on the server instead; everything works, a little slower.",
            kind="export",
        )
    # Images are their pictures already.
    picture = spec.picture if drawn and not spec.pixels else None
    staging = staging_name(path)
    try:
        with storage_errors(path):
            _export(model, staging, picture)
            error = _difference(model, staging, picture)
            if not error <= TOLERANCE * (model.space.span if picture is None else 1):
                raise InputError(
                    f"The decoder written as ONNX differs from the model by {error:.2g}, more than {TOLERANCE:.2g}.",
                    "Use the decoder on the server instead; everything works, a little slower.",
                    kind="export",
                )
            staging.replace(path)
    finally:
        staging.unlink(missing_ok=True)
    return error


def _export(model: GenerativeModel, path: Path, drawn: Callable[[Tensor], Tensor] | None) -> None:
    z, y = _latents(model, 2)
    names = ["z"] if y is None else ["z", "y"]
    picture = _Picture(model.assembly, model.space, drawn).eval()
    try:
        with warnings.catch_warnings(), _quiet("torch.onnx"):
            # The exporter that traces is deprecated; it needs a tenth of the time and no further package.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                picture,
                (z,) if y is None else (z, y),
                str(path),
                input_names=names,
                output_names=["image"],
                dynamic_axes={name: {0: "n"} for name in [*names, "image"]},
                opset_version=OPSET,
                dynamo=False,
            )
    except (RuntimeError, torch.onnx.errors.OnnxExporterError, ValueError, TypeError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(
            f"This decoder cannot be written as ONNX: {first}",
            "Use the decoder on the server instead; everything works, a little slower.",
            kind="export",
        ) from error


def _difference(model: GenerativeModel, path: Path, drawn: Callable[[Tensor], Tensor] | None) -> float:
    """Largest absolute difference between the file and the model; infinite when either is not finite."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    z, y = _latents(model, CHECKED)
    feed: dict[str, Any] = {"z": z.numpy()} if y is None else {"z": z.numpy(), "y": y.numpy()}
    try:
        found = session.run(["image"], feed)[0]
    except Exception:  # onnxruntime has a class of its own for each kind of failure, and no common one
        return float("inf")  # e.g. a network that counts on the number of items it was traced with
    items = model.decode(z, y)
    wanted = (items if drawn is None else drawn(items)).numpy()
    if found.shape != wanted.shape:
        return float("inf")
    error = float(np.abs(found - wanted).max())
    return error if np.isfinite(error) else float("inf")


def _latents(model: GenerativeModel, n: int) -> tuple[Tensor, Tensor | None]:
    return model.sample_latents(n, seed=1), model.labels(n)


class _quiet:
    """A logger that keeps to errors for a while."""

    def __init__(self, name: str) -> None:
        self.logger = logging.getLogger(name)

    def __enter__(self) -> None:
        self.level = self.logger.level
        self.logger.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        self.logger.setLevel(self.level)
