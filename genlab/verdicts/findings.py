"""What the judge found: of a part, and of a claim; as the documents in ``claims.json``. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from genlab.plots.theme import family_title
from genlab.verdicts.claims.base import PartSpec
from genlab.verdicts.measures import MEASURES
from genlab.verdicts.power import Comparison
from genlab.verdicts.scales import describe
from genlab.verdicts.statistics import Test

Verdict = Literal["supported", "not_supported", "no_difference", "not_enough_evidence"]

VERSION = 2
"""Of the verdicts: 2 since image noise is shared by seeds, no difference is an answer and copies favour nobody."""

VERDICTS: Mapping[Verdict, str] = {
    "supported": "supported",
    "not_supported": "not supported",
    "no_difference": "no difference that matters",
    "not_enough_evidence": "not enough evidence",
}
"""Verdict -> as it is written."""


@dataclass(frozen=True)
class Finding:
    """What became of one part.

    Attributes:
        part: The part.
        families: The two that were compared; the second is the better parent, where there were two.
        test: What the seeds say; None where nothing could be tested.
        means: Mean over seeds of each of the families; None where there is none.
        missing: Why nothing could be tested: one sentence.
        seeds: Fewest seeds that a family has a number from.
        unit: Unit of the effect.
        waits: Whether more seeds would make it testable.
        comparisons: The scores that were compared; two pairs where there are two parents, none where runs are counted.
        rival: The method without a model that is hardest to beat, by its title; empty where families are compared.
    """

    part: PartSpec
    families: tuple[str, ...]
    test: Test | None = None
    means: tuple[float | None, ...] = ()
    missing: str = ""
    seeds: int = 0
    unit: str = ""
    waits: bool = False
    comparisons: tuple[Comparison, ...] = ()
    rival: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """What was compared, by its title: families, or a family and a method without a model."""
        titles = tuple(family_title(family) for family in self.families)
        return (*titles, self.rival) if self.rival else titles

    @property
    def effect(self) -> Test | None:
        """The test in the unit that people read: ratios instead of logarithms."""
        return self.test.as_ratio() if self.test is not None and self.part.scale == "ratio" else self.test

    def verdict(self, level: float = 0.05) -> Verdict:
        """What this part says by itself, without regard to how many there are."""
        if self.test is None or self.part.kind == "sensitivity":
            return "not_enough_evidence"
        if self.test.p_for <= level:
            return "supported"
        if self.test.p_equal <= level:
            return "no_difference"
        return "not_supported" if self.test.p_against <= level else "not_enough_evidence"


@dataclass(frozen=True)
class Judged:
    """What became of a claim, before and after the others are known.

    Attributes:
        claim: Its name.
        findings: Of all its parts, in order.
        p_for: Joined over the decisive parts.
        p_against: Joined over the decisive parts.
        p_equal: Joined over the decisive parts.
        tested: Whether it stands among the claims that are judged together.
        verdict: The verdict.
        copied: Families that the verdict would favour, were their samples no copies of training images.
        not_asked: Why it is not asked of these data; empty where it is.
        without: Why some of its decisive parts are not asked of these data, a sentence of each; it is judged by the
            others.
    """

    claim: str
    findings: tuple[Finding, ...]
    p_for: float = 1.0
    p_against: float = 1.0
    p_equal: float = 1.0
    tested: bool = False
    verdict: Verdict = "not_enough_evidence"
    copied: tuple[str, ...] = ()
    not_asked: str = ""
    without: tuple[str, ...] = ()

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """Of the parts that make the verdict."""
        return tuple(finding for finding in self.findings if finding.part.decisive)

    @property
    def lead(self) -> Finding:
        """The part that made the verdict: the weakest of those that it needs, the strongest of those against it."""
        known = [finding for finding in self.decisive if finding.test is not None]
        if not known:
            return self.decisive[0]
        if self.verdict == "not_supported":
            return min(known, key=lambda finding: _p(finding, "p_against"))
        if self.verdict == "no_difference":
            return max(known, key=lambda finding: _p(finding, "p_equal"))
        return max(known, key=lambda finding: _p(finding, "p_for"))


def beside_words(claim: Mapping[str, Any]) -> list[str]:
    """Of each contender that a claim was judged on once more, what came of it: a sentence or two.

    Args:
        claim: An entry of ``claims.json``.
    """
    told = []
    for one in claim.get("beside") or ():
        name, verdict = family_title(str(one["contender"])), _written(one["verdict"])
        same = "the same, " if one["verdict"] == claim.get("verdict") else ""
        usual = family_title(str(one["contender"]).partition(":")[0])
        told.append(f"With the {name} in place of the usual {usual}: {same}{verdict}. {one.get('why') or ''}".rstrip())
    return told


def turned_words(document: Mapping[str, Any] | None) -> str:
    """How many verdicts become another with a contender in place of its family's usual model; empty without any."""
    claims = [claim for claim in (document or {}).get("claims", ()) if claim.get("beside")]
    names = dict.fromkeys(family_title(str(one["contender"])) for claim in claims for one in claim["beside"])
    if not names:
        return ""
    turned = [claim for claim in claims if any(one["verdict"] != claim.get("verdict") for one in claim["beside"])]
    instead = f"with the {' or the '.join(names)} in place of the usual model"
    if not turned:
        return f"No verdict changes {instead}."
    return f"{len(turned)} of {len(claims)} verdicts {'change' if len(turned) > 1 else 'changes'} {instead}."


