"""Match: plan a fair match, watch it on one screen, and read what came out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab import Lab, ReadOnlyLab
from genlab.matches.again import KIND as JUDGE
from genlab.matches.fairness import TITLES, fairness_words, length_words
from genlab.matches.match_request import MOST_SEEDS
from genlab.presentation import matches
from genlab.presentation.words import ago, duration, how_many, plain
from genlab.ui.shell import may_change, page_title, polled, show_error
from genlab.ui.views import match_form, match_list, match_result, match_watch, working

if TYPE_CHECKING:
    from genlab.matches.folder import Match

POLL_SECONDS = 1.5
BADGES: dict[str, tuple[str, Any]] = {
    "queued": (":material/hourglass_empty:", "gray"),
    "running": (":material/play_arrow:", "blue"),
    "completed": (":material/check:", "green"),
    "stopped": (":material/stop:", "gray"),
    "interrupted": (":material/power_off:", "orange"),
    "failed": (":material/error:", "red"),
}
REFUSAL = "match/refusal"


def render(lab: ReadOnlyLab) -> None:
    """The page: one match where the address names one, else the plan of a new one and those there are."""
    error = st.session_state.pop(REFUSAL, None)
    if error is not None:
        show_error(error)
    asked = st.query_params.get("match", "")
    if asked:
        try:
            match = lab.matches.find(asked)
        except InputError as refusal:
            show_error(refusal)
        else:
            _one(lab, match)
            return
    match_form.render(lab)
    match_list.render(lab)


def _one(lab: ReadOnlyLab, match: Match) -> None:
    """One match: what it found on top when it has, and its runs below."""
    if match.active:
        polled(_live, POLL_SECONDS)(lab, match.id, match.state)
        return
    _header(lab, match)
    working.show_job(lab, f"match/judging/{match.id}", _judging(lab, match), "Judging again")
    _ended(match)
    match_result.render(lab, match)
    match_watch.render(lab, match)


def _live(lab: ReadOnlyLab, key: str, drawn: str) -> None:
    """The part that polls; a match that ends redraws the page."""
    try:
        match = lab.matches.exact(key)
    except InputError:
        st.rerun()
    if match.state != drawn:
        st.rerun()
    _header(lab, match)
    parts = [match.phase or ("waiting for its turn" if match.state == "queued" else "starting")]
    if match.left is not None:
        parts.append(f"about {duration(match.left)} left")
    st.progress(min(1.0, max(0.0, match.share)), text=plain(" · ".join(parts)))
    st.caption(plain(fairness_words(match)))
    match_watch.render(lab, match)


def _header(lab: ReadOnlyLab, match: Match) -> None:
    icon, colour = BADGES[match.state]
    request = match.request
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page_title(f"{plain(matches.title(match))}", width="content")
        st.badge(match.state, icon=icon, color=colour)
        if match.shipped:
            st.badge("came with genlab", icon=":material/inventory_2:", color="gray")
        if request.fairness != "images":
            st.badge(TITLES[request.fairness], icon=":material/balance:", color="violet")
        about = [plain(request.data.name), how_many(request.seeds, "seed"), plain(length_words(match))]
        about = [words for words in about if words]
        if match.created:
            about.append(ago(match.created))
        st.caption(" · ".join(about), width="content")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="match-controls"):
        _controls(lab, match)


def _judging(lab: ReadOnlyLab, match: Match) -> Job | None:
    """The job that judges it again, whoever asked for that."""
    return lab.jobs.under_way(JUDGE, match=match.id)


def _controls(lab: ReadOnlyLab, match: Match) -> None:
    free = lab if may_change(lab) and not match.shipped else None
    if not match.active and match.entries and may_change(lab):
        st.button(
            "Judge again",
            icon=":material/gavel:",
            help="Verdicts by today's claims and metrics. What is missing is evaluated, nothing is trained; these "
            "verdicts stand until the new ones are there. A match that came with genlab is copied into this workspace.",
            disabled=_judging(lab, match) is not None,
            on_click=working.start,
            args=(f"match/judging/{match.id}", partial(lab.matches.start_judging, match.id)),
            key="match/judge",
        )
    if match.active and free:
        _button(free.matches.stop, match, "Stop", ":material/stop:")
    if match.state in matches.RESUMABLE and free:
        _button(free.matches.resume, match, "Resume", ":material/play_arrow:")
    if not match.active and free and match.entries:
        _more_seeds(free, match)
    if match.claims:
        st.page_link("guide.py", label="In the guide", icon=":material/menu_book:", query_params={"match": match.id})
    if st.button("All matches", icon=":material/list:", type="tertiary", key="match/all"):
        st.query_params.clear()
        st.rerun()
    if not match.active and free:
        with st.popover("Delete", icon=":material/delete:"):
            st.write("Delete this match with its plan and verdicts? Its runs stay.")
            if st.button("Delete for good", type="primary", key="match/delete") and _attempt(
                free.matches.delete, match
            ):
                st.query_params.clear()
                st.rerun()


def _more_seeds(lab: Lab, match: Match) -> None:
    """More seeds of a match that has ended, in place: what it has is kept."""
    there = match.request.seeds
    if there >= MOST_SEEDS:
        return
    with st.popover("More seeds", icon=":material/casino:"):
        st.write(f"{how_many(there, 'seed')} so far. Runs that exist are kept; all are judged together again.")
        wanted = st.number_input("Seeds", there + 1, MOST_SEEDS, min(there + 2, MOST_SEEDS), key="match/seeds/more")
        if st.button("Train them", type="primary", icon=":material/play_arrow:", key="match/more") and _attempt(
            lambda key: lab.matches.resume(key, int(wanted)), match
        ):
            st.rerun()


def _button(verb: Callable[[str], object], match: Match, label: str, icon: str) -> None:
    help_words = {
        "Stop": "Stops the current run with a checkpoint; the match can be resumed.",
        "Resume": "Goes on where it ended; what is finished is kept.",
    }[label]
    key = f"match/{label.lower()}"
    st.button(label, icon=icon, help=help_words, key=key, on_click=_try, args=(verb, match))


def _try(verb: Callable[[str], object], match: Match) -> None:
    _attempt(verb, match)


def _attempt(verb: Callable[[str], object], match: Match) -> bool:
    """Do it; a refusal is shown when the page is drawn again."""
    try:
        verb(match.id)
    except GenlabError as error:
        st.session_state[REFUSAL] = error
        return False
    return True


def _ended(match: Match) -> None:
    """Why it ended without verdicts, and what to do."""
    if match.state == "failed":
        error = match.error or {}
        hint = error.get("hint") or "Resume to go on from where it ended; what is finished is kept."
        st.error(plain(hint), title=plain(error.get("message") or "The match failed."), icon=":material/error:")
    elif match.state == "interrupted":
        words = "The process that conducted this match is gone. Resume to go on: what is finished is kept."
        st.warning(words, icon=":material/power_off:")
    elif match.state == "stopped":
        st.info("Stopped. Resume to go on: what is finished is kept.", icon=":material/stop:")
