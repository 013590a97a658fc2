"""A comparison as one HTML file that needs no network: pictures, figures and tables, and how they were computed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from genlab.reports.page import Table, render
from genlab.reports.pictures import data_addresses


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        png: Its content, in native pixels.
        alt: What is on it.
        words: What stands where there is no picture; and below it, where there is one.
    """

    png: bytes = b""
    alt: str = ""
    words: str = ""


@dataclass(frozen=True)
class Column:
    """One model.

    Attributes:
        label: Its name.
        colour: ``#RRGGBB`` of its family.
        facts: Name and value of what is to be known of it.
        pictures: Heading of a row -> picture.
        documents: Name -> what reproduces it, e.g. its configuration.
    """

    label: str
    colour: str
    facts: Sequence[tuple[str, str]]
    pictures: Mapping[str, Shot]
    documents: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A heading with sentences, figures (title, figure, text alternative) and tables (title, rows).

    Attributes:
        title: The heading.
        notes: Sentences below it.
        figures: Drawn in the light mode.
        tables: Rows of one table have the same keys.
    """

    title: str
    notes: Sequence[str] = ()
    figures: Sequence[tuple[str, go.Figure, str]] = ()
    tables: Sequence[tuple[str, Sequence[Mapping[str, Any]]]] = ()


def report_html(title: str, about: Sequence[str], columns: Sequence[Column], sections: Sequence[Section]) -> str:
    """The whole file. Nothing in it is fetched: plotly.js stands in it once, pictures are data addresses.

    Args:
        title: Its heading.
        about: Sentences below the heading.
        columns: The models from left to right.
        sections: What comes below the pictures.
    """
    from plotly.offline import get_plotlyjs

    has_figures = any(section.figures for section in sections)
    return render(
        "comparison.html",
        title=title,
        about=about,
        plotly=Markup(get_plotlyjs()) if has_figures else "",
        columns=columns,
        addresses=data_addresses(shot.png for column in columns for shot in column.pictures.values()),
        pictures=list(dict.fromkeys(name for column in columns for name in column.pictures)),
        none=Shot(),
        sections=[_drawn(section) for section in sections],
        documents=[
            (f"{column.label}: {name}", json.dumps(document, indent=1, ensure_ascii=False))
            for column in columns
            for name, document in column.documents.items()
        ],
    )


def _drawn(section: Section) -> dict[str, Any]:
    """A section as its template takes it."""
    return {
        "title": section.title,
        "notes": section.notes,
        # A closing tag inside a string would end the script.
        "figures": [
            (name, Markup(str(figure.to_json()).replace("</", "<\\/")), alt) for name, figure, alt in section.figures
        ],
        "tables": [(name, _table(rows)) for name, rows in section.tables],
    }


def _script(figure: go.Figure) -> Markup:
    """A figure as JSON within a script, which a closing tag inside a string would end."""
    return Markup(str(figure.to_json()).replace("</", "<\\/"))


def _table(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    return Table(list(rows[0]), [[_written(value) for value in row.values()] for row in rows]) if rows else None


def _written(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
