"""What the Latent page shows of one model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genlab import kinds
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.exploration.explored import BrowserDecoder, Exploration
from genlab.kinds._media import speaks
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import called
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import Run


@dataclass(frozen=True)
class Model:
    """A model whose latents can be decoded, whether or not its latent space has been explored.

    Attributes:
        run: Its run.
        request: What is to be explored.
        about: What is known without an exploration, as `genlab.ui.components.explorer.ExplorerSource` takes it.
        decoder: How its decoder is run in a browser; None where the server decodes.
        found: Its exploration; None before there is one.
    """

    run: Run
    request: ExplorationRequest
    about: Mapping[str, Any]
    decoder: BrowserDecoder | None
    found: Exploration | None

    @property
    def shown(self) -> ShownModel | None:
        """The model with its exploration, if there is one."""
        return None if self.found is None else ShownModel(self.run, self.request, self.found)

    @property
    def latent_dim(self) -> int:
        """Size of the latent space."""
        return int(self.about["latent_dim"])


@dataclass(frozen=True)
class ShownModel:
    """A model with its latent space.

    Attributes:
        run: Its run.
        request: What has been explored.
        found: What was found.
    """

    run: Run
    request: ExplorationRequest
    found: Exploration

    @property
    def key(self) -> str:
        """Tells explorations apart in the session."""
        return f"{self.run.id}/{self.found.folder.name}"


def describe(lab: ReadOnlyLab, run: Run, images: int | None) -> dict[str, Any]:
    """What is known of a model without an exploration.

    Args:
        lab: The lab.
        run: Its run; its items have pictures of their own.
        images: Its newest checkpoint up to here; None for the newest of all.

    Raises:
        InputError: When it has no such checkpoint, or its configuration cannot be read.
    """
    directory = lab.runs.read(run)
    environment = directory.environment()
    space, data = environment.get("space") or {}, environment.get("data") or {}
    kind, shape = kinds.of(space), tuple(space.get("shape", ()))
    spoken = {
        "one": kind.one,
        "play": kind.play is not None,
        "text": kind.text is not None,
        "frames": kind.moving(shape),
    }
    return {
        "name": called(run),
        "images": pick_checkpoint(directory, images).images,
        "latent_dim": directory.config().latent_dim,
        "shape": list(kind.picture_shape(shape)),
        "classes": data.get("classes"),
        "conditional": bool(space.get("classes")),
        "data": run.data,
        "fingerprint": data.get("fingerprint"),
        "media": spoken if speaks(kind, shape) else None,
    }
