"""The runs of a match, as far as they can still be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.gathering import Records
from genlab.matches.measures.keeping import alike
from genlab.store.run import Run
from genlab.verdicts.match_run import MatchRun


@dataclass(frozen=True)
class Taker:
    """One run of the match, as far as it can still be found.

    Attributes:
        entry: What the match knows of it.
        run: The run; None when it was not begun or is not in this workspace.
        scores: Metric -> line of its evaluation; empty where there is none.
        measures: The match's own measures of it.
        rows: Its curves.
        alarms: What the collapse watch raised.
        sample: Its newest sample grid.
        environment: Versions, device and data of its training.
    """

    entry: MatchRun
    run: Run | None = None
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ()
    alarms: Sequence[Mapping[str, Any]] = ()
    sample: tuple[int, Path] | None = None
    environment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Mapping[str, Mapping[str, Any]]:
        """Everything that was measured of it."""
        return {**self.scores, **self.measures}

    @property
    def why_missing(self) -> str:
        """Why there is nothing of it to show."""
        if self.entry.run is None:
            return "not begun"
        return "run not in this workspace" if self.run is None else "ended before it drew samples"


def gather(match: Match, lab: Records) -> list[Taker]:
    """Every run of the match, with what can be found of it."""
    folder = MatchDirectory(match.path)
    measures, scores = alike(folder.measures()), folder.measures("evaluations")
    every = [(entry, str(entry.run)) for entry in match.entries]
    return [_taker(entry, match, lab, measures.get(run, {}), scores.get(run)) for entry, run in every]


def _taker(
    entry: MatchRun, match: Match, lab: Records, measures: Mapping[str, Any], kept: Mapping[str, Any] | None
) -> Taker:
    """One run; ``kept`` are the scores that a shipped match holds of it, whether the run is there or not."""
    if entry.run is None:
        return Taker(entry)
    try:
        run = lab.runs.exact(entry.run)
    except GenlabError:
        return Taker(entry, scores=kept or {}, measures=measures)
    directory = lab.runs.read(run)
    samples = directory.samples()
    return Taker(
        entry,
        run,
        kept or _scores_of(entry, run, match, lab),
        measures,
        directory.metrics()[0],
        directory.alarms(),
        samples[-1] if samples else None,
        directory.environment(),
    )


def _scores_of(entry: MatchRun, run: Run, match: Match, lab: Records) -> Mapping[str, Mapping[str, Any]]:
    """What the match's evaluation found, or else the newest there is."""
    request = match.request.evaluation() if entry.role != "trial" else match.request.trial_evaluation()
    lines: Mapping[str, Mapping[str, Any]] = {}
    with suppress(GenlabError):
        lines = lab.evaluations.standing(run, request)
    found = lines or (lab.evaluations.all(run) or [{}])[-1].get("metrics", {})
    return found if isinstance(found, Mapping) else {}
