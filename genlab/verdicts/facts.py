"""What is known of a match when it is judged: scores, states, alarms and trials, as plain numbers. No torch.

So the judge can be tried on numbers of a known kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeGuard

from genlab.verdicts.statistics import NORMAL, Sample

Line = Mapping[str, Any]
"""One score: ``value``, ``low``, ``high``, and where there are such ``floor``, ``n``, ``why``."""

COUNTED = ("completed", "diverged")
"""States of runs that went as far as they could: only these are counted."""

ENDED = 0.9
"""An alarm that still held after this share of a run's images is how the run ended."""

COLLAPSES = ("mode_collapse", "posterior_collapse")


@dataclass(frozen=True)
class RunFacts:
    """One run of the match.

    Attributes:
        family: ``vae``, ``gan`` or ``vae_gan``.
        seed: Its seed.
        run: Its identifier; None when it was never trained.
        state: Where it stands.
        images: Real images that it was shown.
        scores: Name -> line, of evaluation metrics and of the match's own measures.
        alarms: What the collapse watch raised: ``symptom``, ``images``, ``last``.
    """

    family: str
    seed: int
    run: str | None = None
    state: str = "completed"
    images: int = 0
    scores: Mapping[str, Line] = field(default_factory=dict)
    alarms: tuple[Mapping[str, Any], ...] = ()

    def had(self, event: str) -> bool:
        """Whether something happened to it: ``diverged``, ``collapsed`` (at any time) or ``fell`` (in the end)."""
        if event == "diverged":
            return self.state == "diverged"
        if event == "collapsed":
            return any(alarm.get("symptom") == "mode_collapse" for alarm in self.alarms)
        late = [alarm for alarm in self.alarms if int(alarm.get("last", 0)) >= ENDED * self.images]
        return self.state == "diverged" or any(alarm.get("symptom") in COLLAPSES for alarm in late)


@dataclass(frozen=True)
class TrialFacts:
    """A short run at another learning rate.

    Attributes:
        family: Its family.
        factor: Its learning rate, as a multiple of the preset's.
        state: Where it stands.
        score: Its Fréchet distance; None when it has none.
    """

    family: str
    factor: float
    state: str = "completed"
    score: float | None = None


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
        images: Training length of every run.
        runs: The runs that are judged.
        trials: The short ones.
        faces: Whether the data are photographs of faces.
        tuned: Whether each family chose its learning rate first.
        versions: Library -> version.
        machine: What it was trained on, without names of hosts or folders.
    """

    match: str
    data: str
    families: tuple[str, ...]
    seeds: tuple[int, ...]
    runs: tuple[RunFacts, ...]
    fingerprint: str = ""
    preset: str = ""
    images: int = 0
    trials: tuple[TrialFacts, ...] = ()
    faces: bool = False
    tuned: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    machine: str = ""
    _samples: dict[tuple[str, str], Sample] = field(default_factory=dict, repr=False, compare=False)

    def of(self, family: str) -> list[RunFacts]:
        """The runs of a family, by seed."""
        return sorted((run for run in self.runs if run.family == family), key=lambda run: run.seed)

    def lines(self, family: str, measure: str) -> list[Line]:
        """Lines of the completed runs of a family that have a number for ``measure``."""
        found = [run.scores.get(measure, {}) for run in self.of(family) if run.state == "completed"]
        return [line for line in found if is_number(line.get("value"))]

    def sample(self, family: str, measure: str) -> Sample:
        """Scores of a family over seeds, with the noise that their intervals over images tell of."""
        known = self._samples.get((family, measure))
        if known is None:
            lines = self.lines(family, measure)
            known = Sample(tuple(float(line["value"]) for line in lines), tuple(noise_of(line) for line in lines))
            self._samples[family, measure] = known
        return known

    def why_not(self, family: str, measure: str) -> str:
        """One sentence on why a family has no number for ``measure``; empty where it has one."""
        if self.lines(family, measure):
            return ""
        runs = self.of(family)
        if not runs:
            return "It took no part in this match."
        completed = [run for run in runs if run.state == "completed"]
        if not completed:
            return "None of its runs was completed."
        reasons = [str(run.scores[measure]["why"]) for run in completed if run.scores.get(measure, {}).get("why")]
        return reasons[0] if reasons else "It has not been measured."

    def events(self, family: str, event: str) -> tuple[int, int]:
        """How often something happened to the runs of a family, and how many runs count."""
        counted = [run for run in self.of(family) if run.state in COUNTED]
        return sum(run.had(event) for run in counted), len(counted)

    def sensitivity(self, family: str) -> float | None:
        """Worst over best Fréchet distance of a family's trials at other learning rates; None without two of them."""
        scores = [trial.score for trial in self.trials if trial.family == family]
        known = [score for score in scores if score is not None and score > 0]
        return max(known) / min(known) if len(known) > 1 else None


def noise_of(line: Line) -> float:
    """Standard deviation that the 95 % interval of a line tells of; 0 where there is none."""
    low, high = line.get("low"), line.get("high")
    return max(0.0, high - low) / (2 * NORMAL) if is_number(low) and is_number(high) else 0.0


def is_number(value: object) -> TypeGuard[float]:
    """Whether ``value`` is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
