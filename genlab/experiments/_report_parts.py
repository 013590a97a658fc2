"""Pieces of a match's report: tables, sample grids, charts of scores and of losses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from genlab.errors import InputError
from genlab.families import known
from genlab.matches.folder import Entry
from genlab.metrics import REGISTRY as METRICS
from genlab.metrics.base import MetricSpec
from genlab.numbers import against, interval, plus_minus, short
from genlab.plots.svg import Dot, DotRow, Line, dot_chart, line_chart
from genlab.plots.theme import family_glyph, family_symbol, family_title
from genlab.store.pictures import load_picture
from genlab.store.run import Run
from genlab.verdicts.measures import MEASURES, MeasureSpec

PICTURE_ROOM = 2_600_000
"""Bytes for all sample grids together."""

SHOWN_SEEDS = 5
"""Seeds whose samples and losses are shown; scores are of all."""

ARROWS = {"up": "↑", "down": "↓", "none": ""}
SEED_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Taker:
    """One run of the match, as far as it can still be found.

    Attributes:
        entry: What the match knows of it.
        run: The run; None when it was not begun or is not in this workspace.
        scores: Metric -> line of its evaluation; empty where there is none.
        measures: The match's own measures of it.
        rows: Its curves.
        alarms: What the collapse watch raised.
        sample: Its newest sample grid.
        environment: Versions, device and data of its training.
    """

    entry: Entry
    run: Run | None = None
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ()
    alarms: Sequence[Mapping[str, Any]] = ()
    sample: tuple[int, Path] | None = None
    environment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Mapping[str, Mapping[str, Any]]:
        """Everything that was measured of it."""
        return {**self.scores, **self.measures}

    @property
    def why_missing(self) -> str:
        """Why there is nothing of it to show."""
        if self.entry.run is None:
            return "not begun"
        return "run not in this workspace" if self.run is None else "ended before it drew samples"


def family(name: str) -> str:
    """A family as HTML: its shape, colour and name."""
    title = escape(family_title(name))
    return f'<span class="family" style="color:{colour(name)}">{family_glyph(name)} {title}</span>'


def colour(name: str) -> str:
    """The CSS colour of a family."""
    return "var(--real)" if known(name) is None else f"var(--family-{name})"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), kind: str = "") -> str:
    """A table of cells that are HTML already; the first of each row heads it.

    Args:
        heading: Titles of the columns.
        rows: Their cells.
        numbers: Columns that are aligned to the right.
        kind: CSS class.
    """
    right = set(numbers)

    def cell(place: int, content: str) -> str:
        kinds = ' class="number"' if place in right else ""
        return f'<th scope="row"{kinds}>{content}</th>' if place == 0 else f"<td{kinds}>{content}</td>"

    kinds = [' class="number"' if place in right else "" for place in range(len(heading))]
    heads = "".join(f'<th scope="col"{of}>{title}</th>' for of, title in zip(kinds, heading, strict=True))
    lines = "".join(f"<tr>{''.join(cell(place, content) for place, content in enumerate(row))}</tr>" for row in rows)
    inside = f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody>"
    return f'<div class="wide"><table class="{kind}">{inside}</table></div>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values that are HTML already."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs if value) + "</dl>"


def samples(takers: Sequence[Taker], families: Sequence[str]) -> str:
    """The newest sample grid of every run: a column for each family, a row for each seed."""
    from genlab.plots.report import data_addresses

    seeds = sorted({taker.entry.seed for taker in takers})[:SHOWN_SEEDS]
    known = {(taker.entry.family, taker.entry.seed): taker for taker in takers}
    contents = {place: _content(taker) for place, taker in known.items() if place[1] in seeds}
    addresses = data_addresses(contents.values(), PICTURE_ROOM)
    cells = []
    for seed in seeds:
        for name in families:
            taker, png = known.get((name, seed)), contents.get((name, seed), b"")
            title = f"{family_title(name)}, seed {seed}"
            if png and taker is not None and taker.sample is not None:
                alt = f"Samples of the {title} after {taker.sample[0]:,} images"
                body = f'<img src="{addresses[png]}" alt="{escape(alt)}">'
            else:
                body = f'<div class="plate">{escape(taker.why_missing if taker else "not in this match")}</div>'
            cells.append(f"<figure><figcaption>{family(name)} seed {seed}</figcaption>{body}</figure>")
    return (
        f'<div class="samples" style="grid-template-columns:repeat({max(1, len(families))},1fr)">{"".join(cells)}</div>'
    )


def _content(taker: Taker) -> bytes:
    try:
        if taker.sample is None:
            return b""
        load_picture(taker.sample[1])
        return taker.sample[1].read_bytes()
    except (InputError, OSError):
        return b""


def score_names(takers: Sequence[Taker], titles: Mapping[str, str]) -> dict[str, str]:
    """Measure -> title, of all that has a number in some run: metrics in the order of the registry, then the others."""
    seen = {name for taker in takers for name, line in taker.lines.items() if line.get("value") is not None}
    specs: dict[str, MetricSpec | MeasureSpec] = {spec.name: spec for spec in METRICS if spec.name in seen}
    specs |= {name: spec for name, spec in MEASURES.items() if name in seen}
    marks = {name: against(line) for taker in takers for name, line in taker.lines.items()}
    found = {name: f"{spec.title} {ARROWS[spec.better]}".strip() + marks.get(name, "") for name, spec in specs.items()}
    return found | {name: titles.get(name, name.replace("_", " ")) for name in sorted(seen - specs.keys())}


def score_table(takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]) -> str:
    """A row per score: each family's mean over seeds with its interval, and what real data reach."""
    rows = []
    for name, title in names.items():
        lines = {who: lines_of(takers, who, name) for who in families}
        first = next(line for found in lines.values() for line in found)
        spec = METRICS.get(name) if name in METRICS.names() else MEASURES.get(name)
        unit = f" <small>{escape(spec.unit)}</small>" if spec is not None and spec.unit else ""
        real = short(first.get("floor")) if first.get("floor") is not None else ""
        rows.append((f"{escape(title)}{unit}", *(_over_seeds(found) for found in lines.values()), real))
    heading = ("Score", *(family(who) for who in families), "Real data")
    return table(heading, rows, (len(families) + 1,), "scores")


