"""Makes the pictures that Data shows of built-in data sets before they are decoded.

    python -m benchmarks.data_pictures

Each is what the page shows of the decoded set: its first 25 training items. Sets that are not at hand keep theirs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from genlab.lab import Lab
from genlab.presentation.pictures import sheet

FOLDER = Path(__file__).parents[1] / "assets" / "data"
TILES, WIDTH = 5, 150
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
)


def main() -> None:
    """Write one PNG for each of these data sets that is here."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as workspace:
        lab = Lab(workspace)
        for name in NAMES:
            if lab.data.describe(name).available:
                data = lab.data.open(name)
                items = data.info.spec.tiles(data.items("train")[: TILES**2])
                (FOLDER / f"{name}.png").write_bytes(sheet(items, TILES, WIDTH))


if __name__ == "__main__":
    main()
