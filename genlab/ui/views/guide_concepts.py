"""Guide, how each works: data that flow through a model of the family, its terms, and the live numbers of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from genlab.families.base import Concept, Reading, Term
from genlab.lab import ReadOnlyLab
from genlab.plots.concepts import concept_svg
from genlab.plots.theme import family_colour, family_label, family_title
from genlab.presentation.concepts import concepts, newest
from genlab.presentation.exemplars import opening
from genlab.presentation.following import followable, known_flow
from genlab.presentation.lineup import called, run_label
from genlab.presentation.pictures import sparkline, thinned
from genlab.presentation.words import ago, plain
from genlab.registry import registry
from genlab.store.run import Run
from genlab.ui.shell import current_mode, page_title, polled
from genlab.ui.views._shared import tails
from genlab.ui.views.cards import badge
from genlab.ui.views.flow_shown import exemplar_of, show_flow

POLL_SECONDS = 2.0
FAMILY, RUN = "family", "run"


def render(lab: ReadOnlyLab) -> None:
    """The section: one family at a time."""
    known, runs = concepts(), lab.runs.all()
    linked = next((run for run in runs if run.id == st.query_params.get(RUN)), None)
    if RUN in st.query_params and linked is None:
        st.warning(f"Not here any more: {plain(st.query_params[RUN])}.", icon=":material/link_off:")
    first = next(iter(known))
    asked = st.query_params.get(FAMILY, linked.family if linked else first)
    page_title("How each works")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="guide/choice"):
        chosen = st.segmented_control(
            "Family",
            list(known),
            default=asked if asked in known else first,
            required=True,
            format_func=family_label,
            label_visibility="collapsed",
            key="guide/family",
            wrap=True,
        )
        family = chosen or first
        shown = _pick_model(lab, followable(lab, runs, family), linked, family)
    if family != asked:
        st.query_params[FAMILY] = family
        st.query_params.pop(RUN, None)
    concept, mode = known[family], current_mode()
    st.markdown(f"**{concept.question}**")
    if shown is not None:
        _flow(lab, shown, concept)
    elif concept.drawing:
        ink = "#E6E8EB" if mode == "dark" else "#1C2128"
        drawn = concept_svg(concept, family_colour(family, mode), ink)
        st.image(drawn, width=DRAWING_WIDTH, alt=concept.described)
    st.markdown(concept.intro)
    by_id = {run.id: run for run in runs}
    found = opening(runs, fits=lambda run: run.family == family and run.images > 0, training=True)
    run = next((by_id[each] for each in found.runs), None)
    active = run is not None and run.active
    polled(_terms, POLL_SECONDS if active else None)(lab, family, run.id if run else "", active, found.why)
    papers = dict.fromkeys(spec.paper for spec in registry("objectives") if spec.family == family and spec.paper)
    st.caption(" · ".join(plain(paper) for paper in papers))


def _pick_model(lab: ReadOnlyLab, offered: Sequence[Run], linked: Run | None, family: str) -> Run | None:
    """The model that data flow through: the one in the address, one's own newest one, or a shipped one; or none."""
    by_id = {run.id: run for run in offered}
    if not by_id:
        if linked is not None and linked.family == family:
            st.caption(f"{plain(linked.name)} has no pictures that could be followed through it yet.", width="content")
        return None
    own = next((run for run in offered if not run.shipped and known_flow(lab, run) is not None), None)
    usual = own or exemplar_of(lab, family) or (None if all(run.shipped for run in offered) else offered[0])
    first = linked if linked is not None and linked.id in by_id else usual
    key = f"guide/model/{family}"
    if linked is not None and linked.id in by_id and st.session_state.get(f"{key}/linked") != linked.id:
        st.session_state[key] = st.session_state[f"{key}/linked"] = linked.id
    picked = st.selectbox(
        "Model",
        list(by_id),
        index=None if first is None else list(by_id).index(first.id),
        format_func=lambda each: run_label(by_id[each]),
        label_visibility="collapsed",
        placeholder="Choose a model to follow data through",
        width=430,
        key=key,
        on_change=_chosen,
        args=(key,),
    )
    return by_id.get(picked or "")


