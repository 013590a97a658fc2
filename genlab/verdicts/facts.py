"""What is known of a match when it is judged: scores, states, alarms and trials, as plain numbers. No torch.

So the judge can be tried on numbers of a known kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from genlab.kinds import USUAL
from genlab.metrics.base import WITHHELD
from genlab.verdicts.match_run import Line, MatchRun, is_number
from genlab.verdicts.plateau import SCORE, Course
from genlab.verdicts.samples import Sample
from genlab.verdicts.statistics import LEVEL, NORMAL

SENSITIVE_TO = SCORE
"""The score by which learning rates are compared."""

COPIES, FALSE_ALARMS = "copies", 0.05
"""The guard against copies of training images, and how often it is wrong about a run without any."""

SWEEP = "fell_sweep"
"""The event that trials at other learning rates fell."""

COUNTED = ("completed", "diverged")
"""States of runs that went as far as they could: only these are counted."""


@dataclass(frozen=True)
class Facts:
    """Everything that verdicts rest on.

    Attributes:
        match: The match's identifier.
        data: Name of the data set.
        fingerprint: Of the data.
        preset: Where settings came from.
        families: Families that took part, in order.
        seeds: Seeds that were asked for.
        images: Training length of every run; where they differ that of the shortest.
        runs: The runs that are judged.
        trials: The short ones.
        beside: Those of contenders that stand beside their family's usual model.
        faces: Whether the data are photographs of faces.
        kind: Name of the data's kind.
        tuned: Whether each family chose its learning rate first.
        fairness: What was equal: ``"images"``, ``"compute"``, or ``"best"``.
        lengths: Family -> training length of its runs.
        versions: Library -> version.
        machine: What it was trained on, without names of hosts or folders.
        courses: How a score fell over the images of the judged runs.
        baselines: Measure of a task -> method without a model, by its title -> its line, on the items of all runs.
        due: Metrics whose kept scores are an earlier version's, or that runs were never evaluated with.
    """

    match: str
    data: str
    families: tuple[str, ...]
    seeds: tuple[int, ...]
    runs: tuple[MatchRun, ...]
    fingerprint: str = ""
    preset: str = ""
    images: int = 0
    trials: tuple[MatchRun, ...] = ()
    beside: tuple[MatchRun, ...] = ()
    faces: bool = False
    kind: str = USUAL
    tuned: bool = False
    fairness: str = "images"
    lengths: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    machine: str = ""
    baselines: Mapping[str, Mapping[str, Line]] = field(default_factory=dict)
    due: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()
    _samples: dict[tuple[str, str], Sample] = field(default_factory=dict, repr=False, compare=False)

    def of(self, family: str) -> list[MatchRun]:
        """The runs of a family, by seed."""
        return sorted((run for run in self.runs if run.family == family), key=lambda run: run.seed)

    def contenders(self) -> list[str]:
        """Contenders that stand beside their family's usual model, as `MatchRun.contender` names them."""
        return list(dict.fromkeys(run.contender for run in self.beside))

    def with_contender(self, contender: str) -> Facts:
        """The same match with the runs of ``contender`` in the place of its family's; trials have none of it."""
        runs = [run for run in self.beside if run.contender == contender]
        family = runs[0].family
        others = [run for run in self.runs if run.family != family]
        trials = tuple(run for run in self.trials if run.family != family)
        # The runs differ, so that samples that are kept do not hold for them.
        return replace(self, runs=(*others, *runs), trials=trials, beside=(), courses=(), _samples={})

    def lines(self, family: str, measure: str) -> list[Line]:
        """Lines of the completed runs of a family that have a number for ``measure``."""
        completed = [run.outcome for run in self.of(family) if run.outcome.state == "completed"]
        found = [outcome.scores.get(measure, {}) for outcome in completed]
        return [line for line in found if is_number(line.get("value"))]

    def sample(self, family: str, measure: str) -> Sample:
        """Scores of a family over seeds, with what is known of the images that they rest on."""
        known = self._samples.get((family, measure))
        if known is None:
            lines = self.lines(family, measure)
            values, noise = tuple(float(line["value"]) for line in lines), tuple(noise_of(line) for line in lines)
            known = Sample(values, noise, items_of(lines), min((int(line.get("n") or 0) for line in lines), default=0))
            self._samples[family, measure] = known
        return known

    def baseline(self, measure: str) -> dict[str, Sample]:
        """Method without a model, by its title -> its one score; of those that have a number."""
        known = {title: line for title, line in self.baselines.get(measure, {}).items() if is_number(line.get("value"))}
        return {
            title: Sample((float(line["value"]),), (noise_of(line),), items_of([line]), int(line.get("n") or 0))
            for title, line in known.items()
        }

    def withheld(self, family: str, measure: str) -> str:
        """Why the interval of one of a family's scores is not to be trusted, one sentence; empty where all are."""
        reasons = (str(line.get("why") or "") for line in self.lines(family, measure))
        return next((why for why in reasons if why.startswith(WITHHELD)), "")

    def why_not(self, family: str, measure: str) -> str:
        """One sentence on why a family has no number for ``measure``; empty where it has one."""
        if self.lines(family, measure):
            return ""
        runs = self.of(family)
        if not runs:
            return "It took no part in this match."
        completed = [run.outcome for run in runs if run.outcome.state == "completed"]
        if not completed:
            return "None of its runs was completed."
        lines = [outcome.scores.get(measure, {}) for outcome in completed]
        reasons = [str(line["why"]) for line in lines if line.get("why")]
        return reasons[0] if reasons else "It has not been measured."

    def copies(self, family: str) -> tuple[int, int]:
        """How many completed runs of a family give copies of training images away (an alarm of `COPIES`), of how many.

        Only runs that have been asked count; a single alarm may be chance, see `copied`.
        """
        completed = [run.outcome for run in self.of(family) if run.outcome.state == "completed"]
        asked = [line for outcome in completed if is_number((line := outcome.scores.get(COPIES, {})).get("value"))]
        return sum(bool(line.get("alarm")) for line in asked), len(asked)

    def copied(self, family: str) -> bool:
        """Whether more runs of a family have an alarm of copies than false alarms explain."""
        from scipy.stats import binom

        alarms, runs = self.copies(family)
        return alarms > 0 and float(binom.sf(alarms - 1, runs, FALSE_ALARMS)) <= LEVEL

    def events(self, family: str, event: str) -> tuple[int, int]:
        """How often something happened to the runs of a family, and how many runs count."""
        runs = self.of(family)
        if event == SWEEP:
            runs, event = [trial for trial in self.trials if trial.family == family], "fell"
        counted = [run.outcome for run in runs if run.outcome.state in COUNTED and run.outcome.watched]
        return sum(outcome.had(event) for outcome in counted), len(counted)

    def sensitivity(self, family: str) -> float | None:
        """Worst over best Fréchet distance of a family's trials at other learning rates; None without two of them."""
        scores = [trial.outcome.value(SENSITIVE_TO) for trial in self.trials if trial.family == family]
        known = [score for score in scores if score is not None and score > 0]
        return max(known) / min(known) if len(known) > 1 else None


def noise_of(line: Line) -> float:
    """Standard deviation that the 95 % interval of a line tells of; 0 where there is none."""
    low, high = line.get("low"), line.get("high")
    return max(0.0, high - low) / (2 * NORMAL) if is_number(low) and is_number(high) else 0.0


def items_of(lines: Sequence[Line]) -> NDArray[np.float64] | None:
    """What each held-out image contributes to each score [n, m]; None unless every line has it, of as many images."""
    found = [line.get("items") for line in lines]
    lists = [items for items in found if isinstance(items, list | tuple) and all(map(is_number, items))]
    if not lists or len(lists) < len(lines) or len({len(items) for items in lists}) > 1 or len(lists[0]) < 2:
        return None
    return np.asarray(lists, np.float64)
