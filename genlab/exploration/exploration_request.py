"""What of a latent space is to be worked out, and where it is kept. No torch."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from genlab.errors import InputError
from genlab.kinds.base import KindSpec, Shape
from genlab.options import Options, setting
from genlab.store import results
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Depends, Kept, ResultType, digest, kept, kept_in, number
from genlab.store.run import Checkpoint, RunReader


def _older_exploration(depends: Depends) -> str:
    parts = [depends.version, depends.weights, depends.data, depends.request]
    return f"{number(depends)}{digest(parts)}"


def _older_decoder(depends: Depends) -> str:
    found = hashlib.sha256(f"{depends.version} {depends.weights}".encode()).hexdigest()[:12]
    return f"decoder-{number(depends)}{found}"


EXPLORATION = ResultType(
    name="exploration",
    title="explorations",
    version=1,
    document=results.ExplorationRecord,
    folder="latent",
    file="exploration.json",
    older=_older_exploration,
)
DECODER = ResultType(
    name="decoder",
    title="decoders for browsers",
    version=1,
    document=results.DecoderRecord,
    folder="latent",
    prefix="decoder-",
    older=_older_decoder,
)
INVERTER = ResultType(
    name="inverter",
    title="inverters",
    version=2,  # Since 2 it is the one of the claims, trained on 6,000 samples; before it had seen 16,000.
    document=None,
    folder="latent",
    prefix="inverter-",
    suffix=".safetensors",
    older=lambda depends: f"inverter-{number(depends)}{depends.weights[:12]}-{depends.request['seed']}",
)
WALK = ResultType(
    name="walk",
    title="walks",
    version=1,
    document=results.WalkRecord,
    within="result",
    prefix="walk-",
    older=lambda depends: f"walk-{digest(depends.request)}",
)
PLACE = ResultType(
    name="place",
    title="placements",
    version=1,
    document=results.PlaceRecord,
    within="result",
    prefix="place-",
    older=lambda depends: f"place-{digest(depends.request)}",
)

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


def kept_exploration(run: RunReader, request: ExplorationRequest) -> Kept:
    """The place of an exploration.

    Raises:
        InputError: When the run has no such checkpoint, or asks for too few or too many codes.
    """
    request = request.checked()
    asked = request.model_dump(mode="json", exclude={"images"})
    return kept(run, pick_checkpoint(run, request.images), EXPLORATION, asked)


def kept_decoder(run: RunReader, checkpoint: Checkpoint) -> Kept:
    """The place of the document on how a checkpoint's decoder is run in a browser; its graph stands beside it."""
    return kept(run, checkpoint, DECODER)


def kept_inverter(run: RunReader, checkpoint: Checkpoint, seed: int) -> Kept:
    """The place of the encoder that was trained on a checkpoint's own samples."""
    return kept(run, checkpoint, INVERTER, {"seed": seed})


def kept_walk(folder: Path, request: WalkRequest) -> Kept:
    """The place of the document on a walk through the exploration in ``folder``; its pictures stand beside it."""
    return kept_in(folder, WALK, request.model_dump(mode="json"))


def kept_place(folder: Path, item: str, label: int | None) -> Kept:
    """The place of the document that says where an item of the user's lands; ``item`` is its content in base64."""
    return kept_in(folder, PLACE, [item, label])


def beside(kind: KindSpec, shape: Shape, count: int) -> int:
    """Columns of the sheet of an item, its reconstruction and what it is near to: one row, of films one column."""
    return 1 if kind.moving(shape) > 1 else count
