"""Evaluating one run: evidence, metrics, floors, and a document that says how every number came about."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from genlab.datasets.store import Split, prepare
from genlab.encoders.base import Progress
from genlab.evaluation import fakes
from genlab.evaluation.evaluation_request import EVALUATION, EvaluationRequest, kept_evaluation
from genlab.evaluation.failing import Failures, has_failed
from genlab.evaluation.floors import Floors
from genlab.evaluation.inputs import ENCODED, EvaluationInputs, StagedProgress
from genlab.evaluation.measurable import enough
from genlab.evaluation.straws import Bluntness
from genlab.families import require_samples
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.objectives import REGISTRY as OBJECTIVES
from genlab.objectives.likelihoods import REGISTRY as LIKELIHOODS
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader
from genlab.store.workspace import Workspace

DIGITS = 6
"""Of what each item contributes."""


def evaluate(
    run: RunReader,
    request: EvaluationRequest,
    workspace: Workspace,
    progress: Progress,
    load: Callable[[RunReader, int], GenerativeModel] | None = None,
) -> dict[str, Any]:
    """Compute what ``request`` asks for and has not been computed yet; returns the whole document.

    Args:
        run: The run.
        request: What is asked for.
        workspace: The workspace that the run is in.
        progress: Told how far it is; may raise to cancel.
        load: Gives the model at a checkpoint; `load_model` where it is None.

    A metric that fails costs that metric only: its line says why, and it is tried again when it is asked for again.

    Raises:
        InputError: When the run has no checkpoint, its model draws no samples, or the encoder cannot be had and all
            metrics need it.
    """
    config = run.config()
    require_samples(OBJECTIVES.get(config.model.name).family)
    data = prepare(config.data, workspace.datasets, workspace.source, progress)
    settled = request.settled(data.info.kind)
    data = data.on_validation() if settled.part == "validation" else data
    checkpoint = pick_checkpoint(run, settled.images)
    place = kept_evaluation(run, checkpoint, settled)
    document = place.read() or {}
    known: dict[str, Any] = dict(document.get("metrics", {}))
    wanted = [METRICS.get(name) for name in settled.metrics if _is_due(name, document)]
    if not wanted:
        return document
    stage = StagedProgress(progress)
    inputs = EvaluationInputs(workspace, config.data, data, settled, stage)
    stage.enter(0.0, 0.4)
    if not all(ENCODED.intersection(spec.needs) for spec in wanted):
        inputs.do_without_encoder()
    model = (load or load_model)(run, checkpoint.images)
    evidence = model_evidence(run, model, inputs, wanted)
    wider = with_training_items(model, evidence, inputs, wanted)
    stage.enter(0.7, 1.0)
    found, details = score(wanted, evidence, inputs, wider)
    details |= pictures(evidence, inputs, details)
    about = {"key": place.key, "run": run.path.name, "images": checkpoint.images}
    document = {"schema_version": EVALUATION.version, **about, **_described(inputs), "metrics": {**known, **found}}
    place.make_room()
    _keep_details(place.path.with_suffix(".npz"), details)
    place.write(document)
    return document


def _described(inputs: EvaluationInputs) -> dict[str, Any]:
    """What an evaluation was made from, as its document says."""
    data, request, reals = inputs.data, inputs.request, inputs.reals
    return {
        "data": {"name": data.info.name, "fingerprint": data.fingerprint},
        "encoder": request.encoder,
        "encoder_facts": reals.facts,
        "samples": request.samples,
        "real": len(reals.real),
        "floor_from": "test" if reals.fresh_split == "test" else "cross-validation",
        "seed": request.seed,
        "part": request.part,
    }


def _is_due(name: str, document: Mapping[str, Any]) -> bool:
    line = document.get("metrics", {}).get(name)
    return line is None or not METRICS.get(name).is_current(line) or name in has_failed(document)


def model_evidence(
    run: RunReader, model: GenerativeModel, inputs: EvaluationInputs, wanted: Iterable[MetricSpec]
) -> Evidence:
    """What ``model`` makes, as far as the ``wanted`` metrics look at it."""
    needs = {need for spec in wanted for need in spec.needs}
    request, encoder = inputs.request, inputs.encoder
    base, tell, costing = inputs.base, inputs.progress, inputs.failures.costing
    tell.enter(0.4, 0.7)

    generated = fakes.generate(model, encoder, request.samples, request.seed, tell.part(0, 1, "generating samples"))
    evidence = replace(base, fake=generated, history=tuple(run.metrics()[0]))
    if model.can_encode and needs & {"codes", "reconstructions"}:
        with costing("codes", "factors", "reconstructions"):
            tell(0.0, "encoding held-out items")
            codes = fakes.encode(model, base.real, inputs.reals.train)
            evidence = replace(evidence, codes=codes, factors=_factors(inputs))
        if "reconstructions" in needs and evidence.codes is not None:
            with costing("reconstructions"):
                told = tell.part(0, 1, "encoding reconstructions")
                seen = fakes.reconstruct(model, base.real, evidence.codes, encoder, told)
                evidence = replace(evidence, reconstructions=seen)
    if model.has_likelihood and "likelihood" in needs:
        with costing("likelihood"):
            tell(0.0, "computing likelihood bounds")
            chosen = getattr(run.config().model.options, "likelihood", None)
            discrete = chosen is not None and bool(LIKELIHOODS.get(chosen.name).discrete)
            evidence = replace(evidence, bounds=fakes.bounds(model, base.real, request.seed), discrete=discrete)
    if model.can_encode and "fitted" in needs:
        with costing("fitted"):
            evidence = replace(evidence, fitted=_from_fitted_prior(model, inputs))
    if "walks" in needs:
        with costing("walks"):
            ways = fakes.walk(model, encoder, request.seed, tell.part(0, 1, "interpolating in the latent space"))
            evidence = replace(evidence, walks=ways)
    return evidence


def _from_fitted_prior(model: GenerativeModel, inputs: EvaluationInputs) -> Items | None:
    tell = inputs.progress.part(0, 1, "sampling from a prior fitted to codes")
    tell(0.0)
    train, request = inputs.reals.train, inputs.request
    return fakes.from_fitted_prior(model, inputs.encoder, train, request.samples, request.seed, tell)


def with_training_items(
    model: GenerativeModel, evidence: Evidence, inputs: EvaluationInputs, wanted: Iterable[MetricSpec]
) -> Evidence | None:
    """``evidence`` with training items among the real ones, for metrics that too few are held out for; None for none.

    Args:
        model: The model.
        evidence: What it makes, and the held-out items.
        inputs: The data.
        wanted: The metrics.
    """
    short = [spec for spec in wanted if _asks_for_more(spec, evidence, inputs)]
    if not short:
        return None
    real, codes = inputs.halves.real, None
    if evidence.codes is not None and any("codes" in spec.needs for spec in short):
        codes = fakes.encode(model, real, inputs.reals.train)
    return replace(evidence, real=real, codes=codes)


def _asks_for_more(spec: MetricSpec, evidence: Evidence, inputs: EvaluationInputs) -> bool:
    return spec.compares_sets and spec.is_short(evidence) and enough(spec, inputs.data.info.count)


def score(
    wanted: Iterable[MetricSpec], evidence: Evidence, inputs: EvaluationInputs, wider: Evidence | None = None
) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Every wanted metric's line of the document, and arrays for pictures by ``metric/name``.

    Args:
        wanted: The metrics.
        evidence: What they look at.
        inputs: The real items.
        wider: What those look at that too few items are held out for; their lines say so.
    """
    specs = list(wanted)
    found: dict[str, Any] = {}
    details: dict[str, np.ndarray[Any, Any]] = {}
    sides: dict[str, Split] = {
        spec.name: "train" if wider and _asks_for_more(spec, evidence, inputs) else "test" for spec in specs
    }
    floors = _floors_of(specs, sides, evidence, inputs)
    floors.prepare()
    blunt = Bluntness(inputs, _measure, partial(floors.evidence, "halves" if wider else "plain", 0))
    with inputs.failures.costing("straws"):
        blunt.prepare([spec for spec in specs if inputs.failures.why(*spec.needs) is None])
    for step, spec in enumerate(specs):
        inputs.progress((1 + step / len(specs)) / 2, f"computing {spec.title}")
        started, against = time.perf_counter(), sides[spec.name]
        seen = wider if wider is not None and against == "train" else evidence
        measured, floor = _attempt(spec, seen, inputs, floors, against)
        entry = line(spec, measured, floor, inputs.request.encoder, time.perf_counter() - started)
        found[spec.name] = entry | ({"against": "train"} if against == "train" else {})
        if blunt.of(spec):
            found[spec.name]["blunt"] = blunt.of(spec)
        if _why_failed(spec, measured, inputs.failures) is not None:
            found[spec.name]["failed"] = True
        arrays = {f"{spec.name}/{name}": np.asarray(value) for name, value in measured.detail.items()}
        if against == "train":
            # Pages look such arrays up among the held-out items.
            size = len(inputs.halves.real)
            arrays = {name: array for name, array in arrays.items() if array.shape[:1] != (size,)}
        details |= arrays
    return found, details


