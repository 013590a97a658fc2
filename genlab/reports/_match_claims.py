"""Verdicts in a match's report: the table, the sentence above it, and the comparisons that every verdict rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from genlab.matches.folder import Match
from genlab.numbers import interval, short
from genlab.plots.parts import GLYPHS, VERDICTS
from genlab.reports.page import Table, TableCell
from genlab.verdicts.findings import beside_words, judged_before, mark, measured_before, still_due, turned_words
from genlab.verdicts.plateau import Approach, early_words, sides

BADGES = {verdict: f"{GLYPHS[verdict]} {words}" for verdict, words in VERDICTS.items()}
OUTCOMES = {
    "supported": "supported",
    "not_supported": "not supported",
    "no_difference": "without a difference that matters",
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
    asked = [claim for claim in claims if claim.get("applicable") is not False]
    counts = {verdict: sum(claim.get("verdict") == verdict for claim in asked) for verdict in VERDICTS}
    words = ", ".join(f"{times} {OUTCOMES[verdict]}" for verdict, times in counts.items() if times)
    aside = f"; {len(claims) - len(asked)} not applicable" if len(asked) < len(claims) else ""
    told = f"Of {len(asked)} textbook claims about these families: {words}{aside}."
    about = (early_words, turned_words, judged_before, measured_before, still_due)
    return " ".join(filter(None, (told, *(say(match.claims) for say in about))))


def verdicts(match: Match, families: Sequence[str]) -> dict[str, Any]:
    """The table: a row per claim, what each family was found to do, and the verdict."""
    rows = [
        {
            "title": str(claim.get("title", claim.get("claim", ""))),
            "cells": [_cells(claim, who) for who in families],
            "verdict": _verdict(claim, sides(match.claims, claim)),
        }
        for claim in claims_of(match)
    ]
    return {"families": families, "rows": rows, "few": match.request.seeds < 2}


def _cells(claim: Mapping[str, Any], family: str) -> list[TableCell]:
    lines = []
    if claim.get("applicable") is False:
        return [TableCell("")]
    for cell in claim.get("cells", {}).get(family, []):
        words = cell.get("text") or number(cell)
        title = str(cell.get("title") or cell.get("measure", "")) + mark(cell)
        floor = cell.get("floor")
        real = f", real data {short(floor)}" if floor is not None else ""
        lines.append(TableCell(str(words), small=[f"{title}{real}"]))
    return lines or [TableCell("not measured", kind="faint")]


def number(line: Mapping[str, Any], value: str = "value") -> str:
    """A value with its interval and unit; "not known" where there is none."""
    if line.get(value) is None:
        return "not known"
    found = {"value": float(line[value]), "low": line.get("low"), "high": line.get("high")}
    return f"{interval(found)} {line.get('unit') or ''}".strip()


def _verdict(claim: Mapping[str, Any], compared: Sequence[Approach]) -> dict[str, Any]:
    name = str(claim.get("verdict", ""))
    lines = []
    if claim.get("effect") is not None:
        threshold = claim.get("threshold")
        against = f", at least {short(threshold)} would matter" if threshold else ""
        lines.append(f"effect {number(claim, 'effect')}{against}")
    if claim.get("needs"):
        more = claim.get("needs_text") or claim["needs"]
        images = f" and {claim['needs_images']:,} more held-out items" if claim.get("needs_images") else ""
        lines.append(f"needs {more} more {'seed' if claim['needs'] == 1 else 'seeds'}{images}")
    badge = BADGES.get(name, name) if claim.get("applicable") is not False else "not applicable"
    told = [*beside_words(claim), *(one.words for one in compared)]
    words = {"name": name, "badge": badge, "lines": lines, "beside": told}
    return {**words, "why": str(claim.get("why", "")), "caveat": str(claim.get("caveat") or "")}


def findings(match: Match) -> list[tuple[str, Table]]:
    """Every comparison that was made, claim by claim."""
    heading = ("Part", "Between", "Effect (95 %)", "Matters from", "Finding", "Why")
    return [
        (str(claim.get("title", claim.get("claim", ""))), Table(heading, [_finding(part) for part in claim["parts"]]))
        for claim in claims_of(match)
        if claim.get("parts")
    ]


def _finding(part: Mapping[str, Any]) -> tuple[str | TableCell, ...]:
    name, title = str(part.get("verdict") or ""), str(part.get("title", part.get("part", "")))
    title += mark(part)
    return (
        TableCell(title, small=() if part.get("decisive") else ["shown, does not decide"]),
        TableCell(families=part.get("families", [])),
        number(part, "effect"),
        short(part.get("threshold")),
        TableCell(BADGES.get(name, name), kind=name),
        str(part.get("why") or ""),
    )
