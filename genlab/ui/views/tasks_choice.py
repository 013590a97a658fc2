"""Tasks, what is chosen: the task, its models, options and inputs; the address keeps all but items of one's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.options import Options, parse
from genlab.presentation.exemplars import Exemplars, opening
from genlab.presentation.fields import changed, describe
from genlab.presentation.lineup import Entrant, gather
from genlab.presentation.words import how_many, plain, sentence
from genlab.store.run import Run
from genlab.tasks.base import SHOWN, TaskSpec
from genlab.tasks.task_request import TaskRequest
from genlab.ui.forms import Changes, draw
from genlab.ui.shell import show_error
from genlab.ui.views import tasks_mask, tasks_own
from genlab.ui.views.picking import pick_runs, say_why

MOST = 4
"""Models that do a task side by side."""

FIRST = "reconstruction"
TASK, ADDRESS, FORMS = "tasks/task", "tasks/address", "tasks/forms"
SEED = "tasks/seed"
LONGEST = 1_500
"""Characters of options that the address takes."""


@dataclass(frozen=True)
class ChosenTask:
    """What is to be done.

    Attributes:
        spec: The task.
        entrants: The models, which all learned from data that it can be done with.
        options: What may be chosen for it, as JSON.
        seed: Of the choice of items.
        own: A person's own items; None for held-out ones.
    """

    spec: TaskSpec
    entrants: tuple[Entrant, ...]
    options: Mapping[str, Any]
    seed: int
    own: tasks_own.OwnInputs | None

    def request(self, lab: ReadOnlyLab, entrant: Entrant, items: int = SHOWN) -> TaskRequest:
        """What a model is asked for.

        Raises:
            InputError: When an option is out of range, or none of a person's own items fits the model's data.
        """
        options = tasks_mask.fitted(self.options, entrant)
        own, other = ((), ()) if self.own is None else self.own.sets(lab, entrant)
        if self.own is not None and not own:
            many = entrant.kind.many
            raise InputError(f"None of your {many} fits the data of {entrant.label}.", f"Choose other {many}.")
        return lab.tasks.request(self.spec.name, options, items=items, seed=self.seed, own=own, other=other)


def render(lab: ReadOnlyLab, runs: Mapping[str, Run]) -> ChosenTask | None:
    """The pickers, and what was chosen; None where there is nothing to do."""
    specs = {spec.name: spec for spec in lab.tasks.all()}
    _adopt_address(specs)
    spec = _pick_task(specs)
    entrants = _pick_models(lab, runs, spec)
    if not entrants:
        return None
    left, right = st.columns([2, 3], gap="large")
    with left:
        own = tasks_own.render(lab, spec, entrants)
        seed = _seed(entrants, own)
    with right:
        options = _options(spec, entrants[0])
    _write_address(spec, options, seed)
    return None if options is None else ChosenTask(spec, tuple(entrants), options, seed, own)


def _pick_task(specs: Mapping[str, TaskSpec]) -> TaskSpec:
    first = FIRST if FIRST in specs else next(iter(specs))
    begin = st.session_state.get("tasks/last", first)
    # By the session, never by a default: that would go with the first rerun and take the mark of what is chosen along.
    if st.session_state.get(TASK) not in specs:
        st.session_state[TASK] = begin if begin in specs else first
    name = st.segmented_control(
        "Task",
        list(specs),
        format_func=lambda key: specs[key].title,
        required=True,
        wrap=True,
        key=TASK,
    )
    spec = specs[name or first]
    st.session_state["tasks/last"] = spec.name
    measure = spec.measure(spec.decisive)
    st.markdown(f"**{plain(spec.summary)}.** Textbooks list {plain(spec.use)} among the uses of generative models.")
    st.caption(f"{plain(measure.title)} decides. {plain(measure.summary)}.", help=plain(spec.paper) or None)
    return spec


def _pick_models(lab: ReadOnlyLab, runs: Mapping[str, Run], spec: TaskSpec) -> list[Entrant]:
    why = {run.id: _unfit(lab, spec, run) for run in runs.values()}

    def first(found: Sequence[Run]) -> Exemplars:
        return opening([run for run in found if not why[run.id]] or found, MOST)

    picked = pick_runs(
        runs,
        "tasks",
        MOST,
        first,
        lost_words="Not in this workspace any more",
        placeholder="Choose one to four",
        help_words="Each does the task with the same items. The address keeps the choice, so a link shows the same.",
    )
    say_why("tasks", picked)
    if not picked:
        st.info("Choose one to four models above.", icon=":material/construction:")
    entrants, refused = gather(lab, [runs[key] for key in picked])
    for error in refused:
        show_error(error)
    for entrant in entrants:
        if why[entrant.run.id]:
            st.warning(f"{plain(entrant.label)}: {sentence(why[entrant.run.id])}", icon=":material/block:")
    return [entrant for entrant in entrants if not why[entrant.run.id]]


def _unfit(lab: ReadOnlyLab, spec: TaskSpec, run: Run) -> str:
    try:
        return lab.tasks.unfit(spec.name, run)
    except GenlabError as error:
        return error.message


def _seed(entrants: Sequence[Entrant], own: tasks_own.OwnInputs | None) -> int:
    """Which held-out items: a button takes others."""
    seed = int(st.session_state.get(SEED, 0))
    if own is None:
        many = kinds.get(entrants[0].kind.name).many
        st.button(
            f"Other {many}",
            icon=":material/casino:",
            key="tasks/other",
            help=f"Takes {SHOWN} other held-out {many}, the same for every method.",
            on_click=_other_items,
        )
    return seed


def _other_items() -> None:
    st.session_state[SEED] = (int(st.session_state.get(SEED, 0)) + 1) % 2**31


def _options(spec: TaskSpec, entrant: Entrant) -> dict[str, Any] | None:
    """The form of the task's own options; None where what was chosen is refused."""
    forms = st.session_state.setdefault(FORMS, {})
    version, begin = forms.setdefault(spec.name, (0, {}))
    base = _usable(spec, begin)
    fields = [field for field in describe(base) if field.path != tasks_mask.OPTION]
    changes: Changes = {}
    if fields:
        with st.expander(f"{how_many(len(fields), 'option')}", icon=":material/tune:", expanded=True):
            draw(fields, entrant.kind.name, f"tasks/{spec.name}/{version}", changes)
    document = changed(base, changes)
    if tasks_mask.OPTION in spec.Options.model_fields and entrant.kind.pixels:
        document = tasks_mask.drawn(document)
    try:
        parse(spec.Options, document)
    except GenlabError as error:
        show_error(error)
        return None
    return document


