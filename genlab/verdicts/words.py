"""Verdicts in words: a sentence on a part, one on a claim, with no more digits than intervals justify. No torch."""

from __future__ import annotations

from collections.abc import Sequence

from genlab.numbers import interval, short
from genlab.plots.theme import family_title
from genlab.verdicts.claims.base import EVENTS, ClaimSpec
from genlab.verdicts.findings import Finding, Judged
from genlab.verdicts.power import POWER, Outlook
from genlab.verdicts.scales import describe, plain
from genlab.verdicts.statistics import MOST_MORE

MATTERS = "matters, in either direction"


def of_part(finding: Finding, seeds: int) -> str:
    """What was found of one part."""
    part = finding.part
    if finding.test is None:
        return f"Not tested: {finding.missing or one_seed(seeds)}"
    if part.kind == "event":
        counts = [f"{mean or 0:.0%} of {side} runs" for side, mean in _pairs(finding)]
        return f"{' against '.join(counts)} {EVENTS[part.measure]}; exact p = {finding.test.p_for:.2g}."
    if part.kind == "sensitivity":
        both = " against ".join(f"{mean:.2g}× in {side}s" for side, mean in _pairs(finding) if mean)
        return (
            f"Worst over best Fréchet distance at half, once and twice the learning rate: {both}; one seed, not judged."
        )
    if part.kind == "has":
        has = f"By definition, not by a test: the {family_title(part.first)} gives {number(finding)} {finding.unit}"
        has, held = has.rstrip(), finding.means[1] is not None
        other = family_title(part.second[0])
        return f"{has} in every seed; the {other} {'gives one too' if held else 'has none'}."
    return f"{_found(finding)}; {_asked(finding)}. {_alone(finding)}"


def of_claim(spec: ClaimSpec, judged: Judged, needs: Outlook | None, seeds: int) -> str:
    """Why the verdict is what it is: one sentence or two, and what would decide where nothing is decided."""
    lead = judged.lead
    if judged.verdict == "supported":
        if lead.part.kind == "has":
            return of_part(lead, seeds)
        many = len(judged.decisive)
        begin = {1: "It held", 2: "Both parts held"}.get(many, f"All {many} parts held")
        return f"{begin}. {'The closest' if many > 1 else 'Found'}: {_found(lead)}; {_asked(lead)}."
    if judged.verdict == "not_supported":
        return f"{_against(lead)}: {_found(lead)}, where {_asked(lead)}. {_also_behind(judged)}".rstrip()
    if judged.verdict == "no_difference":
        many = len(judged.decisive) > 1
        begin = "No part differs by as much as" if many else "The difference is smaller than what"
        return f"{begin} {MATTERS}{'. The widest' if many else ''}: {_found(lead)}; {_margin(lead)}."
    return _undecided(spec, judged, needs, seeds)


STANDINGS = ("ahead", "level", "behind")
"""How a family can stand, as far as seeds tell; level is less apart than what matters, or too little ahead."""


def disagreement(spec: ClaimSpec, findings: Sequence[Finding]) -> str:
    """One sentence where encoders or priors answer the same question differently; empty where they agree."""
    known = {finding.part.name: finding for finding in findings}
    found: dict[str, list[str]] = {}
    for part, how in spec.views:
        if part in known and (standing := _standing(known[part])):
            found.setdefault(standing, []).append(how)
    if len(found) < 2:
        return ""
    first = family_title(known[spec.views[0][0]].part.first)
    told = [f"{standing} {' and '.join(found[standing])}" for standing in STANDINGS if standing in found]
    return f"Encoders or priors disagree: the {first} is {'; '.join(told)}."


def judged_without(judged: Judged) -> str:
    """Which of its parts a claim is judged without, and why; empty where all are asked."""
    return " ".join(judged.without)


def _standing(finding: Finding) -> str:
    """One of `STANDINGS`; empty where the seeds cannot tell."""
    if finding.test is None:
        return ""
    if finding.test.high < 0:
        level = finding.verdict() == "no_difference"
        return "level" if level else "behind"
    return {"supported": "ahead", "no_difference": "level", "not_supported": "level"}.get(finding.verdict(), "")


def one_seed(seeds: int) -> str:
    """Why nothing is judged from one seed."""
    return "There are no completed runs yet." if seeds < 1 else "One seed cannot tell luck from habit."


def number(finding: Finding) -> str:
    """The effect with its interval."""
    effect = finding.effect
    assert effect is not None
    return interval({"value": effect.effect, "low": effect.low, "high": effect.high})


