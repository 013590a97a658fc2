"""From a part and the facts to a finding: which numbers are compared, and how. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, log

from genlab.plots.theme import family_title
from genlab.verdicts.claims.base import EVENTS, PartSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import Finding
from genlab.verdicts.power import Comparison
from genlab.verdicts.samples import Sample
from genlab.verdicts.scales import describe
from genlab.verdicts.statistics import FEWEST, Test, rates, welch


def find(part: PartSpec, facts: Facts) -> Finding:
    """What ``facts`` say of ``part``."""
    absent = [family for family in part.families if family not in facts.families]
    if absent:
        return Finding(part, part.families, missing=f"No {family_title(absent[0])} took part in the match.")
    if part.kind == "event":
        return _events(part, facts)
    if part.kind == "sensitivity":
        return _sensitivity(part, facts)
    if part.kind == "has":
        return _has(part, facts)
    if part.kind == "parents":
        return _parents(part, facts)
    if part.kind == "baseline":
        return _baseline(part, facts)
    return _compared(part, facts, part.second[0])


def scaled(part: PartSpec, facts: Facts, family: str) -> Sample | str:
    """A family's scores as ``part`` compares them, more being better for the claim; or why there are none."""
    sample = facts.sample(family, part.measure)
    if not sample.n:
        return facts.why_not(family, part.measure)
    # Without an interval nobody knows what other images would have given: that is no noise of zero.
    if withheld := facts.withheld(family, part.measure):
        return withheld
    return _on_scale(part, sample)


def _on_scale(part: PartSpec, sample: Sample) -> Sample | str:
    if part.scale == "ratio" or part.ideal is not None:
        if min(sample.values) <= 0:
            return "Some of its scores are not above zero, so that they have no ratios."
        sample = sample.logs()
    if part.ideal is not None:
        sample = sample.away_from(log(part.ideal))
    return sample if part.better == "up" or part.kind == "spread" else sample.negated()


def threshold_of(part: PartSpec) -> float:
    """The threshold on the scale of the comparison."""
    return log(part.threshold) if part.scale == "ratio" else part.threshold


def _compared(part: PartSpec, facts: Facts, other: str) -> Finding:
    families = (part.first, other)
    samples: list[Sample] = []
    for family in families:
        found = scaled(part, facts, family)
        if isinstance(found, str):
            return _missing(part, facts, families, family, found)
        samples.append(found)
    comparison = Comparison(samples[0], samples[1], threshold_of(part), part.kind == "spread")
    test = comparison.test()
    least = min(sample.n for sample in samples)
    means = tuple(facts.sample(family, part.measure).mean for family in families)
    if test is None and least >= FEWEST:
        return Finding(part, families, None, means, "The scores do not vary over seeds.", least)
    unit = "×" if part.scale == "ratio" else describe(part.measure).unit
    return Finding(part, families, test, means, "", least, unit, test is None, (comparison,))


def _parents(part: PartSpec, facts: Facts) -> Finding:
    """Against both parents: as good as the better one is as good as each of them, whichever it is."""
    found = [_compared(part, facts, parent) for parent in part.second]
    missing = [finding for finding in found if finding.test is None]
    if missing:
        return missing[0]
    # The better parent is the one that the hybrid is furthest behind.
    worst = min(found, key=lambda finding: finding.test.effect if finding.test else 0.0)
    joined = _every(found, worst)
    both = tuple(comparison for finding in found for comparison in finding.comparisons)
    return Finding(part, worst.families, joined, worst.means, "", worst.seeds, worst.unit, comparisons=both)


def _every(found: Sequence[Finding], worst: Finding) -> Test:
    """The test against all of several others, told by the one that is hardest to beat."""
    tests = [finding.test for finding in found if finding.test is not None]
    assert worst.test is not None
    p_for, p_against = max(t.p_for for t in tests), min(1.0, len(tests) * min(t.p_against for t in tests))
    return Test(worst.test.effect, worst.test.low, worst.test.high, p_for, p_against)


def _baseline(part: PartSpec, facts: Facts) -> Finding:
    """Against every method without a model: as good as the best of them is as good as each of them."""
    first, rivals = scaled(part, facts, part.first), facts.baseline(part.measure)
    if isinstance(first, str):
        return _missing(part, facts, part.families, part.first, first)
    if not rivals:
        return Finding(part, part.families, missing="No method without a model has been measured.")
    found = []
    for title, rival in rivals.items():
        fixed = _on_scale(part, rival)
        if isinstance(fixed, str):
            return Finding(part, part.families, missing=f"{title}: {fixed}")
        comparison = Comparison(first.beyond(fixed), None, threshold_of(part))
        means = (facts.sample(part.first, part.measure).mean, rival.mean)
        unit = "×" if part.scale == "ratio" else describe(part.measure).unit
        test = comparison.test()
        found.append(
            Finding(part, part.families, test, means, "", first.n, unit, test is None, (comparison,), rival=title)
        )
    if any(finding.test is None for finding in found):
        return found[0]
    worst = min(found, key=lambda finding: finding.test.effect if finding.test else 0.0)
    every = tuple(comparison for finding in found for comparison in finding.comparisons)
    return replace(worst, test=_every(found, worst), comparisons=every)


def _events(part: PartSpec, facts: Facts) -> Finding:
    first, second = (facts.events(family, part.measure) for family in part.families)
    means = tuple(count / n if n else None for count, n in (first, second))
    least = min(first[1], second[1])
    test = rates(first, second)
    missing = "" if test is not None else f"Too few runs to count who {EVENTS[part.measure]}."
    return Finding(part, part.families, test, means, missing, least, "of the runs", waits=test is None)


def _sensitivity(part: PartSpec, facts: Facts) -> Finding:
    found = [facts.sensitivity(family) for family in part.families]
    first, second = found
    if first is None or second is None:
        return Finding(part, part.families, None, tuple(found), "No trials at other learning rates were made.")
    effect = log(first / second)
    test = Test(effect, effect, effect, 1.0, 1.0)
    return Finding(part, part.families, test, tuple(found), "", 1, "×")


def _has(part: PartSpec, facts: Facts) -> Finding:
    """Whether the first has the number in every seed, and the second in none."""
    first, second = (facts.sample(family, part.measure) for family in part.families)
    least = min(first.n, sum(run.outcome.state == "completed" for run in facts.of(part.second[0])))
    means = (first.mean if first.n else None, second.mean if second.n else None)
    if not first.n:
        return _missing(part, facts, part.families, part.first, facts.why_not(part.first, part.measure))
    if least < FEWEST:
        return Finding(part, part.families, None, means, "", least, describe(part.measure).unit, waits=True)
    # By definition: there is nothing left to chance.
    p_for, p_against = (1.0, 0.0) if second.n else (0.0, 1.0)
    spread = welch(first, None, 0.0)
    low, high = (first.mean, first.mean) if spread is None else (spread.low, spread.high)
    return Finding(
        part,
        part.families,
        Test(first.mean, low, high, p_for, p_against),
        means,
        "",
        least,
        describe(part.measure).unit,
    )


def _missing(part: PartSpec, facts: Facts, families: tuple[str, ...], family: str, why: str) -> Finding:
    means = tuple(sample.mean if (sample := facts.sample(one, part.measure)).n else None for one in families)
    assert all(mean is None or isfinite(mean) for mean in means)
    return Finding(part, families, None, means, f"{family_title(family)}: {why}")