def lines_of(takers: Sequence[Taker], who: str, name: str) -> list[Mapping[str, Any]]:
    """The lines of a family's runs that have a number, by seed."""
    found = sorted((taker for taker in takers if taker.entry.family == who), key=lambda taker: taker.entry.seed)
    return [line for taker in found if (line := taker.lines.get(name, {})).get("value") is not None]


def _over_seeds(lines: Sequence[Mapping[str, Any]]) -> str:
    """Mean over seeds and its 95 % t-interval; for one seed the interval over images."""
    if not lines:
        return '<span class="faint">none</span>'
    values = [float(line["value"]) for line in lines]
    if len(values) == 1:
        return f"{interval(lines[0])}<small>one seed</small>"
    # The t quantile without scipy.stats, which takes a second to import.
    from scipy.special import stdtrit

    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = float(stdtrit(len(values) - 1, 0.975)) * (variance / len(values)) ** 0.5
    seeds = ", ".join(short(value) for value in values)
    return f"{plus_minus(mean, mean - half, mean + half)}<small>{escape(seeds)}</small>"


def score_charts(takers: Sequence[Taker], families: Sequence[str], names: Mapping[str, str]) -> str:
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
        charts.append(f"<figure><figcaption>{escape(title)}</figcaption>{dot_chart(rows, alt, real)}</figure>")
    return f'<div class="charts">{"".join(charts)}</div>'


LOSSES = ("loss/", "kl/total", "reconstruction/mse", "score/real", "score/fake")


def loss_charts(takers: Sequence[Taker], families: Sequence[str]) -> str:
    """A column per family: each of its losses and scores over the images seen, a line for each seed."""
    blocks = []
    for who in families:
        mine = [taker for taker in takers if taker.entry.family == who and taker.rows][:SHOWN_SEEDS]
        names = dict.fromkeys(name for taker in mine for row in taker.rows for name in row if name.startswith(LOSSES))
        charts = []
        for name in names:
            lines = [
                Line(
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
            charts.append(f"<figure><figcaption>{escape(title)}</figcaption>{line_chart(lines, alt)}</figure>")
        body = f'<div class="charts">{"".join(charts)}</div>' if charts else '<p class="faint">No curves here.</p>'
        blocks.append(f"<h3>{family(who)}</h3>{body}")
    return "".join(blocks)


def _loss_title(name: str, *, alone: bool) -> str:
    """Title of a curve; ``alone`` where there is only one loss, so that it needs no player's name."""
    kind, _, of = name.partition("/")
    if kind == "loss":
        return "Loss" if alone else f"Loss of the {of.replace('_', ' ')}"
    return {
        "kl/total": "KL from the prior, nats",
        "reconstruction/mse": "Reconstruction error per value",
        "score/real": "Critic's score of real images",
        "score/fake": "Critic's score of samples",
    }.get(name, name)


def alarms(takers: Sequence[Taker]) -> str:
    """What the collapse watch raised, run by run."""
    rows = [
        (
            f"{family(taker.entry.family)} seed {taker.entry.seed}",
            escape(str(alarm.get("title", alarm.get("symptom", "")))),
            f"{int(alarm.get('images', 0)):,} to {int(alarm.get('last', 0)):,}",
            escape(str(alarm.get("seen", ""))),
        )
        for taker in takers
        for alarm in taker.alarms
    ]
    if rows:
        return table(("Run", "Alarm", "Images seen", "What was seen"), rows)
    looked = sum(taker.run is not None for taker in takers)
    return (
        f"<p>None of the {looked} runs in this workspace raised an alarm.</p>"
        if looked
        else "<p>No run of this match is in this workspace.</p>"
    )
