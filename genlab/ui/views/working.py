"""A job in the background on a page: progress, time left, a way to cancel, and why it failed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from genlab.errors import GenlabError
from genlab.jobs.background import Job
from genlab.lab import ReadOnlyLab
from genlab.presentation.words import duration, plain
from genlab.ui.shell import changing, may_change, polled, show_error

POLL_SECONDS = 1.0


def start(key: str, verb: Callable[[], Job | None]) -> None:
    """For a button: start a job and remember it under ``key``, or the sentence why it was refused."""
    st.session_state.pop(f"{key}/refusal", None)
    try:
        job = verb()
    except GenlabError as error:
        st.session_state[f"{key}/refusal"] = error
        return
    if job is not None:
        st.session_state[f"{key}/job"] = job.id


def show_job(lab: ReadOnlyLab, key: str, found: Job | None = None, title: str = "") -> bool:
    """The job that `start` has started under ``key``, or one that is ``found``; whether it is under way.

    When it ends the page is drawn again.

    Args:
        lab: The lab.
        key: What the session remembers it under.
        found: A job that is under way, whoever started it.
        title: What it does, where that does not go without saying.
    """
    refusal = st.session_state.get(f"{key}/refusal")
    if refusal is not None:
        show_error(refusal)
    name = found.id if found else st.session_state.get(f"{key}/job")
    job = lab.jobs.known(name) if name else None
    if job is None:
        return False
    if not job.active:
        if job.state == "completed" and st.session_state.get(f"{key}/drawn") != job.id:
            # It may have ended after the page had looked for what it makes.
            st.session_state[f"{key}/drawn"] = job.id
            st.rerun()
        show_end(job)
        return False
    st.session_state[f"{key}/job"] = job.id
    polled(_progress, POLL_SECONDS)(lab, job.id, key, title)
    return True


def _progress(lab: ReadOnlyLab, name: str, key: str, title: str) -> None:
    job = lab.jobs.known(name)
    if job is None or not job.active:
        st.rerun()
        return
    progress_bar(lab, job, f"{key}/cancel", title)


def progress_bar(lab: ReadOnlyLab, job: Job, key: str, title: str = "") -> None:
    """How far a job is, when it will be done, and a button that ends it.

    Args:
        lab: The lab.
        job: A job that is under way.
        key: Of the button.
        title: What the job does, where there may be several.
    """
    parts = [title, plain(job.phase) or "starting"]
    if job.left is not None:
        parts.append(f"about {duration(job.left)} left")
    stopping = lab.jobs.is_ending(job.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, max(0.0, job.share)), text=" · ".join(filter(None, parts)), width="stretch")
        st.button(
            "Stopping…" if stopping else "Cancel",
            icon=":material/close:",
            key=key,
            disabled=stopping or not may_change(lab),
            on_click=_cancel,
            args=(lab, job.id),
        )
    if job.note:
        st.caption(plain(job.note))


def _cancel(lab: ReadOnlyLab, name: str) -> None:
    changing(lab).jobs.cancel(name)


def show_end(job: Job, title: str = "") -> None:
    """Why a job has ended without a result, and what to do."""
    doing = f"{title} failed: " if title else ""
    if job.state == "failed":
        error = job.error or {}
        words = str(error.get("message") or "The job failed.")
        hint = str(error.get("hint") or f"Its log is {job.path / 'log.txt'}. Start it again when that is mended.")
        st.error(plain(hint), title=plain(doing + words), icon=":material/error:")
    elif job.state == "interrupted":
        what = f"{doing}The process that did this is gone. Start it again: what is done is kept."
        st.warning(what, icon=":material/power_off:")
    elif job.state == "cancelled":
        st.caption("Cancelled. What was finished before is kept.")
    elif job.note:
        st.caption(plain(job.note))
