"""Verdicts in a match's report: the table, the sentence above it, and the comparisons that every verdict rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from genlab.experiments._report_parts import family, table
from genlab.matches.folder import Match
from genlab.numbers import interval, short

VERDICTS = {
    "supported": "✓ supported",
    "not_supported": "✗ not supported",
    "not_enough_evidence": "? not enough evidence",
}
OUTCOMES = {
    "supported": "supported",
    "not_supported": "not supported",
    "not_enough_evidence": "without enough evidence",
}


def claims_of(match: Match) -> list[Mapping[str, Any]]:
    """The verdicts; none before the match is judged."""
    return list((match.claims or {}).get("claims", []))


def outcome(match: Match) -> str:
    """What came of it, in one sentence."""
    claims = claims_of(match)
    if not claims:
        told = f" {match.phase}." if match.phase else ""
        return f"This match has not been judged yet: it is {match.state}.{told}"
    counts = {verdict: sum(claim.get("verdict") == verdict for claim in claims) for verdict in VERDICTS}
    words = ", ".join(f"{times} {OUTCOMES[verdict]}" for verdict, times in counts.items() if times)
    return f"Of {len(claims)} textbook claims about these families: {words}."


def verdicts(match: Match, families: Sequence[str]) -> str:
    """The table: a row per claim, what each family was found to do, and the verdict."""
    claims = claims_of(match)
    if not claims:
        return "<p>Verdicts stand here once all runs have been trained and judged.</p>"
    rows = [
        (
            escape(str(claim.get("title", claim.get("claim", "")))),
            *(_cells(claim.get("cells", {}).get(who, [])) for who in families),
            _verdict(claim),
        )
        for claim in claims
    ]
    few = match.request.seeds < 2
    note = '<p class="note">One seed is never enough for a verdict: run the match with more.</p>' if few else ""
    page = table(("Claim, as textbooks put it", *(family(who) for who in families), "Verdict"), rows, kind="verdicts")
    return note + page


def _cells(cells: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for cell in cells:
        words = cell.get("text") or number(cell)
        title = str(cell.get("title") or cell.get("measure", ""))
        floor = cell.get("floor")
        real = f", real data {short(floor)}" if floor is not None else ""
        lines.append(f"{escape(str(words))}<small>{escape(title)}{escape(real)}</small>")
    return "".join(lines) or '<span class="faint">not measured</span>'


def number(line: Mapping[str, Any], value: str = "value") -> str:
    """A value with its interval and unit; "not known" where there is none."""
    if line.get(value) is None:
        return "not known"
    found = {"value": float(line[value]), "low": line.get("low"), "high": line.get("high")}
    return f"{interval(found)} {line.get('unit') or ''}".strip()


def _verdict(claim: Mapping[str, Any]) -> str:
    name = str(claim.get("verdict", ""))
    badge = f'<span class="badge {escape(name)}">{VERDICTS.get(name, escape(name))}</span>'
    lines = []
    if claim.get("effect") is not None:
        threshold = claim.get("threshold")
        against = f", at least {short(threshold)} would matter" if threshold else ""
        lines.append(f"effect {number(claim, 'effect')}{against}")
    if claim.get("needs"):
        more = claim.get("needs_text") or claim["needs"]
        lines.append(f"needs {more} more {'seed' if claim['needs'] == 1 else 'seeds'}")
    small = "".join(f"<small>{escape(line)}</small>" for line in lines)
    caveat = f"<small>{escape(str(claim['caveat']))}</small>" if claim.get("caveat") else ""
    return f'<div class="verdict">{badge}{small}<p>{escape(str(claim.get("why", "")))}</p>{caveat}</div>'


def findings(match: Match) -> str:
    """Every comparison that was made for every claim."""
    blocks = []
    for claim in claims_of(match):
        rows = [_finding(part) for part in claim.get("parts", [])]
        if rows:
            blocks.append(f"<h3>{escape(str(claim.get('title', claim.get('claim', ''))))}</h3>")
            heading = ("Part", "Between", "Effect (95 %)", "Matters from", "Finding", "Why")
            blocks.append(table(heading, rows))
    about = (
        "<p>A claim is supported when all of its decisive parts are, by effect size over seeds against a stated "
        "threshold, after a correction for the number of claims (Benjamini and Hochberg, 1995).</p>"
    )
    return about + "".join(blocks) if blocks else ""


def _finding(part: Mapping[str, Any]) -> tuple[str, ...]:
    name, title = str(part.get("verdict") or ""), escape(str(part.get("title", part.get("part", ""))))
    return (
        title if part.get("decisive") else f"{title}<small>shown, does not decide</small>",
        ", ".join(family(who) for who in part.get("families", [])),
        escape(number(part, "effect")),
        escape(short(part.get("threshold"))),
        f'<span class="{escape(name)}">{VERDICTS.get(name, escape(name))}</span>',
        escape(str(part.get("why") or "")),
    )
