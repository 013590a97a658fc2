"""A sheet of sounds to look at and to hear: ``python -m benchmarks.sound_sheet`` draws real items above samples.

A row is one source: held-out items first, then each run's samples, none of them chosen. Beside the sheet lies a WAV of
every row, whose items follow one another; the real ones have gone through the same phase reconstruction.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks._common import positive
from genlab.kinds.base import as_public
from genlab.lab import Lab

SCALE = 2
"""Pixels of the sheet for one of an item."""

GAP = 2


def sheet(rows: Sequence[NDArray[np.float32]]) -> Image.Image:
    """Rows of pictures [n, 3, H, W] in [0, 1] as one image, with white lines between them."""
    padded = [np.pad(row, ((0, 0), (0, 0), (0, GAP), (0, GAP)), constant_values=1) for row in rows]
    whole = np.concatenate([np.concatenate(list(row), axis=2) for row in padded], axis=1).transpose(1, 2, 0)
    image = Image.fromarray(np.rint(whole * 255).astype(np.uint8))
    return image.resize((SCALE * image.width, SCALE * image.height), Image.Resampling.NEAREST)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sound_sheet", description=__doc__)
    parser.add_argument("data")
    parser.add_argument("runs", nargs="*")
    parser.add_argument("--items", type=positive, default=10)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(arguments)
    lab = Lab(asked.workspace)
    data = lab.data.open(asked.data)
    kind = data.info.spec
    rows = {"real": as_public(np.array(data.items("test")[: asked.items]))}
    for run in map(lab.runs.find, asked.runs):
        rows[run.model] = lab.models.load(run.id).sample(asked.items, seed=0).numpy()
    asked.out.mkdir(parents=True, exist_ok=True)
    sheet([kind.pictures(items) for items in rows.values()]).save(asked.out / f"{asked.data}.png", optimize=True)
    assert kind.play is not None
    for name, items in rows.items():
        content, _ = kind.play(np.concatenate(list(items), axis=-1))
        (asked.out / f"{asked.data}-{name}.wav").write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
