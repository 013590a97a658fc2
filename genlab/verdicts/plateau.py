"""How a score falls over the images of a run, and whether a family is still far from its plateau at its end. No torch.

A family is far from its plateau where its runs, trained for twice as many images, would lower the score by more than
the smallest factor that matters to the claims about it, if they went on as in their last quarter. Each run is compared
with itself, so that the heights at which seeds end do not count; how sure it is, the interval over seeds says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from statistics import mean, stdev
from typing import Any

from genlab.numbers import interval
from genlab.plots.theme import family_title
from genlab.verdicts.samples import Sample
from genlab.verdicts.scales import describe
from genlab.verdicts.statistics import mean_interval

SCORE = "frechet"
"""The score that is followed: less is better."""

MATTERS = 1.25
"""By what factor twice the images have to lower the score to count: the threshold of the claims about it."""

LAST = 0.75
"""Where the last quarter begins, as a share of a run's images; the nearest checkpoint stands for it."""

EARLIEST, LATEST = 0.5, 0.9
"""A checkpoint before or behind these shares of a run's images does not tell of its last quarter."""


DECIDED = ("supported", "not_supported", "no_difference")
"""Verdicts that say something."""


@dataclass(frozen=True)
class Course:
    """The scores of one run over its images.

    Attributes:
        family: Its family, or the contender of it (``vae:modern``).
        seed: Its seed.
        points: Images seen and score, rising in images.
        many: What several of its items are called.
    """

    family: str
    seed: int
    points: tuple[tuple[int, float], ...]
    many: str = "images"

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
        low: Lower end of the 95 % interval of ``doubled`` over seeds; None with one seed.
        high: Upper end.
        images: Images that the longest of its runs had seen at its end.
        many: What several of their items are called.
    """

    family: str
    seeds: int
    fall: float
    doubled: float
    spread: float | None
    far: bool
    low: float | None = None
    high: float | None = None
    images: int = 0
    many: str = "images"

    @property
    def beside(self) -> bool:
        """Whether it is of a contender beside a family's usual model, which decides no verdict of that model."""
        return ":" in self.family

    @property
    def words(self) -> str:
        """Where it stood at its end, in one sentence with the factor, its interval, and what would matter."""
        factor = interval({"value": self.doubled, "low": self.low, "high": self.high})
        if self.far:
            sure = self.low is None or self.low > MATTERS
            place = f"{'still' if sure else 'probably still'} far from its plateau"
        else:
            open_ = self.high is not None and self.high > MATTERS
            place = f"near its plateau{', as far as its seeds tell,' if open_ else ''}"
        return (
            f"The {family_title(self.family)} was {place} at {self.images:,} {self.many}: at the pace of its last "
            f"quarter, twice the {self.many} would divide its {describe(SCORE).title} by {factor}; "
            f"{MATTERS} would matter."
        )


def approaches(courses: Sequence[Course]) -> list[Approach]:
    """Family by family, those of which the last quarter of a run is known."""
    found = []
    for family in dict.fromkeys(course.family for course in courses):
        own = [course for course in courses if course.family == family]
        quarters = [quarter for course in own if (quarter := course.last_quarter) is not None]
        if quarters:
            found.append(replace(_approach(family, quarters), many=own[0].many))
    return found


def _approach(family: str, quarters: Sequence[tuple[tuple[int, float], tuple[int, float]]]) -> Approach:
    fall = mean(before - after for (_, before), (_, after) in quarters)
    powers = Sample(tuple(log(before / after) / log(end / start) for (start, before), (end, after) in quarters))
    spread = stdev(after for _, (_, after) in quarters) if len(quarters) > 1 else None
    doubled, ends = float(2**powers.mean), mean_interval(powers)
    low, high = (None, None) if ends is None else (float(2 ** ends[0]), float(2 ** ends[1]))
    images = max(end for _, (end, _) in quarters)
    return Approach(family, len(quarters), fall, doubled, spread, doubled > MATTERS, low, high, images)


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
        "many": several[0].many,
        "families": {
            one.family: {
                "seeds": one.seeds,
                "fall": one.fall,
                "doubled": one.doubled,
                "spread": one.spread,
                "far": one.far,
                "low": one.low,
                "high": one.high,
            }
            for one in approaches(several)
        },
    }


