"""Tasks, the first look: a few items, done at once by every model in turn while the page shows what is there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.errors import GenlabError
from genlab.jobs.background import Job
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant, by_data
from genlab.presentation.tasks import Method, gather_methods, missing_sentences, rankings, verdict
from genlab.presentation.words import plain, sentence
from genlab.tasks.base import SHOWN, TaskSpec
from genlab.tasks.task_request import TaskRequest
from genlab.ui.shell import changing, may_change, polled, show_error
from genlab.ui.views import _items, tasks_mask, tasks_ranking, tasks_strength
from genlab.ui.views.own_items import pictures
from genlab.ui.views.tasks_choice import ChosenTask
from genlab.ui.views.tasks_rows import frames_of, rows
from genlab.ui.views.working import progress_bar, show_end, start

POLL_SECONDS = 0.5
KEY = "tasks/look"
ASKED, CURRENT = f"{KEY}/asked", f"{KEY}/current"

Asked = tuple[Entrant, TaskRequest]
Known = Mapping[str, Any] | None


def render(lab: ReadOnlyLab, chosen: ChosenTask) -> None:
    """Every method on the same few items; what is missing is begun."""
    st.markdown("## First look")
    asked = requests(lab, chosen)
    if not asked:
        return
    _advance(lab, asked)
    sets = by_data([entrant for entrant, _ in asked])
    for members in sets.values():
        if len(sets) > 1:
            st.markdown(f"### {plain(members[0].run.data)}")
        _of_one_data_set(lab, chosen, [each for each in asked if each[0] in members])


def requests(lab: ReadOnlyLab, chosen: ChosenTask, **settings: Any) -> list[Asked]:
    """What each model is asked for; one that is refused is left out with a sentence."""
    found = []
    for entrant in chosen.entrants:
        try:
            request = chosen.request(lab, entrant, **settings)
            lab.tasks.known(entrant.run, request)
            found.append((entrant, request))
        except GenlabError as error:
            show_error(error)
    return found


def known(lab: ReadOnlyLab, asked: Sequence[Asked]) -> tuple[Known, list[tuple[Entrant, Known]]]:
    """What is kept of methods without a model, and of each model's, for models of the same data."""
    baselines = next((found for each in asked if (found := lab.tasks.baselines(each[0].run, each[1]))), None)
    return baselines, [(entrant, lab.tasks.known(entrant.run, request)) for entrant, request in asked]


def _of_one_data_set(lab: ReadOnlyLab, chosen: ChosenTask, asked: Sequence[Asked]) -> None:
    spec = chosen.spec
    baselines, results = known(lab, asked)
    methods = gather_methods(baselines, results)
    own = asked[0][1].own
    names = chosen.own.names(lab, asked[0][0]) if chosen.own else ()
    ranked = rankings(baselines, results, len(own))
    if tasks_mask.OPTION in spec.Options.model_fields and may_change(lab) and asked[0][0].kind.pixels:
        tasks_mask.render(asked[0][0], next((method for method in methods if method.role == "truth"), None))
    if not methods:
        words = "This lab is read-only, and nothing has been kept of this task yet." if not may_change(lab) else ""
        st.caption(words or "Nothing to see yet.")
        return
    if ranked:
        tasks_ranking.render(ranked, _pictures(asked[0][0], own), names)
    rows(spec, methods, frames_of(asked[0][0]), names)
    tasks_strength.render(lab, results, f"tasks/strength/{spec.name}/{asked[0][0].run.id}")
    items_of(lab, asked[0][0], methods, f"tasks/items/{spec.name}/{asked[0][0].run.id}")
    if not ranked and not any(method.value(spec.decisive) is not None for method in methods):
        st.caption(f"{plain(spec.measure(spec.decisive).title)} decides, and is measured on more items below.")
    say_missing(spec, methods, missing_sentences(baselines, results))


def _pictures(entrant: Entrant, own: Sequence[str]) -> list[str]:
    """A PNG in base64 of each item of a person's own."""
    space = entrant.environment["space"]
    symbols, shape = tuple(map(str, space.get("symbols") or ())), tuple(map(int, space["shape"]))
    contents = [base64.b64decode(text) for text in own]
    return [base64.b64encode(png).decode() for png in pictures(entrant.kind.name, symbols, shape, contents)]


def items_of(lab: ReadOnlyLab, entrant: Entrant, methods: Sequence[Method], key: str) -> None:
    """The items of every method one by one, where they can be heard, watched or read."""
    sheets = [
        (method.full, method.folder / Path(str(method.answer["picture"])).name, method.answer["grid"], SHOWN)
        for method in methods
        if method.answer.get("picture") and not method.answer.get("layers")
    ]
    _items.of_sheets(key, lab.workspace, lab.runs.read(entrant.run), sheets)


def say_missing(spec: TaskSpec, methods: Sequence[Method], missing: Sequence[tuple[str, str]]) -> None:
    """Who wins, as far as so few items tell, and what could not be had."""
    words = verdict(spec, methods)
    if words:
        st.markdown(_marked(words))
    for label, words in missing:
        st.markdown(f"- {f'**{plain(label)}:** ' if label else ''}{sentence(words)}")


