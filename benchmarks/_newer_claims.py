"""Claims that are newer than a shipped match and not asked of its data: said so there, nothing judged again."""

from __future__ import annotations

from pathlib import Path

from genlab.lab import Lab
from genlab.matches.folder import Match
from genlab.matches.gathering import gather
from genlab.store.atomic import read_json, write_json
from genlab.verdicts.judge import claims, judge


def with_newer_claims(lab: Lab, match: Match, zoo: Path) -> list[str]:
    """Add to a match's verdicts each claim that they lack and that is not asked of its data, as the judge words it.

    What has been judged stays as it is: most of a shipped match's runs stay behind, and with them what each held-out
    item adds, so that a verdict anew would rest on less. A claim that is asked has to be measured first.

    Args:
        lab: A workspace that shows the zoo.
        match: A match of the zoo.
        zoo: The zoo.

    Returns:
        The names of the claims that were added.
    """
    file = zoo / "matches" / match.id / "claims.json"
    document = read_json(file) or {}
    known = {claim["claim"]: claim for claim in document["claims"]}
    today = {claim["claim"]: claim for claim in judge(gather(match, lab))["claims"]}
    added = [spec.name for spec in claims() if spec.name not in known and not today[spec.name]["applicable"]]
    if added:
        # Runs that stayed behind cannot be counted again: the claims that were judged know how many there were.
        seeds = min(claim["seeds"] for claim in known.values())
        known |= {name: {**today[name], "seeds": seeds} for name in added}
        order = {spec.name: place for place, spec in enumerate(claims())}
        listed = sorted(known.values(), key=lambda claim: order.get(claim["claim"], len(order)))
        write_json(file, {**document, "claims": listed})
    return added