def courses_of(document: Mapping[str, Any] | None) -> list[Course]:
    """The courses that stand in ``claims.json``; none where it has none."""
    known = (document or {}).get("course") or {}
    many = str(known.get("many", "images"))
    return [
        Course(run["family"], run["seed"], tuple((int(images), float(score)) for images, score in run["scores"]), many)
        for run in known.get("runs", [])
    ]


def sides(document: Mapping[str, Any] | None, claim: Mapping[str, Any]) -> list[Approach]:
    """Where families and contenders stood that a verdict compares, by their own curves; none where not followed.

    Args:
        document: ``claims.json``, of whichever release.
        claim: One of its claims. What holds by definition, or is not asked of these data, does not change with length.
    """
    if claim.get("definitional") is True or claim.get("applicable") is False:
        return []
    parts = claim.get("parts")
    known = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    decisive = [part for part in known if part.get("decisive")]
    families = dict.fromkeys(family for part in decisive for family in part.get("families", ()))
    families |= dict.fromkeys(
        str(one.get("contender")) for one in claim.get("beside") or () if isinstance(one, Mapping)
    )
    return [one for one in approaches(courses_of(document)) if one.family in families]


def documents_of_sides(found: Sequence[Approach]) -> dict[str, dict[str, Any]]:
    """``found`` for JSON, family by family."""
    keys = ("doubled", "low", "high", "far", "images", "seeds", "words")
    return {one.family: {key: getattr(one, key) for key in keys} for one in found}


def early_words(document: Mapping[str, Any] | None) -> str:
    """How many of the decided verdicts compare a family that was far from its plateau; empty where none does."""
    claims = [claim for claim in (document or {}).get("claims", ()) if claim.get("verdict") in DECIDED]
    followed = [found for claim in claims if (found := sides(document, claim))]
    early = sum(any(one.far and not one.beside for one in found) for found in followed)
    if not early:
        return ""
    many = f"{early} of the {len(followed)} decided verdicts" if len(followed) > 1 else "The only decided verdict"
    compare, was = ("compare", "were") if early > 1 else ("compares", "was")
    return f"{many} {compare} a family that was still far from its plateau, and {was} made early."


def plateau_words(document: Mapping[str, Any] | None) -> str:
    """Whether any family is still far from its plateau, in a sentence or two; empty where that was not followed.

    Args:
        document: ``claims.json``.
    """
    known = approaches(courses_of(document))
    if not known:
        return ""
    title, many = describe(SCORE).title, known[0].many
    far, near = ([one for one in known if one.far is wanted] for wanted in (True, False))
    if not far:
        return (
            f"At this length no family is far from its plateau: if it went on as in the last quarter, twice the {many} "
            f"would divide the {title} by {_factors(near)}, and at least {MATTERS} would count."
        )
    held = "is" if len(far) == 1 else "are"
    rest = f" Elsewhere it would be {_factors(near)}." if near else ""
    return (
        f"{_named(far)} {held} still far from the plateau at this length: if it went on as in the last quarter, twice "
        f"the {many} would divide the {title} by {_factors(far)}, so that verdicts may change with length.{rest}"
    )


def _named(known: Sequence[Approach]) -> str:
    words = [f"{'the' if place else 'The'} {family_title(one.family)}" for place, one in enumerate(known)]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _factors(known: Sequence[Approach]) -> str:
    """E.g. ``1.10 (VAE) and 1.31 (GAN)``; below 1 where the score rose."""
    words = [f"{one.doubled:.2f} ({family_title(one.family)})" for one in known]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
