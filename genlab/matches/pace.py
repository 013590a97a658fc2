"""How long a match takes: training by measured speeds, judging by how long it took before. No torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from genlab.verdicts.match_run import MatchRun

JUDGING = {"seed": 90.0, "beside": 90.0, "trial": 20.0}
"""Seconds that judging a run took on two cores, by its role, until this match has measured its own."""

SIDE = 28
"""Side of the pictures on which that was measured."""

UNCERTAIN = 1.5
"""How much sooner or later judging may be done, as a factor."""


def share_and_left(
    runs: Iterable[MatchRun], speeds: Mapping[str, float], judging: Mapping[str, float], slots: int = 1
) -> tuple[float, float | None]:
    """Share of the work that is done, and seconds that the rest will take (see `together`).

    Where a family's speed is not known, images alone make the share, and nobody knows how long the rest will take.

    Args:
        runs: The runs, with how far each is. Images of those that were taken over cost nothing and count as shown.
        speeds: Contender -> images per second.
        judging: Role -> seconds that judging takes; where one is missing it is guessed.
        slots: Runs that train at the same time.
    """
    done, training, to_judge = 0.0, [0.0], 0.0
    runs = list(runs)
    known = all(run.contender in speeds for run in runs)
    for run in runs:
        outcome, speed = run.outcome, speeds.get(run.contender, 1.0) if known else 1.0
        rest = 0 if outcome.over else max(0, outcome.target - outcome.images)
        done += (outcome.target - rest) / speed
        training.append(rest / speed)
        seconds = judging.get(run.role, JUDGING[run.role]) if known else 0.0
        done, to_judge = (done + seconds, to_judge) if outcome.judged else (done, to_judge + seconds)
    left = sum(training) + to_judge
    return done / (done + left) if done + left else 1.0, together(training, to_judge, slots) if known else None


def together(training: Iterable[float], judging: float, slots: int) -> float:
    """Seconds that runs and their judging take beside each other.

    No sooner than all the work would be done by ``slots`` that are never idle, and than the longest part that cannot
    be shared: one run, or the judging, which goes on one after another.

    Args:
        training: Seconds that each run takes.
        judging: Seconds that judging them takes.
        slots: Runs that train at the same time.
    """
    training = list(training)
    return max([(sum(training) + judging) / max(1, slots), judging, *training])


def judging_seconds(seeds: int, trials: int, shape: tuple[int, ...]) -> tuple[float, float]:
    """Seconds that judging so many runs of seeds and of trials takes, at least and at most.

    Args:
        seeds: Runs of seeds.
        trials: Trials.
        shape: Shape of an item [channels, height, width]: larger pictures take longer to encode.
    """
    size = max(1.0, prod(shape[1:]) / SIDE**2)
    middle = (seeds * JUDGING["seed"] + trials * JUDGING["trial"]) * size
    return middle / UNCERTAIN, middle * UNCERTAIN
