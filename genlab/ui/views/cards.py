"""Models as cards: newest samples, name, family, data, state, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_glyph, family_ink, family_title
from genlab.presentation.lineup import called
from genlab.presentation.words import STATE_GLYPHS, ago, count, plain
from genlab.store.run import RESUMABLE, Run
from genlab.ui.shell import changing, current_mode, may_change, show_error

TILES = 4
SHIPPED = '<span class="genlab-shipped">shipped with genlab</span>'
DELETING = "home/deleting"


def show_cards(lab: ReadOnlyLab, runs: Sequence[Run], key: str = "home-cards") -> None:
    """One card for each run; a key of its own for each of several grids, beginning with ``home-cards``."""
    with st.grid(min_column_width=190, gap="small", key=key) as grid:
        for run in runs:
            with grid.cell().container(border=True, gap="xsmall", height="stretch"):
                _card(lab, run)


def _card(lab: ReadOnlyLab, run: Run) -> None:
    st.html(picture(run, lab.runs.read(run).samples()))
    st.page_link("train.py", label=f"**{plain(called(run))}**", query_params={"run": run.id}, width="stretch")
    st.html(_facts(run))
    st.menu_button(
        "Actions", list(_actions(lab, run)), type="tertiary", key=f"home/act/{run.id}", on_click=partial(_act, lab, run)
    )


def picture(run: Run, samples: Sequence[tuple[int, Path]]) -> str:
    """The newest of ``samples`` (images seen, file) as HTML, or a plate that says why there are none."""
    if not samples:
        why = "no samples yet" if run.active else "ended before it drew samples"
        return f'<div class="genlab-plate">{why}</div>'
    words = f"Samples of {called(run)} after {samples[-1][0]:,} images"
    address = sample_address(run, *samples[-1])
    return f'<img class="genlab-picture" src="{address}" alt="{escape(words)}">'


def sample_address(run: Run, images: int, path: Path) -> str:
    """Where the server has the first tiles of a sample grid; the address changes when the file does."""
    try:
        version = f"{path.stat().st_mtime_ns:x}"
    except OSError:
        version = "0"
    return f"/genlab/runs/{escape(run.id)}/samples/{images}.png?tiles={TILES}&v={version}"


def badge(family: str) -> str:
    """Family as HTML: its shape, colour and name."""
    return (
        f'<span style="color:{family_ink(family, current_mode())};font-weight:650">{family_glyph(family)} '
        f"{escape(family_title(family))}</span>"
    )


def _facts(run: Run) -> str:
    done = count(run.images) if run.images >= run.target else f"{count(run.images)} of {count(run.target)}"
    speed = f" · {run.images_per_second:,.0f}/s" if run.images_per_second else ""
    words = run.error.get("message", "") if run.error else ""
    return (
        f'<div class="genlab-facts" title="{escape(words)}">'
        f"{badge(run.family)} · {escape(run.data)}<br>"
        f"{STATE_GLYPHS.get(run.state, '')} {escape(run.state)} · seed {run.seed}<br>"
        f"{done} images{'' if run.shipped else speed}<br>{SHIPPED if run.shipped else escape(ago(run.created))}</div>"
    )


# What can be done with a run


def _actions(lab: ReadOnlyLab, run: Run) -> dict[str, Callable[[ReadOnlyLab, Run], None]]:
    actions: dict[str, Callable[[ReadOnlyLab, Run], None]] = {"Open": _open, "Curves": _curves, "Compare": _compare}
    if may_change(lab):
        actions["Duplicate with changes"] = _duplicate
        if run.state in RESUMABLE and not run.shipped:
            actions["Resume"] = _resume
        if run.active:
            actions["Pause"] = _pause
            actions["Stop"] = _stop
        elif not run.shipped:
            actions["Delete…"] = _ask_to_delete
    return actions


def _act(lab: ReadOnlyLab, run: Run) -> None:
    chosen = st.session_state.get(f"home/act/{run.id}")
    action = _actions(lab, run).get(str(chosen))
    if action:
        try:
            action(lab, run)
        except GenlabError as error:
            st.session_state["home/refusal"] = error


def _go(page: str, **query: str) -> None:
    st.session_state["home/go"] = (page, query)


def _open(lab: ReadOnlyLab, run: Run) -> None:
    _go("train.py", run=run.id)


def _curves(lab: ReadOnlyLab, run: Run) -> None:
    _go("curves.py", run=run.id)


def _compare(lab: ReadOnlyLab, run: Run) -> None:
    _go("compare.py", run=run.id)


def _duplicate(lab: ReadOnlyLab, run: Run) -> None:
    _go("train.py", **{"from": run.id})


def _resume(lab: ReadOnlyLab, run: Run) -> None:
    changing(lab).runs.resume(run)


def _pause(lab: ReadOnlyLab, run: Run) -> None:
    changing(lab).runs.pause(run)


def _stop(lab: ReadOnlyLab, run: Run) -> None:
    changing(lab).runs.stop(run)


def _ask_to_delete(lab: ReadOnlyLab, run: Run) -> None:
    st.session_state[DELETING] = run.id


def delete_asked(lab: ReadOnlyLab) -> None:
    """Show the question whether a run is really to be deleted, while it is open."""
    key = st.session_state.get(DELETING)
    if key is None:
        return
    try:
        run = lab.runs.exact(key)
    except GenlabError:
        _forget()
        return
    _confirm(lab, run)


def _forget() -> None:
    st.session_state.pop(DELETING, None)


@st.dialog("Delete this run?", on_dismiss=_forget)
def _confirm(lab: ReadOnlyLab, run: Run) -> None:
    st.markdown(
        f"**{plain(called(run))}** with its samples, curves and checkpoints will be deleted. This cannot be undone."
    )
    st.caption(plain(run.id))
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="home/keep"):
            _forget()
            st.rerun()
        if st.button("Delete for good", type="primary", icon=":material/delete:", key="home/delete"):
            try:
                changing(lab).runs.delete(run)
            except GenlabError as error:
                show_error(error)
                return
            _forget()
            st.rerun()