def _floors_of(
    specs: Sequence[MetricSpec], sides: Mapping[str, Split], evidence: Evidence, inputs: EvaluationInputs
) -> Floors:
    """The references of those metrics that may have a number here, to be worked out together."""
    likely = [
        spec
        for spec in specs
        if spec.floored
        and inputs.failures.why(*spec.needs) is None
        and (sides[spec.name] == "train" or not spec.missing(evidence))
    ]
    return Floors(inputs, _measure, [(spec, sides[spec.name]) for spec in likely])


def _attempt(
    spec: MetricSpec, evidence: Evidence, inputs: EvaluationInputs, floors: Floors, against: Split
) -> tuple[Measured, Mapping[str, Any] | None]:
    """A metric with its real-data reference; neither without the other, where one fails."""
    measured, floor = Measured(None), None
    own = f"metric/{spec.name}"
    if inputs.failures.why(*spec.needs) is None:
        with inputs.failures.costing(own):
            seen = floors.limited(spec, evidence, against) if spec.floored else evidence
            measured = _measure(spec, seen, inputs.request.seed)
            floor = floors.of(spec, against) if spec.floored and measured.value is not None else None
    why = _why_failed(spec, measured, inputs.failures)
    return (measured, floor) if why is None else (Measured(None, why=why), None)


