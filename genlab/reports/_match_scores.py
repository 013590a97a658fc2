"""Scores, losses, samples and alarms of a match's runs, as its report shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from markupsafe import Markup

from genlab import kinds
from genlab.errors import InputError
from genlab.kinds.base import KindSpec
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics import alarms as guarded
from genlab.metrics import remarks
from genlab.metrics.base import MetricSpec
from genlab.numbers import interval, plus_minus, short
from genlab.plots.course import describe_course
from genlab.plots.effort import describe_efforts, efforts_of
from genlab.plots.svg import ChartLine, Dot, DotRow, dot_chart, line_chart
from genlab.plots.theme import family_symbol, family_title
from genlab.reports._match_runs import Taker
from genlab.reports.page import Table, TableCell, colour
from genlab.reports.pictures import data_addresses
from genlab.reports.players import players
from genlab.store.pictures import load_picture
from genlab.verdicts.findings import mark
from genlab.verdicts.measures import MEASURES, MeasureSpec
from genlab.verdicts.plateau import SCORE, courses_of
from genlab.verdicts.scales import describe

Chart = tuple[str, Markup]
"""Title and drawing."""

PICTURE_ROOM = 2_600_000
"""Bytes for all sample grids together."""

SHOWN_SEEDS = 5
"""Seeds whose samples and losses are shown; scores are of all."""

ARROWS = {"up": "↑", "down": "↓", "none": ""}
SEED_DASHES = ("solid", "dash", "dot", "dashdot")


def samples(takers: Sequence[Taker], families: Sequence[str]) -> list[dict[str, Any]]:
    """The newest sample grid of every run: a column for each family, a row for each seed."""
    seeds = sorted({taker.entry.seed for taker in takers})[:SHOWN_SEEDS]
    known = {(taker.entry.family, taker.entry.seed): taker for taker in takers}
    contents = {place: _content(taker) for place, taker in known.items() if place[1] in seeds}
    addresses = data_addresses(contents.values(), PICTURE_ROOM)
    played = players(
        {
            place: (taker.sample[1], kind)
            for place, taker in known.items()
            if contents.get(place) and taker.sample is not None and (kind := _kind(taker)) is not None
        }
    )
    found = []
    for seed in seeds:
        for name in families:
            taker, png = known.get((name, seed)), contents.get((name, seed), b"")
            picture = {"family": name, "seed": seed, "src": "", "alt": "", "players": played.get((name, seed))}
            if png and taker is not None and taker.sample is not None:
                title, seen = f"{family_title(name)}, seed {seed}", f"{taker.sample[0]:,} {_many(taker)}"
                picture |= {"src": addresses[png], "alt": f"Samples of the {title} after {seen}"}
            else:
                picture["why"] = taker.why_missing if taker else "not in this match"
            found.append(picture)
    return found


def _content(taker: Taker) -> bytes:
    try:
        if taker.sample is None:
            return b""
        load_picture(taker.sample[1])
        return taker.sample[1].read_bytes()
    except (InputError, OSError):
        return b""


def _kind(taker: Taker) -> KindSpec | None:
    """The kind of what a run made; None for one that is not registered here."""
    try:
        return kinds.of(taker.environment.get("space"))
    except InputError:
        return None


def _many(taker: Taker) -> str:
    kind = _kind(taker)
    return kind.many if kind else "items"


def score_names(takers: Sequence[Taker], titles: Mapping[str, str]) -> dict[str, str]:
    """Measure -> title, of all that has a number in some run: metrics in the order of the registry, then the others."""
    seen = {name for taker in takers for name, line in taker.lines.items() if line.get("value") is not None}
    specs: dict[str, MetricSpec | MeasureSpec] = {spec.name: spec for spec in METRICS if spec.name in seen}
    specs |= {name: spec for name, spec in MEASURES.items() if name in seen}
    marks = {name: _remarks(name, line) for taker in takers for name, line in taker.lines.items()}
    found = {name: f"{spec.title} {ARROWS[spec.better]}".strip() + marks.get(name, "") for name, spec in specs.items()}
    return found | {name: titles.get(name) or describe(name).title for name in sorted(seen - specs.keys())}


def _remarks(name: str, line: Mapping[str, Any]) -> str:
    return remarks(name, line) + (mark({**line, "measure": name}) if name in MEASURES else "")


def score_table(takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]) -> Table:
    """A row per score: each family's mean over seeds with its interval, and what real data reach."""
    rows: list[Sequence[str | TableCell]] = []
    for name, title in names.items():
        lines = {who: lines_of(takers, who, name) for who in families}
        first = next(line for found in lines.values() for line in found)
        spec = METRICS.get(name) if name in METRICS.names() else MEASURES.get(name)
        unit = [spec.unit] if spec is not None and spec.unit else []
        real = short(first.get("floor")) if first.get("floor") is not None else ""
        rows.append((TableCell(title, small=unit), *(_over_seeds(found) for found in lines.values()), real))
    heading: list[str | TableCell] = ["Score", *(TableCell(families=[who]) for who in families), "Real data"]
    return Table(heading, rows, (len(families) + 1,), "scores")


def lines_of(takers: Sequence[Taker], who: str, name: str) -> list[Mapping[str, Any]]:
    """The lines of a family's runs that have a number, by seed."""
    found = sorted((taker for taker in takers if taker.entry.family == who), key=lambda taker: taker.entry.seed)
    return [line for taker in found if (line := taker.lines.get(name, {})).get("value") is not None]


