"""``genlab flow``: what flows through a trained model, in numbers: codes, losses, scores, gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from genlab.commands.console import (
    CheckpointOption,
    JsonOption,
    RunArgument,
    WorkspaceOption,
    emit,
    number,
    open_lab,
    pairs,
    say,
    table,
)
from genlab.commands.waiting import job_progress

PICTURES = frozenset({"picture", "layers", "critic_layers", "gradient"})
"""Keys of pictures, which say nothing as text."""


def flow(
    run: RunArgument,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the latents and of the noise.")] = 0,
    checkpoint: CheckpointOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow pictures and latents through a trained model: codes, losses, scores, gradients."""
    lab = open_lab(workspace)
    directory = lab.runs.read(run)
    job = lab.models.start_flow(directory.summary(), checkpoint, seed=seed)
    if job is not None:
        with job_progress(quiet=as_json) as tell:
            lab.jobs.wait_for(job, tell)
    found = lab.models.flow(directory.summary(), checkpoint, seed=seed)
    assert found is not None
    document = {"run": directory.path.name, **without_pictures(found)}
    if as_json:
        emit(document)
        return
    pairs(
        [
            ("model", f"{document['run']} after {found['images']:,} images"),
            ("latent", f"{found['latent_dim']:,} numbers"),
            ("stored in", found["path"]),
        ]
    )
    _items(found)
    _samples(found)


def without_pictures(value: Any) -> Any:
    """A document without its pictures."""
    if isinstance(value, Mapping):
        return {key: without_pictures(each) for key, each in value.items() if key not in PICTURES}
    return [without_pictures(each) for each in value] if isinstance(value, list) else value


def _items(found: Mapping[str, Any]) -> None:
    """Held-out items and what each draw of the noise makes of them."""
    rows = [
        (
            str(item["index"]),
            item["label"] or "",
            _said(item["total_kl"]),
            _said(draw["nats"]),
            _said(draw["mse"]),
            _said(draw["loss"]),
            _said(item["score"]),
            _said(draw["score"]),
        )
        for item in found["items"]
        for draw in item["draws"]
    ]
    if rows:
        say("held-out items, a line for each draw of the noise:")
        heading = ("item", "class", "KL", "nats", "squared error", "loss", "score", "of its reconstruction")
        table(heading, rows, right=tuple(range(2, 8)))


def _samples(found: Mapping[str, Any]) -> None:
    """Latents from the prior and what the critic says of the pictures that they become."""
    rows = [
        (str(place), sample["label"] or "", _said(sample["score"]), _said(sample["loss"]), _said(sample["length"]))
        for place, sample in enumerate(found["samples"])
        if sample["score"] is not None
    ]
    if rows:
        say("latents, and the gradient of the loss that comes back to them:")
        table(("latent", "class", "score", "loss", "length of the gradient"), rows, right=(2, 3, 4))


def _said(value: float | None) -> str:
    return "" if value is None else number(value)
