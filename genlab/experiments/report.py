"""A match as one HTML file that needs no network and prints well: settings, verdicts, scores, pictures, commands.

Charts are small SVGs of our own, so that the file stays light and works without scripts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError
from genlab.experiments import _report_claims as claims
from genlab.experiments import _report_parts as parts
from genlab.experiments._report_parts import Taker, facts, family, table
from genlab.experiments._report_style import style
from genlab.matches.folder import Entry, Match, MatchDirectory
from genlab.matches.match_request import MatchRequest
from genlab.plots.theme import family_title
from genlab.store import atomic

if TYPE_CHECKING:
    from genlab.lab.judging import Judging

UNTUNED = (
    "Every family was trained with its preset's learning rate. Comparisons without tuning can mislead: another rate "
    "may suit one family better."
)
TUNED = "Every family had the same number of short trials, and was then trained at the learning rate that did best."


def write_report(match: Match, lab: Judging, out: Path) -> None:
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


def report_html(match: Match, lab: Judging) -> str:
    """The whole file. Nothing in it is fetched; pictures are data addresses."""
    takers = gather(match, lab)
    judged = [taker for taker in takers if taker.entry.role == "seed"]
    trials = [taker for taker in takers if taker.entry.role == "trial"]
    families = list(dict.fromkeys(taker.entry.family for taker in judged)) or _asked_families(match.request)
    names = parts.score_names(judged, _titles(match))
    sections = [
        ("Verdicts", claims.verdicts(match, families)),
        ("Samples", "<p>The newest samples of every run, at the same latents.</p>" + parts.samples(judged, families)),
        ("Scores", _scores(judged, families, names)),
        ("How the verdicts were reached", claims.findings(match)),
        ("Training", _training(judged, families)),
        ("Alarms", parts.alarms(judged)),
        ("Parameters", _parameters(match)),
        ("Learning rates", _rates(trials)),
        ("Runs", _runs(takers)),
        ("How to reproduce it", _repeat(match, takers)),
    ]
    there = [(heading, content) for heading, content in sections if content]
    links = "".join(f'<li><a href="#{_anchor(heading)}">{heading}</a></li>' for heading, _ in there)
    body = "".join(
        f'<section aria-labelledby="{_anchor(h)}"><h2 id="{_anchor(h)}">{h}</h2>{c}</section>' for h, c in there
    )
    title = _title(match, families)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style()}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1>{_head(match, takers)}"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav></header>{body}</main></body></html>'
    )


# What there is


def gather(match: Match, lab: Judging) -> list[Taker]:
    """Every run of the match, with what can be found of it."""
    folder = MatchDirectory(match.path)
    measures, scores = folder.measures(), folder.measures("evaluations")
    every = [(entry, str(entry.run)) for entry in match.entries]
    return [_taker(entry, match, lab, measures.get(run, {}), scores.get(run)) for entry, run in every]


def _taker(
    entry: Entry, match: Match, lab: Judging, measures: Mapping[str, Any], kept: Mapping[str, Any] | None
) -> Taker:
    """One run; ``kept`` are the scores that a shipped match holds of it, whether the run is there or not."""
    if entry.run is None:
        return Taker(entry)
    try:
        directory = lab.directory(entry.run)
        run = directory.summary()
    except GenlabError:
        return Taker(entry, scores=kept or {}, measures=measures)
    samples = directory.samples()
    return Taker(
        entry,
        run,
        kept or _scores_of(entry, match, lab),
        measures,
        directory.metrics()[0],
        directory.alarms(),
        samples[-1] if samples else None,
        directory.environment(),
    )


def _scores_of(entry: Entry, match: Match, lab: Judging) -> Mapping[str, Mapping[str, Any]]:
    """What the match's evaluation found, or else the newest there is."""
    assert entry.run is not None
    request = match.request.evaluation() if entry.role == "seed" else match.request.trial_evaluation()
    document: Mapping[str, Any] | None = None
    with suppress(GenlabError):
        document = lab.evaluation(entry.run, request)
    document = document or (lab.evaluations(entry.run) or [{}])[-1]
    found = document.get("metrics", {})
    return found if isinstance(found, Mapping) else {}


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


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


# The sections


def _head(match: Match, takers: Sequence[Taker]) -> str:
    """What was held, on what, where; and in one sentence what came of it."""
    request, judged = match.request, match.claims or {}
    environment = next((taker.environment for taker in takers if taker.environment), {})
    data = environment.get("data", {})
    versions = judged.get("versions") or {"genlab": environment.get("genlab"), **environment.get("versions", {})}
    shape = " × ".join(map(str, data.get("shape", ())))
    size = f"{data['train']:,} training and {data['test']:,} held-out images of {shape}" if "train" in data else ""
    pairs = [
        ("Data", escape(f"{request.data.name}{f': {size}' if size else ''}")),
        ("Fingerprint", f"<code>{escape(str(judged.get('fingerprint') or data.get('fingerprint') or ''))}</code>"),
        ("Training", escape(_length(match))),
        ("Seeds", ", ".join(str(seed) for seed in range(request.seeds))),
        ("Preset", escape(request.preset)),
        ("Parameters", "" if match.spread is None else f"within {match.spread:.1%} of each other"),
        ("Held", escape(time.strftime("%Y-%m-%d %H:%M", time.localtime(match.created))) if match.created else ""),
        ("Machine", escape(str(judged.get("machine") or environment.get("device") or ""))),
        ("Versions", escape(", ".join(f"{name} {number}" for name, number in versions.items() if number))),
        ("Match", f"<code>{escape(match.id)}</code>"),
    ]
    tuning = TUNED if request.tuned else UNTUNED
    return f'<p class="lead">{escape(claims.outcome(match))}</p>{facts(pairs)}<p>{tuning}</p>'