def _chosen(key: str) -> None:
    """Keep the choice in the address, so that a link shows the same model."""
    if st.session_state.get(key):
        st.query_params[RUN] = st.session_state[f"{key}/linked"] = st.session_state[key]


def _flow(lab: ReadOnlyLab, run: Run, concept: Concept) -> None:
    numbers = {term.node: term.number for term in concept.terms if term.node and term.number}
    if show_flow(lab, "guide/flow", run, {"numbers": numbers}) and run.shipped:
        st.caption("This model came with genlab. Your own stand first in the list above as soon as they have ended.")


DRAWING_WIDTH = 820


def _terms(lab: ReadOnlyLab, family: str, run_id: str, was_active: bool, why: str) -> None:
    """The terms; they follow a run that trains."""
    run = next((run for run in lab.runs.all() if run.id == run_id), None)
    if run is not None and run.active != was_active:
        st.rerun()
    rows = tails().of(lab.runs.read(run)).rows if run is not None else []
    _whose(family, run, why)
    known = newest(rows)
    grid = st.grid(columns="auto", min_column_width=330, gap="small", key="guide-terms")
    for term in concepts()[family].terms:
        with grid.cell().container(border=True, height="stretch", gap="xsmall"):
            _term(term, family, known, rows, run)


def _whose(family: str, run: Run | None, why: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run is None:
            st.caption(
                f"The numbers beside the terms come from your own run, and there is no {family_title(family)} yet.",
                width="content",
            )
            st.page_link(
                "train.py",
                label=f"Train a {family_title(family)}",
                icon=":material/model_training:",
                query_params={"model": family},
            )
            return
        origin = "" if run.shipped else f", {ago(run.created)}"
        state = f"{run.state}, after {run.images:,} images"
        st.caption(f"Numbers of the run “{plain(called(run))}” ({state}){plain(origin)}. {plain(why)}", width="content")
        st.page_link("curves.py", label="Its curves", icon=":material/show_chart:", query_params={"run": run.id})


def _term(
    term: Term, family: str, known: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], run: Run | None
) -> None:
    colour = family_colour(family, current_mode())
    dot = f'<span class="genlab-term" style="background:{colour}">{term.number}</span> ' if term.number else ""
    st.html(f"{TERM_STYLE}<div>{dot}<b>{escape(term.title)}</b></div>")
    st.markdown(term.text)
    reading = term.read(known)
    if reading is None:
        if run is not None:
            st.caption("This run does not record it.")
        return
    st.html(reading_html(reading, rows, colour))


def reading_html(reading: Reading, rows: Sequence[Mapping[str, Any]], colour: str) -> str:
    """The number with its course, as HTML."""
    values = [row[reading.curve] for row in rows if isinstance(row.get(reading.curve), (int, float))]
    line = ""
    if len(values) > 1:
        words = f"Its course over training, from {values[0]:.3g} to {values[-1]:.3g}"
        source = sparkline(thinned(values), colour)
        line = f'<img class="genlab-spark" style="max-width:180px" src="{source}" alt="{words}">'
    return (
        f'<div class="genlab-reading" style="border-color:{colour}"><b>{escape(reading.words)}</b>'
        f'<div class="genlab-facts">{escape(reading.note)}</div>{line}</div>'
    )


__all__ = ["badge", "reading_html", "render"]

TERM_STYLE = """
<style>
.genlab-term {
  display: inline-block; min-width: 1.35em; text-align: center; border-radius: 999px; color: #fff; font-weight: 700;
  font-size: 0.78rem; line-height: 1.35em; margin-right: 0.35em;
}
.genlab-reading { border-left: 3px solid; padding-left: 0.6rem; }
.genlab-reading b { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
</style>
"""
