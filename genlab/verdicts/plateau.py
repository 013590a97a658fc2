"""How a score falls over the images of a run, and whether a family is still far from its plateau at its end. No torch.

A family is far from its plateau where its runs, trained for twice as many images, would lower the score by more than
the smallest factor that matters to the claims about it, if they went on as in their last quarter; and where that
quarter lowered it by more than seeds differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import mean, stdev
from typing import Any

from genlab.plots.theme import family_title
from genlab.verdicts.scales import describe

SCORE = "frechet"
"""The score that is followed: less is better."""

MATTERS = 1.25
"""By what factor twice the images have to lower the score to count: the threshold of the claims about it."""

LAST = 0.75
"""Where the last quarter begins, as a share of a run's images; the nearest checkpoint stands for it."""

EARLIEST, LATEST = 0.5, 0.9
"""A checkpoint before or behind these shares of a run's images does not tell of its last quarter."""


@dataclass(frozen=True)
class Course:
    """The scores of one run over its images.

    Attributes:
        family: Its family.
        seed: Its seed.
        points: Images seen and score, rising in images.
    """

    family: str
    seed: int
    points: tuple[tuple[int, float], ...]

    @property
    def last_quarter(self) -> tuple[tuple[int, float], tuple[int, float]] | None:
        """The point nearest to where the last quarter begins, and the last one; None without such a point."""
        if not self.points:
            return None
        end = self.points[-1]
        inside = [point for point in self.points[:-1] if EARLIEST <= point[0] / end[0] <= LATEST]
        if not inside or min(end[1], *(score for _, score in inside)) <= 0:
            return None
        return min(inside, key=lambda point: abs(point[0] / end[0] - LAST)), end


@dataclass(frozen=True)
class Approach:
    """Where the runs of a family stand at their end.

    Attributes:
        family: The family.
        seeds: Runs whose last quarter is known.
        fall: By how much the score fell in it, on average; negative where it rose.
        doubled: By what factor twice the images would lower the score if it went on so, as a power of the images.
        spread: Standard deviation of the last score over seeds; None with one seed.
        far: Whether the family is far from its plateau.
    """

    family: str
    seeds: int
    fall: float
    doubled: float
    spread: float | None
    far: bool


def approaches(courses: Sequence[Course]) -> list[Approach]:
    """Family by family, those of which the last quarter of a run is known."""
    found = []
    for family in dict.fromkeys(course.family for course in courses):
        known = [course.last_quarter for course in courses if course.family == family]
        quarters = [quarter for quarter in known if quarter is not None]
        if quarters:
            found.append(_approach(family, quarters))
    return found


def _approach(family: str, quarters: Sequence[tuple[tuple[int, float], tuple[int, float]]]) -> Approach:
    fall = mean(before - after for (_, before), (_, after) in quarters)
    power = mean(log(before / after) / log(end / start) for (start, before), (end, after) in quarters)
    spread = stdev(after for _, (_, after) in quarters) if len(quarters) > 1 else None
    doubled = float(2**power)
    return Approach(family, len(quarters), fall, doubled, spread, doubled > MATTERS and fall > (spread or 0.0))


def document_of_courses(courses: Sequence[Course]) -> dict[str, Any] | None:
    """As ``course`` in ``claims.json``; None where no run was scored more than once."""
    several = [course for course in courses if len(course.points) > 1]
    if not several:
        return None
    return {
        "score": SCORE,
        "runs": [
            {"family": course.family, "seed": course.seed, "scores": [list(point) for point in course.points]}
            for course in several
        ],
        "families": {
            one.family: {
                "seeds": one.seeds,
                "fall": one.fall,
                "doubled": one.doubled,
                "spread": one.spread,
                "far": one.far,
            }
            for one in approaches(several)
        },
    }


def courses_of(document: Mapping[str, Any] | None) -> list[Course]:
    """The courses that stand in ``claims.json``; none where it has none."""
    runs = ((document or {}).get("course") or {}).get("runs", [])
    return [
        Course(run["family"], run["seed"], tuple((int(images), float(score)) for images, score in run["scores"]))
        for run in runs
    ]


def plateau_words(document: Mapping[str, Any] | None) -> str:
    """Whether any family is still far from its plateau, in a sentence or two; empty where that was not followed.

    Args:
        document: ``claims.json``.
    """
    course = (document or {}).get("course") or {}
    families = course.get("families") or {}
    if not families:
        return ""
    title = describe(str(course["score"])).title
    far = {family: one for family, one in families.items() if one["far"]}
    near = {family: one for family, one in families.items() if not one["far"]}
    if not far:
        return (
            "At this length no family is far from its plateau: if it went on as in the last quarter, twice the images "
            f"would divide the {title} by {_factors(near)}, and at least {MATTERS} would count."
        )
    held = "is" if len(far) == 1 else "are"
    rest = f" Elsewhere it would be {_factors(near)}." if near else ""
    return (
        f"{_named(far)} {held} still far from the plateau at this length: if it went on as in the last quarter, twice "
        f"the images would divide the {title} by {_factors(far)}, so that verdicts may change with length.{rest}"
    )


def _named(families: Mapping[str, Any]) -> str:
    words = [f"{'The ' if not place else 'the '}{family_title(family)}" for place, family in enumerate(families)]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _factors(families: Mapping[str, Mapping[str, Any]]) -> str:
    """E.g. ``1.10 (VAE) and 1.31 (GAN)``; below 1 where the score rose."""
    words = [f"{one['doubled']:.2f} ({family_title(family)})" for family, one in families.items()]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
