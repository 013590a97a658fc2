"""The evidence of one claim, in place: its parts with intervals, why, the pictures that show it, and what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.effort import EFFORTS, describe_efforts, effort_figure, efforts_of
from genlab.plots.parts import GLYPHS, VERDICTS, ClaimPart, describe_parts, parts_figure, with_unit
from genlab.plots.theme import family_title
from genlab.presentation.claims import Claim
from genlab.presentation.matches import judged_runs, newest_seed, room_for_seeds, runs_by_id
from genlab.presentation.words import how_many, plain
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change, show_error
from genlab.ui.views import claim_pictures

if TYPE_CHECKING:
    from genlab.matches.folder import Match

REFUSAL = "claims/refusal"


def render(lab: ReadOnlyLab, match: Match, claim: Claim) -> None:
    """Everything that the verdict rests on."""
    runs = {run.id: run for run in lab.runs.all()}
    st.html(STYLE)
    with st.container(border=True, key=f"claims-evidence-{claim.name}"):
        left, right = st.columns(2, gap="large")
        with left:
            _reasons(claim)
            _parts(claim.parts)
            _effort(lab, match, claim)
            _caveat(claim)
            _absent(claim)
            _more(lab, match, claim)
        with right:
            claim_pictures.render(lab, claim.pictures, runs_by_id(match, runs))
            _links(judged_runs(match, runs, newest_seed(match, runs)), judged_runs(match, runs))


def _reasons(claim: Claim) -> None:
    if claim.why:
        st.markdown(plain(claim.why))
    if claim.threshold is not None and claim.effect is not None:
        st.caption(
            f"The smallest effect that matters is {plain(with_unit(claim.threshold, None, None, claim.unit))}; "
            f"{how_many(claim.seeds, 'seed')} of each family were judged."
        )
    for told in claim.beside:
        st.markdown(plain(told))
    for told in claim.plateaus:
        st.caption(f":material/trending_down: {plain(told)}")


def _parts(parts: Sequence[ClaimPart]) -> None:
    if any(part.is_drawable for part in parts):
        draw_chart(
            parts_figure(parts, current_mode()),
            alt=describe_parts(parts),
            key=f"claims/parts/{'-'.join(part.name for part in parts)}",
        )
        st.caption(
            "Filled dots and bold titles: the verdict rests on these. Grey: where a whole interval has to lie. "
            + ", ".join(f"{glyph} {VERDICTS[verdict]}" for verdict, glyph in GLYPHS.items())
            + "."
        )
    told = [(part, part.why or ("" if part.is_drawable else part.words)) for part in parts]
    if any(words for _, words in told):
        with st.expander("Part by part", icon=":material/list:", type="compact"):
            for part, words in told:
                st.markdown(f"{GLYPHS.get(part.verdict, '?')} **{plain(part.title)}**: {plain(words)}")


def _effort(lab: ReadOnlyLab, match: Match, claim: Claim) -> None:
    """Error against time, where a claim shows errors at several efforts."""
    if not {cell.measure for cells in claim.cells.values() for cell in cells} & {error for _, _, error in EFFORTS}:
        return
    measured = lab.matches.measures(match)
    entries = [entry for entry in match.entries if entry.role == "seed"]
    efforts = efforts_of([(entry.family, measured.get(str(entry.run), {})) for entry in entries])
    if efforts:
        st.markdown("**Error of reconstructions against time**")
        draw_chart(
            effort_figure(efforts, current_mode()),
            alt=describe_efforts(efforts),
            key=f"claims/effort/{claim.name}",
        )


def _caveat(claim: Claim) -> None:
    if claim.caveat:
        st.caption(f":material/info: **What this does not say.** {plain(claim.caveat)}")


def _absent(claim: Claim) -> None:
    """Why some cells of the table have no number."""
    for family, cells in claim.cells.items():
        for cell in cells:
            if cell.value is None and cell.text:
                st.caption(f"{plain(cell.title)} of the {plain(family_title(family))}: {plain(cell.text)}")


def _more(lab: ReadOnlyLab, match: Match, claim: Claim) -> None:
    """The offer to train what is missing for a verdict."""
    error = st.session_state.pop(REFUSAL, None)
    if error is not None:
        show_error(error)
    if not claim.needs or match.shipped:
        if claim.needs and match.shipped:
            st.caption("This match came with genlab. Run your own with more seeds on the Match page.")
        return
    more = room_for_seeds(match.request, claim.needs)
    if not more:
        st.caption(f"This match has {match.request.seeds} seeds, the most that a match takes.")
        return
    st.button(
        f"Run {how_many(more, 'more seed')}",
        icon=":material/casino:",
        type="primary",
        help="Goes on with this match. The runs that it has are kept, and all seeds are judged together.",
        disabled=not may_change(lab),
        on_click=_start,
        args=(lab, match, more),
        key=f"claims/more/{claim.name}",
    )
    started = st.session_state.get("claims/started")
    if started and st.button("Watch it", icon=":material/arrow_forward:", key=f"claims/watch/{claim.name}"):
        st.switch_page("match.py", query_params={"match": started})


def _start(lab: ReadOnlyLab, match: Match, more: int) -> None:
    try:
        started = changing(lab).matches.resume(match.id, match.request.seeds + more)
    except GenlabError as error:
        st.session_state[REFUSAL] = error
        return
    st.session_state["claims/started"] = started.id


def _links(shown: Sequence[Run], runs: Sequence[Run]) -> None:
    if not shown:
        st.caption("The runs of this match are not in this workspace.")
        return
    ids = [run.id for run in shown]
    with st.container(horizontal=True, gap="small"):
        links: Mapping[str, tuple[str, str, list[str]]] = {
            "Compare": ("compare.py", ":material/compare:", ids[:6]),
            "Curves": ("curves.py", ":material/show_chart:", [run.id for run in runs][:9]),
            "Collapse": ("collapse.py", ":material/troubleshoot:", ids[:1]),
            "Latent": ("latent.py", ":material/scatter_plot:", ids[:2]),
        }
        for words, (page, icon, chosen) in links.items():
            st.page_link(page, label=words, icon=icon, query_params={"run": chosen})


STYLE = """
<style>
@media (max-width: 1180px) {
  [class*="st-key-claims-evidence-"] > div > [data-testid=stHorizontalBlock] { flex-direction: column; }
  [class*="st-key-claims-evidence-"] > div > [data-testid=stHorizontalBlock] > [data-testid=stColumn] {
    width: 100%; flex: none;
  }
}
</style>
"""
