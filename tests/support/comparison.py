"""What comparisons read of a run: checkpoints, portraits and evaluations made by hand. The numbers are test data."""

from __future__ import annotations

import json
from typing import Any

from genlab.evaluation.evaluation_request import kept_portrait
from genlab.presentation.tiles import NEED_AN_ENCODER
from genlab.store.checkpoints import digests, pick_checkpoint
from genlab.store.run_directory import RunDirectory
from tests.support.runs import grid_png

SHEETS = {
    "samples": (6, 6),
    "fitted": (6, 6),
    "reconstructions": (10, 2),
    "neighbours": (10, 2),
    "ways": (10, 4),
    "dimensions": (10, 2),
}


def add_checkpoint(run: RunDirectory, images: int) -> None:
    """A checkpoint whose weights are no weights: enough for whoever only looks."""
    folder = run.path / "checkpoints" / f"{images:012d}"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"none")
    (folder / "meta.json").write_text(json.dumps({"sha256": digests(folder)}))


def add_portrait(run: RunDirectory, images: int, *, can_encode: bool = True, seed: int = 0) -> None:
    """Pictures of a checkpoint."""
    folder = kept_portrait(run, pick_checkpoint(run, images), 0).folder
    folder.mkdir(parents=True)
    kept = {name: grid for name, grid in SHEETS.items() if can_encode or name not in NEED_AN_ENCODER}
    for name, (columns, rows) in kept.items():
        (folder / f"{name}.png").write_bytes(grid_png(seed + images, columns, rows))
    sheets = {name: {"columns": columns, "rows": rows} for name, (columns, rows) in kept.items()}
    document = {"images": images, "seed": 0, "sheets": sheets, "neighbour_distances": [2.0, 3.0, 4.0]}
    (folder / "portrait.json").write_text(json.dumps(document))


def line(value: float | None, **changes: Any) -> dict[str, Any]:
    """One metric's entry of an evaluation."""
    near = {"low": None, "high": None} if value is None else {"low": value - 0.02, "high": value + 0.02}
    floor = {"floor": 0.9, "floor_low": 0.88, "floor_high": 0.92}
    base = {"value": value, **near, **floor, "n": 833, "better": "up", "encoder": "in-domain", "seconds": 0.5}
    return base | changes


def add_evaluation(
    run: RunDirectory,
    images: int,
    metrics: dict[str, dict[str, Any]],
    *,
    encoder: str = "in-domain",
    samples: int = 1_000,
    fingerprint: str = "0" * 64,
) -> None:
    """Results of a checkpoint."""
    folder = run.path / "evaluations"
    folder.mkdir(exist_ok=True)
    document = {
        "schema_version": 1,
        "run": run.path.name,
        "images": images,
        "data": {"name": "mnist-5k", "fingerprint": fingerprint},
        "encoder": encoder,
        "encoder_facts": {"dim": 128, "accuracy": 0.97, "hash": f"hash-of-{encoder}"},
        "samples": samples,
        "real": 833,
        "floor_from": "train",
        "seed": 0,
        "metrics": metrics,
    }
    (folder / f"{images:012d}-{encoder}-{samples}.json").write_text(json.dumps(document))
