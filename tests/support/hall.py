"""A workspace in which matches between scripted runs are held, for tests of whoever conducts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genlab.conductor import Conductor
from genlab.jobs.queue import Cancelled
from genlab.lab import Lab
from genlab.matches.folder import Match, MatchDirectory
from genlab.store.run_directory import RunDirectory
from tests.support.scripted import Script, Scripted


class Hall:
    """A workspace in which matches between scripted runs are held.

    Args:
        path: The workspace.
    """

    def __init__(self, path: Path) -> None:
        self.launcher = Scripted()
        self.lab = Lab(path, launcher=self.launcher)
        self.launcher.fingerprint = self.lab.data.open("digits").fingerprint
        self.judged: list[str] = []
        self.scores: dict[str, float] = {}
        self.told: list[tuple[float, str]] = []
        self.patience = 10_000

    def begin(self, script: Script | None = None, **settings: Any) -> MatchDirectory:
        """A match that nobody conducts yet."""
        if script is not None:
            self.launcher.script = script
        asked = {"data": "digits", "families": "vae,gan", "seeds": 2, "trials": False, "images": 300, **settings}
        return MatchDirectory(self.lab.matches.start(self.lab.matches.request(**asked)).path)

    def conduct(self, folder: MatchDirectory) -> Match:
        """Conduct it to its end."""
        Conductor(folder, self.lab, self.tell).conduct()
        return folder.summary(self.lab.workspace.jobs)

    def tell(self, share: float, what: str) -> None:
        """Note progress; end the match after as many calls as there is patience."""
        self.told.append((share, what))
        self.launcher.settle(self.lab)
        self.patience -= 1
        if self.patience < 0:
            raise Cancelled

    def evaluate(self, run: RunDirectory, *rest: Any) -> dict[str, Any]:
        """In the place of an evaluation: note the run, and give it the score that the test has chosen."""
        name = run.config().name
        self.judged.append(name)
        return {}
