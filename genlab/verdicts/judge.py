"""The judge: verdicts on all claims of a match at once, from facts to the document ``claims.json``. No torch.

Every decisive part of a claim has to hold (intersection-union); false discoveries are held down over the claims of the
match together (Benjamini-Hochberg), once for those that are supported, once for those that are not, and once for those
in which families do not differ by as much as matters.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from genlab.registry import registry
from genlab.verdicts import words
from genlab.verdicts.applicable import asked_of, left_out, not_asked, unmeasured
from genlab.verdicts.cells import cells_of
from genlab.verdicts.claims.base import ClaimSpec, PartSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import VERSION, Finding, Judged, Verdict, document_of
from genlab.verdicts.plateau import document_of_courses
from genlab.verdicts.power import POWER, Bounds, Outlook, outlook
from genlab.verdicts.statistics import LEVEL, MOST_MORE, benjamini_hochberg, joined, next_bound
from genlab.verdicts.tested import find

ENOUGH_TO_BEGIN = 3
"""Seeds of each family with which a match begins to tell anything."""


def judge(facts: Facts) -> dict[str, Any]:
    """Verdicts on every claim, as in ``claims.json``; nothing is judged from one seed."""
    specs = claims()
    found = verdicts(specs, facts)
    beside = [_beside(specs, facts, contender) for contender in facts.contenders()]
    return {
        "schema_version": VERSION,
        "match": facts.match,
        "data": facts.data,
        "kind": facts.kind,
        "fingerprint": facts.fingerprint,
        "preset": facts.preset,
        "tuned": facts.tuned,
        "fairness": facts.fairness,
        "lengths": dict(facts.lengths),
        "families": list(facts.families),
        "seeds": list(facts.seeds),
        "images": facts.images,
        "versions": dict(facts.versions),
        "machine": facts.machine,
        "due": list(facts.due),
        "course": document_of_courses(facts.courses),
        "created": time.time(),
        "claims": [
            _document(spec, judged, facts, found)
            | {"beside": [known[spec.name] for known in beside if spec.name in known]}
            for spec, judged in zip(specs, found, strict=True)
        ],
    }


def _beside(specs: Sequence[ClaimSpec], facts: Facts, contender: str) -> dict[str, dict[str, Any]]:
    """Claim -> its verdict with a contender in the place of its family's usual model; of claims on that family only.

    These verdicts are judged together as well, and apart from the others.
    """
    instead = facts.with_contender(contender)
    family = next(run.family for run in facts.beside if run.contender == contender)
    found = {}
    for spec, judged in zip(specs, verdicts(specs, instead), strict=True):
        if spec.definitional or judged.not_asked or family not in _families(spec, instead):
            continue
        effect, fewest = judged.lead.effect, _fewest(spec, instead)
        found[spec.name] = {
            "contender": contender,
            "verdict": judged.verdict,
            "effect": None if effect is None else effect.effect,
            "low": None if effect is None else effect.low,
            "high": None if effect is None else effect.high,
            "unit": judged.lead.unit,
            "seeds": fewest,
            "why": words.of_claim(spec, judged, None, fewest),
        }
    return found


def _fewest(spec: ClaimSpec, facts: Facts) -> int:
    """Completed runs of the family of a claim that has the fewest."""
    return min((len(_completed(facts, family)) for family in _families(spec, facts)), default=0)


def claims() -> list[ClaimSpec]:
    """All claims, in their order."""
    return sorted(registry("claims"), key=lambda spec: (spec.order, spec.name))


def verdicts(specs: Sequence[ClaimSpec], facts: Facts) -> list[Judged]:
    """What became of each claim, judged together."""
    alone = [_alone(spec, facts) for spec in specs]
    tested = [judged for judged in alone if judged.tested]
    believed_for = benjamini_hochberg([judged.p_for for judged in tested])
    believed_against = benjamini_hochberg([judged.p_against for judged in tested])
    believed_equal = benjamini_hochberg([judged.p_equal for judged in tested])
    decided: dict[str, Verdict] = {}
    for judged, yes, same, no in zip(tested, believed_for, believed_equal, believed_against, strict=True):
        undecided: Verdict = "not_supported" if no else "not_enough_evidence"
        decided[judged.claim] = "supported" if yes else "no_difference" if same else undecided
    return [_decided(spec, judged, decided, facts) for spec, judged in zip(specs, alone, strict=True)]


def _alone(spec: ClaimSpec, facts: Facts) -> Judged:
    """A claim by itself: its parts, and their p values joined."""
    if why := not_asked(spec, facts):
        # What is no photograph of a face says nothing about faces; the numbers are not even looked at.
        missing = tuple(Finding(part, part.families, missing=why) for part in spec.parts)
        return Judged(spec.name, missing, not_asked=why)
    findings = tuple(_found(part, facts) for part in spec.parts if not part.instead or asked_of(part, facts))
    decisive = [finding.test for finding in findings if finding.part.decisive]
    p_for, p_against, p_equal = joined(decisive)
    tested = not spec.definitional and any(test is not None for test in decisive)
    # A claim that says more than has been measured is not supported by the part that has.
    p_for = 1.0 if spec.unmeasured else p_for
    without = left_out(spec, facts)
    return Judged(spec.name, findings, p_for, p_against, p_equal, tested, without=without)


def _found(part: PartSpec, facts: Facts) -> Finding:
    """What was found of a part; one that cannot be measured of the kind decides nothing."""
    if asked_of(part, facts):
        return find(part, facts)
    return Finding(replace(part, decisive=False), part.families, missing=unmeasured(part, facts))


def _decided(spec: ClaimSpec, judged: Judged, decided: Mapping[str, Verdict], facts: Facts) -> Judged:
    if spec.definitional and judged.decisive[0].test is not None:
        holds = judged.p_for < LEVEL
        return replace(judged, verdict="supported" if holds else "not_supported")
    verdict = decided.get(judged.claim, "not_enough_evidence")
    copied = tuple(family for family in favoured(spec, verdict) if facts.copied(family))
    # Copies of training images score as real data on whatever a claim looks at, so that they speak for nobody.
    return replace(judged, verdict="not_enough_evidence" if copied else verdict, copied=copied)


def favoured(spec: ClaimSpec, verdict: Verdict) -> list[str]:
    """The families that a verdict speaks well of: no difference does of all, because nobody is behind."""
    if verdict == "not_enough_evidence":
        return []
    first = [part.first for part in spec.decisive] if verdict != "not_supported" else []
    second = [family for part in spec.decisive for family in part.second] if verdict != "supported" else []
    return list(dict.fromkeys([*first, *second]))


def _document(spec: ClaimSpec, judged: Judged, facts: Facts, everything: Sequence[Judged]) -> dict[str, Any]:
    lead = judged.lead
    # What holds by definition has no effect that could be tested, and what is not asked has no numbers.
    effect = None if spec.definitional else lead.effect
    applies = not judged.not_asked
    needs = what_would_decide(spec, judged, facts, everything)
    capped = needs is not None and needs.seeds > MOST_MORE
    fewest = _fewest(spec, facts)
    told = (
        words.of_claim(spec, judged, needs, fewest),
        words.disagreement(spec, judged.findings),
        words.judged_without(judged),
    )
    return {
        "claim": spec.name,
        "title": spec.title,
        "question": spec.question,
        "verdict": judged.verdict,
        "applicable": applies,
        "copied": list(judged.copied),
        "part": lead.part.name,
        "effect": None if effect is None else effect.effect,
        "low": None if effect is None else effect.low,
        "high": None if effect is None else effect.high,
        "unit": lead.unit,
        "scale": lead.part.scale,
        "threshold": None if spec.definitional else lead.part.threshold,
        "p_for": judged.p_for,
        "p_against": judged.p_against,
        "p_equal": judged.p_equal,
        "definitional": spec.definitional,
        "seeds": fewest,
        "needs": min(needs.seeds, MOST_MORE) if needs is not None else None,
        "needs_text": "" if needs is None else f"more than {MOST_MORE}" if capped else str(needs.seeds),
        "needs_images": None if needs is None or capped else needs.images,
        "likely": None if needs is None else needs.likely or None,
        "power": POWER,
        "without": list(judged.without),
        "why": " ".join(filter(None, told)),
        "caveat": _caveat(spec, facts),
        "cells": {family: cells_of(spec, facts, family) for family in facts.families} if applies else {},
        "parts": [document_of(finding, words.of_part(finding, fewest)) for finding in judged.findings],
        "pictures": [
            {"kind": picture.kind, "title": picture.title, "runs": _runs(facts, every=picture.kind == "seeds")}
            for picture in spec.pictures
            if applies
        ],
    }


def what_would_decide(spec: ClaimSpec, judged: Judged, facts: Facts, everything: Sequence[Judged]) -> Outlook | None:
    """How many more seeds and images would decide with `POWER`, and which way.

    Returns:
        None where the claim is decided or seeds cannot help; more than `MOST_MORE` seeds where these are not enough.
    """
    if judged.verdict != "not_enough_evidence" or judged.copied or judged.not_asked:
        return None
    decisive = judged.decisive
    if any(finding.test is None and not finding.waits for finding in decisive):
        return None
    now = min(finding.seeds for finding in decisive)
    if any(finding.test is None for finding in decisive):
        return Outlook(max(1, ENOUGH_TO_BEGIN - now))
    parts = [finding.comparisons for finding in decisive]
    if not all(parts):
        return None
    others = [one for one in everything if one.tested and one.claim != judged.claim]
    tails = ([one.p_for for one in others], [one.p_against for one in others], [one.p_equal for one in others])
    bounds = Bounds(*(next_bound([*values, 1.0]) for values in tails))
    found = outlook(parts, bounds, open_ended=bool(spec.unmeasured))
    # What has not been measured holds back a verdict in favour, however many seeds there are.
    return None if spec.unmeasured and found.seeds > MOST_MORE else found


def _caveat(spec: ClaimSpec, facts: Facts) -> str:
    """The claim's own caveat, and what this match adds to it."""
    parts = [spec.caveat]
    involved = {family for part in spec.decisive for family in part.families}
    fallen = [run for run in facts.runs if run.family in involved and run.outcome.state == "diverged"]
    if fallen:
        counts = f"{len(fallen)} run{'s' if len(fallen) > 1 else ''}"
        parts.append(f"{counts} diverged and {'have' if len(fallen) > 1 else 'has'} no scores here.")
    if not facts.tuned and not spec.definitional:
        parts.append("Families ran with their presets, not tuned for these data; tuning can change the order.")
    return " ".join(parts)


def _families(spec: ClaimSpec, facts: Facts) -> list[str]:
    wanted = {family for part in spec.decisive for family in part.families}
    return [family for family in facts.families if family in wanted]


def _completed(facts: Facts, family: str) -> list[int]:
    return [run.seed for run in facts.of(family) if run.outcome.state == "completed"]


def _runs(facts: Facts, every: bool) -> list[str]:
    """Runs to look at: one of each family, of its first seed that completed; or ``every`` one."""
    shown = []
    for family in facts.families:
        runs = [run for run in facts.of(family) if run.run is not None]
        completed = [run for run in runs if run.outcome.state == "completed"] or runs
        shown += [str(run.run) for run in (runs if every else completed[:1])]
    return shown
