"""What of a run travels in a zoo, made small: weights in 16 bits, some pictures, and no digits that nobody sees."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks._common import BenchmarkError
from genlab.store.atomic import read_json, write_json
from genlab.store.checkpoints import CRITIC_LEFT_OUT, DIGESTS, digests
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory

PICTURES = 4
"""Sample grids of a run that are shipped, spread over its training; those that alarms name come on top."""

PICTURES_BYTES = 450_000
"""Bytes that these may have together: of large pictures in colour and of spectrograms the later ones are shipped."""

DIGITS = 6
"""Significant digits of what was logged in training; what is stored as 64 bits has no more to say."""

LONG = 500
"""Numbers from which on an array of an evaluation is shipped in 32 bits."""


def slim(target: RunDirectory) -> None:
    """Leave out of a shipped run what nobody sees: further digits, further pictures, and what packs better."""
    import numpy as np

    rows = [json.loads(line) for line in (target.path / "metrics.jsonl").read_text().splitlines()]
    lines = [json.dumps(_shorter(row), allow_nan=False) for row in rows]
    (target.path / "metrics.jsonl").write_text("".join(f"{line}\n" for line in lines))
    for path in (target.path / "samples").glob("*.png"):
        with Image.open(path) as picture:
            picture.load()
        picture.save(path, optimize=True)
    chosen = _pictures(target)
    for _, path in target.samples():
        if path not in chosen:
            path.unlink()
    for path in (target.path / "evaluations").glob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
        long = {name: each for name, each in kept.items() if each.dtype == np.float64 and each.size >= LONG}
        np.savez_compressed(path, **{**kept, **{name: each.astype(np.float32) for name, each in long.items()}})
    compact(target.path)


def compact(folder: Path) -> None:
    """Write the JSON of a folder without spaces and line ends, which are a quarter of it; values stay as they are."""
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        path.write_text(f"{text}\n", encoding="utf-8")


def _shorter(value: Any) -> Any:
    """Floats of a row, whose count of seconds and images stays as it is, rounded."""
    if isinstance(value, dict):
        return {name: each if name in ("seconds", "lr") else _shorter(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shorter(each) for each in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) and math.isfinite(value) else value


def _pictures(source: RunReader) -> list[Path]:
    """The sample grids that are shipped: some, evenly over the training and the newest in any case, and alarms' own."""
    paths = [path for _, path in source.samples()]
    steps = max(1, len(paths) - 1)
    places = {round(place * steps / (PICTURES - 1)) for place in range(PICTURES)}
    chosen = [path for place, path in enumerate(paths) if place in places]
    while len(chosen) > 1 and sum(path.stat().st_size for path in chosen) > PICTURES_BYTES:
        del chosen[0]
    named = {name for alarm in source.alarms() for name in alarm.get("pictures", [])}
    return [path for path in paths if path in chosen or f"samples/{path.name}" in named]


def copy_pictures(source: RunReader, target: RunDirectory) -> None:
    """Some sample grids, and the alarms with their proofs."""
    (target.path / "samples").mkdir()
    for path in _pictures(source):
        shutil.copyfile(path, target.path / "samples" / path.name)
    if source.alarms():
        write_json(target.path / "alarms.json", source.alarms())
    if (source.path / "alarms").is_dir():
        shutil.copytree(source.path / "alarms", target.path / "alarms")


def copy_weights(source: RunReader, target: RunDirectory, *, critic: bool) -> None:
    """The newest checkpoint: each player's averaged weights, where it has them, in half precision."""
    import torch
    from safetensors.torch import load_file, save_file

    newest = source.checkpoints()[-1]
    weights = load_file(newest.path / "model.safetensors")
    shipped = {}
    for name, tensor in weights.items():
        if name.startswith("average.") or (not critic and name.startswith("critic.")):
            continue
        chosen = weights.get(f"average.{name}", tensor)
        half = chosen.half() if chosen.dtype == torch.float32 else chosen
        if not torch.isfinite(half).all():
            raise BenchmarkError(f"{name} of {source.path.name} does not fit into 16 bits.")
        shipped[name] = half.contiguous()
    folder = target.path / "checkpoints" / newest.path.name
    folder.mkdir(parents=True)
    save_file(shipped, folder / "model.safetensors")
    about = read_json(newest.path / "meta.json") or {}
    left_out = {} if critic else {CRITIC_LEFT_OUT: True}
    write_json(folder / "meta.json", {**about, **left_out, DIGESTS: digests(folder)})