def _length(match: Match) -> str:
    known = [
        f"{match.images:,} images for every run" if match.images else "",
        f"batch {match.batch_size}" if match.batch_size else "",
        f"latent size {match.latent_dim}" if match.latent_dim else "",
    ]
    return ", ".join(word for word in known if word)


def _scores(takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]) -> str:
    if not names:
        return "<p>No run of this match in this workspace has been evaluated.</p>"
    first = next(taker for taker in takers if taker.lines)
    n = max((int(line.get("n") or 0) for line in first.scores.values()), default=0)
    about = (
        f"<p>Mean over seeds ± half its 95 % t-interval, and the value of each seed; up to {n:,} images of each kind. "
        "↑ more is better, ↓ less is better. Real data are other real images in the place of samples: what a perfect "
        "model would reach.</p>"
    )
    dots = "<p>A dot for each seed, its whisker the 95 % interval over images; the dashed line is real data.</p>"
    charts = parts.score_charts(takers, families, names)
    return f"{about}{parts.score_table(takers, families, names)}<h3>Seed by seed</h3>{dots}{charts}"


def _training(takers: Sequence[Taker], families: Sequence[str]) -> str:
    about = "<p>Means since the row before, by images seen; a line for each seed. Each chart has its own scale.</p>"
    return about + parts.loss_charts(takers, families)


def _parameters(match: Match) -> str:
    known = match.parameters or {}
    if not known:
        return ""
    pieces = list(dict.fromkeys(piece for counts in known.values() for piece in counts if piece != "total"))
    rows = [
        (family(who), *(f"{counts.get(piece) or 0:,}" for piece in pieces), f"{counts.get('total', 0):,}")
        for who, counts in known.items()
    ]
    spread = "" if match.spread is None else f"<p>The totals lie within {match.spread:.1%} of the largest.</p>"
    return spread + table(("Family", *pieces, "total"), rows, range(1, len(pieces) + 2))


def _rates(trials: Sequence[Taker]) -> str:
    if not trials:
        return ""
    rows = []
    for taker in sorted(trials, key=lambda taker: (taker.entry.family, taker.entry.lr_factor)):
        line = taker.scores.get("frechet", {})
        state = taker.run.state if taker.run else taker.why_missing
        found = state if line.get("value") is None else claims.number(line)
        rows.append((family(taker.entry.family), f"{taker.entry.lr_factor:g} ×", escape(found)))
    about = "<p>Short trials at other learning rates, seed 0: how sensitive each family is.</p>"
    return about + table(("Family", "Learning rate", "Fréchet distance"), rows)


def _runs(takers: Sequence[Taker]) -> str:
    rows = []
    for taker in takers:
        entry, run = taker.entry, taker.run
        role = "judged" if entry.role == "seed" else f"trial at {entry.lr_factor:g} ×"
        state = run.state if run else taker.why_missing
        images, minutes = (f"{run.images:,}", f"{run.seconds / 60:.1f}") if run else ("", "")
        name = f"<code>{escape(entry.run or '')}</code>"
        rows.append((family(entry.family), str(entry.seed), role, escape(state), images, minutes, name))
    heading = ("Family", "Seed", "Role", "State", "Images", "Minutes", "Run")
    return table(heading, rows, (1, 4, 5)) if rows else ""


def _repeat(match: Match, takers: Sequence[Taker]) -> str:
    configs = {taker.entry.family: taker.entry.config for taker in takers if taker.entry.role == "seed"}
    shown = [("What was asked for", match.request.model_dump(mode="json"))]
    for who, config in configs.items():
        shown += [(f"Configuration of the {family_title(who)}", dict(config))] if config else []
    blocks = [
        f"<h3>{escape(title)}</h3><pre>{escape(json.dumps(document, ensure_ascii=False))}</pre>"
        for title, document in shown
    ]
    about = "<p>The same match, on the same data and with the same versions, gives the same runs up to rounding:</p>"
    return f"{about}<pre>{escape(command(match))}</pre>{''.join(blocks)}"


def command(match: Match) -> str:
    """The ``genlab match`` command that holds the match again, its length written out."""
    length = match.images or match.request.images
    return match.request.model_copy(update={"images": length}).command()
