"""Guide, every kind of data: the same claims on images, sound, texts and film, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.presentation.by_kind import KindCell, KindColumn, KindRow, KindTable, compare, in_a_sentence
from genlab.presentation.matches import label
from genlab.presentation.words import plain
from genlab.ui.presenting import kept
from genlab.ui.shell import page_title

if TYPE_CHECKING:
    from genlab.kinds.base import KindSpec
    from genlab.matches.folder import Match

UNBROKEN = "&nbsp;to&nbsp;"
"""Between the ends of an interval, which stand in one line."""


def render(lab: ReadOnlyLab) -> None:
    """The section."""
    page_title("On every kind of data")
    from genlab.matches.since import came_since

    table = compare(lab.matches.by_kind())
    if not table.columns:
        st.markdown(
            "Textbooks make their claims about pictures. A match on sound, texts or film asks the same of these. "
            "None has been judged in this workspace yet."
        )
        _plan(table.missing)
        return
    st.markdown(
        "Textbooks make their claims about pictures. Here each is asked again of every kind of data, "
        "by a match of its own."
    )
    if told := in_a_sentence(table):
        st.markdown(plain(told))
    st.html(table_html(table))
    st.caption(
        "The number is the effect of the part that decides, in the claim's favour where it is above zero (a ratio: "
        "above 1×), with its 95 % interval. Scores are measured in features that were learned from each data set: "
        "compare verdicts across a row, not numbers. A verdict opens its evidence. Of several matches on one kind that "
        "with most seeds speaks."
    )
    for column in table.columns:
        for told in came_since(column.match, lab):
            st.caption(f":material/history: {plain(f'{column.kind.title}: {told}')}")
    _others([match for column in table.columns for match in column.others])
    _plan(table.missing)


def table_html(table: KindTable) -> str:
    """The table as HTML."""
    heads = "".join(_head(column) for column in table.columns)
    rows = "".join(_row(row, table.columns) for row in table.rows)
    return (
        f'{STYLE}<div class="genlab-kinds" tabindex="0" role="region" aria-label="Claims on every kind of data"><table>'
        f'<thead><tr><th scope="col">Claim, as textbooks put it</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(column: KindColumn) -> str:
    facts = " · ".join(column.facts)
    return f'<th scope="col">{escape(column.kind.title)}<span class="genlab-facts">{escape(facts)}</span></th>'


def _row(row: KindRow, columns: Sequence[KindColumn]) -> str:
    cells = "".join(f"<td>{_cell(cell, row, column)}</td>" for cell, column in zip(row.cells, columns, strict=True))
    return f'<tr><th scope="row">{escape(row.title)}</th>{cells}</tr>'


def _cell(cell: KindCell, row: KindRow, column: KindColumn) -> str:
    words = f'<span aria-hidden="true">{cell.glyph}</span> {escape(cell.words)}'
    effect = f"<b>{escape(cell.effect).replace(' to ', UNBROKEN)}</b>" if cell.effect else ""
    note = f'<span class="genlab-facts">{escape(cell.note)}</span>' if cell.note else ""
    if cell.claim is None or not cell.claim.applicable:
        return f'<span class="genlab-kinds-none">{words}</span>{note}'
    meant = f"{cell.words}. Evidence for “{row.title}” on {column.kind.many}"
    address = f"?{urlencode(kept(cell.address))}"
    return (
        f'<a class="genlab-kinds-{cell.verdict}" href="{escape(address)}" aria-label="{escape(meant)}" '
        f'title="{escape(cell.claim.why)}">{words}</a>{effect}{note}'
    )


def _others(matches: Sequence[Match]) -> None:
    """Matches that do not speak here, each with its evidence."""
    if not matches:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Further matches:", width="content")
        for match in matches:
            query = {"section": "comparison", "match": match.id}
            st.page_link("guide.py", label=plain(label(match)), query_params=query)


def _plan(missing: Sequence[KindSpec]) -> None:
    """Which kinds no match has judged, and the way to run one."""
    if not missing:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Not measured yet: {plain(', '.join(kind.many for kind in missing))}.", width="content")
        st.page_link("match.py", label="Plan a fair match", icon=":material/balance:")


STYLE = """
<style>
.genlab-kinds { overflow-x: auto; }
.genlab-kinds table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
.genlab-kinds th, .genlab-kinds td {
  border: 0; border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent);
  padding: 0.45rem 0.6rem 0.45rem 0; text-align: left; vertical-align: top;
}
.genlab-kinds thead th { border-top: 0; font-weight: 650; vertical-align: bottom; }
.genlab-kinds table { table-layout: fixed; min-width: 44rem; }
.genlab-kinds th:first-child { width: 24%; }
.genlab-kinds tbody th { font-weight: 400; }
.genlab-kinds b { display: block; font-weight: 600; font-variant-numeric: tabular-nums; margin-top: 0.15rem; }
.genlab-kinds .genlab-facts { display: block; font-weight: 400; margin-top: 0.15rem; }
.genlab-kinds a, .genlab-kinds-none {
  display: inline-block; padding: 0.05rem 0.45rem; border-radius: 0.4rem; color: inherit;
  background: color-mix(in srgb, var(--genlab-tone, currentColor) 14%, transparent);
}
.genlab-kinds a { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.genlab-kinds a.genlab-kinds-supported { --genlab-tone: #1a9a4b; }
.genlab-kinds a.genlab-kinds-not_supported { --genlab-tone: #e0393e; }
.genlab-kinds a.genlab-kinds-no_difference { --genlab-tone: #1c83e1; }
.genlab-kinds-none { background: none; padding-left: 0; }
</style>
"""
