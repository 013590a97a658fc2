"""What is to be evaluated, and the key under which its results are kept. No torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genlab.config import DataConfig
from genlab.encoders import REGISTRY as ENCODERS
from genlab.encoders.base import default_encoder
from genlab.errors import InputError
from genlab.metrics import REGISTRY as METRICS
from genlab.options import Options, setting
from genlab.store.checkpoints import pick_checkpoint, weights_digest
from genlab.store.results import Evaluation, Portrait, kept
from genlab.store.run import Checkpoint, RunDirectory

VERSION = 2
"""Changes whenever results would, for the same request."""

SAMPLES = 5_000

PORTRAIT_VERSION = 2
"""Changes whenever the pictures of a portrait would."""

OVER_TIME = (
    "frechet",
    "kid",
    "precision",
    "recall",
    "density",
    "coverage",
    "confidence",
    "modes",
    "class_kl",
    "near_duplicates",
    "power_spectrum",
)
"""What is computed again and again while a run trains: cheap, and telling early."""

OVER_TIME_SAMPLES = 2_000


class EvaluationRequest(Options):
    """Which metrics, computed how."""

    metrics: tuple[str, ...] = setting((), "names of metrics; none means all that apply")
    encoder: str = setting(
        "", "feature extractor; empty for in-domain (trained on this data), for points pixels (their coordinates)"
    )
    samples: int = setting(
        SAMPLES, "generated items, and as many real ones as are available", unit="items", ge=2, le=100_000
    )
    seed: int = setting(0, "seed of the latents and of the resampling", ge=0, le=2**31 - 1, advanced=True)
    images: int | None = setting(
        None, "take the newest checkpoint up to here; empty for the newest of all", unit="images", ge=0, advanced=True
    )

    def settled(self, kind: str) -> EvaluationRequest:
        """This request with its names checked and nothing left open for data of ``kind``.

        Raises:
            InputError: When a metric or encoder is unknown, or the encoder is not for such data.
        """
        encoder = ENCODERS.get(self.encoder or default_encoder(kind))
        if kind not in encoder.kinds:
            raise InputError(
                f"The feature extractor {encoder.name} is not for {kind}.",
                f"Take {default_encoder(kind)}.",
                kind="bad_value",
            )
        names = tuple(METRICS.get(name).name for name in self.metrics) or tuple(METRICS.names())
        return self.model_copy(update={"encoder": encoder.name, "metrics": names})


def key_of(run: RunDirectory, checkpoint: Checkpoint, request: EvaluationRequest) -> str:
    """Name of the results of a settled request: a digest of everything they depend on but the choice of metrics."""
    parts = {
        "version": VERSION,
        "weights": weights_digest(checkpoint),
        "data": run.fingerprint(),
        "encoder": [request.encoder, ENCODERS.get(request.encoder).version],
        "samples": request.samples,
        "seed": request.seed,
    }
    held_out = run.environment().get("data", {}).get("test", 0)
    if held_out < max(spec.minimum for spec in METRICS if spec.compares_sets):
        parts["few"] = "measured against training items"
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
    return f"{checkpoint.images:012d}-{digest}"


def results_file(run: RunDirectory, key: str) -> Path:
    """Where the results are kept."""
    return run.path / "evaluations" / f"{key}.json"


def cached(run: RunDirectory, request: EvaluationRequest) -> Mapping[str, Any] | None:
    """The results of a request that has been computed, or None when any part of it is still to be done."""
    settled = request.settled(run.kind())
    path = results_file(run, key_of(run, pick_checkpoint(run, settled.images), settled))
    document = kept(path, Evaluation)
    return document if document and all(name in document["metrics"] for name in settled.metrics) else None


def at_checkpoints(run: RunDirectory, request: EvaluationRequest) -> list[EvaluationRequest]:
    """``request`` once for each checkpoint of a run, oldest first.

    Raises:
        InputError: When the run has no checkpoint.
    """
    pick_checkpoint(run, None)
    return [request.model_copy(update={"images": checkpoint.images}) for checkpoint in run.checkpoints()]


def evaluations(run: RunDirectory) -> list[Mapping[str, Any]]:
    """All results of a run that can be read, by images seen."""
    return list(run.evaluations()[0])


def portrait_folder(run: RunDirectory, checkpoint: Checkpoint, seed: int) -> Path:
    """Where the pictures of a checkpoint for side-by-side pages are kept."""
    digest = hashlib.sha256(json.dumps([PORTRAIT_VERSION, seed]).encode()).hexdigest()[:8]
    return run.path / "portraits" / f"{checkpoint.images:012d}-{digest}"


def portrait(run: RunDirectory, images: int | None = None, seed: int = 0) -> Mapping[str, Any] | None:
    """What the portrait of a checkpoint holds, with its ``folder``; None when it has not been made."""
    folder = portrait_folder(run, pick_checkpoint(run, images), seed)
    document = kept(folder / "portrait.json", Portrait)
    return None if document is None else {**document, "folder": str(folder)}


def sandbox_file(folder: Path, data: DataConfig, damage: str, request: EvaluationRequest) -> Path:
    """Where the responses of metrics to one kind of damage are kept."""
    parts = [VERSION, data.model_dump(mode="json"), damage, request.model_dump(mode="json")]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
    return folder / f"sandbox-{damage}-{digest}.json"
