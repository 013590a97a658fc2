"""One lesson as a focused column: predict, run, look, check, explain; what was predicted stays in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.lessons._address import CHECKED, PREDICTED, query, read_options
from genlab.lessons._document import plan_markdown
from genlab.lessons.base import LessonFacts, LessonOutcome, LessonSpec
from genlab.options import Options
from genlab.presentation.words import plain
from genlab.registry import registry
from genlab.ui.shell import may_change, page_title, polled, show_error
from genlab.ui.views import lesson_link, lesson_looks, lesson_next, lesson_runs, lesson_work
from genlab.ui.views.lesson_runs import FoundRun

STEPS = ("Predict", "Run", "Look", "Check", "Explain")
POLL_SECONDS = 1.0
WIDTH = 860

VERDICTS: Mapping[str, tuple[Any, str, str]] = {
    "right": (st.success, "Your prediction was right", ":material/check_circle:"),
    "wrong": (st.warning, "Your prediction was wrong", ":material/cancel:"),
    "undecided": (st.info, "Undecided", ":material/help:"),
}
"""Verdict -> how it is shown."""

Progress = dict[str, Any]


def render(lab: ReadOnlyLab, name: str) -> None:
    """The page of the lesson ``name``, with the settings in the address."""
    st.html(STYLE)
    with (
        st.container(horizontal_alignment="center", key="lesson-page"),
        st.container(width=WIDTH, key="lesson-column"),
    ):
        top = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        with top:
            lesson_link.leads_to("All lessons", {"section": "lessons"}, ":material/arrow_back:", "lesson/all")
        spec: LessonSpec = registry("lessons").get(name)
        options = _options(spec)
        state = progress(spec, options)
        with top:
            lesson_link.render(spec, options)
        place = _head(spec)
        _predict(spec, options, state)
        if state["choice"] is not None:
            _rest(lab, spec, options, state)
        with place:
            dots(_behind(state))
        with st.expander("Lesson plan for teachers", icon=":material/co_present:", key="lesson-plan"):
            st.markdown(plan_markdown(spec))


def progress(spec: LessonSpec, options: Options) -> Progress:
    """What this session remembers of a lesson with these settings; other settings begin anew.

    ``choice`` (None before it is committed), ``checked``, ``source`` of the runs, and ``reached``, the number of steps
    behind the learner, which stays when settings change.
    """
    kept: Progress = st.session_state.setdefault("lessons", {}).setdefault(spec.name, {"reached": 0})
    now = query(spec, options)
    if kept.get("address") != now:
        reached, fresh = kept["reached"], "address" not in kept
        kept.clear()
        kept |= {"address": now, "reached": reached, "choice": None, "checked": False, "source": "own"}
        if fresh:
            _recall(kept, {choice.key for choice in spec.choices})
        else:
            _forget(kept)
    return kept


def _recall(state: Progress, choices: Collection[str]) -> None:
    """Take up what the address keeps of a prediction, so that loading the page again forgets nothing."""
    if st.query_params.get(PREDICTED) in choices:
        _commit(state, st.query_params[PREDICTED])
        if st.query_params.get(CHECKED) == "1":
            _check(state)


def _options(spec: LessonSpec) -> Options:
    """The settings that the address asks for; the lesson's own, and a sentence, where it cannot be read."""
    try:
        return read_options(spec, {name: st.query_params.get_all(name) for name in st.query_params})
    except GenlabError as error:
        show_error(InputError(error.message, f"{error.hint} Until then the lesson's own settings are used."))
        return spec.Options()


def _head(spec: LessonSpec) -> Any:
    """Title, and the place for the dots, which are known last."""
    page_title(f"{spec.title}")
    st.caption(f"{spec.summary}. About {spec.minutes} minutes.")
    return st.container(key="lesson-dots")


def _step(number: int, title: str, *, done: bool) -> None:
    mark = "✓" if done else str(number)
    st.html(
        f'<div class="genlab-step{" done" if done else ""}"><span aria-hidden="true">{mark}</span>'
        f'<h2 id="step-{number}">{escape(title)}</h2></div>'
    )


# Predict


