"""Evaluations and sandbox documents made by hand. The numbers in them are test data, not results."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.lab import Lab
from genlab.store.checkpoints import digests
from genlab.store.run_directory import RunDirectory
from tests.support.runs import make_run

CLASSES = 10
HEALTHY = np.full(CLASSES, 1 / CLASSES)
COLLAPSED = np.array([0.5, 0.3, 0.1, 0.05, 0.05, 0, 0, 0, 0, 0])


def line(
    value: float | None, low: float = 0, high: float = 0, floor: float | None = None, **more: Any
) -> dict[str, Any]:
    """One metric's entry, with a floor of the same width."""
    half = (high - low) / 2
    return {
        "value": value,
        "low": None if value is None else low,
        "high": None if value is None else high,
        "floor": floor,
        "floor_low": None if floor is None else floor - half,
        "floor_high": None if floor is None else floor + half,
        "n": 1_000,
        "better": "up",
        "encoder": "in-domain",
        "seconds": 0.1,
        **more,
    }


def arrays_of(*, collapsed: bool, real: int = 200) -> dict[str, NDArray[Any]]:
    """What stands beside an evaluation."""
    made = COLLAPSED if collapsed else HEALTHY
    rng = np.random.default_rng(0)
    return {
        "class_kl/fake": made,
        "class_kl/real": HEALTHY,
        "modes/of": np.asarray(CLASSES),
        "modes/counts": (1_000 * made).astype(int),
        "modes/ungated_counts": (1_000 * made).astype(int),
        "modes/clear": np.asarray(0.95),
        "ndb/fake": np.full(100, 0.01),
        "ndb/train": np.full(100, 0.01),
        "near_duplicates/radius": np.asarray(1.0),
        "near_duplicates/distances": np.linspace(0.1, 0.9, 12),
        "coverage/covered": np.arange(real) % (2 if collapsed else 20) != 0,
        "active_units/variance": np.array([1.0, 0.5, 0.2, 0.001, 0.0, 0.0, 0.0, 0.0]),
        "active_units/threshold": np.asarray(0.01),
        "kl_per_dimension/kl": np.array([2.0, 1.0, 0.5, 0.02, 0.0, 0.0, 0.0, 0.0]),
        "items/real": np.arange(real),
        "items/pairs": rng.integers(0, 255, (12, 2, 1, 28, 28)).astype(np.uint8),
    }


def metrics_of(*, collapsed: bool, codes: bool = True) -> dict[str, Any]:
    """Every metric that the Collapse page shows."""
    alone: dict[str, Any] = {"encoder": None}
    hit, kl, twins = (5, 1.0, 0.4) if collapsed else (10, 0.004, 0.01)
    kl_ends, twin_ends = ((0.9, 1.1), (0.35, 0.45)) if collapsed else ((0.0, 0.009), (0.0, 0.02))
    lines = {
        "modes": line(hit, hit, hit, 10, **alone),
        "class_kl": line(kl, kl_ends[0], kl_ends[1], 0.003, **alone),
        "class_diversity": line(0.8, 0.7, 0.9, 1.0),
        "near_duplicates": line(twins, twin_ends[0], twin_ends[1], 0.01),
        "coverage": line(0.5 if collapsed else 0.95, *((0.45, 0.55) if collapsed else (0.93, 0.97)), 0.97),
        "recall": line(0.4, 0.3, 0.5, 0.9),
        "birthday": line(None, why="No two of 1,000 items are nearly the same."),
        "ndb": line(0.6, 0.55, 0.65),
        "vendi": line(4.0, 3.9, 4.1, 6.9),
    }
    if codes:
        lines |= {
            "active_units": line(3, 3, 3, **alone),
            "kl_per_dimension": line(3.5, 3.4, 3.6, **alone),
        }
    else:
        lines |= {name: line(None, why="The model has no encoder.") for name in ("active_units", "kl_per_dimension")}
    return lines


def document_of(images: int = 16_384, *, collapsed: bool = False, codes: bool = True, **more: Any) -> dict[str, Any]:
    """An evaluation's JSON."""
    return {
        "schema_version": 1,
        "key": f"{images:012d}-{'c' if collapsed else 'a'}0000000000",
        "run": "run",
        "images": images,
        "data": {"name": "mnist-5k", "fingerprint": "0" * 64},
        "encoder": "in-domain",
        "encoder_facts": {},
        "samples": 1_000,
        "real": 200,
        "floor_from": "test",
        "seed": 0,
        "metrics": metrics_of(collapsed=collapsed, codes=codes),
        **more,
    }


def make_evaluation(
    directory: RunDirectory, images: int = 16_384, *, collapsed: bool = False, codes: bool = True, **more: Any
) -> dict[str, Any]:
    """An evaluation as a job leaves it in a run, with its arrays; ``more`` lies over the document."""
    document = document_of(images, collapsed=collapsed, codes=codes, **more)
    folder = directory.path / "evaluations"
    folder.mkdir(exist_ok=True)
    buffer = io.BytesIO()
    kept = arrays_of(collapsed=collapsed)
    if not codes:
        kept = {name: array for name, array in kept.items() if not name.startswith(("active_units", "kl_per"))}
    np.savez(buffer, **kept)  # type: ignore[arg-type]
    (folder / f"{document['key']}.npz").write_bytes(buffer.getvalue())
    (folder / f"{document['key']}.json").write_text(json.dumps(document))
    return document


def make_checkpoint(directory: RunDirectory, images: int) -> None:
    """A checkpoint that looks complete; nothing can be loaded from it."""

    def fill(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(images.to_bytes(8, "little"))
        (folder / "meta.json").write_text(json.dumps({"sha256": digests(folder)}))

    directory.write_checkpoint(images, fill, 10)


def evaluated_run(lab: Lab, name: str = "run", model: str = "gan", **options: Any) -> RunDirectory:
    """A run with a checkpoint and an evaluation that belongs to the real data set, so that its items can be shown.

    Its batches are small, so that it is judged from 4,800 images on.
    """
    run = make_run(lab.workspace.runs, name, model=model, settings={"training": {"batch_size": 16}})
    make_checkpoint(run, 16_384)
    data = {"name": "mnist-5k", "fingerprint": lab.data.open("mnist-5k").fingerprint}
    make_evaluation(run, codes=model != "gan", **({"data": data} | options))
    return run


def sandbox_of(**metrics: list[float | None]) -> dict[str, Any]:
    """A sandbox document with intervals of ± 0.05; by default coverage falls and recall stays."""
    values = metrics or {"coverage": [0.97, 0.9, 0.8, 0.7, 0.5], "recall": [0.9, 0.9, 0.9, 0.9, 0.9]}
    return {
        "version": 1,
        "damage": "half_classes",
        "strengths": [0.0, 0.25, 0.5, 0.75, 1.0],
        "samples": 500,
        "real": 500,
        "encoder": "in-domain",
        "metrics": {
            name: [line(v, v - 0.05, v + 0.05) if v is not None else line(None, why="Too few.") for v in every]
            for name, every in values.items()
        },
        "sheets": [],
    }
