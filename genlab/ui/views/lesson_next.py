"""What to try after a lesson: the same with other settings, the Playground, a page about the runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from genlab.lessons._address import parameters
from genlab.lessons._document import in_order
from genlab.lessons.base import LessonSpec, Next
from genlab.options import Options
from genlab.playground.scenario import read, to_link
from genlab.playground.scenes import SCENES
from genlab.store.run import Run
from genlab.ui.views.lesson_link import leads_to

ICONS = {
    "lesson": ":material/replay:",
    "playground": ":material/play_circle:",
    "collapse": ":material/troubleshoot:",
    "latent": ":material/scatter_plot:",
    "compare": ":material/compare:",
    "curves": ":material/show_chart:",
    "train": ":material/model_training:",
}
MOST = {"collapse": 1, "latent": 2, "compare": 6, "curves": 6}
"""Pages about runs -> how many they show."""


def render(spec: LessonSpec, options: Options, runs: Sequence[Run]) -> None:
    """Links, the next lesson last."""
    with st.container(gap="xxsmall", key="lesson-next"):
        st.markdown("### What to try next")
        for place, each in enumerate(spec.tries):
            asked, icon = target(spec, options, each, runs), ICONS[each.page]
            if each.page == "lesson":
                leads_to(each.label, asked, icon, f"lesson/{spec.name}/try/{place}")
            else:
                st.page_link(f"{each.page}.py", label=each.label, icon=icon, query_params=asked)
        later = [other for other in in_order() if other.order > spec.order]
        if later:
            asked = parameters(later[0], later[0].Options())
            leads_to(f"The next lesson: {later[0].title}", asked, ":material/arrow_forward:", "lesson/next")


def target(spec: LessonSpec, options: Options, each: Next, runs: Sequence[Run]) -> dict[str, Any]:
    """The parameters of a link."""
    if each.page == "lesson":
        return parameters(spec, options.model_copy(update=dict(each.settings)))
    if each.page == "playground":
        settings = dict(each.settings)
        scene = next((scene for scene in SCENES if scene.name == settings.get("scene")), None)
        return {"play": to_link(scene.scenario if scene else read(settings))}
    return {"run": [run.id for run in runs[: MOST[each.page]]]} if each.page in MOST and runs else {}