def _over_seeds(lines: Sequence[Mapping[str, Any]]) -> TableCell:
    """Mean over seeds and its 95 % t-interval; for one seed the interval over images."""
    if not lines:
        return TableCell("none", kind="faint")
    values = [float(line["value"]) for line in lines]
    if len(values) == 1:
        return TableCell(interval(lines[0]), small=["one seed"])
    # The t quantile without scipy.stats, which takes a second to import.
    from scipy.special import stdtrit

    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = float(stdtrit(len(values) - 1, 0.975)) * (variance / len(values)) ** 0.5
    seeds = ", ".join(short(value) for value in values)
    return TableCell(plus_minus(mean, mean - half, mean + half), small=[seeds])


def score_charts(takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]) -> list[Chart]:
    """A small chart per score: a row for each family, a dot with its whisker for each seed."""
    charts = []
    for name, title in names.items():
        rows, real = [], None
        for who in families:
            lines = lines_of(takers, who, name)
            dots = [Dot(float(line["value"]), line.get("low"), line.get("high")) for line in lines]
            rows.append(DotRow(family_title(who), colour(who), dots, family_symbol(who)))
            real = next((line["floor"] for line in lines if line.get("floor") is not None), real)
        told = "; ".join(f"{row.label} {', '.join(short(dot.value) for dot in row.dots) or 'none'}" for row in rows)
        alt = f"{title}: {told}{f'; real data {short(real)}' if real is not None else ''}"
        charts.append((title, Markup(dot_chart(rows, alt, real))))
    return [*charts, *_effort_chart(takers)]


def course_charts(document: Mapping[str, Any] | None) -> list[Chart]:
    """The score that is followed over the images seen, a line per run; none where it was not.

    Args:
        document: ``claims.json``.
    """
    courses = courses_of(document)
    if not courses:
        return []
    title, runs = describe(SCORE).title, [(course.family, course.seed, course.points) for course in courses]
    lines = [ChartLine(f"{family_title(who)}, seed {seed}", colour(who), points) for who, seed, points in runs]
    return [(title, Markup(line_chart(lines, describe_course(runs, title))))]


def _effort_chart(takers: Sequence[Taker]) -> list[Chart]:
    """Error of reconstructions against time, a line per family; none where it was not measured."""
    efforts = efforts_of([(taker.entry.family, taker.lines) for taker in takers])
    if not efforts:
        return []
    lines = [
        ChartLine(
            family_title(who),
            colour(who),
            [(log10(one.milliseconds), one.error) for one in efforts if one.family == who],
        )
        for who in dict.fromkeys(one.family for one in efforts)
    ]
    chart = line_chart(lines, describe_efforts(efforts), unit="log10 of ms per item")
    return [("Reconstruction error against time", Markup(chart))]


LOSSES = ("loss/", "kl/total", "reconstruction/mse", "score/real", "score/fake")


def loss_charts(takers: Sequence[Taker], families: Sequence[str]) -> list[tuple[str, list[Chart]]]:
    """A column per family: each of its losses and scores over the images seen, a line for each seed."""
    blocks = []
    for who in families:
        mine = [taker for taker in takers if taker.entry.family == who and taker.rows][:SHOWN_SEEDS]
        names = dict.fromkeys(name for taker in mine for row in taker.rows for name in row if name.startswith(LOSSES))
        charts = []
        for name in names:
            lines = [
                ChartLine(
                    f"seed {taker.entry.seed}",
                    colour(who),
                    [(row["images"], row[name]) for row in taker.rows if name in row],
                    SEED_DASHES[place % len(SEED_DASHES)],
                    1 - 0.18 * min(place, 3),
                )
                for place, taker in enumerate(mine)
            ]
            ends = ", ".join(f"{line.name} ends at {short(line.points[-1][1])}" for line in lines if line.points)
            title = _loss_title(name, alone=sum(each.startswith("loss/") for each in names) == 1)
            alt = f"{title} of the {family_title(who)} over images seen: {ends}"
            charts.append((title, Markup(line_chart(lines, alt))))
        blocks.append((who, charts))
    return blocks


def _loss_title(name: str, *, alone: bool) -> str:
    """Title of a curve; ``alone`` where there is only one loss, so that it needs no player's name."""
    kind, _, of = name.partition("/")
    if kind == "loss":
        return "Loss" if alone else f"Loss of the {of.replace('_', ' ')}"
    return {
        "kl/total": "KL from the prior, nats",
        "reconstruction/mse": "Reconstruction error per value",
        "score/real": "Critic's score of real data",
        "score/fake": "Critic's score of samples",
    }.get(name, name)


def alarms(takers: Sequence[Taker]) -> Table | None:
    """What the collapse watch raised, run by run, and what guards among the metrics say; None for nothing."""
    rows = [
        (
            TableCell(f"seed {taker.entry.seed}", [taker.entry.family]),
            str(alarm.get("title", alarm.get("symptom", ""))),
            f"{int(alarm.get('images', 0)):,} to {int(alarm.get('last', 0)):,}",
            str(alarm.get("seen", "")),
        )
        for taker in takers
        for alarm in taker.alarms
    ]
    rows += [
        (TableCell(f"seed {taker.entry.seed}", [taker.entry.family]), METRICS.get(name).title, "evaluation", words)
        for taker in takers
        for name, words in guarded(taker.scores).items()
        if name in METRICS
    ]
    return Table(("Run", "Alarm", "Images seen", "What was seen"), rows) if rows else None