def _why_failed(spec: MetricSpec, measured: Measured, failures: Failures) -> str | None:
    """Why a metric has failed; None for one that is known, or that does not apply."""
    # Metrics that need nothing take the encoder's classes where it has any.
    parts = spec.needs if spec.needs or measured.value is not None else tuple(ENCODED)
    return failures.why(f"metric/{spec.name}", *parts)


def pictures(
    evidence: Evidence, inputs: EvaluationInputs, details: Mapping[str, np.ndarray[Any, Any]]
) -> dict[str, np.ndarray[Any, Any]]:
    """What pages show of the items themselves, so that they need no model.

    ``items/real`` are positions int64 [n] of the real items in the held-out split; ``items/pairs`` the closest pairs of
    generated ones, images uint8 [k, 2, C, H, W] or points float32 [k, 2, 2], where those were looked for.
    """
    shown = {"items/real": inputs.reals.index["real"]}
    pairs = details.get("near_duplicates/pairs")
    if pairs is not None and len(pairs):
        items = evidence.fake.images[pairs]
        shown["items/pairs"] = (
            (items.clip(0, 1) * 255).round().astype(np.uint8) if evidence.pixels and items.ndim == 5 else items
        )
    return shown


def line(
    spec: MetricSpec, measured: Measured, floor: Mapping[str, Any] | None, encoder: str, seconds: float
) -> dict[str, Any]:
    """One metric's entry of the document."""
    entry: dict[str, Any] = {
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
        "floor": floor["value"] if floor else None,
        "floor_low": floor["low"] if floor else None,
        "floor_high": floor["high"] if floor else None,
        "floor_spread": floor["spread"] if floor else None,
        "floor_draws": floor["draws"] if floor else None,
        "n": measured.n,
        "better": spec.better,
        "encoder": encoder if ENCODED.intersection(spec.needs) else None,
        "seconds": round(seconds, 3),
        "version": spec.version,
    }
    if measured.value is None or measured.why:
        entry["why"] = measured.why
    if measured.alarm:
        entry["alarm"] = measured.alarm
    if "items" in measured.detail:
        # What each real item contributes: verdicts take families and seeds on the same items as pairs.
        entry["items"] = [float(f"{item:.{DIGITS}g}") for item in measured.detail["items"]]
    return entry


def _measure(spec: MetricSpec, evidence: Evidence, seed: int) -> Measured:
    return spec.measure(evidence, spec.Options(), np.random.default_rng([seed, 2]))


def _factors(inputs: EvaluationInputs) -> Mapping[str, Any] | None:
    factors = inputs.data.factors("test")
    return {name: values[inputs.reals.index["real"]] for name, values in factors.items()} or None


def _keep_details(path: Path, details: Mapping[str, Any]) -> None:
    known: dict[str, Any] = {}
    if path.is_file():
        with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile), np.load(path, allow_pickle=False) as stored:
            known = dict(stored)
    numbers = {name: value for name, value in details.items() if value.dtype != object}

    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{**known, **numbers})
    atomic.write_bytes(path, buffer.getvalue())
