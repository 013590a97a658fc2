"""Follows data through shipped runs, with the critic that was left out of them where its run is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._common import BenchmarkError, progress
from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from genlab.store.shipped import folder_digest

if TYPE_CHECKING:
    from genlab.models.generative import GenerativeModel


def with_flow(lab: Lab, entry: Mapping[str, Any], zoo: Path) -> dict[str, Any]:
    """Follow data through a shipped run, anew where that has been done; returns its line of the catalogue.

    A critic that was left out is taken from the run of the same name in the workspace, where it is: the numbers are
    those of the whole model.

    Raises:
        BenchmarkError: When the run in the workspace is another model than the one that is shipped.
    """
    from genlab.datasets.store import prepare
    from genlab.evaluation._held_items import held_out
    from genlab.evaluation.flow import describe_flow
    from genlab.evaluation.flow_request import kept_flow
    from genlab.models.checkpoint import load_model

    def tell(share: float, what: str) -> None:
        pass

    target = RunDirectory(zoo / "runs" / str(entry["run"]))
    progress(f"following data through {target.path.name}")
    checkpoint, config = target.checkpoints()[-1], target.config()
    model = _with_critic(lab, target.path.name, load_model(target, device="cpu"))
    held = held_out(prepare(config.data, lab.workspace.datasets, lab.workspace.source, tell))
    document = describe_flow(model, config, held if model.can_encode or model.can_score else None, 0)
    shutil.rmtree(target.path / "flows", ignore_errors=True)
    kept_flow(target, checkpoint, 0).write({"images": checkpoint.images, **document})
    return {**entry, "digest": folder_digest(target.path)}


def _with_critic(lab: Lab, name: str, shipped: GenerativeModel) -> GenerativeModel:
    """A shipped model, with the critic of the run that it was made of, where that is in the workspace."""
    from genlab.models.checkpoint import load_model
    from genlab.models.generative import GenerativeModel

    trained = next((run for run in lab.runs.all() if run.name == name and run.state == "completed"), None)
    if shipped.can_score or trained is None:
        return shipped
    whole = load_model(lab.runs.read(trained), device="cpu")
    ours, theirs = shipped.assembly.sampler.state_dict(), whole.assembly.sampler.state_dict()
    if any(not bool((theirs[key].half().float() == tensor).all()) for key, tensor in ours.items()):
        raise BenchmarkError(f"{trained.id} is not the model that is shipped as {name}.")
    parts = replace(shipped.assembly, critic=whole.assembly.critic)
    return GenerativeModel(parts, shipped.space, shipped.latent_dim)
