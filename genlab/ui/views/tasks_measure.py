"""Tasks, measured on many items: the table of all measures, who wins, and charts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.plots.tasks import MethodChart, chart_figure, describe_chart
from genlab.presentation.lineup import by_data
from genlab.presentation.task_charts import charts_of, plane_of
from genlab.presentation.tasks import (
    Method,
    best_of,
    gather_methods,
    heading,
    measures_of,
    milliseconds,
    missing_sentences,
    score_words,
)
from genlab.presentation.words import how_many, plain
from genlab.tasks.base import ATTEMPTED, TaskSpec
from genlab.tasks.task_request import MOST
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode, may_change
from genlab.ui.views.cards import badge
from genlab.ui.views.tasks_choice import ChosenTask
from genlab.ui.views.tasks_look import Asked, begin, key_of, known, requests, say_missing
from genlab.ui.views.tasks_rows import ROLES, STYLE, frames_of, rows
from genlab.ui.views.working import show_job

BEST = "★"


def render(lab: ReadOnlyLab, chosen: ChosenTask) -> None:
    """The button, the jobs under way, and what has been measured."""
    many = chosen.entrants[0].kind.many
    st.markdown(
        "## Measured",
        help=f"The same held-out {many} for every method; intervals cover 95 % of what other {many} of this data would "
        "give.",
    )
    if chosen.own is not None:
        st.caption(f"Measured on held-out {many} only: of your own nobody knows what is typical.")
        return
    items = _items(chosen.spec, many)
    asked = requests(lab, chosen, items=items)
    if not asked:
        return
    _work(lab, asked, items, many)
    sets = by_data([entrant for entrant, _ in asked])
    for index, members in enumerate(sets.values()):
        _of_one_data_set(lab, chosen.spec, [each for each in asked if each[0] in members], index, len(sets) > 1)


def _items(spec: TaskSpec, many: str) -> int:
    key = f"tasks/items/{spec.name}"
    asked = st.query_params.get("items", "")
    begin = int(asked) if asked.isdecimal() and ATTEMPTED < int(asked[:9]) <= MOST else spec.usual
    count = st.number_input(
        f"Held-out {many}", ATTEMPTED + 1, MOST, begin, 100, help="More give narrower intervals.", key=key, width=200
    )
    if count != spec.usual:
        st.query_params["items"] = str(count)
    elif "items" in st.query_params:
        del st.query_params["items"]
    return int(count)


def _work(lab: ReadOnlyLab, asked: Sequence[Asked], items: int, many: str) -> None:
    waiting = [
        each
        for each in asked
        if lab.tasks.known(each[0].run, each[1]) is None or lab.tasks.baselines(each[0].run, each[1]) is None
    ]
    busy = False
    for entrant, request in waiting:
        job = lab.jobs.under_way("task", [entrant.run.id], request=request.model_dump(mode="json"))
        busy = show_job(lab, f"{key_of(entrant, request)}", job, plain(entrant.label)) or busy
    if waiting and not busy:
        st.button(
            f"Measure {how_many(len(waiting), 'model')} on {items:,} {many}",
            icon=":material/straighten:",
            type="primary",
            key="tasks/measure",
            disabled=not may_change(lab),
            help="In the background: the page may be left. What is known is not measured again.",
            on_click=_measure,
            args=(lab, waiting),
        )


def _measure(lab: ReadOnlyLab, waiting: Sequence[Asked]) -> None:
    for entrant, request in waiting:
        begin(lab, key_of(entrant, request), entrant, request)


def _of_one_data_set(lab: ReadOnlyLab, spec: TaskSpec, asked: Sequence[Asked], index: int, titled: bool) -> None:
    baselines, results = known(lab, asked)
    methods = gather_methods(baselines, results)
    if not any(method.scores for method in methods):
        return
    if titled:
        st.markdown(f"### {plain(asked[0][0].run.data)}")
    say_missing(spec, methods, missing_sentences(baselines, results))
    _table(spec, methods)
    charts = charts_of(baselines, results)
    plane = plane_of(spec, methods)
    for place, chart in enumerate([*charts, *([plane] if plane else [])]):
        _chart(chart, f"tasks/chart/{spec.name}/{index}/{place}")
    with st.expander("Pictures of every method", icon=":material/photo_library:"):
        rows(spec, methods, frames_of(asked[0][0]))


def _table(spec: TaskSpec, methods: Sequence[Method]) -> None:
    measures = measures_of(spec, methods)
    best = {measure.name: best_of(methods, measure) for measure in measures}
    heads = "".join(f'<th scope="col" title="{escape(m.summary)}">{escape(heading(m))}</th>' for m in measures)
    body = ""
    for method in methods:
        if not method.scores:
            continue
        cells = "".join(_cell(method, measure.name, best[measure.name]) for measure in measures)
        time = milliseconds(method.answer.get("milliseconds"))
        body += f"<tr><th scope='row'>{_head(method)}</th>{cells}<td class='number'>{time}</td></tr>"
    st.html(
        f"{STYLE}<table class='genlab-task genlab-scores'><thead><tr><th scope='col'>Method</th>{heads}"
        f'<th scope="col" title="Milliseconds for one item">ms</th></tr></thead><tbody>{body}</tbody></table>'
    )
    if any(best.values()):
        st.caption(f"{BEST} better than every other method in its column by more than chance (95 %).")


def _head(method: Method) -> str:
    family = f"{badge(method.family)} " if method.family else ""
    facts = [fact for fact in (method.owner, ROLES.get(method.role, "")) if fact]
    return f"{family}<b>{escape(method.title)}</b><span class='genlab-facts'>{escape(' · '.join(facts))}</span>"


def _cell(method: Method, measure: str, best: Method | None) -> str:
    line: Any = method.scores.get(measure)
    words = score_words(line)
    why = str((line or {}).get("why") or "")
    if method is best:
        return f"<td class='number best'>{BEST} {escape(words)}</td>"
    return f"<td class='number' title='{escape(why)}'>{escape(words)}</td>"


def _chart(chart: MethodChart, key: str) -> None:
    st.markdown(f"**{plain(chart.title)}**")
    draw_chart(chart_figure(chart, current_mode()), key=key, alt=describe_chart(chart))