def _usable(spec: TaskSpec, begin: Mapping[str, Any]) -> Options:
    """Options to begin a form with; the usual ones where those in the address are refused."""
    try:
        return parse(spec.Options, dict(begin))
    except GenlabError as error:
        show_error(error)
        st.session_state[FORMS][spec.name] = (st.session_state[FORMS][spec.name][0] + 1, {})
        return spec.Options()


def _adopt_address(specs: Mapping[str, TaskSpec]) -> None:
    """Follow a link: what the address says, unless this page has written it itself."""
    asked = _asked()
    if asked == st.session_state.get(ADDRESS) or not any(asked):
        return
    st.session_state[ADDRESS] = asked
    name, text, seed = asked
    if name and name not in specs:
        st.warning(f"There is no task called {plain(name)}.", icon=":material/link_off:")
    if name in specs:
        st.session_state[TASK] = name
        try:
            options = json.loads(text) if text else {}
        except ValueError:
            options = None
        if not isinstance(options, dict):
            st.warning(
                "The options in the address cannot be read: the usual ones are used.", icon=":material/link_off:"
            )
            options = {}
        forms = st.session_state.setdefault(FORMS, {})
        forms[name] = (forms.get(name, (0, {}))[0] + 1, options)
        tasks_mask.begin(options)
    st.session_state[SEED] = int(seed) if seed.isdecimal() and len(seed) < 10 else 0


def _asked() -> tuple[str, str, str]:
    return tuple(st.query_params.get(name, "") for name in ("task", "options", "seed"))  # type: ignore[return-value]


def _write_address(spec: TaskSpec, options: Mapping[str, Any] | None, seed: int) -> None:
    usual = spec.Options().model_dump(mode="json")
    own = {name: value for name, value in (options or {}).items() if value != usual.get(name)}
    text = json.dumps(own, separators=(",", ":")) if own else ""
    written = {"task": spec.name, "options": text if len(text) <= LONGEST else "", "seed": str(seed) if seed else ""}
    for name, value in written.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]
    st.session_state[ADDRESS] = tuple(written.values())
