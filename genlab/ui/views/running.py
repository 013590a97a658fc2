"""The strip of runs that train or wait: newest samples, a line of the loss, speed, time left, and the brakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_colour
from genlab.presentation.lineup import called
from genlab.presentation.pictures import sparkline, thinned
from genlab.presentation.words import duration, how_many, plain
from genlab.store.run import Run
from genlab.ui.shell import current_mode, may_change
from genlab.ui.views._shared import tails
from genlab.ui.views.cards import badge, picture, sample_address

POLL_SECONDS = 1.0
MOST = 6
WAITING = 8
PLAYER_DASHES = ("", "4 3", "1 3")


def show_running(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    """All active runs: those that train in full, those that wait in a line each."""
    training = [run for run in runs if run.state == "running"]
    waiting = sorted((run for run in runs if run.state == "queued"), key=lambda run: run.created)
    if not runs:
        return
    with st.container(key="home-running"):
        st.markdown("## Running")
        _strips(lab, training)
        _waiting(lab, waiting)


def _strips(lab: ReadOnlyLab, training: Sequence[Run]) -> None:
    columns = 1 if len(training) == 1 else 2
    for start in range(0, min(len(training), MOST), columns):
        for place, run in zip(st.columns(columns), training[start : start + columns], strict=False):
            with place.container(border=True, gap="small"):
                _strip(lab, run, 5.2 / columns)
    if len(training) > MOST:
        st.caption(f"and {how_many(len(training) - MOST, 'more run')} training")


def _strip(lab: ReadOnlyLab, run: Run, width: float) -> None:
    left, right = st.columns([1, width], gap="medium")
    left.html(_live_picture(lab, run))
    with right:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link("train.py", label=f"**{plain(called(run))}**", query_params={"run": run.id})
            st.html(f'<div class="genlab-facts">{badge(run.family)} · {escape(run.data)}</div>', width="content")
            _brakes(lab, run)
        share = min(1.0, run.images / run.target) if run.target else 0.0
        st.progress(share, text=progress_words(run))
        st.html(losses(run, tails().of(lab.runs.read(run)).rows))


def _live_picture(lab: ReadOnlyLab, run: Run) -> str:
    """The newest samples, over those before them until they are loaded: a new picture does not flash."""
    samples = lab.runs.read(run).samples()[-2:]
    below = f"background-image:url({sample_address(run, *samples[0])})" if len(samples) > 1 else ""
    return f'<div class="genlab-under" style="{below}">{picture(run, samples)}</div>'


def progress_words(run: Run) -> str:
    """Images, speed and time left, as far as they are known."""
    parts = [f"{run.images:,} of {run.target:,} images"]
    if speed := run.pace or run.images_per_second:
        parts.append(f"{speed:,.0f} images/s")
    if run.left is not None:
        parts.append(f"{duration(run.left)} left")
    if run.phase and run.phase != "training":
        parts.append(plain(run.phase))
    return " · ".join(parts)


def losses(run: Run, rows: Sequence[Mapping[str, Any]]) -> str:
    """One small line per player, with its newest value, as HTML."""
    names = [name for name in (rows[-1] if rows else {}) if name.startswith("loss/")]
    if not names:
        return '<div class="genlab-facts">The losses begin with the first row the run writes.</div>'
    colour = family_colour(run.family, current_mode())
    cells = []
    for place, name in enumerate(names):
        values = [row[name] for row in rows if isinstance(row.get(name), int | float)]
        line = sparkline(thinned(values), colour, dash=PLAYER_DASHES[place % len(PLAYER_DASHES)])
        player = name.removeprefix("loss/")
        words = f"Loss of the {player} over training, {values[-1]:.3g} now"
        cells.append(
            f'<div style="flex:1;min-width:90px"><img class="genlab-spark" src="{line}" alt="{escape(words)}">'
            f"{escape(player)} loss <b>{values[-1]:.3g}</b></div>"
        )
    return f'<div class="genlab-facts" style="display:flex;gap:1rem;flex-wrap:wrap">{"".join(cells)}</div>'


def _waiting(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    for run in runs[:WAITING]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                "train.py", label=plain(called(run)), icon=":material/hourglass_empty:", query_params={"run": run.id}
            )
            st.html(f'<div class="genlab-facts">{badge(run.family)} · {escape(run.data)}</div>', width="content")
            st.caption(plain(run.phase or "waiting"), width="content")
            _brakes(lab, run)
    if len(runs) > WAITING:
        st.caption(f"and {how_many(len(runs) - WAITING, 'more run')} waiting")


def _brakes(lab: ReadOnlyLab, run: Run) -> None:
    if not may_change(lab):
        return
    asked = lab.runs.read(run).asked()
    if asked:
        st.caption("Stopping at the next step…" if asked == "stop" else "Pausing at the next step…", width="content")
        return
    for label, icon, verb in (
        ("Pause", ":material/pause:", lab.runs.pause),
        ("Stop", ":material/stop:", lab.runs.stop),
    ):
        st.button(
            label,
            icon=icon,
            type="tertiary",
            key=f"home/{label.lower()}/{run.id}",
            on_click=partial(_attempt, verb, run),
        )


def _attempt(verb: Callable[[Run], Run], run: Run) -> None:
    """Do it; a run that has ended meanwhile needs no brakes, and the page shows that it has."""
    try:
        verb(run)
    except GenlabError as error:
        st.session_state["home/refusal"] = error
