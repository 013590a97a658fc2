"""What flows through a model: one item through encoder, noise and decoder, one latent through generator and critic.

A flow is a document ``flows/<images seen>-<digest>.json`` of a run, with pictures and layers as bytes in base64, so
that a browser can show every step of the way, and Python's numbers of it, without a model. Every number is of the item
that is shown; the loss of a reconstruction is what the objective itself says of that item and that noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from genlab.config import RunConfig
from genlab.datasets.store import prepare
from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.evaluation._generated import chosen_entry, followed_samples, generate, latents, loss_of, title
from genlab.evaluation._held_items import HeldItems, held_out
from genlab.evaluation._reconstructed import Posteriors, followed_items, posteriors
from genlab.evaluation.flow_request import FLOW, FlowRequest, kept_flow, require_flow
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.models.picture import pictures_of
from genlab.options import parse
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace

MOST_DIMENSIONS = 64
"""Dimensions of a latent that are shown; of more, those that codes use most."""

DIGITS = 6
"""Significant digits of the numbers that are kept."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Follow the data through ``arguments["run"]``, as ``arguments["request"]`` says."""
    request = parse(FlowRequest, arguments["request"])
    follow(to_write(workspace, arguments["run"]), request, workspace, progress)


def follow(directory: RunReader, request: FlowRequest, workspace: Workspace, progress: Progress) -> dict[str, Any]:
    """Follow the data through a checkpoint, if that has not been done; returns the document.

    Raises:
        InputError: When there is no such checkpoint, its items have no pictures, or it draws no samples.
    """
    require_flow(directory)
    checkpoint = pick_checkpoint(directory, request.images)
    place = kept_flow(directory, checkpoint, request.seed)
    known = place.read()
    if known is not None:
        return known
    progress(0.1, "loading the model")
    model = load_model(directory, checkpoint.images)
    config = directory.config()
    held = None
    if model.can_encode or model.can_score:
        progress(0.3, "reading held-out items")
        held = held_out(prepare(config.data, workspace.datasets, workspace.source, progress))
    progress(0.6, "following the data")
    document = {"images": checkpoint.images, **describe_flow(model, config, held, request.seed)}
    place.write(document)
    return document


def describe_flow(model: GenerativeModel, config: RunConfig, held: HeldItems | None, seed: int) -> dict[str, Any]:
    """The document, but for the checkpoint.

    Args:
        model: The model.
        config: Of its run.
        held: Held-out items; None for a model that sees none.
        seed: Of latents and noise.

    Raises:
        InputError: Where a number of the model is not finite.
    """
    codes, encoded = posteriors(model, held)
    dimensions = _dimensions(model.latent_dim, codes)
    generated = generate(model, config, held, seed)
    shape = pictures_of(model.decode(*latents(model, seed, 1)), model.space).shape[1:]
    items = [] if held is None else followed_items(model, config, held, codes, encoded, dimensions, seed)
    document = {
        "version": FLOW.version,
        "seed": seed,
        "shape": list(shape),
        "latent_dim": model.latent_dim,
        "dimensions": dimensions,
        "loss": title(loss_of(config)),
        "likelihood": title(chosen_entry(config, "likelihood", "likelihoods")) if model.has_likelihood else "",
        "encoder": encoded.about if encoded is not None else None,
        "decoder": generated.decoded.about,
        "critic": None if generated.judged is None else generated.judged.about,
        "items": items,
        "samples": followed_samples(model, held, generated, dimensions),
    }
    rounded: dict[str, Any] = _rounded(document)
    return rounded


def _dimensions(size: int, codes: Posteriors | None) -> list[int]:
    """The dimensions that are shown, in their order: those that cost most KL, or the first ones."""
    if codes is None or size <= MOST_DIMENSIONS:
        return list(range(min(size, MOST_DIMENSIONS)))
    return sorted(codes.kl.mean(0).topk(MOST_DIMENSIONS).indices.tolist())


def _rounded(value: Any) -> Any:
    """``value`` with no more digits than are shown, and none that are not finite.

    Raises:
        InputError: Where one is not finite.
    """
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if not isinstance(value, float):
        return value
    if not np.isfinite(value):
        raise InputError(
            "What this model makes of a held-out item or a latent is not a finite number.",
            "Take an earlier checkpoint: on Curves its losses show where it went wrong.",
            kind="not_finite",
        )
    return float(f"{value:.{DIGITS}g}")
