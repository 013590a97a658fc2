"""A comparison as one HTML file that needs no network: pictures, figures and tables, and how they were computed."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import plotly.graph_objects as go
from PIL import Image

PICTURE_BYTES = 2_200_000
"""Room for all pictures together: with plotly's 4.8 MB the file stays below 8 MB."""

QUALITIES = (92, 80, 60)
"""JPEG qualities tried in turn where lossless pictures take too much room."""


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
    script = f"<script>{get_plotlyjs()}</script>" if has_figures else ""
    body = [
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in about),
        _pictures(columns),
        *(_section(section, place) for place, section in enumerate(sections)),
        "<h2>What reproduces them</h2>",
        *(_documents(column) for column in columns),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>{script}</head><body><main>{''.join(body)}</main></body></html>"
    )


def _pictures(columns: Sequence[Column]) -> str:
    """A table: a column per model, a row per kind of picture."""
    addresses = data_addresses(shot.png for column in columns for shot in column.pictures.values())
    heads = "".join(
        f'<th scope="col" style="border-color:{escape(column.colour)}">{escape(column.label)}'
        f"<small>{'<br>'.join(f'{escape(name)}: {escape(value)}' for name, value in column.facts)}</small></th>"
        for column in columns
    )
    rows = []
    for name in dict.fromkeys(name for column in columns for name in column.pictures):
        cells = "".join(f"<td>{_shot(column.pictures.get(name, Shot()), addresses)}</td>" for column in columns)
        rows.append(f'<tr><th scope="row" colspan="{len(columns)}">{escape(name)}</th></tr><tr>{cells}</tr>')
    width = f"<colgroup>{f'<col style=width:{100 / max(1, len(columns)):.2f}%>' * len(columns)}</colgroup>"
    return f'<table class="pictures">{width}<thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _shot(shot: Shot, addresses: Mapping[bytes, str]) -> str:
    words = f"<small>{escape(shot.words)}</small>" if shot.words else ""
    if not shot.png:
        return words or "<small>none</small>"
    return f'<img src="{addresses[shot.png]}" alt="{escape(shot.alt)}">{words}'


def data_addresses(pictures: Iterable[bytes], room: int = PICTURE_BYTES) -> dict[bytes, str]:
    """Picture (PNG) -> data address; lossless where all together fit into ``room`` bytes, JPEG otherwise."""
    contents = list(dict.fromkeys(png for png in pictures if png))
    kind, coded = "image/png", {content: content for content in contents}
    for quality in QUALITIES:
        if sum(map(len, coded.values())) * 4 / 3 <= room:
            break
        kind, coded = "image/jpeg", {content: _jpeg(content, quality) for content in contents}
    return {content: f"data:{kind};base64,{base64.b64encode(data).decode()}" for content, data in coded.items()}


def _jpeg(content: bytes, quality: int) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
        ground.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _section(section: Section, place: int) -> str:
    parts = [f"<h2>{escape(section.title)}</h2>", *(f"<p>{escape(note)}</p>" for note in section.notes)]
    for index, (title, figure, alt) in enumerate(section.figures):
        name = f"figure-{place}-{index}"
        # A closing tag inside a string would end the script.
        document = str(figure.to_json()).replace("</", "<\\/")
        parts.append(
            f'<h3>{escape(title)}</h3><div id="{name}" role="img" aria-label="{escape(alt)}"></div>'
            f"<script>(function(){{var f={document};Plotly.newPlot('{name}',f.data,f.layout,"
            "{displaylogo:false,responsive:true});})();</script>"
        )
    parts += [f"<h3>{escape(title)}</h3>{_table(rows)}" for title, rows in section.tables]
    return "".join(parts)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "<p>none</p>"
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in rows[0])
    lines = "".join(f"<tr>{''.join(f'<td>{_written(value)}</td>' for value in row.values())}</tr>" for row in rows)
    return (
        f'<div class="wide"><table class="numbers"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _written(value: Any) -> str:
    if value is None:
        return ""
    return escape(
        f"{value:,.6g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )


def _documents(column: Column) -> str:
    parts = [
        f"<details><summary>{escape(column.label)}: {escape(name)}</summary>"
        f"<pre>{escape(json.dumps(document, indent=1, ensure_ascii=False))}</pre></details>"
        for name, document in column.documents.items()
    ]
    return "".join(parts)


STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c2128; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
table { border-collapse: collapse; width: 100%; }
.pictures { table-layout: fixed; } .pictures td { vertical-align: top; padding: .2rem .3rem; }
.pictures thead th { border-top: 4px solid; text-align: left; vertical-align: top; padding: .4rem .3rem; }
.pictures tbody th { text-align: left; padding: .9rem .3rem .1rem; font-weight: 600; }
.pictures img { width: 100%; max-width: 420px; image-rendering: pixelated; display: block; }
small { display: block; color: #5b6470; font-weight: 400; }
.wide { overflow-x: auto; } .numbers td, .numbers th { border-bottom: 1px solid #e4e7ec; padding: .25rem .6rem; }
.numbers th { text-align: left; } .numbers { font-variant-numeric: tabular-nums; }
pre { background: #f4f5f8; padding: .8rem; overflow-x: auto; font-size: 12px; }
"""
