"""The break-it sandbox: every metric's response to known damage of growing strength, on the user's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets.store import prepare
from genlab.encoders.base import Progress
from genlab.evaluation.damage import DAMAGES, Kind, RealSets
from genlab.evaluation.evaluate import line
from genlab.evaluation.evaluation_request import SANDBOX, EvaluationRequest, kept_sandbox
from genlab.evaluation.fakes import Tell, encoded
from genlab.evaluation.inputs import EvaluationInputs, StagedProgress
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import Evidence, Items
from genlab.models.picture import draw_grid, pictures_of
from genlab.options import parse
from genlab.space import Space
from genlab.store import atomic
from genlab.store.workspace import Workspace

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHOWN, COLUMNS = 24, 8


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Do the damage ``arguments["damage"]`` to ``arguments["data"]`` and measure, as ``arguments["request"]`` says."""
    config = parse(DataConfig, arguments["data"])
    request = parse(EvaluationRequest, arguments["request"])
    break_it(config, str(arguments["damage"]), request, workspace, progress)


def break_it(
    config: DataConfig, damage: str, request: EvaluationRequest, workspace: Workspace, progress: Progress
) -> dict[str, Any]:
    """Every metric that needs no model, for every strength of a damage; kept, so that a second call only reads.

    Args:
        config: The data set.
        damage: Key of `DAMAGES`.
        request: Metrics, encoder, number of items.
        workspace: Where data and encoders are.
        progress: Told how far it is; may raise to cancel.

    Returns:
        ``{"damage", "strengths", "metrics": {NAME: [one line per strength]}, "sheets": [file names]}``.
    """
    kept = kept_sandbox(workspace.encoders, config, damage, request)
    known = kept.read()
    if known is not None:
        return known
    data = prepare(config, workspace.datasets, workspace.source, progress)
    stage = StagedProgress(progress)
    settled = request.settled(data.info.kind)
    # Half the held-out items are damaged and compared with the other half, so that none of them is a training item.
    settled = settled.model_copy(update={"samples": max(2, min(settled.samples, data.info.test // 2))})
    inputs = EvaluationInputs(workspace, config, data, settled, stage)
    stage.enter(0.0, 0.4)
    base, kind = inputs.base, DAMAGES[damage]  # type: ignore[index]
    # Replacements come from training items that copies are not looked for among.
    base = replace(base, train=inputs.reals.train.take(slice(0, len(inputs.reals.train) // 2)))
    specs = [METRICS.get(name) for name in settled.metrics]
    specs = [spec for spec in specs if spec.floored and not spec.missing(base)]
    found: dict[str, list[dict[str, Any]]] = {spec.name: [] for spec in specs}
    sheets = []
    for step, strength in enumerate(STRENGTHS):
        stage.enter(0.4 + 0.6 * step / len(STRENGTHS), 0.4 + 0.6 * (step + 1) / len(STRENGTHS))
        what = f"{kind.title}, {strength:.0%}"
        evidence = _damaged(base, inputs, kind, strength, stage.part(0, 1 / (1 + len(specs)), f"{what}: encoding"))
        for place, spec in enumerate(specs):
            stage((1 + place) / (1 + len(specs)), f"{what}: {spec.title}")
            measured = spec.measure(evidence, spec.Options(), np.random.default_rng([settled.seed, 2]))
            found[spec.name].append(line(spec, measured, None, settled.encoder, 0.0))
        if kinds.get(data.info.kind).pictured:
            sheets.append(_sheet(evidence, data.space(), kept.path.with_suffix(f".{step}.png").name, workspace))
    document = {
        "version": SANDBOX.version,
        "damage": damage,
        "strengths": list(STRENGTHS),
        "samples": settled.samples,
        "real": len(base.real),
        "encoder": settled.encoder,
        "metrics": found,
        "sheets": sheets,
    }
    kept.write(document)
    return document


def _damaged(base: Evidence, inputs: EvaluationInputs, kind: Kind, strength: float, tell: Tell) -> Evidence:
    reals = inputs.reals
    train, spare = base.train, reals.train.take(slice(len(reals.train) // 2, None))
    assert train is not None
    real = RealSets(
        reals.real.images,
        reals.fresh.images,
        reals.fresh.labels,
        train.images,
        train.labels,
        spare.images,
        spare.labels,
        inputs.data.info.kind,
    )
    items, labels = kind.apply(real, strength, np.random.default_rng([inputs.request.seed, 3]))
    seen = encoded(items, inputs.encoder, tell)
    return replace(base, fake=Items(seen.images, seen.features, seen.probabilities, labels))


def _sheet(evidence: Evidence, space: Space, name: str, workspace: Workspace) -> str:
    """A picture of some damaged items, beside the results; returns its name."""
    import torch

    every = max(1, len(evidence.fake) // SHOWN)
    tiles = torch.as_tensor(evidence.fake.images[::every][:SHOWN])
    atomic.write_bytes(workspace.encoders / name, draw_grid(pictures_of(tiles, space), COLUMNS))
    return name
