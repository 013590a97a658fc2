"""Compare, the pictures: columns are models, rows are the same latents or the same held-out images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

import streamlit as st

from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant, need_checkpoint
from genlab.presentation.pictures import enlarge, png_bytes
from genlab.presentation.scoring import Moments
from genlab.presentation.tiles import NEED_AN_ENCODER, ROWS, SQUARE, Layout, arranged, as_png
from genlab.presentation.words import plain
from genlab.store.pictures import load_picture
from genlab.ui.views._items import of_sheet
from genlab.ui.views._shared import legible, version_of
from genlab.ui.views.cards import badge
from genlab.ui.views.curves import picture_at

WANTED = {1: 1_200, 2: 1_200, 3: 900}
"""Number of models -> least width of a picture in px; `NARROW` for more."""

NARROW = 640
LARGEST: Mapping[int, int] = {1: 560, 2: 620}
"""Number of models -> width in px that a picture is shown at most."""

LAST = "These come last: they need a feature extractor, which is trained on the data first where there is none yet"

Portraits = Mapping[str, Mapping[str, Any] | None]
"""Run -> what its portrait holds; None where it has not been drawn."""


def portraits(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> Portraits:
    """The portrait of each model at the checkpoint that is shown."""
    return {entrant.run.id: portrait(lab, entrant, moments.get(entrant.run.id)) for entrant in entrants}


def portrait(lab: ReadOnlyLab, entrant: Entrant, moment: int | None) -> Mapping[str, Any] | None:
    """What has been drawn of a model at a checkpoint; None for nothing, or where the run is gone."""
    if moment is None:
        return None
    try:
        found = lab.models.portrait(entrant.run, moment)
    except (GenlabError, OSError):
        return None
    return found if found is not None and _is_whole(found) else None


def _is_whole(document: Mapping[str, Any]) -> bool:
    """Whether a portrait says what is on its sheets."""
    sheets = document.get("sheets")
    if not isinstance(sheets, dict):
        return False
    grids = [(grid.get("columns"), grid.get("rows")) for grid in sheets.values() if isinstance(grid, dict)]
    return len(grids) == len(sheets) and all(isinstance(n, int) and n > 0 for grid in grids for n in grid)


def render(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """Heads of the columns, then the rows."""
    drawn = portraits(lab, entrants, moments)
    st.html(STYLE)
    with st.container(key="compare-heads"):
        columns = st.columns(len(entrants), gap="small")
    for column, entrant in zip(columns, entrants, strict=True):
        with column:
            _head(entrant, moments[entrant.run.id])
    for layout in _chosen_rows(entrants):
        st.markdown(f"## {layout.title}", help=layout.help)
        columns = st.columns(len(entrants), gap="small")
        for column, entrant in zip(columns, entrants, strict=True):
            with column:
                _cell(lab, entrant, moments[entrant.run.id], drawn[entrant.run.id], layout, len(entrants))


def _chosen_rows(entrants: Sequence[Entrant]) -> list[Layout]:
    if not any(entrant.kind.pictured for entrant in entrants):
        return [ROWS[0]]
    titles = [layout.title for layout in ROWS]
    chosen = st.pills(
        "Rows",
        titles,
        selection_mode="multi",
        default=titles,
        label_visibility="collapsed",
        key="compare/rows",
        wrap=True,
    )
    return [layout for layout in ROWS if layout.title in chosen]


def _head(entrant: Entrant, moment: int | None) -> None:
    """Who stands in this column, and at which moment."""
    run = entrant.run
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.html(f"<div>{badge(run.family)}</div>")
        st.page_link("train.py", label=f"**{plain(entrant.label)}**", query_params={"run": run.id}, width="stretch")
        parts = [f"{moment:,} of {run.target:,} {entrant.kind.many}" if moment is not None else "no checkpoint here"]
        parts.append(f"latent size {entrant.config.latent_dim}")
        total = entrant.environment.get("parameters", {}).get("total")
        if isinstance(total, int):
            parts.append(f"{total / 1e6:.2f} M parameters")
        if run.state != "completed":
            parts.append(run.state)
        st.caption(" · ".join(parts))


def _cell(
    lab: ReadOnlyLab,
    entrant: Entrant,
    moment: int | None,
    drawn: Mapping[str, Any] | None,
    layout: Layout,
    models: int,
) -> None:
    """One picture, or the reason why there is none."""
    refusal = need_checkpoint(entrant, moment)
    if refusal is not None:
        _plate(f"{refusal.message} {refusal.hint}")
        return
    if layout.sheet != "samples" and not entrant.kind.pictured:
        _plate(f"Not of {entrant.kind.many}, which are drawn together")
        return
    if layout.sheet in NEED_AN_ENCODER and not entrant.can_encode:
        _plate(NEED_AN_ENCODER[layout.sheet])
        return
    if drawn is None:
        _not_drawn(lab, entrant, moment, layout)
        return
    grid = drawn["sheets"].get(layout.sheet)
    if grid is None:
        _plate(LAST if layout.sheet == "neighbours" else "Not drawn")
        return
    path = Path(drawn["folder"]) / f"{layout.sheet}.png"
    most = 16 if layout.sheet in SQUARE else grid["columns"] * grid["rows"]
    if of_sheet(
        f"compare/{entrant.run.id}/{layout.sheet}", lab.workspace, lab.runs.read(entrant.run), path, grid, most=most
    ):
        if layout.sheet == "neighbours":
            _distances(drawn)
        return
    content = laid_out(str(path), version_of(path), grid["columns"], grid["rows"], layout.sheet, models)
    if content is None:
        _plate("This picture cannot be read: delete the run's folder “portraits” and it is drawn again")
        return
    alt = f"{layout.title} of {entrant.label} after {moment:,} {entrant.kind.many}"
    st.image(content, width=LARGEST.get(models) or "stretch", output_format="PNG", alt=alt)
    if layout.sheet == "neighbours":
        _distances(drawn)


def _not_drawn(lab: ReadOnlyLab, entrant: Entrant, moment: int | None, layout: Layout) -> None:
    """What stands there until a portrait has been drawn: the run's own samples, which are of other latents."""
    samples = entrant.samples
    if layout.sheet != "samples" or not samples:
        _plate("Not drawn yet")
        return
    seen, path = picture_at(samples, moment)
    content = legible(lab.runs.read(entrant.run), path)
    if content is None:
        _plate("Not drawn yet")
        return
    after = f"after {seen:,} {entrant.kind.many}"
    st.image(content, width="stretch", output_format="PNG", alt=f"Samples of {entrant.label} {after}")
    st.caption(f"Drawn in training {after}, at latents of its own")


