"""The same over training: what the collapse watch saw and what evaluations found, with every alarm marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.plots.collapse import course_figure
from genlab.plots.curves import Curve, CurveStyle, describe_curves
from genlab.plots.panels import Panel, panels_by_group
from genlab.plots.series import Rows, names_in
from genlab.presentation.collapse import LATENT_METRICS, MODE_METRICS
from genlab.presentation.history import score_panels, score_rows
from genlab.presentation.lineup import called
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change
from genlab.ui.views import alarms as watch
from genlab.ui.views._shared import tails
from genlab.ui.views.working import show_job, start

SHOWN_FIRST = ("near_duplicates", "coverage", "modes", "ndb", *LATENT_METRICS)


def render(lab: ReadOnlyLab, run: Run, documents: Sequence[Mapping[str, Any]]) -> None:
    """Watched numbers and scores over training; nothing where there is neither."""
    st.markdown("## Over training")
    directory = lab.runs.read(run)
    rows = tails().of(directory).rows
    alarms = directory.alarms()
    drawn = [*rows, *score_rows(documents, rows)]
    panels = course_panels(drawn)
    if not panels:
        st.caption("Nothing to draw yet: evaluate every checkpoint, or train with the collapse watch on.")
    else:
        curve, look = Curve(called(run), run.family, (drawn,)), CurveStyle(mode=current_mode(), height=84)
        moments = ", ".join(f"{alarm.get('title')} at {int(alarm.get('images', 0)):,} images" for alarm in alarms)
        draw_chart(
            course_figure(curve, panels, alarms, look),
            key="collapse/course",
            alt=f"{describe_curves([curve], panels, look)} Alarms: {moments or 'none'}.",
        )
    _evaluate_all(lab, run)
    watch.render(lab, run)


def _evaluate_all(lab: ReadOnlyLab, run: Run) -> None:
    """The button that judges every checkpoint by the scores that training itself would record, or that under way."""
    key = f"collapse/course/{run.id}"
    if show_job(lab, key):
        return
    request = lab.evaluations.course_request()
    left, there = lab.evaluations.unjudged(run, request)
    if not left:
        return
    st.button(
        f"Evaluate every checkpoint ({left} to go)" if left < there else "Evaluate every checkpoint",
        icon=":material/timeline:",
        key=f"{key}/start",
        help=f"{len(request.metrics)} scores of each of the {there} checkpoints, from {request.samples:,} samples.",
        disabled=not may_change(lab),
        on_click=start,
        args=(key, lambda: changing(lab).evaluations.start([run], request, every=True)),
    )


def course_panels(rows: Rows) -> list[Panel]:
    """What the watch has seen, then scores of evaluated checkpoints: those that have at least two moments."""
    names = [name for name in names_in(rows) if len({row["images"] for row in rows if name in row}) > 1]
    watched = [panel for panel in panels_by_group(names).get("Collapse watch", []) if _is_about_collapse(panel)]
    wanted = {name: place for place, name in enumerate((*SHOWN_FIRST, *MODE_METRICS))}
    scores = [panel for panels in score_panels(names).values() for panel in panels]
    chosen = [panel for panel in scores if panel.names[0].rpartition("/")[2] in SHOWN_FIRST]
    return [*watched, *sorted(chosen, key=lambda panel: wanted[panel.names[0].rpartition("/")[2]])]


def _is_about_collapse(panel: Panel) -> bool:
    return panel.names[0].removeprefix(watch.WATCH) in watch.HELP
