"""Tasks, the pictures: methods in rows, items in columns, scores beside them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from genlab.errors import InputError
from genlab.presentation.lineup import Entrant
from genlab.presentation.pictures import data_uri, folded, png_bytes
from genlab.presentation.tasks import FIRST_SCORES, SEVERAL, Method, heading, measures_of, milliseconds, score_words
from genlab.presentation.words import how_many
from genlab.store.pictures import load_picture
from genlab.tasks.base import TaskMeasure, TaskSpec
from genlab.ui.views._shared import version_of
from genlab.ui.views.cards import badge

ROLES = {
    "truth": "what is to be found",
    "input": "what every method is given",
    "baseline": "without a model",
    "model": "",
    "bound": "found by who knows the item: how far the model reaches",
}
NAMED = frozenset({"truth", "input"})
"""Roles whose pictures are the items as they came, one after the other."""

TILE_PIXELS = 96
"""Width of a tile at most."""


def frames_of(entrant: Entrant) -> int:
    """How many frames stand side by side in the picture of an item of a model's data; 1 where it stands still."""
    shape = (entrant.environment.get("space") or {}).get("shape") or ()
    return entrant.kind.moving(tuple(map(int, shape))) if shape else 1


def short_name(name: str) -> str:
    """The last part of a file's name, by which a person knows it."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def rows(spec: TaskSpec, methods: Sequence[Method], frames: int = 1, names: Sequence[str] = ()) -> None:
    """The table: a row for each method that has pictures or scores.

    Args:
        spec: The task.
        methods: The methods.
        frames: Frames that stand side by side in the picture of an item: a film is shown as a sheet of them.
        names: What a person's own items are called, which stands below the first row; empty for held-out ones.
    """
    measures = measures_of(spec, methods)[:FIRST_SCORES]
    heads = "".join(f'<th scope="col" title="{escape(one.summary)}">{escape(heading(one))}</th>' for one in measures)
    timed = any(method.answer.get("milliseconds") is not None for method in methods)
    heads += '<th scope="col" title="Milliseconds for one item">ms</th>' if timed else ""
    called = [names if place == 0 and one.role in NAMED else () for place, one in enumerate(methods)]
    body = "".join(_row(one, measures, timed, frames, own) for one, own in zip(methods, called, strict=True))
    st.html(
        f"{STYLE}<table class='genlab-task'><thead><tr><th scope='col'>Method</th><th scope='col'>Items</th>"
        f"{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(method: Method, measures: Sequence[TaskMeasure], timed: bool, frames: int, names: Sequence[str]) -> str:
    cells = "".join(
        f"<td class='number'>{escape(score_words(method.scores.get(one.name)))}</td>" if method.scores else "<td></td>"
        for one in measures
    )
    if timed:
        cells += f"<td class='number'>{_time(method)}</td>"
    items = _pictures(method, frames, names)
    return f"<tr><th scope='row'>{_head(method)}</th><td class='items'>{items}</td>{cells}</tr>"


def _time(method: Method) -> str:
    return milliseconds(method.answer.get("milliseconds")) if method.competes or method.role == "bound" else ""


def _head(method: Method) -> str:
    facts = [method.owner, ROLES.get(method.role, ""), str(method.answer.get("note") or "")]
    words = "".join(f"<span class='genlab-facts'>{escape(fact)}</span>" for fact in facts if fact)
    family = f"{badge(method.family)} " if method.family else ""
    return f"{family}<b>{escape(method.title)}</b>{words}"


def _pictures(method: Method, frames: int = 1, names: Sequence[str] = ()) -> str:
    """The best solution of every item, the others folded; what belongs together all of it."""
    grid = method.answer["grid"]
    if not method.answer.get("picture"):
        return ""
    first = _strip(method, 0, frames)
    if not first:
        return "<span class='genlab-facts'>This picture cannot be read; the numbers are as they were.</span>"
    captions = [str(caption) for caption in method.answer.get("captions") or []] or [short_name(name) for name in names]
    captions = captions[: grid["columns"]]
    under = "".join(f"<span title='{escape(caption)}'>{escape(caption)}</span>" for caption in captions)
    said = (
        f"<div class='said' style='--n:{grid['columns']};max-width:{grid['columns'] * TILE_PIXELS}px'>{under}</div>"
        if under
        else ""
    )
    others = [strip for row in range(1, grid["rows"]) if (strip := _strip(method, row, frames))]
    if method.answer.get("layers"):
        return first + "".join(others) + said
    more = ""
    if others:
        title = f"{how_many(len(others), 'more solution')}"
        more = f"<details><summary>{title}</summary><p class='genlab-facts'>{SEVERAL}</p>{''.join(others)}</details>"
    return first + said + more


def _strip(method: Method, row: int, frames: int) -> str:
    content = pixels_of(method, row, frames)
    if content is None:
        return ""
    columns = method.answer["grid"]["columns"]
    layers = method.answer.get("layers") or []
    which = f", {layers[row]}" if row < len(layers) else f", solution {row + 1}" if row else ""
    words = f"{how_many(columns, 'item')}: {method.full}{which}"
    return f"<img src='{data_uri(content)}' alt='{escape(words)}' style='{_width(columns)}'>"


def _width(columns: int) -> str:
    return f"max-width:{columns * TILE_PIXELS}px"


def pixels_of(method: Method, row: int, frames: int = 1) -> bytes | None:
    """One solution of every item side by side, in native pixels as PNG; None when it cannot be read.

    Args:
        method: The method.
        row: Which solution.
        frames: Frames that stand side by side in the picture of an item, of which several become a sheet.
    """
    name = method.answer.get("picture")
    if not name:
        return None
    path = method.folder / Path(str(name)).name
    grid = method.answer["grid"]
    return _cut(str(path), version_of(path), int(grid["rows"]), row, int(grid["columns"]), frames)


@st.cache_data(max_entries=512, show_spinner=False)
def _cut(path: str, version: int, rows: int, row: int, columns: int, frames: int) -> bytes | None:
    try:
        sheet = load_picture(Path(path))
    except InputError:
        return None
    side = sheet.height // max(1, rows)
    if not side:
        return None
    part = sheet.crop((0, row * side, sheet.width, (row + 1) * side))
    return png_bytes(folded(part, columns, frames) if frames > 1 else part)


STYLE = """
<style>
.genlab-task { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
.genlab-task th, .genlab-task td { padding: 0.45rem 0.6rem; border: 0; text-align: left; vertical-align: middle;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); font-weight: 400; }
.genlab-task thead th { font-size: 0.8rem; vertical-align: bottom;
  color: color-mix(in srgb, currentColor 76%, transparent); }
.genlab-task tbody th { width: 21%; min-width: 8.5rem; line-height: 1.35; }
.genlab-task b { font-weight: 600; }
.genlab-task th .genlab-facts { display: block; line-height: 1.3; overflow-wrap: anywhere; }
.genlab-task .items img { display: block; width: 100%; image-rendering: pixelated; border-radius: 3px; }
.genlab-task .number, .genlab-task thead th:nth-child(n+3), .genlab-scores thead th:nth-child(n+2) {
  text-align: right; font-variant-numeric: tabular-nums; }
.genlab-task .number { white-space: nowrap; }
.genlab-task .best { font-weight: 700; }
.genlab-task .said { display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); font-size: 0.72rem;
  text-align: center; color: color-mix(in srgb, currentColor 76%, transparent); }
.genlab-task .said span { overflow-wrap: anywhere; }
.genlab-task details { margin-top: 0.35rem; }
.genlab-task details img { margin-top: 0.25rem; }
.genlab-task summary { cursor: pointer; font-size: 0.8rem; }
.genlab-task p { margin: 0.25rem 0; }
@media (max-width: 1000px) { .genlab-task th, .genlab-task td { padding: 0.4rem 0.35rem; }
  .genlab-task { font-size: 0.82rem; } }
</style>
"""
