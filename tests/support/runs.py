"""Run directories made by hand, for tests of whatever reads them. The numbers in them are test data, not results."""

from __future__ import annotations

import io
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genlab.config import RunConfig
from genlab.lab import ReadOnlyLab
from genlab.store.run import Run
from genlab.store.run_directory import RunDirectory

FAMILY_OF = {"vae": "vae", "gan": "gan", "vae_gan": "vae_gan", "soft_intro_vae": "vae_gan"}
PLAYERS = {"vae": ("vae",), "gan": ("critic", "generator"), "vae_gan": ("critic", "encoder", "decoder")}


def directory_of(lab: ReadOnlyLab, run: str | Run) -> RunDirectory:
    """A run's files, for tests that write what a worker would."""
    return RunDirectory(lab.runs.read(run).path)


def grid_png(seed: int = 0, columns: int = 8, rows: int = 8, side: int = 28, channels: int = 1) -> bytes:
    """A sample grid as a worker writes it: tiles without padding, native pixels; every tile a blob of its own."""
    rng = np.random.default_rng(seed)
    grid = np.zeros((rows * side, columns * side, 3), np.uint8)
    y, x = np.mgrid[:side, :side] / side
    for row in range(rows):
        for column in range(columns):
            centre, width = rng.uniform(0.3, 0.7, 2), rng.uniform(0.005, 0.03)
            blob = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / width)
            tint = rng.uniform(0.3, 1, 3) if channels == 3 else np.ones(3)
            tile = (255 * blob[..., None] * tint).astype(np.uint8)
            grid[row * side : (row + 1) * side, column * side : (column + 1) * side] = tile
    picture = Image.fromarray(grid if channels == 3 else grid[..., 0])
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def metrics_row(family: str, images: int, *, seed: int = 0, speed: float = 2_000.0, batch: int = 64) -> dict[str, Any]:
    """One row of ``metrics.jsonl`` with the names that ``family`` logs; smooth, finite and reproducible."""
    wobble = 0.05 * math.sin(images / 3_000 + seed)
    fade = math.exp(-images / 40_000)
    row: dict[str, Any] = {
        "images": images,
        "step": images // batch,
        "seconds": images / speed,
        "images_per_second": speed,
        "lr": 2e-4,
    }
    for place, player in enumerate(PLAYERS[family]):
        row[f"loss/{player}"] = 0.7 + place * 0.4 + fade + wobble
        row[f"gradient_norm/{player}"] = 1.0 + fade + wobble
    if family != "gan":
        kl = [1.2 * (1 - fade) / (1 + k) + 0.01 for k in range(8)]
        row |= {"elbo": -100 - 80 * fade, "reconstruction/nats": 80 + 90 * fade, "kl/total": sum(kl), "beta": 1.0}
        row |= {"units/active": sum(value > 0.1 for value in kl), "vector/kl": kl}
    if family != "vae":
        row |= {"score/real": 0.5 + wobble, "score/fake": -0.5 - wobble, "penalty": 0.1 * fade}
    return row


def make_run(
    runs: Path,
    run_id: str = "20261122-120000-vae-mnist-5k-a1b2",
    *,
    model: str = "vae",
    data: str = "mnist-5k",
    state: str = "completed",
    name: str = "",
    seed: int = 0,
    images: int = 20_480,
    target: int = 20_480,
    every: int = 1_024,
    samples: Sequence[int] = (0, 8_192, 16_384),
    created: float | None = None,
    side: int = 28,
    channels: int = 1,
    settings: dict[str, Any] | None = None,
    **status: Any,
) -> RunDirectory:
    """A run directory as a worker would have left it.

    Args:
        runs: The folder of runs.
        run_id: Its identifier.
        model: Objective.
        data: Name of the data set.
        state: As written to ``status.json``; give ``pid`` for one that is to look alive.
        name: What the user calls it.
        seed: Its seed; also shifts the curves.
        images: Images seen so far.
        target: Images it will see.
        every: Images between rows of ``metrics.jsonl``.
        samples: Images at which there is a sample grid; those beyond ``images`` are left out.
        created: When it was submitted, in seconds since 1970; now by default.
        side: Side of a sample, in pixels.
        channels: 1 or 3.
        settings: Nested document laid over the default configuration.
        **status: More for ``status.json``, e.g. ``error``, ``pid``, ``speed``.
    """
    named = {"name": name, "data": {"name": data}, "training": {"images": target, "seed": seed}}
    family = FAMILY_OF[model]
    directory = RunDirectory.create(runs / run_id, _config(model, settings or {}, named), family)
    for seen in range(every, images + 1, every):
        directory.append_metrics(metrics_row(family, seen, seed=seed))
    for seen in samples:
        if seen <= images:
            directory.write_sample(seen, grid_png(seed + seen, side=side, channels=channels))
    directory.write_environment(_environment(family, side, channels))
    extra = {"created": created} if created is not None else {}
    directory.update_status(
        state=state,
        images=images,
        seconds=images / 2_000,
        speed=2_000.0,
        device="cpu",
        grid={"columns": 8, "rows": 8},
        **extra,
        **status,
    )
    return directory


def _config(model: str, *layers: dict[str, Any]) -> RunConfig:
    from genlab.config import load_config, merge

    document = RunConfig(model=model).model_dump()
    for layer in layers:
        document = merge(document, layer)
    return load_config(document)


def _environment(family: str, side: int, channels: int) -> dict[str, Any]:
    return {
        "versions": {"genlab": "0.1.0"},
        "device": "cpu",
        "precision": "fp32",
        "parameters": dict.fromkeys(PLAYERS[family], 1_000),
        "data": {"fingerprint": "0" * 64, "shape": [channels, side, side], "train": 4_000, "test": 1_000},
        "space": {"kind": "images", "shape": [channels, side, side], "classes": 0, "scale": 1.0},
    }


def make_many(runs: Path, count: int, *, samples: bool = True) -> list[RunDirectory]:
    """``count`` completed runs of all families, one a minute; copies of one run per family, so cheap to make."""
    families = ("vae", "gan", "vae_gan")
    found = []
    for index in range(count):
        model, data = families[index % 3], ("mnist-5k", "digits")[index % 2]
        created = 1_793_500_000.0 + 60 * index
        path = runs / f"20261101-{index // 60:02d}{index % 60:02d}00-{model.replace('_', '-')}-{index:04x}"
        if index < len(families):
            shown = (4_096,) if samples else ()
            make_run(
                runs, path.name, model=model, data=data, images=4_096, target=4_096, samples=shown, created=created
            )
        else:
            shutil.copytree(found[index % 3].path, path)
            config, status = (json.loads((path / name).read_text()) for name in ("config.json", "status.json"))
            config["data"]["name"], config["training"]["seed"] = data, index
            (path / "config.json").write_text(json.dumps(config))
            (path / "status.json").write_text(json.dumps({**status, "created": created}))
        found.append(RunDirectory(path))
    return found