def _marked(words: str) -> str:
    """One of our sentences, whose beginning between double asterisks is strong; names in it are shown as typed."""
    _, strong, rest = words.split("**", 2)
    return f"**{plain(strong)}**{plain(rest)}"


def key_of(entrant: Entrant, request: TaskRequest) -> str:
    """What the session remembers a model's attempt under."""
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()[:12]
    return f"{KEY}/{entrant.run.id}/{digest}"


def begin(lab: ReadOnlyLab, key: str, entrant: Entrant, request: TaskRequest) -> None:
    """Start what a model is asked for, and remember its job."""
    start(key, lambda: changing(lab).tasks.start(entrant.run, request))


def _advance(lab: ReadOnlyLab, asked: Sequence[Asked]) -> None:
    """One attempt at a time: show how far it is, or begin the next, until every model has done the task."""
    waiting = [each for each in asked if not _is_done(lab, *each)]
    keys = [key_of(*each) for each in waiting]
    _drop(lab, keys)
    tried = st.session_state.setdefault(ASKED, set())
    jobs = [_job(lab, key, *each) for key, each in zip(keys, waiting, strict=True)]
    halted = any(job is not None and job.state == "cancelled" for job in jobs)
    for place, (key, (entrant, request), job) in enumerate(zip(keys, waiting, jobs, strict=True)):
        if job is None and key not in tried and not halted and may_change(lab) and request.is_attempt:
            tried.add(key)
            begin(lab, key, entrant, request)
            job = _job(lab, key, entrant, request)
            if _is_done(lab, entrant, request):
                st.rerun()
        if job is not None and job.active:
            st.session_state[CURRENT] = (key, job.id)
            title = f"{plain(entrant.label)}, {len(asked) - len(waiting) + place + 1} of {len(asked)}"
            polled(_watch, POLL_SECONDS)(lab, job.id, (entrant, request), _seen(lab, entrant, request), title)
            return
        _say_end(key, job, entrant)
    if waiting:
        _again_button(lab, waiting, keys, any(job is not None for job in jobs))


def _is_done(lab: ReadOnlyLab, entrant: Entrant, request: TaskRequest) -> bool:
    if lab.tasks.known(entrant.run, request) is None:
        return False
    return lab.tasks.baselines(entrant.run, request) is not None


def _seen(lab: ReadOnlyLab, entrant: Entrant, request: TaskRequest) -> bool:
    """Whether methods without a model are there: they come first, and are shown at once."""
    return lab.tasks.baselines(entrant.run, request) is not None


def _job(lab: ReadOnlyLab, key: str, entrant: Entrant, request: TaskRequest) -> Job | None:
    """The attempt that this session has begun, or one that is under way, whoever began it."""
    name = st.session_state.get(f"{key}/job")
    if name:
        return lab.jobs.known(name)
    kind = "attempt" if request.is_attempt else "task"
    return lab.jobs.under_way(kind, [entrant.run.id], request=request.model_dump(mode="json"))


def _drop(lab: ReadOnlyLab, keys: Sequence[str]) -> None:
    """End the attempt of this session that nobody waits for any more, so that the one that is wanted has its turn."""
    current = st.session_state.get(CURRENT)
    if current is None or current[0] in keys:
        return
    del st.session_state[CURRENT]
    job = lab.jobs.known(current[1])
    if job is not None and job.active and may_change(lab):
        lab.jobs.cancel(job.id)
        st.session_state[ASKED].discard(current[0])
        st.session_state.pop(f"{current[0]}/job", None)


def _watch(lab: ReadOnlyLab, name: str, asked: Asked, seen: bool, title: str) -> None:
    """The part that polls: the page is drawn again when there is more to show."""
    job = lab.jobs.known(name)
    if job is None or not job.active or _seen(lab, *asked) != seen:
        st.rerun()
    else:
        progress_bar(lab, job, f"{key_of(*asked)}/cancel", title)


def _say_end(key: str, job: Job | None, entrant: Entrant) -> None:
    refusal = st.session_state.get(f"{key}/refusal")
    if isinstance(refusal, GenlabError):
        show_error(refusal)
    if job is not None and job.state != "completed":
        show_end(job, entrant.label)


def _again_button(lab: ReadOnlyLab, waiting: Sequence[Asked], keys: Sequence[str], tried: bool) -> None:
    st.button(
        "Try again" if tried else "Begin",
        icon=":material/play_arrow:",
        key=f"{KEY}/again",
        disabled=not may_change(lab),
        on_click=_again,
        args=(lab, list(zip(keys, waiting, strict=True))),
    )


def _again(lab: ReadOnlyLab, waiting: Sequence[tuple[str, Asked]]) -> None:
    for key, (entrant, request) in waiting:
        st.session_state.setdefault(ASKED, set()).discard(key)
        st.session_state.pop(f"{key}/job", None)
        if not request.is_attempt:
            begin(lab, key, entrant, request)
