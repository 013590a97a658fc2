"""What a lesson shows of its runs: their own pictures, curves, alarms and scores, while they train and afterwards."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

from genlab import kinds
from genlab.errors import InputError
from genlab.lab import ReadOnlyLab
from genlab.lessons.base import Exhibit, LessonSpec
from genlab.numbers import plus_minus, short
from genlab.playground.scenario import read, to_link
from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
from genlab.plots.lessons import (
    FLICKERING,
    bars_figure,
    describe_bars,
    describe_estimates,
    describe_flicker,
    describe_scores,
    estimates_figure,
    flicker_figure,
    scores_figure,
)
from genlab.plots.panels import TITLES, Panel, title_of
from genlab.plots.sandbox import describe_responses, responses_figure
from genlab.plots.theme import Mode
from genlab.presentation.pictures import sheet
from genlab.presentation.tiles import SQUARE, arranged, as_png
from genlab.presentation.words import count, plain
from genlab.registry import registry
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode
from genlab.ui.views import alarms
from genlab.ui.views._shared import enlarged, samples_of, shown_samples, tails, version_of
from genlab.ui.views.lesson_runs import FoundRun
from genlab.ui.views.sandbox import responses_of

WHILE_TRAINING = frozenset({"samples", "curves", "vector", "watch"})
"""What can be looked at before a run has ended."""

SPOKEN = re.compile(r"([▼▲◆○]) [a-z ]+")
"""A mark, and the words behind it."""

FILM = 6
"""Earlier pictures in a row."""

PAIR = ("score/real", "score/fake")
SHEET_PIXELS = 700


def render(
    lab: ReadOnlyLab, spec: LessonSpec, found: Sequence[FoundRun], more: Mapping[str, Any], *, live: bool
) -> None:
    """All looks of a lesson that there is something for.

    Args:
        lab: The lab.
        spec: The lesson.
        found: Its runs.
        more: ``sandbox`` and ``measured``, where the lesson has them.
        live: Whether runs are still training: what needs their end is left out.
    """
    runs = [(each.training.label, each.run) for each in found if each.run is not None]
    for look in spec.looks:
        if live and look.kind not in WHILE_TRAINING:
            continue
        st.markdown(f"### {look.title}")
        if look.words:
            st.caption(look.words)
        if look.kind in RUNS:
            RUNS[look.kind](lab, spec, look, runs)
        elif look.kind == "sandbox":
            _sandbox(spec, more.get("sandbox") or {})
        elif look.kind == "experiment":
            _experiment(look, more.get("measured") or {})
        else:
            st.page_link(
                "playground.py",
                label="Open it in the Playground",
                icon=":material/play_circle:",
                query_params={"play": to_link(read(dict(look.link)))},
            )


Runs = Sequence[tuple[str, Run]]


def _samples(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    for place, (title, run) in zip(st.columns(max(2, len(runs)), gap="medium"), runs, strict=False):
        pictures = lab.runs.read(run).samples()
        with place:
            st.markdown(f"**{plain(title)}**")
            if not pictures:
                st.skeleton(height=240)
                continue
            seen, path = pictures[-1]
            content = shown_samples(lab, run, str(path), version_of(path), current_mode())
            if content is None:
                st.caption("The picture is gone.")
                continue
            words = f"After {seen:,} of {run.target:,} {kinds.get(lab.runs.read(run).kind()).many}"
            st.image(content, caption=words, width="stretch", output_format="PNG", alt=f"Samples of {title}. {words}")
            if "earlier" in look.names and len(pictures) > 2:
                moments = _spread(pictures[:-1], FILM)
                strip = _strip(lab, run, tuple(str(path) for _, path in moments), current_mode())
                when = ", ".join(count(images) for images, _ in moments)
                if strip is not None:
                    st.image(strip, caption=f"After {when}", width="stretch", output_format="PNG", alt=f"After {when}")


def _spread(pictures: Sequence[tuple[int, Path]], most: int) -> list[tuple[int, Path]]:
    """At most that many pictures, evenly spread, the first and the last among them."""
    if len(pictures) <= most:
        return list(pictures)
    return [pictures[round(place * (len(pictures) - 1) / (most - 1))] for place in range(most)]


@st.cache_data(max_entries=16, show_spinner=False)
def _strip(_lab: ReadOnlyLab, _run: Run, paths: tuple[str, ...], mode: Mode) -> bytes | None:
    """The pictures side by side; None when one is gone."""
    found = [samples_of(_lab, _run, Path(path), mode) for path in paths]
    pictures = [picture.convert("RGBA") for picture in found if picture is not None]
    if len(pictures) < len(paths):
        return None
    side, gap = pictures[0].width, pictures[0].width // 20
    canvas = Image.new("RGBA", (len(pictures) * (side + gap) - gap, pictures[0].height))
    for place, picture in enumerate(pictures):
        canvas.paste(picture, (place * (side + gap), 0))
    buffer = io.BytesIO()
    canvas.save(buffer, "PNG")
    return buffer.getvalue()


def _curves(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    curves = [
        Curve(title, run.family, (tails().of(lab.runs.read(run)).rows,), place=_place(runs, index))
        for index, (title, run) in enumerate(runs)
    ]
    known = {name for curve in curves for row in curve.members[0] for name in row}
    panels = [panel for panel in _panels(look.names) if known & set(panel.names)]
    if not panels:
        st.caption("The curves begin with the first row that a run writes.")
        return
    drawn = CurveStyle(mode=current_mode(), height=112)
    draw_chart(
        curves_figure(curves, panels, drawn),
        key=f"lesson/{spec.name}/curves",
        alt=describe_curves(curves, panels, drawn),
    )


def _place(runs: Runs, index: int) -> int:
    """Its place among the runs of its family: chooses dash and shade."""
    return sum(run.family == runs[index][1].family for _, run in runs[:index])


def _panels(names: Sequence[str]) -> list[Panel]:
    """A plot per curve; scores on real and fake share one."""
    found = [Panel("Critic's scores on real and fake", PAIR)] if set(PAIR) <= set(names) else []
    rest = [name for name in names if name not in PAIR]
    return [*found, *(Panel(title_of(name), (name,), TITLES.get(name, ("", ""))[1]) for name in rest)]


def _vector(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    values = []
    for title, run in runs:
        rows = tails().of(lab.runs.read(run)).rows
        newest = next((row[look.names[0]] for row in reversed(rows) if isinstance(row.get(look.names[0]), list)), None)
        if newest:
            values.append((title, run.family, newest))
    if not values:
        st.caption("The bars come with the first row that a run writes.")
        return
    draw_chart(
        bars_figure(values, current_mode()),
        key=f"lesson/{spec.name}/vector",
        alt=describe_bars(values),
    )


def _watch(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    for title, run in runs:
        directory = lab.runs.read(run)
        rows, raised = tails().of(directory).rows, directory.alarms()
        lamps = alarms.lamps_of(lab, run, rows)
        st.markdown(f"**{plain(title)}**")
        if lamps:
            st.html(alarms.lamp_line(lamps))
        elif not raised:
            st.caption("Not checked yet." if run.active else "Not checked: the run was too short.")
        for alarm in raised:
            when = f"since {int(alarm.get('images', 0)):,} images"
            st.markdown(
                f":material/warning: **{plain(str(alarm.get('title', 'Alarm')))}** {when}. "
                f"{plain(str(alarm.get('seen', '')))}"
            )
        if lamps and not raised:
            st.caption("No alarm.")


def _portrait(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    sheet = look.names[0]
    # Square sheets stand side by side, wide ones below each other.
    places = st.columns(len(runs), gap="medium") if sheet in SQUARE else [st.container() for _ in runs]
    for place, (title, run) in zip(places, runs, strict=True):
        document = lab.models.portrait(run) if lab.runs.read(run).checkpoints() else None
        grid = (document or {}).get("sheets", {}).get(sheet)
        if document is None or grid is None:
            place.caption(f"No such picture of {plain(title)} yet.")
            continue
        path = Path(str(document["folder"])) / f"{sheet}.png"
        content = _sheet(str(path), version_of(path), grid["columns"], grid["rows"], sheet)
        if content is None:
            place.caption("The picture is gone. Draw it again from the Compare page.")
            continue
        alt = f"{look.title}: {title}"
        place.image(content, caption=plain(title), width="stretch", output_format="PNG", alt=alt)


@st.cache_data(max_entries=32, show_spinner=False)
def _sheet(path: str, version: int, columns: int, rows: int, sheet: str) -> bytes | None:
    try:
        return as_png(arranged(Path(path), {"columns": columns, "rows": rows}, sheet, 1), SHEET_PIXELS)
    except InputError:
        return None


def _scores(lab: ReadOnlyLab, spec: LessonSpec, look: Exhibit, runs: Runs) -> None:
    request = lab.evaluations.request(metrics=spec.scores, samples=spec.samples)
    metrics = registry("metrics")
    documents = [lab.evaluations.known(run, request) if lab.runs.read(run).checkpoints() else None for _, run in runs]
    if not any(documents):
        st.caption("The scores come when the models have been evaluated.")
        return
    head = "".join(f"<th scope='col'>{escape(title)}</th>" for title, _ in runs)
    rows = []
    for name in look.names:
        lines = [document["metrics"].get(name, {}) if document else {} for document in documents]
        floor = next((line["floor"] for line in lines if line.get("floor") is not None), None)
        cells = "".join(f"<td>{escape(_told(line))}</td>" for line in lines)
        spec_of = metrics.get(name)
        unit = f" <small>{escape(spec_of.unit)}</small>" if spec_of.unit else ""
        arrow = {"up": " ↑", "down": " ↓"}.get(spec_of.better, "")
        said = escape(spec_of.summary)
        rows.append(
            f"<tr><th scope='row' title='{said}'>{escape(spec_of.title)}{arrow}{unit}</th>{cells}"
            f"<td>{escape(short(floor)) or '–'}</td></tr>"
        )
    st.html(
        f"<table class='genlab-lesson-scores'><thead><tr><th scope='col'>Score</th>{head}<th scope='col'>Real data</th>"
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _told(line: Mapping[str, Any]) -> str:
    if line.get("value") is None:
        return str(line.get("why") or "–")
    return plus_minus(line["value"], line.get("low"), line.get("high"))


RUNS: Mapping[str, Callable[[ReadOnlyLab, LessonSpec, Exhibit, Runs], None]] = {
    "samples": _samples,
    "curves": _curves,
    "vector": _vector,
    "watch": _watch,
    "portrait": _portrait,
    "scores": _scores,
}
"""Looks that are about runs."""


def _sandbox(spec: LessonSpec, document: Mapping[str, Any]) -> None:
    if not document:
        return
    sheets, strengths = document.get("sheets") or [], [float(strength) for strength in document["strengths"]]
    ends = [(0, "Undamaged"), (len(strengths) - 1, "At full strength")]
    for column, (place, words) in zip(st.columns(2, gap="medium"), ends, strict=True):
        path = Path(str(document["folder"])) / Path(str(sheets[place])).name if place < len(sheets) else None
        content = enlarged(str(path), version_of(path)) if path else None
        if content is not None:
            column.image(content, caption=words, width="stretch", output_format="PNG", alt=f"{words}: some items")
    responses = responses_of(document)
    figure = responses_figure(responses, strengths, len(strengths) - 1, current_mode())
    # The column is narrower than the page that this figure was made for: marks alone tell the answers.
    figure.for_each_annotation(lambda note: note.update(text=SPOKEN.sub(r"\1", note.text)))
    draw_chart(
        figure,
        key=f"lesson/{spec.name}/responses",
        alt=describe_responses(responses, strengths, len(strengths) - 1),
    )


def _experiment(look: Exhibit, document: Mapping[str, Any]) -> None:
    if not document:
        return
    if look.names[0] == "films":
        _films(document)
        return
    figure, describe = EXPERIMENTS[look.names[0]]
    draw_chart(
        figure(document, current_mode()),
        key=f"lesson/experiment/{look.names[0]}",
        alt=describe(document),
    )


def _films(document: Mapping[str, Any]) -> None:
    """A film each way, its frames side by side."""
    for way, title in FLICKERING.items():
        frames = document[way]["shown"]
        alt = f"{title}: {len(frames)} frames"
        st.image(sheet(frames, len(frames), SHEET_PIXELS), caption=title, output_format="PNG", alt=alt, width="stretch")


EXPERIMENTS = {
    "flicker": (flicker_figure, describe_flicker),
    "gradients": (estimates_figure, describe_estimates),
    "scores": (scores_figure, describe_scores),
}
"""How an experiment is drawn, and told in words."""
