"""What the Latent page shows of one model."""

from __future__ import annotations

from dataclasses import dataclass

from genlab.exploration.kept import Exploration
from genlab.exploration.request import ExplorationRequest
from genlab.store.run import Run


@dataclass(frozen=True)
class Shown:
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
