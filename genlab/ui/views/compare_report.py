"""Compare, the report: what the page shows, as one HTML file to keep or to send."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.errors import InputError
from genlab.lab import ReadOnlyLab
from genlab.numbers import reference_items
from genlab.plots.radar import EXPLANATION, LEAST, describe_radar, radar_figure, radar_panels
from genlab.plots.score_table import as_rows
from genlab.plots.scores import ScorePanel, describe_scores, scores_figure
from genlab.plots.theme import family_colour, family_title
from genlab.presentation.lineup import Entrant, by_data, need_checkpoint
from genlab.presentation.pictures import png_bytes
from genlab.presentation.scoring import Moments, absences, document_by, groups, panels, protocols, warnings
from genlab.presentation.tiles import NEED_AN_ENCODER, ROWS, Layout, arranged
from genlab.reports.comparison import Column, Section, Shot, report_html
from genlab.ui.views.compare_pictures import portrait

HEADINGS = {
    "metric": "Metric",
    "better": "Better",
    "model": "Model",
    "value": "Value",
    "half": "± (95 %)",
    "floor": "Real data",
    "n": "n",
    "unit": "Unit",
    "encoder": "Features",
}


def render(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """The button; the file is built when it is pressed."""
    st.download_button(
        "Download as a report",
        data=lambda: build(lab, entrants, moments),
        file_name="comparison.html",
        mime="text/html",
        icon=":material/download:",
        help="One HTML file that needs no network: pictures, scores with intervals and real-data references, how "
        "they were computed, and the configurations that reproduce them. About 5 MB and more.",
        on_click="ignore",
        key="compare/report",
    )


def build(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> str:
    """The report on what is shown."""
    columns = [_column(lab, entrant, moments[entrant.run.id], len(entrants)) for entrant in entrants]
    sets = by_data(entrants)
    sections = []
    for members in sets.values():
        title = "Scores" if len(sets) == 1 else f"Scores on {members[0].run.data}"
        sections.append(_section(title, members, moments))
    about = [f"Written on {time.strftime('%Y-%m-%d')} by genlab."]
    if len(sets) > 1:
        about.append("These models learned from different data: their scores cannot be compared with each other.")
    return report_html(f"Comparison of {', '.join(entrant.label for entrant in entrants)}", about, columns, sections)


def _column(lab: ReadOnlyLab, entrant: Entrant, moment: int | None, models: int) -> Column:
    run, environment = entrant.run, entrant.environment
    shown = "no checkpoint" if moment is None else f"{moment:,} of {run.target:,}"
    facts = [
        ("family", family_title(run.family)),
        ("data", run.data),
        ("images seen", shown),
        ("latent size", str(entrant.config.latent_dim)),
        ("seed", str(run.seed)),
        ("versions", _versions(environment)),
    ]
    from genlab.matches.since import sentence

    facts += [("settings", told)] if (told := sentence(entrant.config, lab)) else []
    drawn = portrait(lab, entrant, moment)
    refusal = need_checkpoint(entrant, moment)
    why = refusal.message if refusal else "Not drawn"
    return Column(
        entrant.label,
        family_colour(run.family),
        facts,
        {layout.title: _shot(entrant, drawn, layout, models, why) for layout in ROWS},
        without_places({"configuration": entrant.config.model_dump(mode="json"), "environment": environment}),
    )


def _versions(environment: Mapping[str, Any]) -> str:
    """What it was trained with."""
    known = environment.get("versions")
    versions = {"genlab": environment.get("genlab"), **(known if isinstance(known, dict) else {})}
    return ", ".join(f"{name} {versions[name]}" for name in ("genlab", "torch") if versions.get(name)) or "not recorded"


def _shot(entrant: Entrant, drawn: Mapping[str, Any] | None, layout: Layout, models: int, why: str) -> Shot:
    if drawn is None:
        return Shot(words=why)
    grid = drawn["sheets"].get(layout.sheet)
    if grid is None:
        if not entrant.kind.pictured:
            return Shot(words="For images only")
        return Shot(
            words="Not drawn" if entrant.can_encode or layout.sheet not in NEED_AN_ENCODER else "Has no encoder"
        )
    try:
        picture = arranged(Path(drawn["folder"]) / f"{layout.sheet}.png", grid, layout.sheet, models)
    except InputError:
        return Shot(words="The picture cannot be read")
    words = ""
    distances = drawn.get("neighbour_distances")
    if layout.sheet == "neighbours" and distances:
        words = f"distances {', '.join(f'{distance:.3g}' for distance in distances)}"
    return Shot(png_bytes(picture), f"{layout.title} of {entrant.label}", words)


def _section(title: str, entrants: Sequence[Entrant], moments: Moments) -> Section:
    """Figures and tables of the models of one data set, and how their numbers came about."""
    found = panels(entrants, moments)
    if not any(panel.has_values for panel in found):
        return Section(title, ["These checkpoints have not been evaluated."])
    figures = [(name, scores_figure(members), describe_scores(members)) for name, members in groups(found).items()]
    for encoder in dict.fromkeys(panel.encoder for panel in found if panel.encoder):
        shown = radar_panels([panel for panel in found if panel.encoder in {encoder, ""}])
        if len(shown) >= LEAST:
            figures.append((f"Headlines, {encoder} features", radar_figure(shown), describe_radar(shown)))
    missing = [{"Not computed": ", ".join(titles), "Why": why} for why, titles in absences(found).items()]
    tables = [*_tables(found), *([("What has no number", missing)] if missing else [])]
    return Section(title, [*how(entrants, moments), EXPLANATION, *warnings(found)], figures, tables)


def how(entrants: Sequence[Entrant], moments: Moments) -> list[str]:
    """How the scores were computed, in sentences."""
    lines = ["Dots are values, whiskers 95 % bootstrap intervals, grey bands what real data reach on as many items."]
    for protocol in protocols(entrants, moments):
        known = [document_by(entrant, moments, protocol) for entrant in entrants]
        facts = next((document.get("encoder_facts") for document in known if document), None)
        told = facts if isinstance(facts, Mapping) else {}
        identity = ", ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in told.items()
        )
        lines.append(f"Computed with {protocol.words}. Encoder: {identity or 'nothing to add'}.")
        floors = {document.get("floor_from") for document in known if document}
        lines += [f"Real-data references come from {reference_items(came)}." for came in floors if came]
    return lines


def _tables(found: Sequence[ScorePanel]) -> list[tuple[str, list[dict[str, Any]]]]:
    """A table per encoder: scores of different encoders never share a column."""
    tables = []
    for encoder in dict.fromkeys(panel.encoder for panel in found if panel.has_values):
        rows = as_rows([panel for panel in found if panel.encoder == encoder])
        title = f"{encoder} features".capitalize() if encoder else "Metrics without features"
        tables.append((title, [{HEADINGS[name]: value for name, value in row.items()} for row in rows]))
    return tables


def without_places(document: Any) -> Any:
    """A document without folders of this computer, in case it holds any."""
    if isinstance(document, Mapping):
        return {name: without_places(value) for name, value in document.items() if not _is_place(value)}
    if isinstance(document, list):
        return [without_places(value) for value in document if not _is_place(value)]
    return document


def _is_place(value: Any) -> bool:
    return isinstance(value, str) and Path(value).is_absolute()
