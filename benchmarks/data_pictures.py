"""Makes the pictures that Data shows of built-in data sets before they are decoded.

    python -m benchmarks.data_pictures

Each is what the page shows of the decoded set: its first training items, 25 where they are square; in fewer colours
where the file would be large. Sets that are not at hand keep theirs.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from genlab.lab import Lab
from genlab.presentation.pictures import block, sheet, stills

FOLDER = Path(__file__).parents[1] / "assets" / "data"
TILES, WIDTH = 5, 150
LARGE, COLOURS = 60_000, 24
NAMES = (
    "digits",
    "mnist-5k",
    "mnist",
    "fashion-mnist",
    "kmnist",
    "cifar10",
    "svhn",
    "celeba",
    "shapes",
    "stacked-mnist",
    "sentences",
    "names",
    "tones",
    "moving-digits",
)


def small(content: bytes) -> bytes:
    """A PNG as it is, or in `COLOURS` colours where it has more than `LARGE` bytes: it stands in the page itself."""
    if len(content) <= LARGE:
        return content
    made = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    """Write one PNG for each of these data sets that is here."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as workspace:
        lab = Lab(workspace)
        for name in NAMES:
            if lab.data.describe(name).available:
                data = lab.data.open(name)
                kind = data.info.spec
                frames, (_, height, width) = kind.moving(data.info.shape), kind.picture_shape(data.info.shape)
                columns, rows = block(TILES, height, width // frames)
                items = stills(kind.tiles(data.items("train")[: columns * rows]), frames)
                (FOLDER / f"{name}.png").write_bytes(small(sheet(items, columns, WIDTH)))


if __name__ == "__main__":
    main()