def _predict(spec: LessonSpec, options: Options, state: Progress) -> None:
    _step(1, STEPS[0], done=state["choice"] is not None)
    for paragraph in spec.scene:
        st.markdown(spec.filled(paragraph, options))
    texts = {choice.key: choice.text for choice in spec.choices}
    if state["choice"] is not None:
        st.markdown(f"**{spec.asked(options)}**")
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f":material/lock: You predicted: **{texts[state['choice']]}**", width="stretch")
            st.button(
                "Predict again",
                type="tertiary",
                icon=":material/undo:",
                help="Removes this prediction. Runs that have been trained stay.",
                key=f"lesson/{spec.name}/again",
                on_click=_forget,
                args=(state,),
            )
        return
    key = f"lesson/{state['address']}/choice"
    chosen = st.radio(
        f"**{spec.asked(options)}**",
        list(texts),
        index=None,
        format_func=texts.__getitem__,
        key=key,
    )
    st.button(
        "Commit this prediction",
        icon=":material/lock:",
        type="primary",
        disabled=chosen is None,
        key=f"lesson/{spec.name}/commit",
        on_click=_commit,
        args=(state, chosen),
    )
    if chosen is None:
        st.caption("Choose one first: nothing is run or shown before you commit to a prediction.")


def _commit(state: Progress, chosen: str | None) -> None:
    if chosen is not None:
        state["choice"] = chosen
        state["reached"] = max(state["reached"], 1)
        st.query_params[PREDICTED] = chosen


def _forget(state: Progress) -> None:
    state |= {"choice": None, "checked": False}
    for name in (PREDICTED, CHECKED):
        if name in st.query_params:
            del st.query_params[name]


def _check(state: Progress) -> None:
    state["checked"] = True
    state["reached"] = len(STEPS)
    st.query_params[CHECKED] = "1"


def _behind(state: Progress) -> int:
    """Steps that are behind the learner with these settings."""
    if state["checked"]:
        return len(STEPS)
    return 0 if state["choice"] is None else max(1, min(3, int(state.get("stage", 1))))


def dots(behind: int) -> None:
    """How far the learner is, as dots with names."""
    now = ' aria-current="step"'
    items = "".join(
        f'<li class="{"done" if place < behind else "now" if place == behind else ""}"'
        f"{now if place == behind else ''}>{title}</li>"
        for place, title in enumerate(STEPS)
    )
    st.html(f'<ol class="genlab-dots" aria-label="{behind} of {len(STEPS)} steps done">{items}</ol>')


# Run, look


def _rest(lab: ReadOnlyLab, spec: LessonSpec, options: Options, state: Progress) -> None:
    """Everything that comes after the prediction."""
    try:
        trainings = spec.configs(options)
        found = lesson_runs.find_all(lab, trainings, shipped=state["source"] == "shipped")
    except GenlabError as error:
        show_error(error)
        return
    busy = any(each.run is not None and each.run.active for each in found)
    drawn = [(each.run.id, each.run.state) if each.run else None for each in found]
    if busy:
        polled(_live, POLL_SECONDS)(lab, spec, state, options, drawn)
        return
    _run_and_look(lab, spec, options, state, found, live=False)


def _live(lab: ReadOnlyLab, spec: LessonSpec, state: Progress, options: Options, drawn: Sequence[Any]) -> None:
    """The part that polls while runs train; a run that comes or ends redraws the page."""
    found = lesson_runs.find_all(lab, spec.configs(options), shipped=state["source"] == "shipped")
    if [(each.run.id, each.run.state) if each.run else None for each in found] != drawn:
        st.rerun()
    _run_and_look(lab, spec, options, state, found, live=True)


def _run_and_look(
    lab: ReadOnlyLab, spec: LessonSpec, options: Options, state: Progress, found: Sequence[FoundRun], *, live: bool
) -> None:
    ended = not live and all(each.done for each in found)
    _step(2, STEPS[1], done=ended)
    key = f"lesson/{spec.name}"
    refusal = st.session_state.pop(f"{key}/refusal", None)
    if refusal is not None:
        show_error(refusal)
    lesson_work.show_runs(lab, spec, state, found)
    more: Mapping[str, Any] = {}
    if ended:
        ready, more = lesson_work.show_jobs(lab, spec, options, key, found)
        if not ready:
            _note(state, 1)
            return
    elif not any(each.run is not None for each in found):
        _note(state, 1)
        return
    _note(state, 3 if ended else 2)
    _step(3, STEPS[2], done=bool(state["checked"]))
    lesson_looks.render(lab, spec, found, more, live=not ended)
    if ended:
        _verdict(lab, spec, options, state, found, more)


