"""Compare, what is computed in the background: pictures of checkpoints, and evaluations; progress, estimate, cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from genlab.errors import GenlabError
from genlab.jobs.background import Job
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant
from genlab.presentation.scoring import Moments
from genlab.presentation.words import how_many
from genlab.ui.shell import changing, may_change, polled, show_error
from genlab.ui.views.compare_pictures import portrait
from genlab.ui.views.working import progress_bar, show_end

POLL_SECONDS = 1.0
KINDS = {"evaluate": "Evaluating", "portrait": "Drawing", "neighbours": "Nearest training items"}
STARTS: Mapping[str, Callable[[ReadOnlyLab], Callable[..., Job | None]]] = {
    "evaluate": lambda lab: changing(lab).evaluations.start,
    "portrait": lambda lab: changing(lab).models.start_portraits,
    "neighbours": lambda lab: changing(lab).models.start_neighbours,
}
MINE, ERROR, DRAWN = "compare/jobs", "compare/error", "compare/asked"
Signature = tuple[tuple[str, ...], int, int]


def watch(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """Progress of what is being computed for these models; begins to draw what is missing."""
    _draw_newest(lab, entrants, moments)
    now = _signature(lab, entrants, moments)
    every = POLL_SECONDS if now[0] else None
    polled(_strip, every)(lab, list(entrants), dict(moments), now)


def jobs_of(lab: ReadOnlyLab, runs: Sequence[str]) -> list[Job]:
    """Jobs that are at work for any of these runs, and those that this session started and that went wrong."""
    mine = st.session_state.get(MINE, [])
    found = lab.jobs.about(KINDS, runs)
    return [job for job in found if job.active or (job.id in mine and job.state in {"failed", "interrupted"})]


def start(lab: ReadOnlyLab, kind: str, runs: Sequence[str], **options: Any) -> None:
    """Begin a job (a callback) of one of `KINDS`, with what the lab's verb takes; keeps a refusal."""
    try:
        job = STARTS[kind](lab)(runs, **options)
    except GenlabError as error:
        st.session_state[ERROR] = error
        return
    if job is not None:
        st.session_state[MINE] = [*st.session_state.get(MINE, []), job.id]


def _draw_newest(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """Ask once for the pictures that are missing here, without being told to: without them the page is empty.

    What needs a feature encoder comes when the others are there.
    """
    if not may_change(lab):
        return
    newest = [
        entrant
        for entrant in entrants
        if entrant.moments and moments[entrant.run.id] == entrant.moments[-1] and not entrant.run.active
    ]
    drawn = {entrant.run.id: portrait(lab, entrant, entrant.moments[-1]) for entrant in newest}
    if _ask_once(lab, "portrait", [entrant for entrant in newest if drawn[entrant.run.id] is None]):
        return
    rest = [entrant for entrant in newest if entrant.kind.pictured and "neighbours" not in _sheets(drawn, entrant)]
    if len(rest) and all(drawn[entrant.run.id] is not None for entrant in newest):
        _ask_once(lab, "neighbours", rest)


def _sheets(drawn: Mapping[str, Mapping[str, Any] | None], entrant: Entrant) -> Mapping[str, Any]:
    found = drawn[entrant.run.id]
    return {} if found is None else dict(found["sheets"])


def _ask_once(lab: ReadOnlyLab, kind: str, entrants: Sequence[Entrant]) -> bool:
    """Begin a job for those of whom this session has not asked it yet; whether there were any."""
    asked = st.session_state.setdefault(DRAWN, set())
    fresh = [entrant for entrant in entrants if (kind, entrant.run.id, entrant.moments[-1]) not in asked]
    asked.update((kind, entrant.run.id, entrant.moments[-1]) for entrant in fresh)
    if fresh:
        start(lab, kind, [entrant.run.id for entrant in fresh])
    return bool(fresh)


def _missing(lab: ReadOnlyLab, entrants: Sequence[Entrant], sheet: str) -> dict[str, int]:
    """Run -> number of its checkpoints of which that sheet has not been drawn yet."""
    counts = {
        entrant.run.id: sum(
            sheet not in (portrait(lab, entrant, moment) or {"sheets": ()})["sheets"] for moment in entrant.moments
        )
        for entrant in entrants
    }
    return {run: count for run, count in counts.items() if count}


def _signature(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> Signature:
    """Changes when a job begins or ends, a picture of what is shown has been drawn, or a result has come in."""
    active = tuple(sorted(job.id for job in jobs_of(lab, [e.run.id for e in entrants]) if job.active))
    shown = [portrait(lab, entrant, moments[entrant.run.id]) for entrant in entrants]
    drawn = sum(1 + len(found["sheets"]) for found in shown if found is not None)
    results = sum(lab.evaluations.count(entrant.run) for entrant in entrants)
    return active, drawn, results


def _strip(lab: ReadOnlyLab, entrants: list[Entrant], moments: dict[str, int | None], drawn: Signature) -> None:
    """The part that polls."""
    if _signature(lab, entrants, moments) != drawn:
        st.rerun()
    error = st.session_state.pop(ERROR, None)
    if error is not None:
        show_error(error)
    jobs = jobs_of(lab, [entrant.run.id for entrant in entrants])
    for job in jobs:
        title = KINDS.get(job.kind, job.kind)
        if job.active:
            progress_bar(lab, job, f"compare/cancel/{job.id}", title)
            continue
        show_end(job, title)
        st.button("Dismiss", on_click=_forget, args=(job.id,), key=f"compare/forget/{job.id}")
    _offer_pictures(lab, entrants, {job.kind for job in jobs if job.active})


def _forget(job: str) -> None:
    st.session_state[MINE] = [name for name in st.session_state.get(MINE, []) if name != job]


def _offer_pictures(lab: ReadOnlyLab, entrants: Sequence[Entrant], busy: set[str]) -> None:
    """Buttons that draw every checkpoint, so that the time machine has pictures everywhere."""
    images = [entrant for entrant in entrants if entrant.kind.pictured]
    undrawn = _missing(lab, entrants, "samples")
    unsought = _missing(lab, images, "neighbours") if not undrawn else {}
    for kind, missing, words in (
        ("portrait", undrawn, "Draw the pictures of {}"),
        ("neighbours", unsought, "Find the nearest training items of {}"),
    ):
        if not missing or kind in busy:
            continue
        st.button(
            words.format(how_many(sum(missing.values()), "checkpoint")),
            icon=":material/photo_library:",
            help="In the background, for the time machine. "
            "How long it takes is estimated as soon as the first ones have been drawn.",
            disabled=not may_change(lab),
            on_click=start,
            args=(lab, kind, list(missing)),
            kwargs={"every": True},
            key=f"compare/draw/{kind}",
        )
