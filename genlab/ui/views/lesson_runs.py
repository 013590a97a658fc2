"""The runs of a lesson: found where they have been trained already, else trained, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from genlab.config import RunConfig
from genlab.devices import at_once
from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.lessons._facts import Seen
from genlab.lessons.base import LessonFacts, LessonSpec, Training
from genlab.matches.pace import together
from genlab.presentation.estimates import whose_speed
from genlab.presentation.words import duration, plain, span
from genlab.store.run import RESUMABLE, Run
from genlab.ui.shell import changing, may_change
from genlab.ui.views._shared import tails

DONE = ("completed", "diverged")
"""States in which a run has said all that it will say."""

READY: Mapping[str, int] = {"completed": 0, "diverged": 1, "running": 2, "queued": 3}
"""Of several runs of one configuration the one that is furthest is taken; all other states come after these."""


@dataclass(frozen=True)
class FoundRun:
    """A run that a lesson needs, and where it stands.

    Attributes:
        training: What the lesson asks for.
        run: The run; None before there is one.
    """

    training: Training
    run: Run | None

    @property
    def done(self) -> bool:
        """Whether it has come to its end."""
        return self.run is not None and self.run.state in DONE

    @property
    def stuck(self) -> bool:
        """Whether it has ended early and waits for somebody."""
        return self.run is not None and not self.run.active and not self.done


def configured(lab: ReadOnlyLab, training: Training) -> RunConfig:
    """The complete configuration of a run.

    Raises:
        InputError: When it cannot be trained here.
    """
    return lab.configs.make(
        training.model, training.data, training.preset, {**training.settings, "name": training.name}
    )


def find_all(lab: ReadOnlyLab, trainings: Sequence[Training], *, shipped: bool) -> list[FoundRun]:
    """The run of each training: the one that comes with genlab where ``shipped``, else one with its settings."""
    runs = lab.runs.all()
    return [FoundRun(each, (shipped and shipped_run(runs, each)) or own_run(lab, runs, each)) for each in trainings]


def shipped_run(runs: Sequence[Run], training: Training) -> Run | None:
    """The run that comes with genlab and shows the same; None where it has none or it is not there."""
    if not training.shipped:
        return None
    return next((run for run in runs if run.id == training.shipped and run.shipped), None)


def own_run(lab: ReadOnlyLab, runs: Sequence[Run], training: Training) -> Run | None:
    """A run of this workspace with the same settings, whoever started it and whatever it is called."""
    wanted = configured(lab, training)
    document = _what_counts(lab.configs.settled(wanted))
    told = (wanted.model.name, wanted.data.name, wanted.training.seed, wanted.training.images)
    alike = [
        run
        for run in runs
        if (run.model, run.data, run.seed, run.target) == told and not run.shipped and _same(lab, run, document)
    ]
    return min(alike, key=lambda run: READY.get(run.state, len(READY)), default=None)


def _same(lab: ReadOnlyLab, run: Run, document: Mapping[str, Any]) -> bool:
    try:
        return _what_counts(lab.runs.read(run).config()) == document
    except GenlabError:
        return False


def _what_counts(config: RunConfig) -> dict[str, Any]:
    return config.model_dump(mode="json", exclude={"name": True, "preset": True, "training": {"threads"}})


def start(lab: ReadOnlyLab, key: str, found: Sequence[FoundRun]) -> None:
    """For a button: train what is missing; a refusal is kept for `show_refusal`."""
    try:
        for each in sorted(found, key=lambda each: each.training.control):
            if each.run is None:
                changing(lab).runs.submit(configured(lab, each.training))
            elif each.run.state in RESUMABLE:
                changing(lab).runs.resume(each.run)
    except GenlabError as error:
        st.session_state[f"{key}/refusal"] = error


def anew(lab: ReadOnlyLab, key: str, found: Sequence[FoundRun]) -> None:
    """For a button: train again what has ended early, from the start."""
    start(lab, key, [FoundRun(each.training, None) for each in found if each.stuck])


def estimate(lab: ReadOnlyLab, found: Sequence[FoundRun]) -> str:
    """How long the missing runs take, where such runs have been timed here."""
    measured, room = lab.runs.measured_speeds(lab.runs.all()), 1
    low, high = list[float](), list[float]()
    for each in found:
        if each.run is not None:
            continue
        config = configured(lab, each.training)
        speed = lab.runs.expected_speed(config, measured)
        if speed is None:
            return "How long it takes is not known before a run has trained on this machine; they are short."
        soonest, latest = speed.seconds(config.training.images)
        low.append(soonest)
        high.append(latest)
        room = at_once(config.training.device, config.training.threads)
    total = span(together(low, 0.0, room), together(high, 0.0, room))
    return f"{total.capitalize()} together, {whose_speed(lab.runs.all())}." if low else ""


def show_progress(lab: ReadOnlyLab, key: str, found: Sequence[FoundRun]) -> None:
    """The runs side by side as in a race, how far each is; below, why one has ended early."""
    racing = [each for each in found if each.run is not None]
    if any(each.run is not None and each.run.active for each in racing):
        for lane, each in zip(st.columns(max(2, len(racing)), gap="medium"), racing, strict=False):
            _lane(lane, each)
    for each in found:
        run = each.run
        if run is not None and each.stuck:
            error = run.error or {}
            why = error.get("message") or f"The run was {run.state} after {run.images:,} images."
            st.warning(
                plain(str(error.get("hint") or "Go on with it, or train it again.")),
                title=plain(f"{each.training.label}: {why}"),
                icon=":material/warning:",
            )
    stuck = [each for each in found if each.stuck]
    if stuck and may_change(lab):
        with st.container(horizontal=True):
            st.button(
                "Go on", icon=":material/play_arrow:", key=f"{key}/stuck/resume", on_click=start, args=(lab, key, stuck)
            )
            st.button(
                "Train again", icon=":material/replay:", key=f"{key}/stuck/again", on_click=anew, args=(lab, key, stuck)
            )


def _lane(place: Any, each: FoundRun) -> None:
    """How far one run is, with its name; a run that has ended stays in its lane until the others have."""
    run = each.run
    assert run is not None
    if run.active:
        left = f" · {duration(run.left)} left" if run.left is not None else ""
        doing = f" · {run.phase}" if run.phase and run.phase != "training" else ""
        words = f"{each.training.label}: {run.images:,} of {run.target:,}{left}{doing}"
    else:
        words = f"{each.training.label}: {run.state} after {run.images:,}"
    place.progress(min(1.0, run.images / run.target) if run.target else 0.0, text=plain(words))


def seen(lab: ReadOnlyLab, spec: LessonSpec, run: Run) -> Seen:
    """What is known of a run."""
    directory = lab.runs.read(run)
    scores: Mapping[str, Any] = {}
    if spec.scores:
        try:
            document = lab.evaluations.known(run, lab.evaluations.request(metrics=spec.scores, samples=spec.samples))
        except InputError:
            document = None
        scores = document["metrics"] if document else {}
    watch = directory.status().get("watch") or {}
    return Seen(run.state, tails().of(directory).rows, directory.alarms(), watch, scores)


def facts_of(lab: ReadOnlyLab, spec: LessonSpec, found: Sequence[FoundRun], **more: Any) -> LessonFacts:
    """What a check sees."""
    runs = {each.training.key: seen(lab, spec, each.run) for each in found if each.run is not None}
    return LessonFacts(runs, **more)