def _written(verdict: str) -> str:
    return next((words for name, words in VERDICTS.items() if name == verdict), verdict)


def judged_before(document: Mapping[str, Any] | None) -> str:
    """A sentence where verdicts were made by an older version of the judge; empty where they are today's."""
    version = (document or {}).get("schema_version", 1)
    if not isinstance(version, int) or version >= VERSION:
        return ""
    return (
        f"Judged by version {version} of the verdicts, today's is {VERSION}: image noise was divided by the number of "
        f"seeds, and no difference was no answer. {_again(document)}"
    )


def still_due(document: Mapping[str, Any] | None) -> str:
    """Sentences on measures that are missing, because kept ones are an earlier version's, and how to have them."""
    due = (document or {}).get("due")
    names = [describe(name).title for name in due if isinstance(name, str)] if isinstance(due, list) else []
    if not names:
        return ""
    return (
        f"Missing, because they have changed or are new since the runs were evaluated: {', '.join(names)}. "
        f"{_again(document)}"
    )


def is_earlier(entry: Mapping[str, Any]) -> bool:
    """Whether the number of a part, or of a cell, of ``claims.json`` is of another version of its measure than today's.

    Documents of earlier releases do not tell versions: measures of the match were of the first one then, and of metrics
    it is not known.
    """
    name, effect = str(entry.get("measure") or ""), entry.get("effect", entry.get("value"))
    today = describe(name).version
    return effect is not None and entry.get("version", 1 if name in MEASURES else today) != today


EARLIER_MARK = " (earlier version of this measure)"
"""Behind the title of such a number."""


def mark(entry: Mapping[str, Any]) -> str:
    """`EARLIER_MARK` for a part or cell that `is_earlier`; else empty."""
    return EARLIER_MARK if is_earlier(entry) else ""


def earlier_measures(document: Mapping[str, Any] | None) -> list[str]:
    """Measures of which verdicts hold numbers of an earlier version, by name."""
    claims = [claim for claim in (document or {}).get("claims") or () if isinstance(claim, Mapping)]
    parts = [part for claim in claims for part in claim.get("parts") or () if isinstance(part, Mapping)]
    return list(dict.fromkeys(str(part["measure"]) for part in parts if is_earlier(part)))


def measured_before(document: Mapping[str, Any] | None) -> str:
    """Sentences on numbers of verdicts that are of an earlier version of their measure; empty where there are none.

    Which, what was otherwise, and how to have today's.
    """
    told = [
        f"{about.title} was measured by an earlier version{f': {about.before}' if about.before else ''}."
        for about in map(describe, earlier_measures(document))
    ]
    if not told:
        return ""
    return " ".join([*told, f"{_again(document)} It takes the weights of the runs: without them, it will be missing."])


def _again(document: Mapping[str, Any] | None) -> str:
    """How to have verdicts of today."""
    match = (document or {}).get("match")
    command = f": genlab match --judge {match}" if isinstance(match, str) and match else ""
    return f"Judge the match again, on its page or by command, for verdicts of today; nothing is trained{command}."


def document_of(finding: Finding, why: str) -> dict[str, Any]:
    """A part, as in ``claims.json``."""
    part, effect = finding.part, finding.effect
    tested = part.kind not in {"sensitivity", "has"}
    return {
        "part": part.name,
        "title": part.title,
        "families": list(finding.families),
        "rival": finding.rival,
        "measure": part.measure,
        "version": describe(part.measure).version,
        "kind": part.kind,
        "scale": part.scale,
        "effect": None if effect is None else effect.effect,
        "low": None if effect is None else effect.low,
        "high": None if effect is None else effect.high,
        "threshold": part.threshold,
        "reason": part.reason,
        "unit": finding.unit,
        "p_for": None if effect is None or not tested else effect.p_for,
        "p_against": None if effect is None or not tested else effect.p_against,
        "p_equal": None if effect is None or not tested else effect.p_equal,
        "decisive": part.decisive,
        "verdict": finding.verdict(),
        "seeds": finding.seeds,
        "why": why,
    }


def _p(finding: Finding, which: str) -> float:
    assert finding.test is not None
    return float(getattr(finding.test, which))
