"""A workspace in which matches between scripted runs are held, for tests of whoever conducts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.conductor import Conductor
from genlab.jobs.queue import Cancelled
from genlab.lab import Lab
from genlab.lab.evaluations import EvaluationsReader
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


def quick_hall(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A hall in which nothing is evaluated or waited for."""
    found = Hall(workspace)
    monkeypatch.setattr("genlab.evaluation.evaluate.evaluate", found.evaluate)
    monkeypatch.setattr("genlab.matches.measures.measure", lambda *a: {"alignment": {"value": 0.5}})
    monkeypatch.setattr("genlab.conductor.POLL_SECONDS", 0.01)
    monkeypatch.setattr("genlab.conductor.HALT_SECONDS", 0.2)
    monkeypatch.setattr(EvaluationsReader, "known", lambda _, run, request=None: found_score(found, run))
    monkeypatch.setattr(
        EvaluationsReader,
        "standing",
        lambda _, run, request=None: (found_score(found, run) or {"metrics": {}})["metrics"],
    )
    return found


def found_score(hall: Hall, run: Any) -> dict[str, Any] | None:
    """The score of a run, as an evaluation tells it."""
    score = hall.scores.get(hall.lab.runs.read(run).config().name)
    return None if score is None else {"metrics": {"frechet": {"value": score, "low": score, "high": score}}}
