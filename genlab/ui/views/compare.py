"""Compare: one to six models side by side, at any moment of their training, in pictures first and numbers below."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.presentation.exemplars import opening
from genlab.presentation.lineup import (
    AXES,
    MOST,
    Axis,
    Entrant,
    by_data,
    counted,
    gather,
    latent_note,
    model_title,
    positions,
    seed_sets,
)
from genlab.presentation.words import how_many, plain
from genlab.store.run import Run
from genlab.ui.shell import page_title, show_error
from genlab.ui.views import compare_film, compare_items, compare_jobs, compare_pictures, compare_report, compare_scores
from genlab.ui.views.picking import pick_runs, say_why

OVER, AT = "compare/over", "compare/at"


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    runs = {run.id: run for run in lab.runs.all()}
    page_title("Compare")
    if not runs:
        st.markdown("## Nothing to compare yet")
        st.write("Models stand side by side here as soon as they have been trained: a VAE and a GAN, to begin with.")
        st.page_link("home.py", label="Train a VAE, a GAN and a VAE-GAN", icon=":material/rocket_launch:")
        return
    chosen = _pick_runs(runs)
    say_why("compare", chosen)
    if not chosen:
        st.info("Choose one to six runs above.", icon=":material/compare:")
        return
    entrants, refused = gather(lab, [runs[key] for key in chosen])
    for error in refused:
        show_error(error)
    if not entrants:
        return
    axis, position = _pick_moment(entrants)
    moments = {entrant.run.id: entrant.at(axis, position) for entrant in entrants}
    _notes(entrants)
    compare_film.render(entrants, axis)
    compare_jobs.watch(lab, entrants, moments)
    compare_items.render(entrants)
    compare_pictures.render(lab, entrants, moments)
    compare_scores.render(lab, entrants, moments)
    compare_report.render(lab, entrants, moments)


def _pick_runs(runs: dict[str, Run]) -> list[str]:
    return pick_runs(
        runs,
        "compare",
        MOST,
        lambda found: opening(found, MOST),
        lost_words="Not in this workspace any more",
        placeholder="Choose one to six",
        help_words="In this order from left to right. The address keeps the choice, so a link shows the same.",
    )


def _pick_moment(entrants: Sequence[Entrant]) -> tuple[Axis, float | None]:
    """The time machine: a place on one axis; None for the newest checkpoint of each."""
    if not any(entrant.moments for entrant in entrants):
        return AXES[0], None
    if OVER not in st.session_state and st.query_params.get("over") in AXES:
        st.session_state[OVER] = st.query_params["over"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="compare-moment"):
        many = counted(entrants)
        titles = {AXES[0]: f"{many} seen", AXES[1]: AXES[1]}
        axis: Axis = (
            st.segmented_control(
                "Line up by", AXES, default=AXES[0], format_func=titles.__getitem__, required=True, key=OVER, wrap=True
            )
            or AXES[0]
        )
        places = positions(entrants, axis)
        place = _slider(places, axis, many)
    newest = place is None or place >= places[-1]
    _keep("over", axis if axis != AXES[0] else "")
    _keep("at", "" if newest else f"{place:g}")
    return axis, None if newest else place


def _slider(places: Sequence[float], axis: Axis, many: str) -> float | None:
    """A slider over every place where some model has a checkpoint; it keeps its place when the choice changes."""
    if len(places) < 2:
        st.caption(
            "There is a single checkpoint to show below. Runs keep more of them when “checkpoint every” is smaller "
            "(under Watching on the Train page)."
        )
        return None
    kept = st.session_state.get(AT)
    if kept is None and st.query_params.get("at"):
        with suppress(ValueError):
            kept = (axis, float(st.query_params["at"]))
    value = places[-1]
    if kept and kept[0] == axis:
        value = min(places, key=lambda place: abs(place - kept[1]))
    chosen = st.select_slider(
        "Time machine",
        options=list(places),
        value=value,
        format_func=lambda place: f"{place:,.0f} {many}" if axis == AXES[0] else f"{place:.1%}",
        help="Every model is shown at its newest checkpoint at or before this point of its training.",
        key=f"compare/moment/{axis}/{hash(tuple(places))}",
    )
    place = float(chosen)
    st.session_state[AT] = None if place >= places[-1] else (axis, place)
    return place


def _keep(name: str, value: str) -> None:
    """Put ``value`` into the address, or take it out when it is empty."""
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def _notes(entrants: Sequence[Entrant]) -> None:
    """What keeps these models from being compared one to one."""
    if len(by_data(entrants)) > 1:
        st.warning(
            "These models learned from different data. Their pictures stand side by side, but their scores do not: "
            "scores on different data cannot be compared.",
            icon=":material/call_split:",
        )
    note = latent_note(entrants)
    if note:
        st.info(plain(note), icon=":material/straighten:")
    for members in seed_sets(entrants):
        names = ", ".join(str(member.run.seed) for member in members)
        st.caption(
            f":material/casino: {plain(model_title(members[0].run.model))} with seeds {names} is one model trained "
            f"{how_many(len(members), 'time')}: below, its scores also get a mean and an interval over seeds."
        )
