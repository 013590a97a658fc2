"""The lessons of the guide: what each asks, how long it takes, and how far this session has come with it."""

from __future__ import annotations

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.lessons._document import in_order
from genlab.lessons.base import LessonSpec
from genlab.ui.shell import page_title
from genlab.ui.views.lesson import STEPS, STYLE, dots
from genlab.ui.views.lesson_link import leads_to


def render(lab: ReadOnlyLab) -> None:
    """The list."""
    st.html(STYLE)
    lessons = in_order()
    done = sum(reached(spec) >= len(STEPS) for spec in lessons)
    page_title("Lessons")
    st.markdown(
        "Predict what will happen, then watch it happen: real training runs of about a minute, checked against their "
        "own numbers. Each lesson takes five to ten minutes; start with any."
    )
    if done:
        st.caption(f"{done} of {len(lessons)} done in this session.")
    with st.container(key="lesson-list", gap="small"):
        for spec in lessons:
            _card(spec)


def reached(spec: LessonSpec) -> int:
    """Steps of a lesson that this session has behind it."""
    return int(st.session_state.get("lessons", {}).get(spec.name, {}).get("reached", 0))


def _card(spec: LessonSpec) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            label = f"**{spec.order} · {spec.title}**"
            leads_to(label, {"lesson": spec.name}, ":material/school:", f"lessons/{spec.name}")
            st.caption(f"{spec.minutes} minutes", width="content")
        st.markdown(f"{spec.summary}.")
        dots(reached(spec))