def _distances(drawn: Mapping[str, Any]) -> None:
    found = [value for value in drawn.get("neighbour_distances", []) if isinstance(value, (int, float))]
    if found:
        st.caption(
            f"Median distance {median(found):.3g}, smallest {min(found):.3g}",
            help=f"Distances in features from the extractor trained on this data, {len(found)} samples: "
            f"{', '.join(f'{value:.3g}' for value in found)}. The metrics of memorisation below compare them with "
            "those of held-out items.",
        )


def _plate(words: str) -> None:
    st.html(f'<div class="genlab-plate" style="aspect-ratio:auto;min-height:6rem">{escape(words)}</div>')


@st.cache_data(max_entries=256, show_spinner=False)
def laid_out(path: str, version: int, columns: int, rows: int, sheet: str, models: int) -> bytes | None:
    """A sheet as PNG, laid out and enlarged for one of ``models`` columns; None when it cannot be read."""
    try:
        picture = arranged(Path(path), {"columns": columns, "rows": rows}, sheet, models)
    except InputError:
        return None
    return as_png(picture, WANTED.get(models, NARROW)) if columns * rows > 1 else png_bytes(enlarge(picture, 1))


@st.cache_data(max_entries=64, show_spinner=False)
def first_tiles(path: str, version: int, share: float = 1.0) -> bytes | None:
    """The upper ``share`` of a grid that a run drew while it trained, enlarged; None when it cannot be read."""
    try:
        picture = load_picture(Path(path))
    except InputError:
        return None
    return as_png(picture.crop((0, 0, picture.width, max(1, round(share * picture.height)))), NARROW)


STYLE = """
<style>
.st-key-compare-heads a { padding-left: 0; padding-right: 0; }
.st-key-compare-heads a * { white-space: normal !important; overflow: visible !important; }
</style>
"""
