"""What a lesson sets going: trainings, shipped runs, pictures and scores of what was trained, damage, experiments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from genlab.config import DataConfig
from genlab.errors import GenlabError
from genlab.jobs.background import Job
from genlab.lab import ReadOnlyLab
from genlab.lessons.base import LessonSpec
from genlab.options import Options, parse
from genlab.presentation.words import ago, how_many
from genlab.registry import registry
from genlab.ui.shell import changing, may_change, show_error
from genlab.ui.views import lesson_runs
from genlab.ui.views.lesson_runs import FoundRun
from genlab.ui.views.working import show_job, start

CLOSED = (
    "This lab is read-only, and the runs of this lesson are not here. Ask whoever runs it to go through the lesson "
    "once."
)


def show_runs(lab: ReadOnlyLab, spec: LessonSpec, state: dict[str, Any], found: Sequence[FoundRun]) -> None:
    """Where the runs of a lesson stand, and the buttons that begin them."""
    if not found:
        return
    key = f"lesson/{spec.name}"
    missing = [each for each in found if each.run is None]
    if missing:
        _offer(lab, spec, state, found, missing)
    elif all(each.done for each in found):
        _there(state, found)
    lesson_runs.show_progress(lab, key, found)


def _offer(
    lab: ReadOnlyLab, spec: LessonSpec, state: dict[str, Any], found: Sequence[FoundRun], missing: Sequence[FoundRun]
) -> None:
    runs, key = lab.runs.all(), f"lesson/{spec.name}"
    comes = all(lesson_runs.shipped_run(runs, each.training) for each in missing)
    with st.container(horizontal=True, vertical_alignment="center"):
        if comes:
            st.button(
                f"Take the {how_many(len(missing), 'run')} that come{'s' * (len(missing) == 1)} with genlab",
                icon=":material/inventory_2:",
                type="primary",
                key=f"{key}/shipped",
                on_click=_take_shipped,
                args=(state,),
            )
        st.button(
            f"Train {how_many(len(missing), 'model')} now",
            icon=":material/model_training:",
            type="secondary" if comes else "primary",
            disabled=not may_change(lab),
            key=f"{key}/train",
            on_click=lesson_runs.start,
            args=(lab, key, found),
        )
    if not may_change(lab):
        st.caption(CLOSED)
        return
    st.caption(
        f"{'; '.join(each.training.label for each in missing)}. {lesson_runs.estimate(lab, found)} "
        "It goes on when you leave this page."
    )


def _take_shipped(state: dict[str, Any]) -> None:
    state["source"] = "shipped"


def _there(state: dict[str, Any], found: Sequence[FoundRun]) -> None:
    """Runs that are there: whose they are and how old."""
    newest = max((each.run for each in found if each.run is not None), key=lambda run: run.created)
    if any(each.run is not None and each.run.shipped for each in found):
        st.caption(":material/inventory_2: These runs came with genlab.")
        st.button(
            "Train them here instead",
            icon=":material/model_training:",
            type="tertiary",
            key="lesson/own",
            on_click=state.update,
            args=({"source": "own", "checked": False},),
        )
    else:
        st.caption(
            f":material/check: Trained with exactly these settings {ago(newest.created)}: nothing is trained again."
        )


def show_jobs(
    lab: ReadOnlyLab, spec: LessonSpec, options: Options, key: str, found: Sequence[FoundRun]
) -> tuple[bool, Mapping[str, Any]]:
    """Do what is still to be done when the runs are there.

    Returns:
        Whether there is something to look at, and ``sandbox`` and ``measured`` where the lesson has them.
    """
    if spec.experiment is not None:
        st.caption(f"Computed just now, on the training part of {spec.data}.")
        return True, {"measured": _experiment(lab, spec.name, json.dumps(options.model_dump()))}
    if spec.damage is not None:
        document = _sandbox(lab, spec, options, key)
        return document is not None, {"sandbox": document or {}}
    ready = [each for each in found if each.run is not None and lab.runs.read(each.run).checkpoints()]
    runs = [each.run for each in ready if each.run is not None]
    names = frozenset(run.id for run in runs)
    busy = False
    if spec.scores and runs:
        request = lab.evaluations.request(metrics=spec.scores, samples=spec.samples)
        scored = all(lab.evaluations.known(run, request) is not None for run in runs)
        if not scored:
            busy = _job(lab, "evaluate", f"{key}/scores", names, lambda: changing(lab).evaluations.start(runs, request))
    if spec.wants_portraits and not busy and any(lab.models.portrait(run) is None for run in runs):
        busy = _job(lab, "portrait", f"{key}/portraits", names, lambda: changing(lab).models.start_portraits(runs))
    return not busy, {}


def _job(lab: ReadOnlyLab, kind: str, key: str, runs: frozenset[str], verb: Callable[[], Job | None]) -> bool:
    """Start a job once without being asked, and again when asked; whether it is under way."""
    under_way = lab.jobs.under_way(kind, runs)
    asked = st.session_state.setdefault(f"{key}/asked", set())
    first = runs not in asked
    if under_way is None and first and may_change(lab):
        asked.add(runs)
        start(key, verb)
    if show_job(lab, key, under_way):
        return True
    if not first and may_change(lab):
        st.button("Try again", icon=":material/replay:", key=f"{key}/retry", on_click=start, args=(key, verb))
    return False


def _sandbox(lab: ReadOnlyLab, spec: LessonSpec, options: Options, key: str) -> Mapping[str, Any] | None:
    """What scores say of damaged data; the button, or the measuring, where it is not known yet."""
    assert spec.damage is not None
    name, damage = spec.damage(options)
    config, request = DataConfig(name=name), lab.evaluations.request(metrics=spec.scores, samples=spec.samples)
    try:
        document = lab.sandbox.known(config, damage, request)
    except GenlabError as error:
        show_error(error)
        return None
    if document is not None:
        st.caption(":material/check: Measured. No model is involved: these are real images.")
        return document

    place = f"{key}/{name}/{damage}"
    if not show_job(lab, place, lab.jobs.under_way("sandbox", damage=damage, data={"name": name})):
        st.button(
            "Damage them and measure",
            icon=":material/science:",
            type="primary",
            disabled=not may_change(lab),
            key=f"{place}/start",
            on_click=start,
            args=(place, lambda: changing(lab).sandbox.start(config, damage, request)),
        )
        st.caption(
            f"Five strengths of damage, at most {spec.samples:,} items. The first time on a data set a feature "
            "extractor is trained as well."
        )
    return None


@st.cache_data(max_entries=16, show_spinner="Computing…")
def _experiment(_lab: ReadOnlyLab, name: str, settings: str) -> dict[str, Any]:
    """The lesson's own computation; kept for all sessions."""
    spec: LessonSpec = registry("lessons").get(name)
    assert spec.experiment is not None
    data = _lab.data.open(spec.data)
    return spec.experiment(parse(spec.Options, json.loads(settings)), data.items("train"), data.labels("train"))
