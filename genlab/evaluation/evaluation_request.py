"""What is to be evaluated, and the key under which its results are kept. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from genlab import kinds
from genlab.config import DataConfig
from genlab.encoders import REGISTRY as ENCODERS
from genlab.encoders.base import default_encoder
from genlab.errors import InputError
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import MetricSpec
from genlab.options import Options, setting
from genlab.store import results
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Depends, Kept, ResultType, digest, kept, kept_in, number
from genlab.store.run import Checkpoint, RunReader

SAMPLES = 5_000


def _older_evaluation(depends: Depends) -> str:
    parts = {"version": depends.version, "weights": depends.weights, "data": depends.data, **depends.request}
    return f"{number(depends)}{digest(parts)}"


def _older_sandbox(depends: Depends) -> str:
    asked = depends.request
    parts = [depends.version, asked["data"], asked["damage"], asked["request"]]
    return f"sandbox-{asked['damage']}-{digest(parts)}"


EVALUATION = ResultType(
    name="evaluation",
    title="evaluations",
    version=2,
    document=results.EvaluationRecord,
    folder="evaluations",
    older=_older_evaluation,
    older_version=2,
    verdicts=True,
)
PORTRAIT = ResultType(
    name="portrait",
    title="portraits",
    version=2,
    document=results.PortraitRecord,
    folder="portraits",
    file="portrait.json",
    older=lambda depends: f"{number(depends)}{digest([depends.version, depends.request['seed']], 8)}",
    older_version=2,
)
SANDBOX = ResultType(
    name="sandbox",
    title="responses of the sandbox",
    version=2,
    document=results.SandboxRecord,
    within="encoders",
    prefix="sandbox-",
    older=_older_sandbox,
    older_version=2,
)

VALIDATION = ResultType(
    name="validation",
    title="evaluations on items that were set aside",
    version=2,
    document=results.EvaluationRecord,
    folder="validation",
    verdicts=True,
)
"""In a folder of their own: whoever reports how good a run is does not come across them."""

FEATURES = ResultType(
    name="features",
    title="features of real items",
    version=1,
    document=None,
    within="encoders",
    file="features.npz",
    prefix="features-",
)
"""Named by `genlab.evaluation.reals` itself, after the items and the feature extractor."""

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
    part: Literal["test", "validation"] = setting(
        "test", "held-out items; or those that data.validation set aside, to choose settings by", advanced=True
    )

    def settled(self, kind: str) -> EvaluationRequest:
        """This request with its names checked and nothing left open for data of ``kind``.

        Raises:
            InputError: When a metric or encoder is unknown, or the encoder is not for such data.
        """
        encoder = ENCODERS.get(self.encoder or default_encoder(kind))
        if not kinds.fits(encoder, kind):
            raise InputError(
                f"The feature extractor {encoder.name} is not for {kinds.get(kind).many}.",
                f"Take {default_encoder(kind)}.",
                kind="bad_value",
            )
        named = tuple(METRICS.get(name).name for name in self.metrics)
        names = named or tuple(spec.name for spec in METRICS if _of_kind(spec, kind))
        return self.model_copy(update={"encoder": encoder.name, "metrics": names})


def _of_kind(spec: MetricSpec, kind: str) -> bool:
    """Whether a metric can apply to data of ``kind`` at all: what is of texts or films alone is not asked of others."""
    needs, gives = set(spec.needs), kinds.get(kind).gives
    return ("symbols" not in needs or "symbols" in gives) and ("frames" not in needs or "frames" in gives)


class PortraitRequest(Options):
    """Whose portrait."""

    seed: int = setting(0, "seed of the latents; models of one latent size are shown on the same ones", ge=0)
    images: int | None = setting(None, "take the newest checkpoint up to here; empty for the newest of all", ge=0)
    every: bool = setting(False, "all checkpoints, not one")


def kept_evaluation(
    run: RunReader, checkpoint: Checkpoint, request: EvaluationRequest, encoder_version: int | None = None
) -> Kept:
    """The place of the results of a settled request: they depend on all of it but the choice of metrics.

    Args:
        run: The run.
        checkpoint: Its checkpoint.
        request: What is asked for.
        encoder_version: Version of the feature extractor; today's where it is None.
    """
    asked: dict[str, Any] = {
        "encoder": [request.encoder, encoder_version or ENCODERS.get(request.encoder).version],
        "samples": request.samples,
        "seed": request.seed,
    }
    on_validation = request.part == "validation"
    held_out = run.config().data.validation or 0 if on_validation else run.environment().get("data", {}).get("test", 0)
    if held_out < max(spec.minimum for spec in METRICS if spec.compares_sets):
        asked["few"] = "measured against training items"
    return kept(run, checkpoint, VALIDATION if on_validation else EVALUATION, asked)


def cached(run: RunReader, request: EvaluationRequest) -> Mapping[str, Any] | None:
    """The results of a request that has been computed, or None when any part of it is still to be done."""
    settled = request.settled(run.kind())
    document = kept_evaluation(run, pick_checkpoint(run, settled.images), settled).read()
    return document if document and all(_is_known(name, document) for name in settled.metrics) else None


AGAIN = "evaluate its run again"


def standing(run: RunReader, request: EvaluationRequest) -> dict[str, dict[str, Any]]:
    """The lines of a request that hold today, whenever they were computed; of the other metrics why there is none.

    A line holds while the version of its metric has not moved, and that of the feature extractor where it rests on
    features. The others have no ``value``, ``why`` says what to do, and ``due`` is true.

    Returns:
        Metric -> line; empty where the request was never computed.
    """
    settled = request.settled(run.kind())
    kept_lines = _kept_lines(run, settled)
    return {name: _standing(name, kept_lines.get(name)) for name in settled.metrics} if kept_lines else {}


def standing_alone(lines: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """As `standing`, for lines that were kept without their run, as a match that comes with genlab keeps them.

    Args:
        lines: Metric -> line; they do not tell the version of their feature extractor, and are of its first.
    """
    found = {}
    for spec in METRICS:
        line = lines.get(spec.name)
        encoder = (line or {}).get("encoder")
        current = line is not None and (encoder is None or (encoder in ENCODERS and ENCODERS.get(encoder).version == 1))
        found[spec.name] = _standing(spec.name, line if current else None, "its run is gone")
    return found


def _kept_lines(run: RunReader, settled: EvaluationRequest) -> dict[str, dict[str, Any]]:
    """Metric -> its newest line that rests on no older feature extractor."""
    checkpoint, today = pick_checkpoint(run, settled.images), ENCODERS.get(settled.encoder).version
    lines: dict[str, dict[str, Any]] = {}
    for version in range(1, today + 1):
        document = kept_evaluation(run, checkpoint, settled, version).read() or {}
        found = dict(document.get("metrics", {}))
        lines |= {name: line for name, line in found.items() if version == today or line.get("encoder") is None}
    return lines


def _standing(name: str, line: dict[str, Any] | None, todo: str = AGAIN) -> dict[str, Any]:
    spec = METRICS.get(name)
    if line is not None and spec.is_current(line):
        return line
    before = "Not evaluated with this metric" if line is None else "Computed by an earlier version of this metric"
    return {"value": None, "why": f"{before}: {todo}.", "due": True}


def _is_known(name: str, document: Mapping[str, Any]) -> bool:
    return name in document["metrics"] and METRICS.get(name).is_current(document["metrics"][name])


def at_checkpoints(run: RunReader, request: EvaluationRequest) -> list[EvaluationRequest]:
    """``request`` once for each checkpoint of a run, oldest first.

    Raises:
        InputError: When the run has no checkpoint.
    """
    pick_checkpoint(run, None)
    return [request.model_copy(update={"images": checkpoint.images}) for checkpoint in run.checkpoints()]


def evaluations(run: RunReader) -> list[Mapping[str, Any]]:
    """All results of a run that can be read, by images seen."""
    return list(run.evaluations()[0])


def kept_portrait(run: RunReader, checkpoint: Checkpoint, seed: int) -> Kept:
    """The place of the pictures of a checkpoint for side-by-side pages."""
    return kept(run, checkpoint, PORTRAIT, {"seed": seed})


def portrait(run: RunReader, images: int | None = None, seed: int = 0) -> Mapping[str, Any] | None:
    """What the portrait of a checkpoint holds, with its ``folder``; None when it has not been made."""
    place = kept_portrait(run, pick_checkpoint(run, images), seed)
    document = place.read()
    return None if document is None else {**document, "folder": str(place.folder)}


def kept_sandbox(folder: Path, data: DataConfig, damage: str, request: EvaluationRequest) -> Kept:
    """The place of the responses of metrics to one kind of damage, in the workspace's folder of feature extractors."""
    return kept_in(folder, SANDBOX, sandbox_request(data, damage, request))


def sandbox_request(data: DataConfig, damage: str, request: EvaluationRequest) -> dict[str, Any]:
    """What the responses of metrics to damage depend on; settings that are younger than those kept, only where set."""
    return {
        "data": data.told_apart(),
        "damage": damage,
        "request": request.model_dump(mode="json", exclude={"part"} if request.part == "test" else None),
    }
