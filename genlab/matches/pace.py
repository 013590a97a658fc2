"""How long a match takes: training by measured speeds, judging by how long it took before. No torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from genlab.families import REGISTRY, known

JUDGING = {"seed": 75.0, "trial": 20.0}
"""Seconds that judging a run took on two cores, by its role, until this match has measured its own."""

SIDE = 28
"""Side of the pictures on which that was measured."""

UNCERTAIN = 1.5
"""How much sooner or later judging may be done, as a factor."""


@dataclass(frozen=True)
class Part:
    """One run's share of the work.

    Attributes:
        family: Its family.
        role: ``seed`` or ``trial``.
        target: Images it will be shown.
        images: Images it has been shown; those of a run that was taken over cost nothing and count as shown.
        ended: Whether its training is over, however it ended.
        judged: Whether it has been judged, or never will be.
    """

    family: str
    role: str
    target: int
    images: int
    ended: bool
    judged: bool


def share_and_left(
    parts: Iterable[Part], speeds: Mapping[str, float], judging: Mapping[str, float], slots: int = 1
) -> tuple[float, float]:
    """Share of the work that is done, and seconds that the rest will take (see `together`).

    Args:
        parts: The runs.
        speeds: Family -> images per second; where one is missing it is guessed.
        judging: Role -> seconds that judging takes; where one is missing it is guessed.
        slots: Runs that train at the same time.
    """
    done, training, to_judge = 0.0, [0.0], 0.0
    for part in parts:
        speed = speeds.get(part.family) or guess(part.family)
        rest = 0 if part.ended else max(0, part.target - part.images)
        done += (part.target - rest) / speed
        training.append(rest / speed)
        seconds = judging.get(part.role, JUDGING[part.role])
        done, to_judge = (done + seconds, to_judge) if part.judged else (done, to_judge + seconds)
    left = sum(training) + to_judge
    return done / (done + left) if done + left else 1.0, together(training, to_judge, slots)


def guess(family: str) -> float:
    """Images per second on two cores with the quick preset, where none have been measured.

    For a family whose speed nobody knows it is that of the slowest. Only the proportions matter for progress.
    """
    spec = known(family)
    return (spec.speed if spec else None) or min(other.speed for other in REGISTRY if other.speed)


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