def _undecided(spec: ClaimSpec, judged: Judged, needs: Outlook | None, seeds: int) -> str:
    if judged.copied:
        who = " and ".join(f"{family_title(family)} samples" for family in judged.copied)
        return (
            f"{who} are copies of training images in more runs than false alarms explain, and copies score as real "
            "data do: nothing is said in their favour."
        )
    if judged.not_asked:
        return judged.not_asked
    missing = [finding for finding in judged.decisive if finding.test is None and not finding.waits]
    if missing:
        absent = missing[0].missing
        return f"Part of it could not be measured ({missing[0].part.title}). {absent}"
    if any(finding.test is None for finding in judged.decisive):
        more = f"At least {needs.seeds} more of each family are needed." if needs else ""
        return f"{one_seed(seeds)} {more}".strip()
    if spec.unmeasured and all(finding.verdict() == "supported" for finding in judged.decisive):
        return f"What was measured speaks for it. {spec.unmeasured}."
    lead = judged.lead
    rest = f" {spec.unmeasured}." if spec.unmeasured else ""
    return f"{_sentence(lead.part.title)}: {_found(lead)}, where {_asked(lead)}. {_more(needs)}{rest}".strip()


LIKELY = {
    "supported": "most likely in its favour",
    "not_supported": "most likely against it",
    "no_difference": "most likely with no difference that matters",
}


def _more(needs: Outlook | None) -> str:
    if needs is None:
        return ""
    if needs.seeds > MOST_MORE:
        return f"More than {MOST_MORE} more seeds of each family needed."
    seeds = f"{needs.seeds} more {'seed' if needs.seeds == 1 else 'seeds'} of each family"
    images = f" and {needs.images:,} more held-out items" if needs.images else ""
    likely = f", {LIKELY[needs.likely]}" if needs.likely else ""
    return f"About {seeds}{images} would decide with a chance of {POWER:.0%}{likely}."


def _against(finding: Finding) -> str:
    effect = finding.test
    assert effect is not None
    if finding.rival and effect.high < 0:
        return f"{finding.rival}, without a model, does better than the {family_title(finding.part.first)} here"
    if effect.high < 0 and finding.part.kind != "parents":
        return "It is the other way round here"
    if finding.part.kind == "parents":
        return f"The {family_title(finding.part.first)} falls behind the {family_title(finding.families[1])} here"
    return "The difference is too small to matter here"


def _also_behind(judged: Judged) -> str:
    """Which other families methods without a model do better than; empty where that is not what decided."""
    if not judged.lead.rival:
        return ""
    behind = [
        f"the {family_title(finding.part.first)} ({finding.rival})"
        for finding in judged.findings
        if finding.rival and finding.part.first != judged.lead.part.first and finding.test and finding.test.high < 0
    ]
    return _sentence(f"{' and '.join(behind)} {'falls' if len(behind) == 1 else 'fall'} behind, too.") if behind else ""


def _found(finding: Finding) -> str:
    """The two means and the effect: ``coverage 0.25 (VAE) against 0.70 (GAN), -0.45 (-0.49 to -0.41)``."""
    part, effect = finding.part, finding.effect
    assert effect is not None
    what = describe(part.measure).title
    width = _width(finding)
    values = " against ".join(f"{plain(mean, width)} ({side})" for side, mean in _pairs(finding) if mean is not None)
    if part.kind == "spread":
        first, second = finding.sides
        return f"{what} spreads {number(finding)} times as much in the {first} as in the {second}"
    if part.scale == "difference":
        return f"{_lower(what)} {values}, {_sided(finding)}"
    return f"{_lower(what)} {values}, {number(finding)} times{' as good' if part.better == 'down' else ''}"


def _sided(finding: Finding) -> str:
    """A difference with its interval, and whose favour it is in."""
    effect = finding.effect
    assert effect is not None
    if effect.effect >= 0:
        return f"{number(finding)} in the claim's favour"
    turned = interval({"value": -effect.effect, "low": -effect.high, "high": -effect.low})
    return f"{turned} against it"


def _asked(finding: Finding) -> str:
    part = finding.part
    if part.scale == "ratio":
        return f"at least {short(part.threshold)} times was asked for"
    if part.threshold == 0:
        return "any difference was asked for"
    if part.threshold < 0:
        return f"no more than {short(-part.threshold)} against it was allowed"
    return f"at least {short(part.threshold)} was asked for"


def _margin(finding: Finding) -> str:
    """How large a difference would matter."""
    size = finding.part.threshold
    if finding.part.scale == "ratio":
        return f"{short(size if size > 1 else 1 / size)} times or more would matter"
    return f"{short(abs(size))} or more would matter"


def _alone(finding: Finding) -> str:
    return {
        "supported": "By itself it holds.",
        "not_supported": "By itself it does not hold.",
        "no_difference": "By itself there is no difference that matters.",
        "not_enough_evidence": "The seeds cannot tell.",
    }[finding.verdict()]


def _pairs(finding: Finding) -> Sequence[tuple[str, float | None]]:
    return list(zip(finding.sides, finding.means, strict=False))


def _width(finding: Finding) -> float | None:
    """How precisely the means themselves are known, roughly: as their difference is."""
    test, part = finding.test, finding.part
    means = [abs(mean) for mean in finding.means if mean is not None]
    if test is None or not means or test.high <= test.low:
        return None
    width = test.high - test.low
    return width * min(means) if part.scale == "ratio" else width


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(title: str) -> str:
    """A title within a sentence; abbreviations and names stay as they are."""
    return title if title[:2].isupper() or title.startswith(("Fréchet", "Laplacian")) else title[0].lower() + title[1:]
