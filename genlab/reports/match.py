"""A match as one HTML file that needs no network and prints well: settings, verdicts, scores, pictures, commands.

Charts are small SVGs of our own, so that the file stays light and works without scripts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genlab.matches.by_kind import many_of
from genlab.matches.fairness import fairness_words, length_words
from genlab.matches.folder import Match
from genlab.matches.gathering import Records
from genlab.matches.match_request import MatchRequest
from genlab.matches.since import about_settings
from genlab.numbers import short
from genlab.plots.theme import family_title
from genlab.reports import _match_claims as claims
from genlab.reports import _match_scores as scores
from genlab.reports._match_runs import Taker, gather
from genlab.reports.page import Table, TableCell, render
from genlab.store import atomic
from genlab.verdicts.plateau import plateau_words


def write_report(match: Match, lab: Records, out: Path) -> None:
    """Write the report on a match, finished or not; runs that are not there any more are left out.

    Args:
        match: The match.
        lab: Where its runs are.
        out: The file.

    Raises:
        InputError: When the file cannot be written.
        GenlabError: When the disk is full.
    """
    content = report_html(match, lab).encode()
    with atomic.storage_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(out, content)


def report_html(match: Match, lab: Records) -> str:
    """The whole file. Nothing in it is fetched; pictures are data addresses."""
    takers = gather(match, lab)
    judged = [taker for taker in takers if taker.entry.role == "seed"]
    trials = [taker for taker in takers if taker.entry.role == "trial"]
    families = list(dict.fromkeys(taker.entry.family for taker in judged)) or _asked_families(match.request)
    names = scores.score_names(judged, _titles(match))
    sections = [
        ("Verdicts", "verdicts", claims.verdicts(match, families)),
        ("Length", "course", _course(match)),
        ("Samples", "samples", {"columns": max(1, len(families)), "pictures": scores.samples(judged, families)}),
        ("Scores", "scores", _scores(match, judged, families, names)),
        ("How the verdicts were reached", "findings", claims.findings(match)),
        ("Training", "training", scores.loss_charts(judged, families)),
        ("Alarms", "alarms", {"table": scores.alarms(judged), "runs": sum(taker.run is not None for taker in judged)}),
        ("Parameters", "parameters", _parameters(match)),
        ("Learning rates", "rates", _rates(trials)),
        ("Runs", "runs", _runs(takers)),
        ("How to reproduce it", "repeat", _repeat(match, takers)),
    ]
    optional = {"course", "findings", "parameters", "rates", "runs"}
    return render(
        "match.html",
        title=_title(match, families),
        lead=claims.outcome(match),
        facts=_facts(match, takers, " ".join(about_settings(match, lab))),
        tuning=fairness_words(match),
        sections=[
            {"heading": heading, "anchor": heading.lower().replace(" ", "-"), "kind": kind, "it": it}
            for heading, kind, it in sections
            if it or kind not in optional
        ],
    )


def _asked_families(request: MatchRequest) -> list[str]:
    from genlab.registry import registry

    models = registry("objectives")
    return [str(models.get(name).family) if name in models else name for name in request.families]


def _titles(match: Match) -> dict[str, str]:
    """Measure -> what the claims call it."""
    cells = [
        cell
        for claim in claims.claims_of(match)
        for members in claim.get("cells", {}).values()
        for cell in members
        if cell.get("measure") and cell.get("title")
    ]
    return {str(cell["measure"]): str(cell["title"]) for cell in cells}


def _title(match: Match, families: Sequence[str]) -> str:
    names = [family_title(name) for name in families]
    who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    return match.name or f"A fair match: {who} on {match.request.data.name}"


# The sections


def _facts(match: Match, takers: Sequence[Taker], since: str) -> list[tuple[str, str, bool]]:
    """What was held, on what, where: name, value, and whether that is an identifier."""
    request, judged = match.request, match.claims or {}
    environment = next((taker.environment for taker in takers if taker.environment), {})
    data = environment.get("data", {})
    versions = judged.get("versions") or {"genlab": environment.get("genlab"), **environment.get("versions", {})}
    shape = " × ".join(map(str, data.get("shape", ())))
    many = f"{many_of(match)} of {shape}"
    size = f"{data['train']:,} training and {data['test']:,} held-out {many}" if "train" in data else ""
    return [
        ("Data", f"{request.data.name}{f': {size}' if size else ''}", False),
        ("Fingerprint", str(judged.get("fingerprint") or data.get("fingerprint") or ""), True),
        ("Training", _length(match), False),
        ("Seeds", ", ".join(str(seed) for seed in range(request.seeds)), False),
        ("Preset", f"{request.preset}. {since}" if since else request.preset, False),
        ("Parameters", "" if match.spread is None else f"within {match.spread:.1%} of each other", False),
        ("Held", time.strftime("%Y-%m-%d %H:%M", time.localtime(match.created)) if match.created else "", False),
        ("Machine", str(judged.get("machine") or environment.get("device") or ""), False),
        ("Versions", ", ".join(f"{name} {number}" for name, number in versions.items() if number), False),
        ("Match", match.id, True),
    ]


def _length(match: Match) -> str:
    known = [
        length_words(match),
        f"batch {match.batch_size}" if match.batch_size else "",
        f"latent size {match.latent_dim}" if match.latent_dim else "",
    ]
    return ", ".join(word for word in known if word)


def _scores(
    match: Match, takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]
) -> dict[str, Any] | None:
    """None when nothing has been evaluated."""
    if not names:
        return None
    first = next(taker for taker in takers if taker.lines)
    return {
        "n": max((int(line.get("n") or 0) for line in first.scores.values()), default=0),
        "many": many_of(match),
        "table": scores.score_table(takers, families, names),
        "charts": scores.score_charts(takers, families, names),
    }


def _course(match: Match) -> dict[str, Any] | None:
    """Whether families are still on their way at this length; None where that was not followed."""
    told = plateau_words(match.claims)
    return {"words": told, "charts": scores.course_charts(match.claims)} if told else None


def _parameters(match: Match) -> dict[str, Any] | None:
    known = match.parameters or {}
    if not known:
        return None
    pieces = list(dict.fromkeys(piece for counts in known.values() for piece in counts if piece != "total"))
    rows: list[Sequence[str | TableCell]] = [
        (TableCell(families=[who]), *(f"{counts.get(piece) or 0:,}" for piece in pieces), f"{counts.get('total', 0):,}")
        for who, counts in known.items()
    ]
    spread = "" if match.spread is None else f"The totals lie within {match.spread:.1%} of the largest."
    return {"spread": spread, "table": Table(("Family", *pieces, "total"), rows, range(1, len(pieces) + 2))}


def _rates(trials: Sequence[Taker]) -> Table | None:
    rows = []
    for taker in sorted(trials, key=lambda taker: (taker.entry.family, taker.entry.lr_factor)):
        line = taker.scores.get("frechet", {})
        state = taker.run.state if taker.run else taker.why_missing
        found = state if line.get("value") is None else claims.number(line)
        changed = [f"{path.removeprefix('model.')} {short(value)}" for path, value in taker.entry.changed.items()]
        rate = f"{taker.entry.lr_factor:g} ×"
        rows.append((TableCell(families=[taker.entry.contender]), ", ".join((rate, *changed)), found))
    return Table(("Family", "Learning rate", "Fréchet distance"), rows) if rows else None


def _runs(takers: Sequence[Taker]) -> Table | None:
    rows = []
    for taker in takers:
        entry, run = taker.entry, taker.run
        role = {"seed": "judged", "beside": "judged beside"}.get(entry.role, f"trial at {entry.lr_factor:g} ×")
        state = run.state if run else taker.why_missing
        images, minutes = (f"{run.images:,}", f"{run.seconds / 60:.1f}") if run else ("", "")
        name = TableCell(entry.run or "", code=True)
        rows.append((TableCell(families=[entry.contender]), str(entry.seed), role, state, images, minutes, name))
    heading = ("Family", "Seed", "Role", "State", "Images", "Minutes", "Run")
    return Table(heading, rows, (1, 4, 5)) if rows else None


def _repeat(match: Match, takers: Sequence[Taker]) -> dict[str, Any]:
    configs = {taker.entry.contender: taker.entry.config for taker in takers if taker.entry.role != "trial"}
    shown = [("What was asked for", match.request.model_dump(mode="json"))]
    for who, config in configs.items():
        shown += [(f"Configuration of the {family_title(who)}", dict(config))] if config else []
    documents = [(title, json.dumps(document, ensure_ascii=False)) for title, document in shown]
    return {"command": command(match), "documents": documents}


def command(match: Match) -> str:
    """The ``genlab match`` command that holds the match again, its length written out."""
    # Of a match of equal compute it is the length of the family whose image costs the most, which the others follow.
    length = match.images or match.request.images
    return match.request.model_copy(update={"images": length}).command()
