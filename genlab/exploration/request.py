"""What of a latent space is to be worked out, and where it is kept. No torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from genlab.errors import InputError
from genlab.options import Options, setting
from genlab.store.checkpoints import pick_checkpoint, weights_digest
from genlab.store.run import Checkpoint, RunDirectory

VERSION = 1
"""Changes whenever what is kept would, for the same request."""

DECODER_VERSION = 1
"""Changes whenever the decoder for browsers would be written in another way."""

DOCUMENT = "exploration.json"
AGAIN = "again"
"""Beginning of the names of sheets with what the codes of real images give."""

MOST_CODES = 70_000

Method = Literal["pca", "umap", "tsne"]
PROJECTIONS: Mapping[Method, str] = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}
"""Ways to lay codes out in the plane -> title. A latent space that is a plane itself also has the map ``"latent"``."""


class ExplorationRequest(Options):
    """Which codes of a model are looked at."""

    items: int = setting(
        3_000, "images of the data, held-out ones first", unit="images", ge=0, le=MOST_CODES, step=1_000
    )
    samples: int = setting(1_000, "latents drawn from the prior", unit="samples", ge=0, le=MOST_CODES, step=1_000)
    seed: int = setting(0, "seed of the samples and of everything that is fitted", ge=0, le=2**31 - 1, advanced=True)
    refine: int = setting(
        20,
        "gradient steps by which the code of a real image is found for a model without an encoder",
        unit="steps",
        ge=0,
        le=2_000,
        advanced=True,
    )
    images: int | None = setting(
        None, "take the newest checkpoint up to here; empty for the newest of all", unit="images", ge=0, advanced=True
    )

    def checked(self) -> ExplorationRequest:
        """This request, if there is anything in it, and not too much.

        Raises:
            InputError: When it asks for fewer than two codes or more than a map can hold.
        """
        if self.items + self.samples < 2:
            raise InputError("There is nothing to explore.", "Ask for items, samples, or both.", kind="bad_value")
        if self.items + self.samples > MOST_CODES:
            raise InputError(
                f"{self.items + self.samples:,} codes are more than a map can show.",
                f"Ask for {MOST_CODES:,} items and samples together at most.",
                kind="bad_value",
            )
        return self


class WalkRequest(Options):
    """A way through the latent space between two to four points."""

    points: tuple[Mapping[str, Any], ...] = setting(
        (), 'the points: {"item": 3}, {"sample": 5}, {"z": […]}, each with "label" for a conditional model'
    )
    steps: int = setting(24, "pictures from one point to the next", unit="pictures", ge=2, le=240)
    loop: bool = setting(False, "whether it goes back to where it began")
    label: int | None = setting(None, "class that a conditional model is told; by default that of the first point")
    size: int = setting(384, "side of a picture in the film", unit="px", ge=32, le=1_024)
    rate: int = setting(24, "pictures per second in the film", unit="1/s", ge=1, le=60)


def key_of(run: RunDirectory, checkpoint: Checkpoint, request: ExplorationRequest) -> str:
    """Name of an exploration: a digest of everything that it depends on."""
    parts = [
        VERSION,
        weights_digest(checkpoint),
        run.fingerprint(),
        request.model_dump(mode="json", exclude={"images"}),
    ]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
    return f"{checkpoint.images:012d}-{digest}"


def exploration_folder(run: RunDirectory, request: ExplorationRequest) -> Path:
    """Where an exploration is kept.

    Raises:
        InputError: When the run has no such checkpoint, or asks for too few or too many codes.
    """
    request = request.checked()
    return run.path / "latent" / key_of(run, pick_checkpoint(run, request.images), request)


def decoder_file(run: RunDirectory, checkpoint: Checkpoint) -> Path:
    """The document that says how a checkpoint's decoder is run in a browser; its graph stands beside it."""
    digest = hashlib.sha256(f"{DECODER_VERSION} {weights_digest(checkpoint)}".encode()).hexdigest()[:12]
    return run.path / "latent" / f"decoder-{checkpoint.images:012d}-{digest}.json"


def walk_file(folder: Path, request: WalkRequest) -> Path:
    """The document that describes a walk; its pictures stand beside it."""
    return folder / f"walk-{_digest(request.model_dump(mode='json'))}.json"


def place_file(folder: Path, image: str, label: int | None) -> Path:
    """The document that says where an image of the user's lands; ``image`` is its PNG in base64."""
    return folder / f"place-{_digest([image, label])}.json"


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
