"""The comparison: one line per claim with what each family gave, the verdict, and the evidence opened in place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.plots.course import course_figure, describe_course
from genlab.presentation.claims import Claim, ClaimCell, read_claims, tally
from genlab.presentation.matches import families_of
from genlab.presentation.words import plain
from genlab.registry import registry
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode
from genlab.ui.views import claim_evidence
from genlab.ui.views.cards import badge
from genlab.verdicts.plateau import SCORE, approaches, courses_of, early_words, plateau_words
from genlab.verdicts.scales import describe

if TYPE_CHECKING:
    from genlab.matches.folder import Match

WIDTHS = (2.6, 6.2, 2.0, 1.05)
"""Widths of claim, numbers, verdict and button."""

MOST_CELLS, LONG = 3, 22
OPEN = "claim"
"""Name in the address of the claim whose evidence is open."""


def render(lab: ReadOnlyLab, match: Match) -> None:
    """The table of a match that has been judged."""
    claims = read_claims(match.claims)
    if not claims:
        st.info("This match has no verdicts yet.", icon=":material/gavel:")
        return
    families = families_of(match)
    opened = st.query_params.get(OPEN, "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{tally(claims)}**", width="content")
        st.caption(
            "Intervals over seeds and held-out items, a stated threshold, at most 5 % false discoveries.",
            help="Each verdict compares families over seeds and over the items that all of them are scored on, with "
            "the smallest effect that matters: beyond it, short of it, or smaller than it in either direction (no "
            "difference that matters). Over all claims of the match the rate of false discoveries is held at 5 % "
            "(Benjamini and Hochberg, 1995). Never a verdict from one seed.",
            width="content",
        )
    from genlab.matches.since import came_since
    from genlab.verdicts.findings import judged_before, still_due, turned_words

    if told := turned_words(match.claims):
        st.caption(f":material/compare_arrows: {plain(told)}")
    for told in filter(None, (judged_before(match.claims), still_due(match.claims), *came_since(match, lab))):
        st.caption(f":material/history: {plain(told)}")
    _course(match)
    st.html(STYLE)
    with st.container(key="claims-table", gap="xsmall"):
        _head(families)
        for claim in claims:
            _row(claim, families, claim.name == opened)
            if claim.name == opened:
                claim_evidence.render(lab, match, claim)


def _course(match: Match) -> None:
    """Whether families are still on their way at this length: a sentence, and the curve that it rests on."""
    told, courses = plateau_words(match.claims), courses_of(match.claims)
    if not told:
        return
    title, early = describe(SCORE).title, early_words(match.claims)
    runs = [(course.family, course.seed, course.points) for course in courses]
    with st.expander(plain(told), icon=":material/trending_down:", type="compact"):
        draw_chart(
            course_figure(runs, title, current_mode()),
            alt=describe_course(runs, title),
            key=f"claims/course/{match.id}",
        )
        for sentence in filter(None, (early, *(one.words for one in approaches(courses)))):
            st.markdown(plain(sentence))


def unmeasured() -> None:
    """The claims as guides put them, where nothing has been measured."""
    specs = sorted(registry("claims"), key=lambda spec: spec.order)
    for spec in specs:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge("not measured yet", icon=":material/hourglass_empty:", color="gray")
            st.markdown(plain(spec.title), width="content")


def _head(families: Sequence[str]) -> None:
    with st.container(key="claims-head"):
        claim, numbers, verdict, button = st.columns(WIDTHS, gap="small", vertical_alignment="bottom")
    claim.caption("Claim, as textbooks put it")
    names = "".join(f"<span>{badge(family)}</span>" for family in families)
    numbers.html(f'<div class="genlab-facts genlab-cells" style="{_grid(families)}"><span></span>{names}</div>')
    verdict.caption("Verdict here")
    button.caption("Evidence")


def _row(claim: Claim, families: Sequence[str], is_open: bool) -> None:
    with st.container(key=f"claims-row-{claim.name}"):
        title, numbers, verdict, button = st.columns(WIDTHS, gap="small", vertical_alignment="center")
        title.markdown(plain(claim.title))
        numbers.html(cells_html(claim, families))
        with verdict:
            verdict_badge(claim)
        button.button(
            "Close" if is_open else "See it",
            icon=":material/expand_less:" if is_open else ":material/expand_more:",
            type="tertiary",
            help=f"Evidence for: {plain(claim.title)}",
            key=f"claims/see/{claim.name}",
            on_click=_toggle,
            args=(claim.name, is_open),
        )


def verdict_badge(claim: Claim) -> None:
    """The verdict with its effect and interval, or what is missing for one."""
    icon, colour = claim.badge
    st.badge(claim.verdict_words, icon=icon, color=colour)
    words = f"effect {claim.effect_words}" if claim.effect_words else ""
    if claim.needs:
        more = f"{claim.needs_words or claim.needs} more {'seed' if claim.needs == 1 else 'seeds'} needed"
        more = more if claim.needs_words.startswith("more") else f"about {more}"
        more += f", with {claim.needs_images:,} more held-out items" if claim.needs_images else ""
        words = f"{words}; {more}" if words else more
    for told in filter(None, (words, claim.turned_words, claim.early_words)):
        st.html(f'<div class="genlab-facts">{escape(told)}</div>')


def cells_html(claim: Claim, families: Sequence[str]) -> str:
    """A line per measure, a column per family: what each has to say."""
    lines: dict[tuple[str, str], dict[str, ClaimCell]] = {}
    titles: dict[tuple[str, str], str] = {}
    for family in families:
        for cell in claim.cells.get(family, ())[:MOST_CELLS]:
            lines.setdefault((cell.measure, cell.kind), {})[family] = cell
            unit = f" ({cell.unit})" if cell.unit and cell.kind == "mean" else ""
            titles.setdefault((cell.measure, cell.kind), cell.title + unit)
    parts = []
    for key, cells in lines.items():
        floor = next((cell.note for cell in cells.values() if cell.note), "")
        note = f' <span class="genlab-floor">({escape(floor)})</span>' if floor else ""
        parts.append(f"<span>{escape(titles[key])}{note}</span>")
        parts += [_cell(cells.get(family)) for family in families]
    return f'<div class="genlab-facts genlab-cells" style="{_grid(families)}">{"".join(parts)}</div>'


def _cell(cell: ClaimCell | None) -> str:
    if cell is None:
        return "<span>–</span>"
    words, tip = cell.words, ""
    if cell.value is None and len(words) > LONG:
        words, tip = "none", f' title="{escape(words)}"'
    text = f"<b>{escape(words)}</b>" if cell.value is not None else escape(words)
    return f"<span{tip}>{text}</span>"


def _grid(families: Sequence[str]) -> str:
    return f"grid-template-columns: 1.7fr repeat({len(families)}, 1fr)"


def _toggle(name: str, is_open: bool) -> None:
    if is_open:
        st.query_params.pop(OPEN, None)
    else:
        st.query_params[OPEN] = name


STYLE = """
<style>
[class*="st-key-claims-row-"] {
  border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent); padding-top: 0.45rem;
}
[class*="st-key-claims-row-"] button { padding-left: 0; padding-right: 0; }
.genlab-cells { display: grid; gap: 0.2rem 0.7rem; align-items: baseline; }
.genlab-cells b { font-size: 0.88rem; font-variant-numeric: tabular-nums; }
.genlab-floor { white-space: nowrap; }
@media (max-width: 1180px) {
  .st-key-claims-head [data-testid=stColumn]:not(:nth-child(2)) { display: none; }
  .st-key-claims-table [class*="st-key-claims-row-"] [data-testid=stHorizontalBlock] { flex-wrap: wrap; }
  [class*="st-key-claims-row-"] [data-testid=stColumn]:first-child { min-width: 100%; }
  [class*="st-key-claims-row-"] [data-testid=stColumn]:nth-child(2) { min-width: 100%; }
}
</style>
"""