def _note(state: Progress, stage: int) -> None:
    """How many steps are behind the learner, for the dots."""
    state["stage"] = stage
    state["reached"] = max(state["reached"], stage)


# Check, explain


def _verdict(
    lab: ReadOnlyLab,
    spec: LessonSpec,
    options: Options,
    state: Progress,
    found: Sequence[FoundRun],
    more: Mapping[str, Any],
) -> None:
    _step(4, STEPS[3], done=bool(state["checked"]))
    if not state["checked"]:
        st.markdown("Look at the pictures and numbers above. Does your prediction hold?")
        st.button(
            "Check my prediction",
            icon=":material/fact_check:",
            type="primary",
            key=f"lesson/{spec.name}/check",
            on_click=_check,
            args=(state,),
        )
        return
    sandbox = (more.get("sandbox") or {}).get("metrics") or {}
    facts: LessonFacts = lesson_runs.facts_of(lab, spec, found, sandbox=sandbox, measured=more.get("measured") or {})
    outcome = spec.check(facts, options)
    verdict = outcome.verdict(state["choice"])
    show, title, icon = VERDICTS[verdict]
    show(_what_happened(spec, outcome), title=title, icon=icon)
    if outcome.numbers:
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in outcome.numbers)
        st.html(f'<dl class="genlab-list">{rows}</dl>')
    if verdict == "undecided" and not may_change(lab):
        st.caption("Nothing can be trained here: this lab is read-only.")
    _step(5, STEPS[4], done=True)
    for paragraph in spec.explanation:
        st.markdown(paragraph)
    if spec.paper:
        st.markdown(f":material/menu_book: {spec.paper}.")
    lesson_next.render(spec, options, [each.run for each in found if each.run is not None])


def _what_happened(spec: LessonSpec, outcome: LessonOutcome) -> str:
    texts = {choice.key: choice.text for choice in spec.choices}
    seen = plain(f"{outcome.seen[0].upper()}{outcome.seen[1:]}.")
    if outcome.answer is None:
        return f"{seen} That does not decide between the choices; another seed or a longer run may."
    return f"{seen}\n\nActual result: **{texts[outcome.answer]}**."


STYLE = """
<style>
.genlab-step { display: flex; align-items: center; gap: 0.7rem; margin-top: 1.1rem; }
.genlab-step h2 { margin: 0; padding: 0; font-size: 1.15rem; }
.genlab-step span {
  flex: none; width: 1.7rem; height: 1.7rem; border-radius: 50%; display: grid; place-items: center;
  font-size: 0.9rem; font-weight: 600; border: 1.5px solid color-mix(in srgb, currentColor 45%, transparent);
}
.genlab-step.done span { background: #0072B2; border-color: #0072B2; color: #fff; }
.genlab-dots {
  display: flex; flex-wrap: wrap; gap: 0.35rem 1.1rem; list-style: none; margin: 0 !important; padding: 0 !important;
  font-size: 0.85rem; color: color-mix(in srgb, currentColor 72%, transparent);
}
.genlab-dots li { display: flex; align-items: center; gap: 0.4rem; margin: 0 !important; }
.genlab-dots li::before {
  content: ""; width: 0.62rem; height: 0.62rem; border-radius: 50%; border: 1.5px solid currentColor;
  box-sizing: border-box;
}
.genlab-dots li.done::before { background: #0072B2; border-color: #0072B2; }
.genlab-dots li.now { font-weight: 600; }
.genlab-dots li.now::before { width: 0.8rem; height: 0.8rem; border: 3px solid #0072B2; }
.st-key-lesson-column button[kind="tertiary"], .st-key-lesson-list button[kind="tertiary"] { padding-left: 0; }
.st-key-lesson-next a { padding-left: 0; }
.st-key-lesson-next button, .st-key-lesson-list button { min-height: 0; padding-top: 0.1rem; padding-bottom: 0.1rem; }
.genlab-lesson-scores { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.genlab-lesson-scores th, .genlab-lesson-scores td {
  text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
}
.genlab-lesson-scores small { opacity: 0.7; font-weight: 400; }
</style>
"""
